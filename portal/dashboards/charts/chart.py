"""What every chart is made of: its parts, and cells that read as text on a page and as numbers in a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from portal.core import i18n
from portal.dashboards import text as words


@dataclass(frozen=True, slots=True)
class Cell:
    """`shown` in the reader's digits; `raw` for machines, one text for each column of a file."""

    shown: str
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; `kind` as the table component has it; `ends` where a file needs two columns for it."""

    label: str
    kind: str = "r"
    ends: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Headings in a file."""
        return self.ends or (self.label,)


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart, on its page and in its file."""

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that a page prints of one result; `narrow` is `plot` for a phone."""

    id: str
    svg: str
    finding: str
    subtitle: str
    tables: list[Table]
    how: list[str]
    plot: Any = None
    narrow: Any = None
    data: dict[str, Any] | None = None
    refused: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def interval_column() -> Column:
    return Column(
        _("95 percent interval"), ends=(_("95 percent interval, lower"), _("95 percent interval, upper"))
    )


def plain(text: str) -> Cell:
    return Cell(text, (text,))


def code(row: Any) -> Cell:
    """A programme by its code."""
    return Cell(f"⟦{row.programme}⟧", (row.programme,))


def decimal(value: float | None, places: int = 0) -> Cell:
    """A number; empty where there is none."""
    if value is None:
        return plain("")
    return Cell(i18n.number(value, places) if places else i18n.number(value), (str(value),))


def share(value: Any) -> Cell:
    """A released share, its bound, or that it is not shown; in a file a number from 0 to 1."""
    shown = words.share(value)
    if value is None or value.value is None:
        bound = "" if value is None or value.bound is None else f"{words.SIGNS[value.bound]}{value.limit}"
        return Cell(shown, (bound or shown,))
    return Cell(shown, (str(value.value),))


def share_interval(value: Any) -> Cell:
    """The limits of a share."""
    if value is None or value.low is None:
        return Cell("", ("", ""))
    return Cell(words.interval(value), (str(value.low), str(value.high)))


def interval(low: float, high: float, places: int) -> Cell:
    return Cell(
        i18n.span(i18n.number(low, places), i18n.number(high, places)),
        (str(low), str(high)),
    )


def withheld(row: Any, columns: Sequence[Column]) -> list[Cell]:
    """A row without numbers: the programme, the reason, and nothing else."""
    empty = [Cell("", ("",) * len(column.names)) for column in columns[2:]]
    reason = words.withheld(row)
    return [code(row), Cell(reason, (reason,) + ("",) * (len(columns[1].names) - 1)), *empty]


def spread(values: Iterable[float]) -> str:
    """The lowest and the highest share, or the only one; empty without any."""
    shares = sorted(values)
    if not shares:
        return ""
    low, high = i18n.percent(shares[0], 0), i18n.percent(shares[-1], 0)
    return low if low == high else i18n.span(low, high)


def group(value: Any) -> str:
    return words.group(value.country, value.klass)


def refused(value: Any) -> str:
    """Why the whole comparison is not shown; empty where it is."""
    reason = getattr(value, "refused", None)
    return str(words.WITHHELD.get(reason, reason)) if reason else ""


def told(value: Any, finding: str) -> str:
    """A finding, or why there is none; nobody is ranked where W1 is red."""
    if not finding:
        return nothing_shown()
    return finding if value.ranked else _("Too much is unknown to compare these programmes")


def notes(value: Any) -> list[str]:
    """What stands under a chart, each once."""
    return [*([] if value.ranked else [why_not_ranked()]), *words.notices(value)]


def why_not_ranked() -> str:
    return _("With so much unknown, a share may lie anywhere between its bounds. No programme is ranked.")


def bounds_column() -> Column:
    """What a share could be, where programmes are not ranked."""
    return Column(
        _("Share if none or all of the unknown had the outcome"),
        ends=(
            _("Share if none of the unknown had the outcome"),
            _("Share if all of the unknown had the outcome"),
        ),
    )


def bounds(row: Any) -> Cell:
    ends = (row.worst, row.best)
    if not all(end is not None and end.is_shown for end in ends):
        return Cell("", ("", ""))
    low, high = (share(end) for end in ends)
    return Cell(i18n.span(low.shown, high.shown), low.raw + high.raw)


def nothing_shown() -> str:
    return _("No programme may be shown yet")
