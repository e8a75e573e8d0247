"""Sentences and rows of the live page: plain numbers of `own` as the reader's language writes them."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import i18n
from portal.registry.dictionary import CURRENT, load
from portal.registry.own.counting import Retained, Share, Year
from portal.registry.own.curve import Curve, Mean, Point, Step
from portal.registry.own.definitions import Defined
from portal.registry.own.live import Live
from portal.registry.quality.report import Line
from portal.registry.views.live_drawing import Plot

Rows = list[list[str]]

TIMELY: Final = {
    "DQ03": _l("Start assessment within 14 days"),
    "DQ04": _l("Review at half a year (days 154 to 210)"),
    "DQ05": _l("Exit assessment within 14 days of discharge"),
    "DQ11": _l("Reason of discharge known"),
}
DEFINITIONS: Final = {
    "RET-12W": _l("Twelve weeks, or completed free of dependence earlier"),
    "CMP-TEDS": _l("Planned completion"),
    "CMP-PLANNED": _l("Planned completion or transfer"),
    "CMP-TEDS-TRANSFER": _l("Planned completion or any transfer"),
    "CMP-DEP-FREE": _l("Completed free of dependence"),
    "CMP-REP": _l("Back within 182 days of completing free of dependence"),
    "ABS-28": _l("No use of the main substance in 28 days, at half a year"),
    "ABS-28-ALL": _l("No use of any illicit drug in 28 days, at half a year"),
    "INJ-STOP": _l("Stopped injecting, at half a year"),
}


def finding(figures: Live) -> str:
    """The sentence over the curve: what half a year shows."""
    point = next((p for p in figures.curve.points if p.day == 180), None) if figures.curve else None
    if point is None or point.survival is None:
        return _("Share still in treatment, by day")
    return _("After 180 days %(share)s are still in treatment", share=i18n.percent(point.survival))


def summary(curve: Curve) -> list[tuple[str, str]]:
    """Median and restricted means with their intervals."""
    median = _("not reached") if curve.median is None else _days(curve.median)
    rows = [(_("Median days in treatment"), _with(median, curve.median_lower, curve.median_upper))]
    return rows + [(_mean_label(mean), _mean(mean)) for mean in curve.means]


def points(curve: Curve) -> Rows:
    return [[i18n.number(p.day), i18n.number(p.at_risk), *_shares(p)] for p in curve.points]


def steps(curve: Curve) -> Rows:
    """Every day on which somebody left or was last seen."""
    return [
        [
            i18n.number(s.day),
            i18n.number(s.at_risk),
            i18n.number(s.events),
            i18n.number(s.censored),
            *_shares(s),
        ]
        for s in curve.steps
    ]


def risk_columns(plot: Plot) -> list[tuple[str, str]]:
    """The days of the axis as columns, so that the numbers stand in the order of the drawing."""
    return [(_("Day"), "head"), *((day, "r") for day, _number in plot.at_risk)]


def risk_row(plot: Plot) -> Rows:
    return [[_("At risk"), *(number for _day, number in plot.at_risk)]]


def completeness(figures: Live, timely: Mapping[str, Line]) -> Rows:
    """What must be known at certain times, before the answers of admission."""
    status = figures.status_known
    parts = [
        (_("Still in treatment on day 180: known"), status.due, status.known),
        *((str(TIMELY[name]), line.n, line.in_order) for name, line in timely.items()),
    ]
    return [_part(*part) for part in parts]


def items(figures: Live) -> Rows:
    """Answers at admission, the least known first."""
    dictionary, language = load(CURRENT), i18n.current()
    ordered = sorted(figures.items, key=lambda item: item.known / item.due if item.due else 1.0)
    return [_part(_title(dictionary[item.name], language), item.due, item.known) for item in ordered]


def retention(figures: Live) -> Rows:
    return [_retained(each) for each in figures.retention]


def completion(figures: Live) -> Rows:
    named = [
        (_("Planned completion"), figures.completed),
        (_("Planned completion or transfer"), figures.completed_or_transferred),
    ]
    return [[name, *_reached(share)] for name, share in named]


def definitions(found: list[Defined]) -> Rows:
    """One row for each definition, with its share of those known and of all due."""
    return [
        [
            _defined(each.id),
            *(i18n.number(n) for n in (each.due, each.known, each.reached)),
            *("–" if share is None else i18n.percent(share) for share in (each.of_known, each.of_due)),
        ]
        for each in found
    ]


def _defined(name: str) -> str:
    if name.startswith("RET-F-"):
        return _("In treatment on day %(day)s", day=i18n.number(int(name.removeprefix("RET-F-"))))
    return str(DEFINITIONS[name])


def reasons(figures: Live) -> Rows:
    """Discharges by reason; shares are of all discharges."""
    labels, total = load(CURRENT).lists["discharge_reason"], sum(count for _, count in figures.reasons)
    return [
        [labels[code].label[i18n.current()], i18n.number(count), i18n.percent(count / total)]
        for code, count in figures.reasons
    ]


def years(figures: Live) -> Rows:
    return [_year(each) for each in figures.years]


def _year(year: Year) -> list[str]:
    counts = [i18n.number(n) for n in (year.episodes, year.persons, year.open)]
    return [_calendar_year(year.year), *counts, _share(year.retained), _share(year.completed)]


def _calendar_year(year: str) -> str:
    """Admission years are Gregorian in every language: months are stored so."""
    return i18n.digits(year)


def _part(label: str, due: int, known: int) -> list[str]:
    return [label, i18n.number(due), i18n.number(known), i18n.percent(known / due) if due else _("none due")]


def _retained(each: Retained) -> list[str]:
    day, due = i18n.number(each.day), i18n.number(each.share.due)
    return [day, due, *_reached(each.share), i18n.number(each.transferred)]


def _reached(share: Share) -> list[str]:
    return [
        i18n.number(share.known),
        i18n.number(share.reached),
        _share(share),
        _span(share.lower, share.upper),
    ]


def _share(share: Share) -> str:
    return "–" if share.value is None else i18n.percent(share.value)


def _shares(row: Point | Step) -> list[str]:
    return ["–" if row.survival is None else i18n.percent(row.survival), _span(row.lower, row.upper)]


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else i18n.span(i18n.percent(low), i18n.percent(high))


def _days(value: float) -> str:
    return i18n.number(value, 0 if value.is_integer() else 1)


def _with(text: str, low: float | None, high: float | None) -> str:
    if low is None:
        return text
    end = _("not reached") if high is None else _days(high)
    return _("%(value)s (95 percent interval %(low)s to %(high)s)", value=text, low=_days(low), high=end)


def _mean_label(mean: Mean) -> str:
    return _("Mean days in treatment within the first %(days)s", days=i18n.number(mean.horizon))


def _mean(mean: Mean) -> str:
    if mean.value is None:
        return _("not known yet: nobody was followed for so long")
    error = "–" if mean.error is None else i18n.number(mean.error, 1)
    return _("%(value)s (standard error %(error)s)", value=i18n.number(mean.value, 1), error=error)


def _title(variable: Any, language: str) -> str:
    return str(variable.label[language])
