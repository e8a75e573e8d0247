"""Protocols, versions and what a version consists of."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import State as Active
from portal.accounts.models import User, UserRole
from portal.core.permissions import ROLES, Permission, has_permission
from portal.extensions import db
from portal.protocols import diff
from portal.protocols.dictionary import (
    CURRENT,
    HEAD,
    ONCE_PUBLISHED,
    OPEN,
    SEATED,
    ChangeType,
    Kind,
    Role,
    Section,
    State,
)
from portal.protocols.models import (
    Block,
    LegalStatus,
    Protocol,
    ProtocolConcept,
    ProtocolVersion,
    PublicationApproval,
    Reference,
    Review,
    ReviewAssignment,
    ReviewComment,
)
from portal.protocols.queries.interests import (
    count_undecided,
    find_authors_declaration,
    list_withdrawn_reviews,
)
from portal.protocols.queries.lineage import (
    list_parent_works,
    list_rationale,
    rationale_fields,
    unanswered_withdrawal,
)
from portal.protocols.rules import (
    Content,
    Part,
    Seat,
    Source,
    Standing,
    entry_problems,
    publication_problems,
)

_ORDER = {str(section): place for place, section in enumerate(Section)}


def find_protocol(public_id: str) -> Protocol | None:
    return db.session.scalar(sa.select(Protocol).where(Protocol.public_id == public_id))


def find_version(version_id: int) -> ProtocolVersion | None:
    return db.session.get(ProtocolVersion, version_id)


def find_current(protocol_id: int) -> ProtocolVersion | None:
    """The version that readers get."""
    of = ProtocolVersion.protocol_id == protocol_id, ProtocolVersion.state.in_(CURRENT)
    return db.session.scalar(sa.select(ProtocolVersion).where(*of))


def find_head(protocol_id: int) -> ProtocolVersion | None:
    """What a protocol has come to: its current version, else the retired or withdrawn one that was last."""
    of = ProtocolVersion.protocol_id == protocol_id, ProtocolVersion.state.in_(HEAD)
    return db.session.scalar(sa.select(ProtocolVersion).where(*of).order_by(ProtocolVersion.id.desc()))


def is_shown() -> sa.ColumnElement[bool]:
    """Versions that readers get under the address of their protocol: current, or retired with none after."""
    later = sa.orm.aliased(ProtocolVersion)
    after = sa.exists().where(
        later.protocol_id == ProtocolVersion.protocol_id,
        later.id > ProtocolVersion.id,
        later.state.in_(HEAD),
    )
    return ProtocolVersion.state.in_(CURRENT) | (ProtocolVersion.state.in_((State.RETIRED,)) & ~after)


def list_shown() -> Sequence[ProtocolVersion]:
    """The version of every protocol that search finds, in the order of their numbers."""
    found = sa.select(ProtocolVersion).where(is_shown())
    return db.session.scalars(found.order_by(ProtocolVersion.protocol_id)).all()


def find_open(protocol_id: int) -> ProtocolVersion | None:
    """The one version that is being worked on."""
    of = ProtocolVersion.protocol_id == protocol_id, ProtocolVersion.state.in_(OPEN)
    return db.session.scalar(sa.select(ProtocolVersion).where(*of))


def find_numbered(protocol_id: int, major: int, minor: int) -> ProtocolVersion | None:
    """A version that was published once, by its number."""
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.protocol_id == protocol_id,
        ProtocolVersion.major == major,
        ProtocolVersion.minor == minor,
        ProtocolVersion.state.in_(ONCE_PUBLISHED),
    )
    return db.session.scalar(found)


def list_versions(protocol_id: int, *, skip: int = 0, limit: int | None = None) -> Sequence[ProtocolVersion]:
    """Published versions, the newest first; all of them or a part."""
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.protocol_id == protocol_id, ProtocolVersion.state.in_(ONCE_PUBLISHED)
    )
    order = ProtocolVersion.major.desc(), ProtocolVersion.minor.desc()
    return db.session.scalars(found.order_by(*order).offset(skip).limit(limit)).all()


def next_protocol_number() -> int:
    """Protocols are never deleted, so the next number is one above the last."""
    return (db.session.scalar(sa.select(sa.func.max(Protocol.id))) or 0) + 1


def list_blocks(version_id: int) -> Sequence[Block]:
    """In reading order: by section, then by position."""
    found = sa.select(Block).where(Block.version_id == version_id)
    return sorted(db.session.scalars(found), key=lambda b: (_ORDER[b.section], b.position, b.id))


def find_block(version_id: int, key: str) -> Block | None:
    return db.session.scalar(sa.select(Block).where(Block.version_id == version_id, Block.block_key == key))


def list_references(version_id: int) -> Sequence[Reference]:
    found = sa.select(Reference).where(Reference.version_id == version_id)
    return db.session.scalars(found.order_by(Reference.position, Reference.id)).all()


def list_concepts(version_id: int) -> Sequence[ProtocolConcept]:
    found = sa.select(ProtocolConcept).where(ProtocolConcept.version_id == version_id)
    return db.session.scalars(found.order_by(ProtocolConcept.id)).all()


def list_legal(protocol_id: int) -> dict[str, LegalStatus]:
    """The latest status of each country."""
    found = sa.select(LegalStatus).where(LegalStatus.protocol_id == protocol_id).order_by(LegalStatus.id)
    return {row.country: row for row in db.session.scalars(found)}


def list_assignments(version_id: int) -> Sequence[ReviewAssignment]:
    found = sa.select(ReviewAssignment).where(ReviewAssignment.version_id == version_id)
    return db.session.scalars(found.order_by(ReviewAssignment.id)).all()


def find_assignment(assignment_id: int) -> ReviewAssignment | None:
    return db.session.get(ReviewAssignment, assignment_id)


def list_reviews(version_id: int) -> Sequence[Review]:
    return db.session.scalars(
        sa.select(Review).where(Review.version_id == version_id).order_by(Review.id)
    ).all()


def list_comments(version_id: int) -> Sequence[ReviewComment]:
    found = sa.select(ReviewComment).where(ReviewComment.version_id == version_id)
    return db.session.scalars(found.order_by(ReviewComment.id)).all()


def list_agreements(version: ProtocolVersion) -> Sequence[PublicationApproval]:
    """Chief editors' agreements to exactly the present content."""
    found = sa.select(PublicationApproval).where(
        PublicationApproval.version_id == version.id,
        PublicationApproval.content_hash == version.content_hash,
    )
    return db.session.scalars(found.order_by(PublicationApproval.id)).all()


