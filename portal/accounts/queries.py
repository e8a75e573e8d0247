"""Reads of accounts: by address, by state and country, login sessions, waiting grants."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import (
    ApiToken,
    FactorReset,
    LoginSession,
    Membership,
    RecoveryCode,
    RoleRequest,
    State,
    Subscription,
    TermsAcceptance,
    User,
    UserRole,
    email_hash,
)
from portal.accounts.rules import SECOND_WITHIN
from portal.core.audit import AuditEvent, AuditHead
from portal.core.notify.tables import Notice, NoticeChoice
from portal.core.permissions import Role
from portal.extensions import db

_LOGIN: Final = (
    sa.select(LoginSession, User)
    .join(User, User.id == LoginSession.user_id)
    .where(LoginSession.token_hash == sa.bindparam("token_hash"))
    .options(joinedload(User.roles), joinedload(User.memberships))
)
_ACCEPTED: Final = sa.select(TermsAcceptance.id).where(
    TermsAcceptance.user_id == sa.bindparam("user_id"), TermsAcceptance.version == sa.bindparam("version")
)


def find_by_email(address: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email_hash == email_hash(address)))


def find_active_by_email(address: str) -> User | None:
    user = find_by_email(address)
    return user if user and user.active else None


def find_by_uniquifier(uniquifier: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.fs_uniquifier == uniquifier))


def find_user(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def find_in_country(user_id: int, country: str) -> User | None:
    """An account as an administrator of `country` sees it; others do not exist for them."""
    user = db.session.get(User, user_id)
    return user if user and user.country == country else None


def list_users(
    country: str, state: State | None = None, *, after: int = 0, limit: int = 50
) -> Sequence[User]:
    """Accounts of one country, oldest first, from a key on."""
    found = sa.select(User).where(User.country == country, User.id > after).order_by(User.id).limit(limit)
    return db.session.scalars(found.where(User.state == state) if state else found).all()


def list_waiting(country: str) -> Sequence[User]:
    """Confirmed accounts that wait for a decision, the longest waiting first."""
    found = sa.select(User).where(User.country == country, User.state == State.WAITING)
    return db.session.scalars(found.order_by(User.confirmed_at, User.id)).all()


def count_waiting(country: str) -> int:
    found = sa.select(sa.func.count()).select_from(User)
    return db.session.scalar(found.where(User.country == country, User.state == State.WAITING)) or 0


def list_clinicians(country: str) -> Sequence[User]:
    """Active clinicians and reviewers of a country: who may become staff of an organisation."""
    found = sa.select(User).join(UserRole).where(User.country == country, User.state == State.ACTIVE)
    clinical = UserRole.name.in_((Role.CLINICIAN, Role.CLINICAL_REVIEWER))
    return db.session.scalars(found.where(clinical).distinct().order_by(User.name, User.id)).all()


def list_in_language(roles: Collection[Role], language: str) -> Sequence[User]:
    """Active people with one of these roles who use the portal in a language."""
    held = sa.select(UserRole.user_id).where(UserRole.name.in_(roles))
    found = sa.select(User).where(User.id.in_(held), User.state == State.ACTIVE, User.language == language)
    return db.session.scalars(found.order_by(User.id)).all()


def list_staff(organisation_id: int) -> Sequence[User]:
    """The staff of an organisation, by name."""
    found = sa.select(User).join(Membership).where(Membership.organisation_id == organisation_id)
    return db.session.scalars(found.order_by(User.name, User.id)).all()


def count_administrators(country: str | None = None) -> int:
    """Active country administrators, of one country or of all."""
    found = sa.select(sa.func.count()).select_from(User).join(UserRole)
    found = found.where(UserRole.name == Role.COUNTRY_ADMIN, User.state == State.ACTIVE)
    return db.session.scalar(found.where(User.country == country) if country else found) or 0


def list_role_requests(*, now: datetime) -> Sequence[RoleRequest]:
    """Weighty roles that wait for a second administrator and have not run out."""
    found = sa.select(RoleRequest).where(RoleRequest.state == "waiting")
    found = found.where(RoleRequest.asked_at > now - SECOND_WITHIN)
    return db.session.scalars(found.order_by(RoleRequest.asked_at, RoleRequest.id)).all()


def find_role_request(request_id: int) -> RoleRequest | None:
    return db.session.get(RoleRequest, request_id)


def list_asked_roles(user_id: int, *, now: datetime) -> list[str]:
    """Weighty roles of one person that still wait for a second administrator."""
    return [r.role for r in list_role_requests(now=now) if r.user_id == user_id]


def find_factor_reset(reset_id: int, country: str) -> FactorReset | None:
    """A lost factor of an account of this country."""
    found = sa.select(FactorReset).join(User, User.id == FactorReset.user_id)
    return db.session.scalar(found.where(FactorReset.id == reset_id, User.country == country))


def list_factor_resets(*, now: datetime) -> Sequence[FactorReset]:
    """Lost second factors that wait for a second administrator."""
    found = sa.select(FactorReset).where(FactorReset.confirmed_at.is_(None))
    found = found.where(FactorReset.asked_at > now - SECOND_WITHIN)
    return db.session.scalars(found.order_by(FactorReset.asked_at, FactorReset.id)).all()


def find_login(token_hash: str) -> tuple[LoginSession, User] | None:
    """The open login session of a cookie and its account with roles and staff: one indexed read."""
    row = db.session.execute(_LOGIN, {"token_hash": token_hash}).unique().first()
    return (row[0], row[1]) if row and row[0].ended_at is None and row[1].active else None


def list_logins(user_id: int) -> Sequence[LoginSession]:
    """Open login sessions of an account, the last seen first."""
    found = sa.select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    return db.session.scalars(found.order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())).all()


def count_recovery_codes(user_id: int) -> int:
    """Recovery codes that are still unused."""
    found = sa.select(sa.func.count()).select_from(RecoveryCode)
    return (
        db.session.scalar(found.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0
    )


def list_tokens(user_id: int) -> Sequence[ApiToken]:
    """Tokens that were not revoked, the newest first; expired ones among them."""
    found = sa.select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return db.session.scalars(found.order_by(ApiToken.id.desc())).all()


def find_token(token_hash: str) -> tuple[ApiToken, User] | None:
    """A token with its owner, whatever its state."""
    found = sa.select(ApiToken, User).join(User, User.id == ApiToken.user_id)
    row = db.session.execute(found.where(ApiToken.token_hash == token_hash)).first()
    return (row[0], row[1]) if row else None


def has_acceptance(user_id: int, version: str) -> bool:
    """Asked by every page of comparisons: no more is read than whether there is one."""
    found = db.session.connection().execute(_ACCEPTED, {"user_id": user_id, "version": version})
    return found.first() is not None


def find_acceptance(user_id: int, version: str) -> TermsAcceptance | None:
    found = sa.select(TermsAcceptance).where(TermsAcceptance.user_id == user_id)
    return db.session.scalar(found.where(TermsAcceptance.version == version))


def list_audit_events(
    country: str | None, *, before: int | None = None, limit: int = 50
) -> Sequence[AuditEvent]:
    """What people of one country (or of all) did, newest first, before a sequence number."""
    found = sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(limit)
    found = found.where(AuditEvent.country == country) if country else found
    return db.session.scalars(found.where(AuditEvent.seq < before) if before else found).all()


def names_of(user_ids: set[int], *, country: str | None = None) -> dict[int, str]:
    """Names for a list of ids, in one read; with `country` only those of its accounts."""
    found = sa.select(User.id, User.name).where(User.id.in_(user_ids))
    found = found.where(User.country == country) if country else found
    return {row.id: row.name for row in db.session.execute(found)}


def find_subscription(user_id: int, kind: str, target: str) -> Subscription | None:
    found = sa.select(Subscription).where(Subscription.user_id == user_id)
    return db.session.scalar(found.where(Subscription.kind == kind, Subscription.target == target))


def list_subscriptions(user_id: int) -> Sequence[Subscription]:
    """What a person follows, newest first."""
    found = sa.select(Subscription).where(Subscription.user_id == user_id)
    return db.session.scalars(found.order_by(Subscription.created_at.desc(), Subscription.id.desc())).all()


def list_subscribers(kind: str, target: str) -> Sequence[User]:
    """Active people who follow a thing, each once, in the order of their accounts."""
    found = sa.select(User).join(Subscription, Subscription.user_id == User.id)
    found = found.where(Subscription.kind == kind, Subscription.target == target, User.state == State.ACTIVE)
    return db.session.scalars(found.order_by(User.id)).unique().all()


def list_followed(user_id: int, kind: str, targets: set[str]) -> set[str]:
    """Which of these things a person follows: one read for a page of many."""
    found = sa.select(Subscription.target).where(Subscription.user_id == user_id, Subscription.kind == kind)
    return set(db.session.scalars(found.where(Subscription.target.in_(targets))))


def list_followers(kind: str, target: str) -> Sequence[tuple[User, str]]:
    """Active people who follow a thing, and how soon each wants to hear of it."""
    found = sa.select(User, Subscription.rhythm).join(Subscription, Subscription.user_id == User.id)
    found = found.where(Subscription.kind == kind, Subscription.target == target, User.state == State.ACTIVE)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(User.id)).unique()]


def count_unread(user_id: int) -> int:
    """Notices on the site that a person has not read; asked by every page of a signed-in reader."""
    found = sa.select(sa.func.count()).select_from(Notice).where(Notice.user_id == user_id)
    return db.session.scalar(found.where(Notice.read_at.is_(None), Notice.on_site)) or 0


def list_notices(user_id: int, *, before: int | None = None, limit: int = 20) -> Sequence[Notice]:
    """Notices that a person sees on the site, newest first, before a key."""
    found = sa.select(Notice).where(Notice.user_id == user_id, Notice.on_site).order_by(Notice.id.desc())
    return db.session.scalars((found.where(Notice.id < before) if before else found).limit(limit)).all()


def find_notice(notice_id: int, user_id: int) -> Notice | None:
    """One notice of the person who asks; those of others do not exist for anybody."""
    notice = db.session.get(Notice, notice_id)
    return notice if notice and notice.user_id == user_id and notice.on_site else None


def list_waiting_notices(rhythm: str) -> dict[int, list[Notice]]:
    """Unread notices that wait for the digest of this rhythm, by person, oldest first."""
    found = sa.select(Notice).where(Notice.mail_state == "waiting", Notice.rhythm == rhythm)
    waiting: dict[int, list[Notice]] = {}
    for notice in db.session.scalars(found.where(Notice.read_at.is_(None)).order_by(Notice.id)):
        waiting.setdefault(notice.user_id or 0, []).append(notice)
    return waiting


def list_active(user_ids: set[int]) -> Sequence[User]:
    found = sa.select(User).where(User.id.in_(user_ids), User.state == State.ACTIVE)
    return db.session.scalars(found.order_by(User.id)).all()


def list_holders(*roles: Role, country: str = "") -> Sequence[User]:
    """Active people with one of these roles, of one country or of all."""
    found = sa.select(User).join(UserRole).where(UserRole.name.in_(roles), User.state == State.ACTIVE)
    found = found.where(User.country == country) if country else found
    return db.session.scalars(found.distinct().order_by(User.id)).unique().all()


def list_choices(user_id: int) -> dict[str, NoticeChoice]:
    """How a person wants to be told, by key of the kind, where it differs from the table of kinds."""
    found = sa.select(NoticeChoice).where(NoticeChoice.user_id == user_id)
    return {choice.key: choice for choice in db.session.scalars(found)}


def find_audit_head() -> AuditHead:
    return db.session.get_one(AuditHead, 1, populate_existing=True)


def find_last_notice(user_id: int, key: str) -> Notice | None:
    """The latest notice of a kind that a person was given."""
    found = sa.select(Notice).where(Notice.user_id == user_id, Notice.key == key)
    return db.session.scalar(found.order_by(Notice.id.desc()).limit(1))


def list_told(keys: Collection[str], name: str, value: str) -> Sequence[User]:
    """Active people who were given a notice of these kinds about the thing that `name` names."""
    found = sa.select(Notice.user_id).where(Notice.key.in_(keys), Notice.values[name].as_string() == value)
    people = sa.select(User).where(User.id.in_(found), User.state == State.ACTIVE)
    return db.session.scalars(people.order_by(User.id)).unique().all()
