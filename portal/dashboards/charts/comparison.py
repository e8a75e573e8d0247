"""Programmes compared: observed over expected with funnel limits, or the reason why not."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from analytics.figures import funnel
from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.charts import caveats
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
    interval,
    interval_column,
    plain,
    refused,
    told,
    why_not_ranked,
    withheld,
)


def make(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Effective number of persons"), own)
    drawn, wider = value.form == "funnel", funnel.has_adjusted(result.released)
    name = f"comparison-{result.outcome.lower()}"
    columns = _columns(ranked=value.ranked)
    finding = told(value, _finding(value.programmes))
    rows = [_row(row, columns, value, wider=wider) for row in value.programmes]
    return Chart(
        id=name, svg="funnel", finding=finding, subtitle=_subtitle(value, result.outcome),
        tables=[Table(f"{name}-table", finding, columns, rows)], how=_how(wider=wider),
        plot=funnel.place(result.released, text, words.direction()) if drawn else None,
        narrow=funnel.place(result.released, text, words.direction(), narrow=True) if drawn else None,
        data=funnel.draw(result.released, text, words.direction()) if drawn else None,
        refused=_why_no_funnel(value),
        legend=_legend(wider=wider), notes=_notes(value, result.outcome, wider=wider),
    )  # fmt: skip


def _finding(programmes: Any) -> str:
    outside = sum(funnel.is_outside(row.outside) for row in programmes)
    shown = sum(row.ratio is not None for row in programmes)
    if not shown:
        return ""
    return ngettext(
        "%(count)s of %(all)s programmes lies outside the 99.8 percent limits",
        "%(count)s of %(all)s programmes lie outside the 99.8 percent limits",
        outside,
        all=i18n.number(shown),
        count=i18n.number(outside),
    )


def _why_no_funnel(value: Any) -> str:
    if reason := refused(value):
        return reason
    if not value.ranked:
        return why_not_ranked()
    return "" if value.form == "funnel" else _("Fewer than 5 programmes: the table only.")


def _notes(value: Any, outcome: str, *, wider: bool) -> list[str]:
    own = (caveats.selection(value, outcome), _adjusted(value, wider=wider), caveats.model(value))
    return [*filter(None, own), *words.notices(value)]


def _adjusted(value: Any, *, wider: bool) -> str:
    """The finding by the wider limits."""
    if not wider:
        return ""
    outside = sum(funnel.is_outside(row.adjusted_outside) for row in value.programmes)
    return ngettext(
        "With variation between programmes, %(count)s programme lies outside the 99.8 percent limits.",
        "With variation between programmes, %(count)s programmes lie outside the 99.8 percent limits.",
        outside,
        count=i18n.number(outside),
    )


def _subtitle(value: Any, outcome: str) -> str:
    measure = _(
        "Observed over expected: %(outcome)s, adjusted for age, sex, substance, "
        "injecting and earlier treatment.",
        outcome=str(words.OUTCOMES.get(outcome, outcome)),
    )
    return f"{group(value)}. {measure}"


def _how(*, wider: bool) -> list[str]:
    adjusted = _(
        "The dashed lines are the same limits with the usual variation between programmes allowed for. "
        "Marks and finding follow the dotted and solid lines; where the dashed ones say otherwise, the "
        "table names it."
    )
    return [
        _(
            "Each dot is one programme. At 1 it has as many good outcomes as its clients' "
            "case mix leads to expect. Dots outside the solid lines differ more than chance"
            " explains; that says where to look, not why."
        ),
        _("The further right a dot stands, the more persons its ratio rests on and the closer its limits."),
        _("Two dots must not be compared with each other, only each with the line at 1."),
        *([adjusted] if wider else []),
    ]


def _legend(*, wider: bool) -> list[tuple[str, str]]:
    return [
        ("dot", _("Inside the limits")),
        ("between", _("Between the 95 and 99.8 percent limits")),
        ("out", _("Outside the 99.8 percent limits")),
        ("mean", _("As expected")),
        ("l95", _("95 percent limits")),
        ("l998", _("99.8 percent limits")),
        *([("adj", _("With variation between programmes"))] if wider else []),
    ]


def _columns(*, ranked: bool) -> list[Column]:
    return [
        Column(_("Programme"), "head"),
        Column(_("Known")),
        Column(_("Observed")),
        Column(_("Expected")),
        Column(_("Ratio")),
        interval_column(),
        Column(_("Verdict"), "") if ranked else bounds_column(),
    ]


def _row(row: Any, columns: list[Column], value: Any, *, wider: bool) -> list[Cell]:
    if row.withheld or row.ratio is None:
        return withheld(row, columns)
    return [
        code(row), decimal(row.known), decimal(row.observed), decimal(row.expected, 1), decimal(row.ratio, 2),
        interval(row.low, row.high, 2), plain(_verdict(row, wider=wider)) if value.ranked else bounds(row),
    ]  # fmt: skip


def _verdict(row: Any, *, wider: bool) -> str:
    """By the limits of chance; by the wider ones as well where they are drawn and say otherwise."""
    chance = _beyond(row.outside, row.side)
    if not wider or row.adjusted_outside == row.outside:
        return chance
    other = _beyond(row.adjusted_outside, row.adjusted_side)
    return _("%(verdict)s; with variation between programmes: %(wider)s", verdict=chance, wider=other)


def _beyond(level: float | None, side: str | None) -> str:
    if level is None:
        return _("inside the limits")
    if funnel.is_outside(level):
        return _("above the 99.8 percent limits") if side == "above" else _("below the 99.8 percent limits")
    return _("above the 95 percent limits") if side == "above" else _("below the 95 percent limits")
