"""Dose lines in words: amounts as unbreakable tokens, how often, ceiling and conditions by language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from portal.core import i18n
from portal.protocols.forms import labels
from portal.protocols.units import hazards

_RUSSIAN: Final = {"mg": "мг", "µg": "мкг", "g": "г", "mL": "мл", "IU": "МЕ"}
_COUNTED: Final = ("tablet", "session")
_MOST_PIECES: Final = 5
_MEDICINES: Final = Path(__file__).parents[1] / "data" / "medicines.json"


@dataclass(frozen=True, slots=True)
class DoseWords:
    """A dose line as cells of the table; every text may hold tokens."""

    drug: str
    phase: str
    routes: str
    dose: str
    interval: str
    ceiling: str
    observe: str


@lru_cache(maxsize=1)
def medicines() -> dict[str, dict[str, str]]:
    """Medicines that the vocabulary has no concept of their own for."""
    return json.loads(_MEDICINES.read_text("utf-8"))


def medicine_choices() -> list[tuple[str, str]]:
    return [(key, names[i18n.current()]) for key, names in medicines().items()]


def in_words(data: Mapping[str, Any], drug: str) -> DoseWords:
    """The line in the language in force. `drug` is the label of its concept."""
    return DoseWords(
        drug=drug or medicines().get(data.get("medicine", ""), {}).get(i18n.current(), ""),
        phase=str(labels.PHASES.get(data.get("phase", ""), "")),
        routes=_routes(data),
        dose=_dose(data),
        interval=_interval(data),
        ceiling=_ceiling(data),
        observe=_observe(data),
    )


def unmarked(text: str) -> str:
    """A warning of doses that a sentence from right to left would turn round; empty where all are marked."""
    pieces = hazards(text)[:_MOST_PIECES]
    if not pieces:
        return ""
    named = _(", ").join(f"⟦{piece}⟧" for piece in pieces)
    return _("Not marked as doses: %(pieces)s. In a Persian sentence they can turn round.", pieces=named)


def figure(value: float) -> str:
    """A number inside a token: Latin digits, never a thousands separator, a comma in Russian."""
    text = i18n.exact(value)
    return text.replace(".", ",") if i18n.current() == "ru" else text


def _routes(data: Mapping[str, Any]) -> str:
    given = data.get("route") or []
    return _(", ").join(str(labels.ROUTES[route]) for route in ([given] if isinstance(given, str) else given))


def _amount(low: float | None, high: float | None, unit: str) -> str:
    if unit in _COUNTED:
        return _count(low, high, unit)
    if low is None:
        numbers = f"≤ {figure(high or 0)}"
    elif high is None:
        numbers = f"≥ {figure(low)}"
    else:
        numbers = figure(low) if low == high else f"{figure(low)}–{figure(high)}"
    space = "" if unit == "%" and i18n.current() != "ru" else "\u00a0"
    name = _RUSSIAN.get(unit, unit) if i18n.current() == "ru" else unit
    return f"⟦{numbers}{space}{name}⟧"


def _count(low: float | None, high: float | None, unit: str) -> str:
    """Tablets and sessions are counted in words."""
    number, text = _range(low, high)
    if unit == "tablet":
        return ngettext("%(count)s tablet", "%(count)s tablets", number, count=text)
    return ngettext("%(count)s session", "%(count)s sessions", number, count=text)


def _range(low: float | None, high: float | None) -> tuple[int, str]:
    """The number that rules the plural, and the range in the reader's digits."""
    top = high if high is not None else low or 0
    text = i18n.number(top) if low is None or low == top else i18n.span(i18n.number(low), i18n.number(top))
    return (int(top) if float(top).is_integer() else 2), text


def _dose(data: Mapping[str, Any]) -> str:
    unit = data.get("unit", "")
    parts = []
    if data.get("dose_min") or data.get("dose_max"):
        amount = _amount(data.get("dose_min"), data.get("dose_max"), unit)
        parts.append(_per(amount, data.get("per", "")))
    if data.get("step_min") or data.get("step_max"):
        step = _amount(data.get("step_min"), data.get("step_max"), unit)
        taper = data.get("phase") == "taper"
        parts.append(_("less by %(amount)s", amount=step) if taper else _("more by %(amount)s", amount=step))
    return _(", ").join(parts)


def _per(amount: str, per: str) -> str:
    sentences = {
        "day": lambda: _("%(amount)s a day", amount=amount),
        "week": lambda: _("%(amount)s a week", amount=amount),
        "month": lambda: _("%(amount)s a month", amount=amount),
        "course": lambda: _("%(amount)s a course", amount=amount),
    }
    return sentences[per]() if per in sentences else amount


def _interval(data: Mapping[str, Any]) -> str:
    parts = []
    if data.get("times_min"):
        number, text = _range(data["times_min"], data.get("times_max"))
        parts.append(ngettext("%(count)s time a day", "%(count)s times a day", number, count=text))
    if data.get("every_min"):
        parts.append(_every(data))
    if data.get("after_min"):
        number, text = _range(data["after_min"], data.get("after_max"))
        parts.append(ngettext("after %(count)s hour", "after %(count)s hours", number, count=text))
    return _(", ").join(parts)


def _every(data: Mapping[str, Any]) -> str:
    number, text = _range(data["every_min"], data.get("every_max"))
    sentences = {
        "hour": lambda: ngettext("every %(count)s hour", "every %(count)s hours", number, count=text),
        "day": lambda: ngettext("every %(count)s day", "every %(count)s days", number, count=text),
        "week": lambda: ngettext("every %(count)s week", "every %(count)s weeks", number, count=text),
        "month": lambda: ngettext("every %(count)s month", "every %(count)s months", number, count=text),
    }
    if number == 1 and data.get("every_unit") in _ONCE:
        return str(_ONCE[data["every_unit"]]())
    return sentences.get(data.get("every_unit", ""), lambda: text)()


_ONCE: Final = {
    "hour": lambda: pgettext("dose", "every hour"),
    "day": lambda: pgettext("dose", "every day"),
    "week": lambda: pgettext("dose", "every week"),
    "month": lambda: pgettext("dose", "every month"),
}


def _ceiling(data: Mapping[str, Any]) -> str:
    if not data.get("ceiling"):
        return ""
    amount = _amount(data.get("ceiling_low") or data["ceiling"], data["ceiling"], data.get("unit", ""))
    return _per(amount, data.get("ceiling_per", ""))


def _observe(data: Mapping[str, Any]) -> str:
    if not data.get("observe_min"):
        return ""
    low, high = data["observe_min"], data.get("observe_max") or data["observe_min"]
    if low % 60 == 0 and high % 60 == 0:
        number, text = _range(low / 60, high / 60)
        return ngettext("Observe for %(count)s hour.", "Observe for %(count)s hours.", number, count=text)
    number, text = _range(low, high)
    return ngettext("Observe for %(count)s minute.", "Observe for %(count)s minutes.", number, count=text)
