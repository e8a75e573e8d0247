"""Words of figures and tables in the reader's language: classes, levels, reasons, warnings."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analytics.figures import Direction, FigureText, isolated_line
from portal.core import i18n

COUNTRIES: Final = {"IR": _l("Iran"), "RU": _l("Russia")}
CLASSES: Final = {
    "withdrawal": _l("Withdrawal management"),
    "agonist": _l("Opioid agonist treatment"),
    "antagonist": _l("Opioid antagonist treatment"),
    "outpatient_psychosocial": _l("Outpatient psychosocial treatment"),
    "residential": _l("Residential treatment"),
}
SIGNS: Final = {"at_most": "≤", "at_least": "≥", "below": "<", "above": ">"}
OUTCOMES: Final = {
    "RET-F-180": _l("still in treatment after 180 days"),
    "CMP-TEDS": _l("planned completion"),
    "ABS-28": _l("no use of the main substance in the last 28 days at review"),
}
WITHHELD: Final = {
    "gate": _l("Insufficient data quality"),
    "P1": _l("Too few to compare: fewer than 30 known"),
    "P2": _l("Too few to compare: fewer than 5 expected"),
    "P4": _l("A cause with fewer than 10 persons is not shown"),
    "P5": _l("Nearly everybody or nearly nobody had this outcome: no ratio is shown"),
    "P10": _l("A comparison needs at least 3 programmes"),
    "W4": _l("Not comparable: no other programme has clients like these"),
    "model": _l("No case-mix model fits these data"),
}
INDICATORS: Final = {
    "n": _l("fewer than 20 known"),
    "DQ03": _l("start assessments below 80 percent"),
    "DQ05": _l("exit assessments below 80 percent"),
    "DQ11": _l("discharge reason unknown for more than 10 percent"),
}
WARNINGS: Final = {
    "W1": _l("The outcome is unknown for many persons. Read the completeness page first."),
    "W2": _l("Some programmes are too small to compare; the table says why."),
    "W3": _l("A curve stops where fewer than 10 persons are at risk."),
    "W4": _l("Some programmes are not comparable with the others: their case mix is rare there."),
    "W5": _l("The case-mix model predicts poorly: read the comparison with care."),
    "W8": _l("Two ratios must not be compared with each other, only each with 1."),
    "W13": _l("Fewer than 10 programmes: variation beyond chance is estimated weakly."),
}
NAMED: Final = ("W1", "W2", "W4")
TABLES: Final = {
    "total": _l("All persons"), "region": _l("Region group"), "sex": _l("Sex"), "age": _l("Age"),
    "sub": _l("Main substance"), "out": _l("State after 183 days"), "prot": _l("Protocol"),
    "half": _l("Half-year of admission"),
}  # fmt: skip
CELLS: Final = {
    "all": _l("All"), "M": _l("Men"), "F": _l("Women"), "U": _l("Unknown"), "opium": _l("Opium"),
    "heroin": _l("Heroin"), "other_opioid": _l("Other opioid"), "alcohol": _l("Alcohol"),
    "stimulant": _l("Stimulant"), "cannabis": _l("Cannabis"), "other": _l("Other"),
    "in_treatment": _l("In treatment"), "completed": _l("Completed"), "lost": _l("Lost or dropped out"),
    "transferred": _l("Transferred"), "earlier": _l("Earlier"),
}  # fmt: skip


def figure_text(axis_x: str, own: frozenset[str]) -> FigureText:
    """Words and formats for `analytics.figures`, isolated for right-to-left pages."""
    words = {
        "programme": _("Programme"), "ratio": _("Observed / expected"), "observed": _("Observed"),
        "expected": _("Expected"), "week": _("Week"), "retained": _("Still in treatment"),
        "share": _("Share"), "interval": _("95 percent interval"), "known": _("Known"),
        "unknown": _("Unknown"), "axis_x": axis_x, "axis_y": "",
    }  # fmt: skip
    isolated = {key: isolated_line(text, direction()) for key, text in words.items()}
    isolated |= {key: i18n.ltr_text(f"{sign}%(limit)s") for key, sign in SIGNS.items()}
    return FigureText(i18n.number, i18n.percent, isolated, own=own)


def group(country: str, klass: str) -> str:
    """Country and class in one line; what follows a colon begins small."""
    named = str(CLASSES.get(klass, klass))
    return f"{COUNTRIES[country]}: {named[:1].lower()}{named[1:]}"


def direction() -> Direction:
    return Direction(i18n.direction(i18n.current()))


def share(value: Any) -> str:
    """A released share as the reader sees it: a value, a bound, or that it is not shown."""
    if value is None or not value.is_shown:
        return _("not shown: below the release threshold")
    if value.bound is not None:
        return i18n.ltr_text(SIGNS[value.bound] + i18n.percent(value.limit, 0))
    return i18n.percent(value.value)


def interval(value: Any) -> str:
    """The 95 % interval of a share; empty where there is none."""
    if value is None or value.low is None:
        return ""
    return i18n.span(i18n.percent(value.low), i18n.percent(value.high))


def count(value: Any) -> str:
    """A released count, or that it is fewer than its threshold."""
    if value.value is not None:
        return i18n.number(value.value)
    return _("fewer than %(number)s", number=i18n.number(value.below))


def withheld(row: Any) -> str:
    """Why a programme's numbers are not shown, with the failing indicators."""
    reason = str(WITHHELD.get(row.withheld, row.withheld))
    failing = _indicators(getattr(row, "failing", ()))
    return f"{reason}: {failing}" if failing else reason


def published(row: Any) -> str:
    """Whether a programme's outcomes are published, by its completeness; the reason where they are not."""
    if row.withheld:
        return withheld(row)
    if row.failing:
        return f"{WITHHELD['gate']}: {_indicators(row.failing)}"
    if row.failing_assessed:
        return _("shown, but no outcome of assessments: %(why)s", why=_indicators(row.failing_assessed))
    return _("shown")


def _indicators(codes: Iterable[str]) -> str:
    return "; ".join(str(INDICATORS.get(code, code)) for code in codes)


def notices(value: Any, own: Mapping[str, Any] | None = None) -> list[str]:
    """Each warning of a result once, with the programmes that it is about. `own` words replace the usual."""
    about: dict[str, list[str]] = {}
    for notice in getattr(value, "notices", ()):
        codes = about.setdefault(notice.code, [])
        if notice.code in NAMED and notice.programme and notice.programme not in codes:
            codes.append(notice.programme)
    said = WARNINGS | dict(own or {})
    return [_warning(str(said[code]), codes) for code, codes in about.items() if code in said]


def _warning(sentence: str, programmes: list[str]) -> str:
    """A code is a token, so that a line never ends inside it."""
    named = _(", ").join(f"⟦{name}⟧" for name in programmes)
    return f"{sentence} ({named})" if named else sentence
