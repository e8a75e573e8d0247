"""What was wrong, where, and what to do: rows of a report in one language, and the file to correct."""

import csv
import json
import re
from collections.abc import Container, Iterable, Iterator
from io import StringIO
from typing import Final, NamedTuple

from portal.registry.dictionary import CURRENT, load
from portal.registry.importer.header import NOTES
from portal.registry.importer.keeping import CELL_SEPARATOR
from portal.registry.models import ImportBatch, ImportRow
from portal.registry.rules import Message, all_rules, field_messages
from portal.registry.rules.judging import severities

FORMULA: Final = re.compile(r"[=@+\t\r\n\uff1d\uff0b\uff20]|-(?!\d+(?:\.\d+)?$)|\uff0d")
TYPED: Final = frozenset({"TYPE", "CODE", "FORMULA", "REF"})  # what was typed had no meaning


class RowError(NamedTuple):
    """One fault: the line of the file (1 is the header), the column, the code, how grave."""

    line: int
    column: str
    code: str
    severity: str = "E"
    version: int = CURRENT


def errors_of(rows: Iterable[tuple[int, str]], version: int = CURRENT) -> list[RowError]:
    """Faults of rows that wait, from their lines and codes."""
    known = severities(version)
    errors = []
    for line, codes in rows:
        for mark in codes.split(CELL_SEPARATOR):
            code, _, column = mark.partition(":")
            errors.append(RowError(line, column, code, known.get(code, "E"), version))
    return errors


def message_of(code: str, column: str = "", version: int = CURRENT) -> Message:
    """The sentence and the advice of a code; for some codes they depend on the kind of the column."""
    for rule in all_rules(version):
        if rule.id == code:
            return Message(rule.message, rule.hint, rule.severity)
    messages = field_messages()
    dictionary = load(version)
    kind = dictionary[column].kind if column in dictionary else ""
    special = {("TYPE", "month"): "MONTH", ("TYPE", "key"): "KEY", ("STRUCT", ""): "fields"}
    return messages.get(special.get((code, kind if code == "TYPE" else ""), code), messages["STRUCT"])


def said(
    code: str, column: str, language: str, *, version: int = CURRENT, **values: object
) -> tuple[str, str]:
    """(message, what to do) with placeholders filled."""
    message = message_of(code, column, version)
    filled = {"column": column, "limit": "", "kind": "", "what": ""} | values
    return message.text[language] % filled, message.hint[language] % filled


def error_file(batch: ImportBatch, rows: Iterable[ImportRow], language: str) -> Iterator[str]:
    """The rows to correct: columns as the file had them, then line, codes, messages. Keys stay blank."""
    shown = [(place, name) for place, name in enumerate(json.loads(batch.header)) if name not in ("", *NOTES)]
    places, names = [place for place, _ in shown], [name for _, name in shown]
    yield "\ufeff" + _line([*map(guarded, names), *NOTES])
    for row in rows:
        cells = row.cells.split(CELL_SEPARATOR)
        errors = errors_of([(row.line, row.codes)], batch.dictionary_version or CURRENT)
        filled = {name for name, cell in zip(names, (cells[place] for place in places), strict=True) if cell}
        texts = " | ".join(_sentence(error, language, filled) for error in errors)
        codes = " ".join(f"{e.code}:{e.column}" if e.column else e.code for e in errors)
        yield _line([*(guarded(cells[place]) for place in places), str(row.line), codes, guarded(texts)])


def guarded(text: str) -> str:
    """No cell may start a formula in the reader's spreadsheet, not even cut at semicolons; -1 stays -1."""
    return ";".join(f"'{part}" if FORMULA.match(part) else part for part in text.split(";"))


def _sentence(error: RowError, language: str, filled: Container[str]) -> str:
    text, hint = said(error.code, error.column, language, version=error.version)
    if error.code in TYPED and error.column not in filled:
        hint = " ".join((hint, *said("blank", error.column, language)))
    return f"{error.column}: {text} {hint}" if error.column else f"{text} {hint}"


def _line(cells: list[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
