"""Retention of open-ended programmes: curves by week, numbers at risk, median, restricted mean."""

from typing import Any

from flask_babel import gettext as _

from analytics.figures import retention
from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.charts.chart import (
    Cell,
    Chart,
    Column,
    Table,
    code,
    decimal,
    group,
    interval,
    interval_column,
    notes,
    nothing_shown,
    plain,
    refused,
    share,
    share_interval,
    told,
    withheld,
)


def make(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Weeks since admission"), own)
    finding = _finding(value.programmes)
    said = told(value, finding)
    weeks = _("Share still in treatment, by week; means are restricted to %(weeks)s weeks.",
              weeks=i18n.number(value.tau or 26))  # fmt: skip
    return Chart(
        id="curves", svg="survival", finding=said,
        subtitle=group(value) + ". " + weeks,
        tables=[_summary(value.programmes, said), *_by_week(value.programmes)],
        how=[
            _(
                "Each line falls when people leave treatment. A higher line means that more "
                "people stay. The band is the 95 percent interval; the curve ends where fewer "
                "than 10 persons are left."
            ),
            _("Compare the mean weeks rather than single points of the lines."),
            _("For the mean, people are taken to leave in the middle of their week."),
            _(
                "Everybody is in treatment at admission. Dots stand for the first weeks, when nearly "
                "everybody is."
            ),
        ],
        plot=retention.place(result.released, text, words.direction()),
        narrow=retention.place(result.released, text, words.direction(), narrow=True),
        data=retention.draw(result.released, text, words.direction()),
        refused=refused(value) or ("" if finding else nothing_shown()),
        notes=notes(value),
    )  # fmt: skip


def _finding(programmes: Any) -> str:
    means = [row.mean.value for row in programmes if row.withheld is None and row.mean]
    if not means:
        return ""
    return _(
        "People stay %(low)s to %(high)s weeks on average, depending on the programme",
        low=i18n.number(min(means), 1),
        high=i18n.number(max(means), 1),
    )


def _summary(programmes: Any, finding: str) -> Table:
    columns = [
        Column(_("Programme"), "head"),
        Column(_("Known")),
        Column(_("Week in which half have left")),
        Column(_("Mean weeks in treatment")),
        interval_column(),
    ]
    rows = [withheld(row, columns) if row.withheld else _summed(row) for row in programmes]
    return Table("curves-table", finding, columns, rows)


def _summed(row: Any) -> list[Cell]:
    mean = row.mean
    median = plain(_("not reached")) if row.median is None else decimal(row.median, 1)
    limits = interval(mean.low, mean.high, 1) if mean else Cell("", ("", ""))
    return [code(row), decimal(row.known), median, decimal(mean.value if mean else None, 1), limits]


def _by_week(programmes: Any) -> list[Table]:
    """Every step of every curve that is shown; none where there is no curve."""
    columns = [
        Column(_("Programme"), "head"),
        Column(_("Week")),
        Column(_("Still in treatment")),
        interval_column(),
        Column(_("Persons at risk")),
    ]
    rows = [
        [
            code(row),
            decimal(week.week),
            share(week.share),
            share_interval(week.share),
            decimal(week.at_risk),
        ]
        for row in programmes
        if row.withheld is None
        for week in row.weeks
    ]
    caption = _("Share still in treatment and persons at risk, week by week")
    return [Table("curves-weeks", caption, columns, rows)] if rows else []
