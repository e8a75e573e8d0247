"""Codes of declarations and field reports in the reader's language, quarters included."""

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.core import i18n
from portal.core.forms import SelectChoice
from portal.protocols.catalogue.quarters import LAST, begins_on, ends_on

FOLLOW_STATES: Final = {
    "declared": lazy_pgettext("declaration", "waits for confirmation"),
    "confirmed": lazy_pgettext("declaration", "confirmed"),
    "questioned": lazy_pgettext("declaration", "questioned"),
    "ended": lazy_pgettext("declaration", "ended"),
    "refused": lazy_pgettext("declaration", "refused"),
}
FOLLOW_PILLS: Final = {
    "declared": "active", "confirmed": "done", "questioned": "warn", "ended": "off", "refused": "bad",
}  # fmt: skip
FIDELITY: Final = {
    "people": _l("People are taken in as the protocol says"),
    "doses": _l("Doses and steps are given as written"),
    "monitoring": _l("What it measures is measured, when it says"),
    "support": _l("The psychosocial part is offered"),
    "staff": _l("The staff and means that it needs are there"),
}
FIDELITY_ANSWERS: Final = {
    "2": lazy_pgettext("fidelity", "as written"),
    "1": lazy_pgettext("fidelity", "in part"),
    "0": lazy_pgettext("fidelity", "seldom or not"),
}
REFUSALS: Final = {
    "wrong_modality": _l("The protocol is not about this modality"),
    "too_different": _l("What the programme does differs too much"),
    "not_enough_said": _l("More must be said about local changes"),
    "law": _l("The law of the country does not allow it"),
    "other": _l("Another reason"),
}
DOUBTS: Final = {
    "field_report": _l("A field report contradicts it"),
    "incident": _l("An incident contradicts it"),
    "withdrawn_version": _l("The version was withdrawn and nobody answered"),
    "other": _l("Another reason"),
}
ENDINGS: Final = {
    "moved": _l("moved to another version"),
    "stopped": _l("the programme stopped following it"),
    "closed": _l("the programme closed"),
    "contradicted": _l("reports contradicted it"),
    "taken_back": _l("taken back before it was confirmed"),
}
ANSWERS: Final = {
    "move": _l("Move to the new version"),
    "stay": _l("Stay with the present version, for a reason"),
    "later": _l("Decide later"),
}
REPORT_STATES: Final = {
    "draft": lazy_pgettext("report", "draft"),
    "held": lazy_pgettext("report", "waits for an editor"),
    "accepted": lazy_pgettext("report", "accepted"),
    "returned": lazy_pgettext("report", "returned"),
    "withdrawn": lazy_pgettext("report", "withdrawn by the centre"),
}
REPORT_PILLS: Final = {
    "draft": "idle", "held": "active", "accepted": "done", "returned": "warn", "withdrawn": "off",
}  # fmt: skip
RECOMMENDATIONS: Final = {
    "adopt": _l("adopt it"),
    "adopt_with_changes": _l("adopt it with changes"),
    "do_not_adopt": _l("do not adopt it"),
}
BARRIERS: Final = {
    "staff": _l("too few staff"),
    "training": _l("training was missing"),
    "medicine_supply": _l("supply of medicines"),
    "money": _l("money"),
    "space": _l("rooms"),
    "law": _l("law and permits"),
    "stigma": _l("stigma"),
    "distance": _l("distance and travel"),
    "laboratory": _l("laboratory tests"),
    "records": _l("keeping records"),
    "people_declined": _l("people did not want it"),
}
INCIDENTS: Final = {
    "death": _l("death"),
    "overdose": _l("overdose"),
    "adverse_reaction": _l("adverse reaction"),
    "dose_error": _l("error in a dose"),
    "diversion": _l("diversion of a medicine"),
    "self_harm": _l("self-harm"),
    "violence": _l("violence"),
    "other": _l("something else"),
}
SEVERITIES: Final = {
    "no_harm": _l("no harm"),
    "mild": lazy_pgettext("harm", "mild"),
    "moderate": lazy_pgettext("harm", "moderate"),
    "severe": lazy_pgettext("harm", "severe"),
}


def quarter(code: str) -> str:
    """`2026Q4` as people say it, in their digits."""
    return _(
        "%(year)s, quarter %(number)s", year=i18n.digits(code[:4]), number=i18n.digits(code[5])
    )  # fmt: skip


def period(first: str, last: str | None) -> str:
    """From one quarter to another, or on without an end."""
    if last is None or last >= LAST:
        return _("since %(quarter)s", quarter=quarter(first))
    if last < first:
        return _("never came into force")
    if last == first:
        return quarter(first)
    return _("%(first)s to %(last)s", first=quarter(first), last=quarter(last))


def days(first: str, last: str | None) -> str | None:
    """The same by its days, for readers whose calendar knows no such quarter; None for the others."""
    if i18n.LOCALES[i18n.current()].calendar == "gregorian" or (last and last < first):
        return None
    if last is None or last >= LAST:
        return _("from %(date)s", date=i18n.day(begins_on(first)))
    return i18n.day_span(begins_on(first), ends_on(last))


def quarter_choices(codes: Iterable[str]) -> list[SelectChoice]:
    """Quarters with their months, or with their exact days in another calendar."""
    return [SelectChoice(code, _with_months(code)) for code in codes]


def _with_months(code: str) -> str:
    return f"{quarter(code)} ({i18n.quarter_span(int(code[:4]), int(code[5]))})"


def started(band: str) -> str:
    """A band of persons in the reader's digits."""
    low, _dash, high = band.partition("-")
    if not high:
        return _("%(count)s or more", count=i18n.digits(low.rstrip("+")))
    return i18n.span(i18n.digits(low), i18n.digits(high))


def words() -> dict[str, Any]:
    """Everything above that templates use, under one name."""
    return {name.lower(): value for name, value in globals().items() if name.isupper()} | {
        "quarter": quarter, "period": period, "days": days, "started": started,
    }  # fmt: skip
