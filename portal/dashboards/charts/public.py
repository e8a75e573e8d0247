"""The public tables of an edition in reading order: what became of people first, then who they are."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from portal.core import i18n
from portal.dashboards import text as words
from portal.programmes import catalogue

FIRST: Final = "out"
WHOLE: Final = "total"
DAYS: Final = 183
_HALF: Final = re.compile(r"(\d{4})H([12])")
_AGES: Final = re.compile(r"(\d+)-(\d+)")
_REGION: Final = re.compile(r"([A-Z]{2})((?:-\d+)+)")


@dataclass(frozen=True, slots=True)
class Section:
    """One table: heading, finding in a sentence (or empty), rows of cells; None prints as a dash."""

    id: str
    title: str
    finding: str
    rows: list[list[str | None]]


def sections(tables: Mapping[str, Any]) -> list[Section]:
    ordered = sorted(tables, key=lambda id_: id_ != FIRST)
    return [_section(id_, tables[id_].value.cells) for id_ in ordered]


def _section(id_: str, cells: Iterable[Any]) -> Section:
    rows = [[_label(id_, cell.cell), words.count(cell.count), *_shares(id_, cell.share)] for cell in cells]
    return Section(id_, str(words.TABLES[id_]), _finding(cells) if id_ == FIRST else "", rows)


def _shares(id_: str, share: Any) -> list[str | None]:
    """The share of everybody among everybody says nothing: it is not withheld, there is none."""
    return [None, None] if id_ == WHOLE else [words.share(share), words.interval(share)]


def _finding(cells: Iterable[Any]) -> str:
    shares = {cell.cell: cell.share for cell in cells}
    staying, completed = shares.get("in_treatment"), shares.get("completed")
    if not (staying and staying.is_shown and completed and completed.is_shown):
        return ""
    return _(
        "After %(days)s days %(staying)s of people are in treatment and %(completed)s have completed it.",
        days=i18n.number(DAYS), staying=words.share(staying), completed=words.share(completed),
    )  # fmt: skip


def _label(id_: str, cell: str) -> str:
    if cell in words.CELLS:
        return str(words.CELLS[cell])
    makers = {"age": _age, "half": _half, "region": _region}
    return makers[id_](cell) if id_ in makers else f"⟦{cell}⟧"


def _age(cell: str) -> str:
    if ages := _AGES.fullmatch(cell):
        return i18n.span(*(i18n.number(int(age)) for age in ages.groups()))
    age = i18n.number(int(cell.strip("<+")))
    return _("under %(age)s", age=age) if cell.startswith("<") else _("%(age)s and older", age=age)


def _half(cell: str) -> str:
    found = _HALF.fullmatch(cell)
    if found is None:
        return f"⟦{cell}⟧"
    year = i18n.digits(found[1])
    return (
        _("first half of %(year)s", year=year) if found[2] == "1" else _("second half of %(year)s", year=year)
    )


def _region(cell: str) -> str:
    """The names of the region groups in a pool; `IR-1` alone could be taken for a programme."""
    found = _REGION.fullmatch(cell)
    if found is None:
        return f"⟦{cell}⟧"
    groups = (found[1] + number for number in found[2].split("-")[1:])
    return " + ".join(catalogue.label("region", group, i18n.current()) for group in groups)
