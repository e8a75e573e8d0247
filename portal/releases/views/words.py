"""Words of editions: refusals with their numbers, days and countries as the reader writes them."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accounts.forms import COUNTRY_NAMES
from portal.core import i18n
from portal.core.errors import Problem
from portal.core.sentences import sentence
from portal.releases.workflow import DISCARDED, EXPIRED, PUBLISHED

LEFT_OUT: Final[dict[str, Any]] = {
    "window_open": _l("The window of 183 days is still open on the closing date"),
    "in_earlier_edition": _l("The person is in an earlier edition"),
    "may_count_twice": _l("Without a token, and treated before: might count twice"),
}
STOPPED: Final[dict[str, Any]] = {
    "approvals_missing": _l("An approval ran out before the build. Approve again, then build."),
    "consent_withdrawn": _l("A programme in this snapshot has withdrawn its consent. Freeze again."),
    "parameters_changed": _l(
        "The catalogue or the disclosure parameters have changed since the freeze. Freeze again."
    ),
    "permission_missing": _l("The account that asked for the build may no longer do so. Ask again."),
    "persons_changed": _l("Persons of this snapshot have changed since the freeze. Freeze again."),
    "release_key_missing": _l("The key of this edition is missing on this machine. Freeze again."),
    "snapshot_changed": _l("The snapshot is not the one that was approved. Freeze again."),
    "snapshot_void": _l("A person in this snapshot has withdrawn. Freeze again and ask for new approvals."),
    "wrong_state": _l("This freeze was given up or its time ran out before the build. Freeze again."),
}
"""Why a build ended without a result, told where the numbers of the refusal are no longer known."""

WRONG_STATES: Final[dict[str, Any]] = {
    PUBLISHED: _l("This edition is published. It never changes."),
    DISCARDED: _l("This freeze was given up. Freeze again to go on."),
    EXPIRED: _l("Nobody published this freeze in time; its snapshot is gone. Freeze again to go on."),
}
"""Why nothing leads on from the state of an edition."""


def in_words(code: str, values: Mapping[str, Any]) -> str:
    """The sentence of a refusal."""
    if code == "wrong_state" and values["state"] in WRONG_STATES:
        return str(WRONG_STATES[values["state"]])
    shown = {name: _value(name, value) for name, value in values.items()}
    return sentence(Problem("", code, shown))


def stopped(code: str) -> str:
    """Why a build ended without a result."""
    text = STOPPED.get(code)
    return str(text) if text else _("A fault of the machine (%(fault)s).", fault=f"⟦{code}⟧")


def countries(codes: list[str]) -> str:
    return _(", ").join(str(COUNTRY_NAMES[code]) for code in codes)


def _value(name: str, value: Any) -> Any:
    if name == "countries":
        return countries(str(value).split(", "))
    if name == "country":
        return COUNTRY_NAMES.get(value, value)
    if name in ("closing_on", "earliest"):
        return i18n.day(value)
    return i18n.number(value) if isinstance(value, int) else f"⟦{value}⟧"
