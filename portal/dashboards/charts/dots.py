"""Two charts of dots with intervals: retention at a few weeks, and planned completion."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from analytics.figures import completion, points
from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.charts.chart import (
    Cell,
    Chart,
    Column,
    Table,
    bounds,
    bounds_column,
    code,
    decimal,
    group,
    interval_column,
    notes,
    refused,
    share,
    share_interval,
    spread,
    told,
    withheld,
)


def make_points(result: Any, own: frozenset[str]) -> Chart:
    """Shares still in treatment at 4, 8, 12 and 26 weeks."""
    how = _(
        "Each dot is the share of one programme at one week, with its 95 percent "
        "interval. These programmes have a planned end: leaving after it is not "
        "dropping out."
    )
    axis = measure = _("Share still in treatment")
    finding = _points_finding(result.released.value.programmes)
    return _dots(_Kind("points", points, _points_table, axis, measure, how), result, finding, own)


def make_completion(result: Any, own: frozenset[str]) -> Chart:
    """Shares that completed the planned treatment."""
    how = _(
        "Each dot is the share of people of one programme who completed the planned "
        "treatment, with its 95 percent interval. The second definition also counts "
        "transfers."
    )
    axis = _("Planned completions")
    measure = _("Share of discharges that were planned completions")
    finding = _completion_finding(result.released.value.programmes)
    return _dots(_Kind("completion", completion, _completion_table, axis, measure, how), result, finding, own)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one kind of dots says and where its pixels and rows come from."""

    id: str
    figure: Any
    table: Callable[[Any, str], Table]
    axis: str
    measure: str
    how: str


def _dots(kind: _Kind, result: Any, finding: str, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(kind.axis, own)
    finding = told(value, finding)
    return Chart(
        id=kind.id, svg="dots", finding=finding, subtitle=f"{group(value)}. {kind.measure}.",
        tables=[kind.table(value.programmes, finding)], how=[kind.how],
        plot=kind.figure.place(result.released, text, words.direction()),
        narrow=kind.figure.place(result.released, text, words.direction(), narrow=True),
        data=kind.figure.draw(result.released, text, words.direction()),
        refused=refused(value), notes=notes(value),
    )  # fmt: skip


def _points_finding(programmes: Any) -> str:
    shown = [
        (point.week, point.share.value)
        for row in programmes
        if row.withheld is None
        for point in row.points
        if point.share.value is not None
    ]
    last = max((week for week, _value in shown), default=0)
    shares = spread(value for week, value in shown if week == last)
    if not shares:
        return ""
    return _(
        "After %(weeks)s weeks %(shares)s of people are still in treatment",
        weeks=i18n.number(last),
        shares=shares,
    )


def _completion_finding(programmes: Any) -> str:
    shares = spread(
        row.share.value for row in programmes if row.withheld is None and row.share.value is not None
    )
    return _("%(shares)s of people complete the planned treatment", shares=shares) if shares else ""


def _points_table(programmes: Any, caption: str) -> Table:
    columns = [
        Column(_("Programme"), "head"),
        Column(_("Week")),
        Column(_("Known")),
        Column(_("Still in treatment")),
        interval_column(),
    ]
    rows: list[list[Cell]] = []
    for row in programmes:
        rows += [withheld(row, columns)] if row.withheld else [_point(row, point) for point in row.points]
    return Table("points-table", caption, columns, rows)


def _point(row: Any, point: Any) -> list[Cell]:
    return [
        code(row), decimal(point.week), decimal(point.known), share(point.share), share_interval(point.share),
    ]  # fmt: skip


def _completion_table(programmes: Any, caption: str) -> Table:
    columns = [
        Column(_("Programme"), "head"),
        Column(_("Known")),
        Column(_("Completed")),
        interval_column(),
        Column(_("With transfers")),
    ]
    bounded = any(row.worst is not None for row in programmes)
    columns += [bounds_column()] if bounded else []
    rows = [
        withheld(row, columns)
        if row.withheld
        else [
            code(row), decimal(row.known), share(row.share), share_interval(row.share),
            share(row.share_with_transfers), *([bounds(row)] if bounded else []),
        ]
        for row in programmes
    ]  # fmt: skip
    return Table("completion-table", caption, columns, rows)