def list_valid_agreements(version: ProtocolVersion) -> list[PublicationApproval]:
    """Those of people who still hold the office: a closed account, or a lost role, agrees to nothing."""
    given = list_agreements(version)
    people = find_people({agreement.approved_by for agreement in given})
    return [
        agreement
        for agreement in given
        if (person := people.get(agreement.approved_by)) is not None
        and person.active
        and has_permission(person, Permission.PUBLISH_CLINICAL)
    ]


def find_people(ids: set[int]) -> dict[int, User]:
    """Accounts by id, for names on pages."""
    found = sa.select(User).where(User.id.in_(ids)) if ids else None
    return {user.id: user for user in db.session.scalars(found)} if found is not None else {}


def list_reviewers() -> list[User]:
    """Everybody who may be asked to review, by country and name."""
    return list_holders(Permission.REVIEW_PROTOCOL)


def list_holders(permission: Permission) -> list[User]:
    """Active people whose roles carry a permission, by country and name."""
    roles = [role for role, held in ROLES.items() if permission in held]
    found = sa.select(User).join(UserRole).where(UserRole.name.in_(roles), User.state == Active.ACTIVE)
    return list(db.session.scalars(found.distinct().order_by(User.country, User.name, User.id)).unique())


@dataclass(frozen=True, slots=True)
class Difference:
    """What a draft changes against the version it starts from."""

    changes: tuple[diff.Change, ...]

    @property
    def is_clinical(self) -> bool:
        return any(change.is_clinical for change in self.changes)

    @property
    def is_firm(self) -> bool:
        return any(change.is_firm for change in self.changes)

    @property
    def proposed(self) -> ChangeType:
        return ChangeType.CLINICAL if self.is_clinical else ChangeType.EDITORIAL


def difference(version: ProtocolVersion) -> Difference:
    """Block by block against the version that this one supersedes; everything is new without one."""
    before = find_version(version.supersedes_id) if version.supersedes_id else None
    if before is None:
        return Difference(())
    return difference_between(before, version)


def difference_between(before: ProtocolVersion, version: ProtocolVersion) -> Difference:
    """Two versions of one protocol, or of a protocol and what was adapted from it."""
    changes = diff.compare(list_blocks(before.id), list_blocks(version.id))
    changes += diff.compare_fields(_fields(before), _fields(version))
    changes += diff.compare_main(_main_concepts(before.id), _main_concepts(version.id))
    return Difference(tuple(changes))


def _fields(version: ProtocolVersion) -> dict[str, str]:
    own = {"title": version.title, "summary": version.summary}
    return own | rationale_fields(list_rationale(version.id))


