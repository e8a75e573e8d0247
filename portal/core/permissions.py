"""Roles and what they may, as one table. `policies.py` of a feature adds what depends on the thing itself.

A permission reads `scope:resource:action`. The scope says how far it reaches: `any` everywhere, `country`
in the actor's own country, `own` in the actor's own organisations or texts, `assigned` where the actor was
asked.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from portal.core.errors import NotAllowed


class Role(StrEnum):
    MEMBER = "member"
    CLINICIAN = "clinician"
    TRANSLATOR = "translator"
    LANGUAGE_REVIEWER = "language_reviewer"
    CLINICAL_REVIEWER = "clinical_reviewer"
    EDITOR = "editor"
    CHIEF_EDITOR = "chief_editor"
    RESEARCHER = "researcher"
    MODERATOR = "moderator"
    ALERT_PANEL = "alert_panel"
    FOCAL_POINT = "focal_point"
    COUNTRY_ADMIN = "country_admin"
    SYSTEM_ADMIN = "system_admin"


class Permission(StrEnum):
    READ_COMPARISONS = "any:comparison:read"
    DRAFT_PROTOCOL = "own:protocol:draft"
    TRANSLATE = "any:translation:write"
    APPROVE_TRANSLATION = "any:translation:approve"
    REVIEW_PROTOCOL = "assigned:protocol:review"
    SCREEN_PROTOCOL = "any:protocol:screen"
    PUBLISH_EDITORIAL = "any:protocol:publish_editorial"
    PUBLISH_CLINICAL = "country:protocol:publish_clinical"
    RAISE_CONCERN = "any:protocol:raise_concern"
    OVERSEE_PROTOCOL = "any:protocol:oversee"
    WITHDRAW_BY_ORDER = "any:protocol:withdraw_by_order"
    HIDE_IN_COUNTRY = "country:protocol:hide"
    HIDE_ANYWHERE = "any:protocol:hide"
    SET_LEGAL_STATUS = "any:protocol:set_legal_status"
    DECLARE_PROTOCOL = "own:declaration:write"
    CONFIRM_DECLARATION = "country:declaration:confirm"
    REPORT_FROM_FIELD = "own:field_report:write"
    ACCEPT_FIELD_REPORT = "any:field_report:accept"
    EDIT_VOCABULARY = "any:vocabulary:edit"
    CURATE = "any:collection:curate"
    SUBMIT_OUTCOMES = "own:outcome:submit"
    READ_OWN_ROWS = "own:outcome:read"
    APPROVE_ACCOUNT = "country:account:approve"
    GRANT_ROLE = "country:account:grant"
    MANAGE_PROGRAMMES = "country:programme:manage"
    FREEZE_EDITION = "any:edition:freeze"
    APPROVE_EDITION = "country:edition:approve"
    BUILD_EDITION = "any:edition:build"
    SIGNAL_ALERT = "any:alert:signal"
    TRIAGE_ALERT = "country:alert:triage"
    ASSESS_ALERT = "any:alert:assess"
    READ_AUDIT_COUNTRY = "country:audit:read"
    READ_AUDIT_ALL = "any:audit:read"
    MANAGE_SETTINGS = "any:setting:manage"
    WRITE_POST = "own:post:write"
    WEIGH_FLAG = "any:post:weigh_flag"
    MODERATE = "any:post:moderate"
    SANCTION = "any:account:sanction"


P = Permission
_DESK: Final = frozenset(
    {
        P.SCREEN_PROTOCOL, P.PUBLISH_EDITORIAL, P.RAISE_CONCERN, P.EDIT_VOCABULARY, P.SET_LEGAL_STATUS,
        P.CONFIRM_DECLARATION, P.ACCEPT_FIELD_REPORT, P.TRIAGE_ALERT, P.CURATE,
    }
)  # fmt: skip
ROLES: Final[dict[Role, frozenset[Permission]]] = {
    Role.MEMBER: frozenset({P.WRITE_POST}),
    Role.CLINICIAN: frozenset(
        {
            P.READ_COMPARISONS, P.DRAFT_PROTOCOL, P.SUBMIT_OUTCOMES, P.READ_OWN_ROWS, P.DECLARE_PROTOCOL,
            P.REPORT_FROM_FIELD, P.SIGNAL_ALERT, P.WEIGH_FLAG,
        }
    ),
    Role.TRANSLATOR: frozenset({P.TRANSLATE}),
    Role.LANGUAGE_REVIEWER: frozenset({P.APPROVE_TRANSLATION}),
    Role.CLINICAL_REVIEWER: frozenset({P.REVIEW_PROTOCOL, P.WEIGH_FLAG}),
    Role.EDITOR: _DESK,
    Role.CHIEF_EDITOR: _DESK | {P.PUBLISH_CLINICAL, P.OVERSEE_PROTOCOL},
    Role.RESEARCHER: frozenset({P.READ_COMPARISONS}),
    Role.MODERATOR: frozenset({P.RAISE_CONCERN, P.MODERATE, P.SANCTION, P.WEIGH_FLAG}),
    Role.ALERT_PANEL: frozenset({P.ASSESS_ALERT}),
    Role.FOCAL_POINT: frozenset(),
    Role.COUNTRY_ADMIN: frozenset(
        {
            P.READ_COMPARISONS, P.APPROVE_ACCOUNT, P.GRANT_ROLE, P.MANAGE_PROGRAMMES, P.FREEZE_EDITION,
            P.APPROVE_EDITION, P.BUILD_EDITION, P.READ_AUDIT_COUNTRY, P.WITHDRAW_BY_ORDER, P.HIDE_IN_COUNTRY,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset({P.READ_AUDIT_ALL, P.MANAGE_SETTINGS, P.HIDE_ANYWHERE}),
}  # fmt: skip

# One person must not both answer for patients and run the machine, or treat and approve releases.
INCOMPATIBLE: Final = (
    frozenset({Role.SYSTEM_ADMIN, Role.CLINICIAN}),
    frozenset({Role.SYSTEM_ADMIN, Role.COUNTRY_ADMIN}),
)


class Actor(Protocol):
    """Who acts. The user table satisfies it; so does `SYSTEM`."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def role_codes(self) -> frozenset[Role]: ...
    @property
    def organisation_ids(self) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """`init`, `demo` and the first administrator only."""

    id: int = 0
    email: str = "system"
    country: str = ""
    role_codes: frozenset[Role] = frozenset()
    organisation_ids: frozenset[int] = frozenset()


SYSTEM: Final = SystemActor()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an action lands. None means that this side does not apply."""

    country: str | None = None
    organisation_id: int | None = None
    owner_id: int | None = None


def has_permission(actor: Actor, permission: Permission) -> bool:
    return any(permission in ROLES[role] for role in actor.role_codes)


def allowed(actor: Actor, permission: Permission, scope: Scope) -> bool:
    """Whether the actor holds the permission and the scope lies within its reach."""
    if not has_permission(actor, permission):
        return False
    reach = permission.split(":", 1)[0]
    if reach == "country":
        return scope.country == actor.country
    if reach == "own":
        return scope.organisation_id in actor.organisation_ids or scope.owner_id == actor.id
    return True


def check(actor: Actor, permission: Permission, scope: Scope | None = None) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed(actor, permission, scope or Scope()):
        raise NotAllowed("permission_missing", permission=str(permission))
