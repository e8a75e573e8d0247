"""Declarations of programmes: by programme, by protocol, by what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import State as AccountState
from portal.accounts.models import User, UserRole
from portal.accounts.queries import list_staff
from portal.core.permissions import Actor, Permission, Role, has_permission
from portal.extensions import db
from portal.programmes.models import Programme
from portal.protocols.catalogue.following import IN_FORCE, STANDING, Following, FollowState, forbidden_drugs
from portal.protocols.catalogue.quarters import LAST, quarter_of
from portal.protocols.dictionary import CURRENT, Kind, State
from portal.protocols.dictionary import Role as ConceptRole
from portal.protocols.models import FollowAnswer, ProgrammeProtocol, ProtocolVersion
from portal.protocols.queries.versions import (
    find_current,
    list_blocks,
    list_changed_sections,
    list_concepts,
    list_legal,
)

FOLLOWABLE = (State.PUBLISHED, State.SUPERSEDED)


def find_declaration(declaration_id: int) -> ProgrammeProtocol | None:
    return db.session.get(ProgrammeProtocol, declaration_id)


def list_declarations(programme_id: int) -> Sequence[ProgrammeProtocol]:
    """Everything that a programme has declared, the latest first."""
    found = sa.select(ProgrammeProtocol).where(ProgrammeProtocol.programme_id == programme_id)
    order = ProgrammeProtocol.from_quarter.desc(), ProgrammeProtocol.id.desc()
    return db.session.scalars(found.order_by(*order)).unique().all()


def list_overlapping(programme_id: int, modality: str, from_quarter: str) -> Sequence[ProgrammeProtocol]:
    """Declarations of the modality that are in force in or after the quarter."""
    until = sa.func.coalesce(ProgrammeProtocol.to_quarter, LAST)
    found = sa.select(ProgrammeProtocol).where(
        ProgrammeProtocol.programme_id == programme_id, ProgrammeProtocol.modality == modality,
        ProgrammeProtocol.state != FollowState.REFUSED, until >= from_quarter,
        until >= ProgrammeProtocol.from_quarter,
    )  # fmt: skip
    return db.session.scalars(found.order_by(ProgrammeProtocol.id)).unique().all()


def list_waiting(actor: Actor) -> Sequence[ProgrammeProtocol]:
    """What an editor of the country has to decide, the longest waiting first; never of the own centre."""
    if not has_permission(actor, Permission.CONFIRM_DECLARATION):
        return []
    found = sa.select(ProgrammeProtocol).join(Programme).where(
        Programme.country == actor.country, Programme.organisation_id.not_in(actor.organisation_ids),
        ProgrammeProtocol.state.in_((FollowState.DECLARED, FollowState.QUESTIONED)),
    )  # fmt: skip
    order = ProgrammeProtocol.declared_at, ProgrammeProtocol.id
    return db.session.scalars(found.order_by(*order)).unique().all()


def list_standing(protocol_id: int, version_id: int | None = None) -> Sequence[ProgrammeProtocol]:
    """Declarations of a protocol that nobody refused or ended."""
    found = sa.select(ProgrammeProtocol).where(
        ProgrammeProtocol.protocol_id == protocol_id, ProgrammeProtocol.state.in_(STANDING)
    )
    if version_id is not None:
        found = found.where(ProgrammeProtocol.version_id == version_id)
    return db.session.scalars(found.order_by(ProgrammeProtocol.id)).unique().all()


def list_followers(protocol_id: int, *, today: date) -> Sequence[ProgrammeProtocol]:
    """Confirmed declarations that are in force in the present quarter, by country and beginning."""
    quarter, row = quarter_of(today), ProgrammeProtocol
    ended_later = (row.state == FollowState.ENDED) & row.decided_at.is_not(None) & (row.to_quarter >= quarter)
    found = sa.select(row).join(Programme).where(
        row.protocol_id == protocol_id, row.from_quarter <= quarter, row.state.in_(IN_FORCE) | ended_later
    )  # fmt: skip
    return db.session.scalars(found.order_by(Programme.country, row.from_quarter, row.id)).unique().all()


def list_overdue(*, today: date) -> Sequence[ProgrammeProtocol]:
    """Confirmed declarations of withdrawn versions whose programme did not answer in time."""
    found = sa.select(ProgrammeProtocol).where(
        ProgrammeProtocol.state == FollowState.CONFIRMED, ProgrammeProtocol.answer_due_on < today
    )
    return db.session.scalars(found.order_by(ProgrammeProtocol.id)).unique().all()


def list_answers(declaration_id: int) -> Sequence[FollowAnswer]:
    found = sa.select(FollowAnswer).where(FollowAnswer.declaration_id == declaration_id)
    return db.session.scalars(found.order_by(FollowAnswer.id)).all()


def list_followable() -> Sequence[ProtocolVersion]:
    """Current versions that a programme may declare, in the order of their protocols."""
    found = sa.select(ProtocolVersion).where(ProtocolVersion.state == State.PUBLISHED)
    return db.session.scalars(found.order_by(ProtocolVersion.protocol_id)).unique().all()


def list_programme_staff(programme: Programme) -> list[User]:
    """Clinicians of the programme's centre: whom news of a protocol concern."""
    return [user for user in list_staff(programme.organisation_id) if Role.CLINICIAN in user.role_codes]


