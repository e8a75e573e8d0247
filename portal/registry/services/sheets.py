"""The template and the rows to correct as XLSX: what people open by a double click, in their direction."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, repeat
from typing import Any, Final

from portal.core.permissions import Actor
from portal.registry.dictionary import CURRENT, load
from portal.registry.services.reports import errors_csv
from portal.registry.services.templates import template_csv

MOST_ROWS: Final = 5_000
"""Above it only CSV is offered: writing XLSX takes a third of a millisecond a row."""
EMPTY_ROWS: Final = 300
NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,5})")
WIDTH: Final = 18
TEXT_FORMAT: Final = "@"

Row = Sequence[str | None]


def template_xlsx(language: str) -> bytes:
    """The empty template. Its month column takes text: spreadsheets turn months into days."""
    header = next(_rows([template_csv(language)]))
    months = {place for place, v in enumerate(load(CURRENT).variables) if v.kind == "month"}
    empty: Row = ["" if place in months else None for place in range(len(header))]
    return _workbook(chain([header], repeat(empty, EMPTY_ROWS)), language)


def errors_xlsx(batch_id: int, language: str, *, by: Actor) -> bytes:
    """The rows that still wait, with what is wrong in each; NotFound where `errors_csv` says so."""
    return _workbook(_rows(errors_csv(batch_id, language, by=by)), language)


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    return csv.reader(line.removeprefix("\ufeff") for line in lines)


def _workbook(rows: Iterable[Row], language: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.sheet_view.rightToLeft = language == "fa"
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        if not number:
            for place in range(len(row)):
                sheet.column_dimensions[get_column_letter(place + 1)].width = WIDTH
        sheet.append([_cell(sheet, text, bold=not number) for text in row])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, text: str | None, *, bold: bool) -> Any:
    """Numbers as numbers; all else as text that no program takes for a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if text is None:
        return None
    if NUMBER.fullmatch(text):
        return int(text)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.number_format = "s", TEXT_FORMAT
    if bold:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell
