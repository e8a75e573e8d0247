"""How much of what is due is known, by programme: the first thing to read."""

from typing import Any

from flask_babel import gettext as _

from analytics.figures import completeness
from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.charts.chart import Cell, Chart, Column, Table, code, decimal, group, plain, share


def make(result: Any, own: frozenset[str]) -> Chart:
    value = result.released.value
    text = words.figure_text(_("Share of persons"), own)
    finding = _finding(value.programmes)
    return Chart(
        id="completeness", svg="bars", finding=finding,
        subtitle=group(value) + ". " + _("Status known at day 180, share of persons due."),
        tables=[Table("completeness-table", finding, _columns(), [_row(row) for row in value.programmes])],
        how=[_(
            "Each bar is one programme. The filled part is the share of persons whose state"
            " is known. What is unknown can hide good or bad outcomes."
        )],
        plot=completeness.place(result.released, text, words.direction()),
        narrow=completeness.place(result.released, text, words.direction(), narrow=True),
        data=completeness.draw(result.released, text, words.direction()),
        legend=[("bar", _("Known")), ("rest", _("Unknown"))],
        notes=words.notices(value, {"W1": _("The outcome is unknown for many persons of some programmes.")}),
    )  # fmt: skip


def _finding(programmes: Any) -> str:
    open_ = sum(row.withheld is None and not row.failing for row in programmes)
    return _(
        "%(open)s of %(all)s programmes have data good enough to be compared",
        open=i18n.number(open_),
        all=i18n.number(len(programmes)),
    )


def _columns() -> list[Column]:
    return [
        Column(_("Programme"), "head"),
        Column(_("Due")),
        Column(_("Status known")),
        Column(_("Assessed")),
        Column(_("Publication"), ""),
    ]


def _row(row: Any) -> list[Cell]:
    known = [plain("") if part is None else share(part) for part in (row.status, row.assessed)]
    return [code(row), decimal(row.due), *known, plain(words.published(row))]