def _main_concepts(version_id: int) -> list[str]:
    return [link.concept_id for link in list_concepts(version_id) if link.role == Role.MAIN]


def content_of(version: ProtocolVersion) -> Content:
    """Everything that the machine's check judges."""
    blocks, sources = list_blocks(version.id), list_references(version.id)
    return Content(
        title=version.title,
        summary=version.summary,
        change_note=version.change_note,
        licence=version.licence,
        evidence_searched=version.evidence_searched_on is not None,
        parts=tuple(Part(b.block_key, b.section, b.kind, b.data, b.source_text) for b in blocks),
        sources=tuple(
            Source(r.key, r.is_identified, r.licence, r.quotation, bool(r.permission)) for r in sources
        ),
        concepts=tuple((link.concept_id, link.role) for link in list_concepts(version.id)),
        legal_countries=frozenset(list_legal(version.protocol_id)),
        parents=tuple(list_parent_works(version.protocol_id)),
        withdrawn_parent=unanswered_withdrawal(version.protocol_id),
    )


def standing_of(version: ProtocolVersion) -> Standing:
    """The facts that the guards of the workflow judge."""
    content = content_of(version)
    comments, assignments = list_comments(version.id), list_assignments(version.id)
    musts = [comment for comment in comments if comment.severity == "must"]
    return Standing(
        state=version.state,
        change_type=version.change_type,
        has_dose=any(part.kind == Kind.DOSE for part in content.parts),
        entry_problems=tuple(entry_problems(content)),
        problems=tuple(publication_problems(content)),
        exception=version.exception_reason is not None and version.protocol.demonstration,
        cannot_be_editorial=_cannot_be_editorial(version),
        panel=_panel(assignments),
        approvals=valid_approvals(version),
        comments=sum(comment.state == "open" and bool(comment.block_key) for comment in comments),
        open_musts=sum(comment.state in ("open", "disputed") for comment in musts),
        unanswered_musts=sum(comment.state == "open" for comment in musts),
        countries=frozenset(agreement.country for agreement in list_valid_agreements(version)),
        interests_declared=find_authors_declaration(version) is not None,
        interests_undecided=count_undecided(version),
    )


def _cannot_be_editorial(version: ProtocolVersion) -> bool:
    if version.change_type != ChangeType.EDITORIAL:
        return False
    found = difference(version)
    return found.is_firm or (found.is_clinical and version.override_reason is None)


def _panel(assignments: Sequence[ReviewAssignment]) -> tuple[Seat, ...]:
    active = [a for a in assignments if a.state in SEATED]
    return tuple(_seat(a, reads_source=a.reads_source) for a in active)


def _seat(asked: ReviewAssignment | Review, *, reads_source: bool | None) -> Seat:
    """Who did not say yet whether the language is read, is taken to read it."""
    return Seat(asked.reviewer_id, asked.kind, frozenset(asked.organisation_ids), reads_source is not False)


def valid_approvals(version: ProtocolVersion) -> tuple[Seat, ...]:
    """The latest word of each reviewer, where it approves exactly the present content and was not lost."""
    reads = {a.id: a.reads_source for a in list_assignments(version.id)}
    return tuple(
        _seat(review, reads_source=reads.get(review.assignment_id)) for review in list_approving(version)
    )


def list_approving(version: ProtocolVersion) -> list[Review]:
    """The reviews behind the valid approvals."""
    latest = {(review.reviewer_id, review.kind): review for review in list_reviews(version.id)}
    seated = {(a.reviewer_id, a.kind) for a in list_assignments(version.id) if a.state in (*SEATED, "closed")}
    lost = list_withdrawn_reviews(version.id)
    return [
        review
        for key, review in latest.items()
        if review.recommendation == "approve"
        and review.content_hash == version.content_hash
        and key in seated
        and review.id not in lost
    ]


def list_approving_assignments(versions: Sequence[ProtocolVersion]) -> set[int]:
    """Assignments whose approval of a version under decision counts."""
    judged = {
        version.id: version for version in versions if version.state in (State.IN_REVIEW, State.ACCEPTED)
    }
    return {review.assignment_id for version in judged.values() for review in list_approving(version)}


def list_changed_sections(old: ProtocolVersion, new: ProtocolVersion) -> list[str]:
    """Sections (and fields) in which two versions differ, in reading order."""
    changes = diff.compare(list_blocks(old.id), list_blocks(new.id))
    names = dict.fromkeys(change.section for change in changes if change.what != "moved")
    fields = [name for name in ("title", "summary") if getattr(old, name) != getattr(new, name)]
    return [*fields, *sorted(names, key=lambda name: _ORDER[name])]
