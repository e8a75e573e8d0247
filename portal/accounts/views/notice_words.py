"""How the page of settings calls kinds of notices, their headings and rhythms."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.core.notify.kinds import Group

GROUP_NAMES: Final[dict[Group, Any]] = {
    Group.WORK: _l("What waits for you"),
    Group.TEXTS: _l("Your own texts"),
    Group.FOLLOWED: _l("What you follow"),
    Group.TALK: _l("Discussion"),
    Group.OUTCOMES: _l("Outcomes and programmes"),
    Group.ALERTS: _l("Early warnings"),
    Group.ACCOUNT: _l("Your account"),
}
KIND_NAMES: Final[dict[str, Any]] = {
    "review_invited": _l("You are asked to review a protocol"),
    "changes_requested": _l("Changes to your protocol are requested"),
    "translation_returned": _l("A translation of yours came back"),
    "protocol_accepted": _l("Your protocol is accepted"),
    "protocol_rejected": _l("Your protocol is not accepted"),
    "protocol_published": _l("Your protocol is published"),
    "alert_issued": _l("An early warning is issued"),
    "alert_updated": _l("An early warning is updated"),
    "alert_retracted": _l("An early warning is withdrawn"),
    "alert_task": _l("A signal waits for your judgement"),
    "role_granted": _l("You were given a role"),
    "role_revoked": _l("A role of yours has ended"),
    "audit_head": _l("The weekly mark of the audit, for administrators"),
}
