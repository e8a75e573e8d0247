"""Reading XLSX as an import does - archive checked, sheet read by a process of its own, cells in a frame -
beside openpyxl reading the same cells and doing nothing with them.
"""

import resource
import tempfile
import time
from pathlib import Path

import openpyxl
from bench.table import Line
from registry_records import row

from portal.registry.importer.source import COMMAND_LINE, Source
from portal.registry.importer.table import chunks

ROWS = 20_000
REACH = 7


def measure(rows: int = ROWS) -> list[Line]:
    """Speed of reading, by openpyxl's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        _write(path, rows)
        other, ours = _spent(lambda: _openpyxl(path)), _spent(lambda: _ours(path))
        assert _openpyxl(path) == _ours(path) == rows
    what = f"reading XLSX of {rows:,} rows, speed by openpyxl's"
    return [Line(what, other[0] / ours[0], REACH, at_least=True, cpu=other[1] / ours[1])]


def _write(path: Path, rows: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(list(row(0)))
    for number in range(rows):
        sheet.append([int(v) if v.lstrip("-").isdigit() else v for v in row(number).values()])
    book.save(path)


def _openpyxl(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(1 for _ in book.active.iter_rows(values_only=True)) - 1


def _ours(path: Path) -> int:
    return sum(chunk.cells.height for chunk in chunks(Source(path, limits=COMMAND_LINE)))


def _spent(call) -> tuple[float, float]:
    """By the clock and of the processor, the reading process with it."""
    call()
    wall, cpu = time.perf_counter(), _cpu()
    call()
    return time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
