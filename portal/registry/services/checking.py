"""What would be said of rows, before anybody hands them in: the same judging, and nothing is kept."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from portal.core.permissions import Actor
from portal.registry.dictionary import CURRENT, Dictionary, load
from portal.registry.importer.loading import Load, parts
from portal.registry.importer.report import RowError
from portal.registry.importer.source import COMMAND_LINE
from portal.registry.importer.table import Chunk
from portal.registry.importer.working import Seen, look_at
from portal.registry.rules import Place
from portal.registry.services.submitting import Submission, prepare


@dataclass(frozen=True, slots=True)
class Checked:
    """One row: its line (the header is line 1), what was found in it, and what every rule says of it."""

    line: int
    faults: tuple[RowError, ...]
    results: Mapping[str, str]

    @property
    def accepted(self) -> bool:
        return all(fault.severity != "E" for fault in self.faults)


def check_file(submission: Submission, *, by: Actor, now: datetime) -> Iterator[Checked]:
    """Judge a file as an import would. FileRefused, NotFound or NotAllowed as there."""
    loading, _programmes = prepare(submission, by=by, now=now)
    for chunk in parts(loading):
        yield from _checked(chunk, loading)


def check_rows(
    rows: Sequence[Mapping[str, Any]], programme: str, *, by: Actor, now: datetime, version: int = CURRENT
) -> list[Checked]:
    """Judge rows of the template that came as values; one that says nothing is judged as an empty row."""
    table = as_table(rows, load(version))
    submission = Submission(table, programme=programme, limits=COMMAND_LINE, version=version)
    return list(check_file(submission, by=by, now=now))


def as_table(rows: Sequence[Mapping[str, Any]], dictionary: Dictionary) -> bytes:
    """Rows as the bytes of a file. Columns that every file must have are there, named or not."""
    needed = [
        variable.name
        for variable in dictionary.variables
        if variable.mandatory and (variable.kind == "key" or dictionary.group(variable.group).always)
    ]
    names = list(dict.fromkeys([*needed, *(name for row in rows for name in row)]))
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(
        [_text(row.get(name)) for name in names] for row in (row or {needed[0]: " "} for row in rows)
    )
    return buffer.getvalue().encode()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _checked(chunk: Chunk, loading: Load) -> Iterator[Checked]:
    seen = look_at(chunk, loading.work)
    found = _faults(seen, loading, chunk)
    for place, (line, results) in enumerate(zip(chunk.lines, seen.judgement.results(), strict=True)):
        yield Checked(line, tuple(found.get(place, ())), results)


def _faults(seen: Seen, loading: Load, chunk: Chunk) -> dict[int, list[RowError]]:
    """Faults by place in the chunk."""
    key, again = loading.plan.key or "", loading.ledger.twice(seen.keys.row_key)
    found: dict[int, list[RowError]] = {}
    for place in (*seen.places, Place("DUPKEY", "E", key, again)):
        column = loading.plan.source_of.get(place.column, place.column)
        for row in place.rows.arg_true():
            error = RowError(int(chunk.lines[row]), column, place.code, place.severity, loading.work.version)
            found.setdefault(row, []).append(error)
    return found
