"""Columns of text to columns of small integers. Only cells that the plain cast cannot take are looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from portal.core.identifiers import Level, scan_column
from portal.registry.dictionary import Dictionary, Variable
from portal.registry.importer import cells as one
from portal.registry.importer.header import LONGEST_CELL
from portal.registry.importer.refusal import FileRefused
from portal.registry.rules.coding import decode

if TYPE_CHECKING:
    import polars as pl

PLAIN: Final = ("days", "number", "code")


@dataclass(slots=True)
class Reading:
    """Coded answers, faults of single cells by (code, column), and other spellings of codes."""

    answers: "pl.DataFrame"
    faults: dict[tuple[str, str], "pl.Series"] = field(default_factory=dict)
    unreadable: dict[str, "pl.Series"] = field(default_factory=dict)
    understood: dict[str, set[str]] = field(default_factory=dict)
    normalised: int = 0
    changes: "pl.Series | int" = 0  # cells of each row that were brought to another form


def read_answers(cells: "pl.DataFrame", dictionary: Dictionary, lines: "pl.Series") -> Reading:
    """Code every answer column. FileRefused when a cell holds an identifier."""
    import polars as pl

    present = [variable for variable in dictionary.readable if variable.name in cells.columns]
    plain = [v.name for v in present if v.kind in PLAIN and not (v.codes and v.codes.lettered)]
    cast = cells.select([pl.col(name).cast(pl.Int16, strict=False) for name in plain])
    reading, columns = Reading(cast), []
    for variable in present:
        raw = cells[variable.name]
        quick = cast[variable.name] if variable.name in plain else None
        if quick is not None and quick.null_count() == raw.null_count():
            columns.append(quick)
        else:
            columns.append(_read_slowly(variable, raw, quick, _Findings(reading, lines)))
    reading.answers = pl.DataFrame(columns)
    return reading


@dataclass(frozen=True, slots=True)
class _Findings:
    reading: Reading
    lines: "pl.Series"

    def fault(self, code: str, column: str, rows: "pl.Series") -> None:
        self.reading.faults[code, column] = rows
        seen = self.reading.unreadable.get(column)
        self.reading.unreadable[column] = rows if seen is None else seen | rows

    def changed(self, raw: "pl.Series", texts: Mapping[str, int]) -> None:
        """Cells that were understood after they were brought to another form."""
        import polars as pl

        if texts:
            rows = raw.is_in(list(texts)).fill_null(value=False).cast(pl.Int16)
            self.reading.normalised += sum(texts.values())
            self.reading.changes = rows + self.reading.changes


def _read_slowly(
    variable: Variable, raw: "pl.Series", quick: "pl.Series | None", findings: _Findings
) -> "pl.Series":
    """Read the distinct texts that are not plain numbers, and put the results back in place."""
    import polars as pl

    doubtful = raw if quick is None else raw.filter(quick.is_null() & raw.is_not_null())
    counts = _counts(doubtful)
    read = {text: one.read_cell(variable, text) for text in counts}
    strange = {text: n for text, n in counts.items() if read[text].fault}
    if strange:
        check_texts(raw, strange, variable.name, findings.lines)
    findings.reading.understood[variable.name] = set(read) - set(strange)
    for code in {read[text].fault for text in strange}:
        texts = [text for text in strange if read[text].fault == code]
        findings.fault(code, variable.name, raw.is_in(texts).fill_null(value=False))
    findings.changed(raw, {text: counts[text] for text in _changed(variable, read)})
    numbers = raw.replace_strict(
        list(read), [r.number for r in read.values()], default=None, return_dtype=pl.Int16
    )
    return numbers if quick is None else quick.zip_with(quick.is_not_null(), numbers)


def _changed(variable: Variable, read: Mapping[str, one.Reading]) -> Iterable[str]:
    """Texts that were brought to another form before they were understood."""
    return (t for t, r in read.items() if r.number is not None and t != str(decode(variable, r.number)))


def check_texts(raw: "pl.Series", texts: Mapping[str, int], column: str, lines: "pl.Series") -> None:
    """Refuse the file for an identifier, a control character or a book in a cell."""
    for text in texts:
        if len(text) > LONGEST_CELL:
            raise FileRefused("long_cell", line=_line(raw, text, lines), column=column, limit=LONGEST_CELL)
        if any(ord(character) < 32 and character != "\t" for character in text):
            raise FileRefused("control", line=_line(raw, text, lines), column=column)
    known = list(texts)
    for hit in scan_column(texts, column):
        if hit.level is Level.BLOCK:
            told = known[hit.index] if hit.index >= 0 else None
            raise FileRefused("Q-PII", line=_line(raw, told, lines), column=column, kind=hit.kind)


def scan_ignored(raw: "pl.Series", column: str, lines: "pl.Series") -> None:
    """A column that is not kept is looked at all the same: its file came from somebody's records."""
    check_texts(raw, _counts(raw), column, lines)


def _counts(texts: "pl.Series") -> dict[str, int]:
    counted = texts.drop_nulls().value_counts()
    return dict(zip(counted[texts.name].to_list(), counted["count"].to_list(), strict=True))


def _line(raw: "pl.Series", text: str | None, lines: "pl.Series") -> int | None:
    place = None if text is None else (raw == text).arg_max()
    return None if place is None else int(lines[place])
