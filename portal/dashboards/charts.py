"""The registry of charts: for each kind of released result its finding, drawing, legend and table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from analytics.figures import completeness, completion, funnel, points, retention
from portal.core import i18n
from portal.dashboards import text as words

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that a page prints of one result. `rows` are what the table and the CSV hold."""

    id: str
    svg: str
    finding: str
    subtitle: str
    columns: list[tuple[str, str]]
    rows: Rows
    how: list[str]
    plot: Any = None
    data: dict[str, Any] | None = None
    refused: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def chart(result: Any, own: frozenset[str]) -> Chart:
    """The chart of one approved result."""
    return MAKERS[result.kind](result, own)


def _completeness(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Share of persons"), own)
    open_ = sum(row.withheld is None for row in value.programmes)
    columns = [
        (_("Programme"), "head"),
        (_("Due"), "r"),
        (_("Status known"), "r"),
        (_("Assessed"), "r"),
        (_("Publication"), ""),
    ]
    rows = [
        [
            _code(row),
            _whole(row.due),
            _maybe(row.status),
            _maybe(row.assessed),
            words.withheld(row) if row.withheld else _("shown"),
        ]
        for row in value.programmes
    ]
    finding = _(
        "%(open)s of %(all)s programmes have data good enough to be compared",
        open=i18n.number(open_),
        all=i18n.number(len(rows)),
    )
    return Chart(
        id="completeness",
        svg="bars",
        finding=finding,
        subtitle=_group(value) + ". " + _("Status known at day 180, share of persons due."),
        columns=columns,
        rows=rows,
        how=[
            _(
                "Each bar is one programme. The filled part is the share of persons whose state"
                " is known. What is unknown can hide good or bad outcomes."
            )
        ],
        plot=completeness.place(result.released, text, words.direction()),
        data=completeness.draw(result.released, text, words.direction()),
        legend=[("c1", _("Known")), ("mean", _("Unknown"))],
        notes=words.notices(value),
    )


def _curves(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Weeks since admission"), own)
    shown = [row for row in value.programmes if row.withheld is None]
    means = [row.mean.value for row in shown if row.mean]
    columns = [
        (_("Programme"), "head"),
        (_("Persons"), "r"),
        (_("Median, weeks"), "r"),
        (_("Mean weeks in treatment"), "r"),
        (_("95 percent interval"), "r"),
    ]
    rows = [_curve_row(row) for row in value.programmes]
    finding = (
        _("No programme may be shown yet")
        if not means
        else _(
            "People stay %(low)s to %(high)s weeks on average, depending on the programme",
            low=i18n.number(min(means), 1),
            high=i18n.number(max(means), 1),
        )
    )
    return Chart(
        id="curves",
        svg="survival",
        finding=finding,
        subtitle=_group(value)
        + ". "
        + _(
            "Share still in treatment, by week; means are restricted to %(weeks)s weeks.",
            weeks=i18n.number(value.tau or 26),
        ),
        columns=columns,
        rows=rows,
        how=[
            _(
                "Each line falls when people leave treatment. A higher line means that more "
                "people stay. The band is the 95 percent interval; the curve ends where fewer "
                "than 10 persons are left."
            ),
            _("Compare the mean weeks rather than single points of the lines."),
        ],
        plot=retention.place(result.released, text, words.direction()),
        data=retention.draw(result.released, text, words.direction()),
        refused=_refused(value) or ("" if shown else finding),
        notes=words.notices(value),
    )


def _curve_row(row: Any) -> list[str]:
    if row.withheld:
        return [_code(row), words.withheld(row), "", "", ""]
    mean = row.mean
    median = i18n.number(row.median, 1) if row.median is not None else _("not reached")
    bounds = i18n.span(i18n.number(mean.low, 1), i18n.number(mean.high, 1)) if mean else ""
    return [_code(row), _whole(row.known), median, i18n.number(mean.value, 1) if mean else "", bounds]


def _points(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Share still in treatment"), own)
    columns = [
        (_("Programme"), "head"),
        (_("Week"), "r"),
        (_("Known"), "r"),
        (_("Still in treatment"), "r"),
        (_("95 percent interval"), "r"),
    ]
    rows: Rows = []
    for row in value.programmes:
        rows += (
            [[_code(row), words.withheld(row), "", "", ""]]
            if row.withheld
            else [
                [
                    _code(row),
                    i18n.number(p.week),
                    _whole(p.known),
                    words.share(p.share),
                    words.interval(p.share),
                ]
                for p in row.points
            ]
        )
    return Chart(
        id="points",
        svg="dots",
        finding=_("How many people are still in treatment after 4, 8, 12 and 26 weeks"),
        subtitle=_group(value) + ".",
        columns=columns,
        rows=rows,
        how=[
            _(
                "Each dot is the share of one programme at one week, with its 95 percent "
                "interval. These programmes have a planned end: leaving after it is not "
                "dropping out."
            )
        ],
        plot=points.place(result.released, text, words.direction()),
        data=points.draw(result.released, text, words.direction()),
        refused=_refused(value),
        notes=words.notices(value),
    )


def _completion(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Share of discharges that were planned completions"), own)
    columns = [
        (_("Programme"), "head"),
        (_("Known"), "r"),
        (_("Completed"), "r"),
        (_("95 percent interval"), "r"),
        (_("With transfers"), "r"),
    ]
    rows = [
        [_code(row), words.withheld(row), "", "", ""]
        if row.withheld
        else [
            _code(row),
            _whole(row.known),
            words.share(row.share),
            words.interval(row.share),
            words.share(row.share_with_transfers),
        ]
        for row in value.programmes
    ]
    return Chart(
        id="completion",
        svg="dots",
        finding=_("How many people complete the planned treatment"),
        subtitle=_group(value) + ".",
        columns=columns,
        rows=rows,
        how=[
            _(
                "Each dot is the share of people of one programme who completed the planned "
                "treatment, with its 95 percent interval. The second definition also counts "
                "transfers."
            )
        ],
        plot=completion.place(result.released, text, words.direction()),
        data=completion.draw(result.released, text, words.direction()),
        refused=_refused(value),
        notes=words.notices(value),
    )


def _comparison(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Precision (effective number of persons)"), own)
    outside = sum(row.outside is not None and row.outside > 0.99 for row in value.programmes)
    shown = sum(row.ratio is not None for row in value.programmes)
    finding = ngettext(
        "%(count)s of %(all)s programmes lies outside the 99.8 percent limits",
        "%(count)s of %(all)s programmes lie outside the 99.8 percent limits",
        outside,
        all=i18n.number(shown),
        count=i18n.number(outside),
    )
    outcome = str(words.OUTCOMES.get(result.outcome, result.outcome))
    return Chart(
        id=f"comparison-{result.outcome.lower()}",
        svg="funnel",
        finding=finding,
        subtitle=_group(value)
        + ". "
        + _(
            "Observed over expected: %(outcome)s, adjusted for age, sex, substance, "
            "injecting and earlier treatment.",
            outcome=outcome,
        ),
        columns=_funnel_columns(),
        rows=[_compared(row) for row in value.programmes],
        how=[
            _(
                "Each dot is one programme. At 1 it has as many good outcomes as its clients' "
                "case mix leads to expect. Dots outside the outer lines differ more than chance"
                " explains; that says where to look, not why."
            ),
            _("Two dots must not be compared with each other, only each with the line at 1."),
        ],
        plot=funnel.place(result.released, text, words.direction()) if value.form == "funnel" else None,
        data=funnel.draw(result.released, text, words.direction()) if value.form == "funnel" else None,
        refused=_refused(value)
        or ("" if value.form == "funnel" else _("Fewer than 5 programmes: the table only.")),
        legend=_funnel_legend(),
        notes=words.notices(value),
    )


def _funnel_legend() -> list[tuple[str, str]]:
    return [
        ("dot", _("Inside the limits")),
        ("out", _("Outside the limits")),
        ("mean", _("As expected")),
        ("l95", _("95 percent limits")),
        ("l998", _("99.8 percent limits")),
    ]


def _funnel_columns() -> list[tuple[str, str]]:
    return [
        (_("Programme"), "head"),
        (_("Known"), "r"),
        (_("Observed"), "r"),
        (_("Expected"), "r"),
        (_("Ratio"), "r"),
        (_("95 percent interval"), "r"),
        (_("Verdict"), ""),
    ]


def _compared(row: Any) -> list[str]:
    if row.withheld or row.ratio is None:
        return [_code(row), words.withheld(row), "", "", "", "", ""]
    verdict = (
        _("inside the limits")
        if row.outside is None
        else (_("above the limits") if row.side == "above" else _("below the limits"))
    )
    return [
        _code(row),
        _whole(row.known),
        _whole(row.observed),
        i18n.number(row.expected, 1),
        i18n.number(row.ratio, 2),
        i18n.span(i18n.number(row.low, 2), i18n.number(row.high, 2)),
        verdict,
    ]


def _code(row: Any) -> str:
    return f"⟦{row.programme}⟧"


def _whole(value: int | None) -> str:
    return "" if value is None else i18n.number(value)


def _maybe(value: Any) -> str:
    return "" if value is None else words.share(value)


def _group(value: Any) -> str:
    return f"{words.COUNTRIES[value.country]}: {words.CLASSES.get(value.klass, value.klass)}"


def _refused(value: Any) -> str:
    reason = getattr(value, "refused", None)
    return str(words.WITHHELD.get(reason, reason)) if reason else ""


MAKERS: Final[dict[str, Callable[[Any, frozenset[str]], Chart]]] = {
    "completeness": _completeness,
    "curves": _curves,
    "points": _points,
    "completion": _completion,
    "comparison": _comparison,
}