def list_editors(country: str, *, without: frozenset[int] = frozenset()) -> list[User]:
    """Editors of a country who belong to none of these centres."""
    found = sa.select(User).join(UserRole).where(
        UserRole.name.in_((Role.EDITOR, Role.CHIEF_EDITOR)), User.state == AccountState.ACTIVE,
        User.country == country,
    )  # fmt: skip
    people = db.session.scalars(found.order_by(User.id)).unique().all()
    return [user for user in people if not user.organisation_ids & without]


def list_to_answer(actor: Actor) -> list[ProgrammeProtocol]:
    """Declarations of the actor's centres whose protocol has a new version that nobody answered to."""
    if not has_permission(actor, Permission.DECLARE_PROTOCOL):
        return []
    newer = sa.orm.aliased(ProtocolVersion)
    found = (
        sa.select(ProgrammeProtocol)
        .join(Programme)
        .join(ProtocolVersion, ProtocolVersion.id == ProgrammeProtocol.version_id)
        .join(newer, (newer.protocol_id == ProgrammeProtocol.protocol_id) & newer.state.in_(CURRENT))
        .where(
            Programme.organisation_id.in_(actor.organisation_ids), ProgrammeProtocol.state.in_(IN_FORCE),
            newer.major > ProtocolVersion.major,
            ~sa.exists().where(
                FollowAnswer.declaration_id == ProgrammeProtocol.id, FollowAnswer.version_id == newer.id,
                FollowAnswer.answer != "later",
            ),
        )
        .order_by(ProgrammeProtocol.id)
    )  # fmt: skip
    return list(db.session.scalars(found).unique())


@dataclass(frozen=True, slots=True)
class Newer:
    """What became of the version that a programme follows."""

    current: ProtocolVersion | None
    changed: tuple[str, ...]
    answered: FollowAnswer | None

    @property
    def asks(self) -> bool:
        """Whether the programme still has to say what it does about a new major version."""
        return self.current is not None and (self.answered is None or self.answered.answer == "later")


def find_newer(row: ProgrammeProtocol) -> Newer:
    """A later current version, what it changed, and what the programme has said about it."""
    current = find_current(row.protocol_id)
    if current is None or current.id == row.version_id:
        return Newer(None, (), None)
    said = [answer for answer in list_answers(row.id) if answer.version_id == current.id]
    changed = tuple(list_changed_sections(row.version, current))
    return Newer(current, changed, said[-1] if said else None)


def prohibition(version: ProtocolVersion, country: str) -> tuple[str, str] | None:
    """Country and drug where the law forbids the protocol (drug "") or a drug that it rests on."""
    status = list_legal(version.protocol_id).get(country)
    if status is not None and status.status == "leg-prohibited":
        return country, ""
    drugs = main_drugs(version) & forbidden_drugs().get(country, frozenset())
    return (country, min(drugs)) if drugs else None


def main_drugs(version: ProtocolVersion) -> set[str]:
    """Drugs that are dosed and are what the protocol is about."""
    main = {c.concept_id for c in list_concepts(version.id) if c.role == ConceptRole.MAIN}
    dosed = {b.data.get("drug", "") for b in list_blocks(version.id) if b.kind == Kind.DOSE}
    return {str(drug) for drug in dosed & main if drug}


def following_of(
    programme: Programme, version: ProtocolVersion, modality: str, from_quarter: str, *, today: date
) -> Following:
    """The facts that the guards of a declaration judge. Invented data alone may be dated back."""
    invented = programme.synthetic and version.protocol.demonstration
    return Following(
        state="undeclared",
        from_quarter=from_quarter,
        earliest="" if invented else quarter_of(today),
        is_published=version.state in FOLLOWABLE,
        offers_modality=modality in programme.modality_codes,
        is_closed=programme.closed_on is not None,
        prohibited=prohibition(version, programme.country),
    )
