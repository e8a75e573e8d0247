"""A program of its own: an XLSX file on standard input, the rows of its only sheet as CSV on standard output.

It runs under limits of memory and time, so that a file made to hurt its reader hurts nobody else. It imports
nothing of the portal and starts in a moment.
"""

import csv
import datetime as dt
import io
import resource
import sys
from typing import Any

UNREADABLE, SEVERAL, LARGE = 3, 4, 5


def main() -> int:
    memory, seconds, most = (int(argument) for argument in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            sheet for name in workbook.sheet_names if (sheet := workbook.get_sheet_by_name(name)).height
        ]
    except (CalamineError, ValueError, OSError):
        return UNREADABLE
    if len(sheets) != 1:
        return SEVERAL if sheets else UNREADABLE
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(out, lineterminator="\n")
    for cells in sheets[0].to_python(skip_empty_area=False):
        row = _row(cells)
        most -= sum(len(cell) for cell in row if type(cell) is str)
        if most < 0:  # one shared text, named by a million cells, is small only in the file
            return LARGE
        writer.writerow(row)
    out.flush()
    return 0


def _row(cells: list[Any]) -> list[Any]:
    return [_line_ends(cell) if type(cell) is str else _text(cell) for cell in cells]


def _line_ends(cell: str) -> str:
    """A carriage return alone is not put into quotation marks, and would end the line for a reader."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell


def _text(cell: Any) -> Any:
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, dt.date):
        return _month_or_date(cell)
    return cell


def _month_or_date(cell: dt.date) -> str:
    """Spreadsheets turn `2025-03`, typed as a month, into its first day. Other days stay, and are refused."""
    return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"


if __name__ == "__main__":
    sys.exit(main())
