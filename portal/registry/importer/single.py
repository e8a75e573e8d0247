"""One record from a form or the API, by the same reading and judging as a row of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.registry.dictionary import CURRENT, ENTERED, Dictionary, load
from portal.registry.importer.hashing import content_hashes
from portal.registry.importer.reading import Reading, read_answers
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.working import with_start_day
from portal.registry.rules import counted, judge

BESIDE: Final = {"open_before": False, "identifier_found": False}
"""A form is of a person of its own, and no identifier gets past the reading."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one record: at which answer, which code, how grave."""

    column: str
    code: str
    severity: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Coded answers, their hash, and everything the rules said."""

    answers: Mapping[str, int | None]
    content_hash: bytes
    faults: tuple[Fault, ...]

    def of(self, severity: str) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity == severity)


def judge_values(
    values: Mapping[str, Any],
    person_s: bytes,
    context: Mapping[str, Any],
    *,
    version: int = CURRENT,
    profile: bool = False,
) -> Judged:
    """Read and judge one record. Values may be codes, labels or numbers in any digits; empty is None."""
    import polars as pl

    dictionary = load(version)
    asked = [v for v in dictionary.readable if v.source == ENTERED or v.name in values]
    texts = {v.name: None if values.get(v.name) in {None, ""} else str(values[v.name]) for v in asked}
    reading, refused = _read(texts, dictionary)
    if refused:
        return Judged({}, b"", tuple(refused))
    frame = with_start_day(reading.answers, dictionary)
    faults = [Fault(column, code, "E") for code, column in reading.faults]
    beside = BESIDE | {"normalised": reading.changes} | dict(context)
    verdict = judge(
        frame, version=version, context=beside, unreadable=reading.unreadable, profile=profile,
    )  # fmt: skip
    faults += [
        Fault(place.column, place.code, place.severity)
        for place in verdict.places
        if place.code not in counted(version)
    ]
    person = pl.Series("person_s", [person_s], dtype=pl.Binary)
    digest = content_hashes(verdict.record.with_columns(person), dictionary)[0]
    return Judged(verdict.record.row(0, named=True), digest, tuple(_ordered(faults, reading)))


def _read(texts: dict[str, str | None], dictionary: Dictionary) -> tuple[Reading, list[Fault]]:
    """The answers as read, and the cells for which a file would be refused: all of them, not the first."""
    import polars as pl

    refused: list[Fault] = []
    while True:
        cells = pl.DataFrame({name: pl.Series(name, [text], dtype=pl.String) for name, text in texts.items()})
        try:
            return read_answers(cells, dictionary, pl.Series([1])), refused
        except FileRefused as refusal:
            refused.append(Fault(refusal.column, refusal.code, "E"))
            texts = texts | {refusal.column: None}


def _ordered(faults: list[Fault], reading: Reading) -> list[Fault]:
    places = {name: place for place, name in enumerate(reading.answers.columns)}
    return sorted(faults, key=lambda fault: (places.get(fault.column, 0), fault.code))
