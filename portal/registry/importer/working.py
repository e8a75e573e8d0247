"""One chunk, from text cells to accepted and waiting rows, by the same path for every file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import Dictionary, load
from portal.registry.importer.keys import Keyer
from portal.registry.importer.mapping import Mapped, Plan
from portal.registry.importer.parting import Outcome, Sheet, parted
from portal.registry.importer.persons import earlier_known, open_before
from portal.registry.importer.reading import Reading, read_answers, scan_ignored
from portal.registry.importer.rowkeys import RowKeys, row_keys
from portal.registry.importer.table import Chunk
from portal.registry.rules import Judgement, Place, judge

if TYPE_CHECKING:
    import polars as pl

START_DAY: Final = "start_day"


@dataclass(frozen=True, slots=True)
class Programmes:
    """What the rules must know of each programme of the file, in the order of the plan's codes."""

    codes: tuple[str, ...]
    contexts: tuple[Mapping[str, Any], ...]
    keyers: tuple[Keyer, ...]


@dataclass(slots=True)
class Work:
    """What stays the same for all chunks of a file, and the keys seen so far."""

    plan: Plan
    programmes: Programmes
    version: int
    file_digest: bytes = b""
    tombstones: frozenset[bytes] = frozenset()
    corrected: Mapping[int, tuple[bytes, bytes, str]] | None = None  # line to row key, person, programme
    open_persons: "pl.DataFrame | None" = None
    met_persons: "pl.DataFrame | None" = None

    @property
    def dictionary(self) -> Dictionary:
        return load(self.version)


@dataclass(frozen=True, slots=True)
class Seen:
    """A chunk as it was read and judged; nothing is decided yet."""

    named: "pl.DataFrame"
    mapped: Mapped
    answers: "pl.DataFrame"
    keys: RowKeys
    reading: Reading
    judgement: Judgement

    @property
    def places(self) -> tuple[Place, ...]:
        """Broken rules and faults of answers, then faults of cells, keys and the map."""
        faults = self.mapped.faults | self.reading.faults | self.keys.faults
        return self.judgement.places + tuple(
            Place(code, "E", name, rows) for (code, name), rows in faults.items()
        )


def look_at(chunk: Chunk, work: Work) -> Seen:
    """Map, read, key and judge the rows of a chunk."""
    named = chunk.cells.rename(dict(zip(chunk.cells.columns, work.plan.names, strict=True)))
    mapped = work.plan.transform(named)
    for name in work.plan.ignored:
        scan_ignored(named[name], name, chunk.lines)
    reading = read_answers(mapped.cells, work.dictionary, chunk.lines)
    answers = with_start_day(reading.answers, work.dictionary)
    keys = row_keys(named, mapped.programme, chunk.lines, work)
    return Seen(named, mapped, answers, keys, reading, _judgement(answers, keys, reading, work))


def work_on(chunk: Chunk, work: Work) -> Outcome:
    """Look at the rows of a chunk and part them."""
    import polars as pl

    seen = look_at(chunk, work)
    precision = seen.mapped.day_precision
    frame = seen.judgement.record.with_columns(
        seen.keys.columns(), line=chunk.lines,
        day_precision=pl.lit(1, dtype=pl.Int16) if precision is None else precision,
    )  # fmt: skip
    sheet = Sheet(
        frame, seen.named, seen.places, work.plan, seen.reading.understood, torn_rows(chunk), work.version
    )  # fmt: skip
    return parted(sheet, work.dictionary, seen.keys.withdrawn, normalised=seen.reading.normalised)


def torn_rows(chunk: Chunk) -> "pl.Series | None":
    return chunk.lines.is_in(chunk.torn) if chunk.torn else None


def with_start_day(answers: "pl.DataFrame", dictionary: Dictionary) -> "pl.DataFrame":
    """Without a day, a start assessment was made at admission if it has an answer, and else not at all."""
    import polars as pl

    start = [v.name for v in dictionary.group("start").variables if v.name != START_DAY]
    items = [name for name in start if name in answers.columns]
    known = pl.any_horizontal([pl.col(name) >= 0 for name in items])
    if START_DAY not in answers.columns:
        return answers.with_columns(pl.when(known).then(pl.lit(0, dtype=pl.Int16)).alias(START_DAY))
    if not answers[START_DAY].null_count():
        return answers
    return answers.with_columns(
        pl.when(pl.col(START_DAY).is_null() & known)
        .then(pl.lit(0, dtype=pl.Int16))
        .otherwise(pl.col(START_DAY))
        .alias(START_DAY)
    )


def _judgement(answers: "pl.DataFrame", keys: RowKeys, reading: Reading, work: Work) -> Judgement:
    context = _context(keys.programme, work.programmes)
    context |= {
        "open_before": open_before(answers, keys, work), "earlier_known": earlier_known(answers, keys, work),
        "normalised": reading.changes, "identifier_found": False,
    }  # fmt: skip
    return judge(
        answers, version=work.version, context=context, unreadable=reading.unreadable,
        profile=not work.plan.is_template,
    )  # fmt: skip


def _context(programme: "pl.Series | None", programmes: Programmes) -> dict[str, Any]:
    """One value when all rows are of one programme, else a column."""
    from portal.registry.rules.symbols import COUNTRIES

    first = programmes.contexts[0]
    if programme is None or all(context == first for context in programmes.contexts):
        return dict(first)
    places = list(range(len(programmes.contexts)))
    coded = [{k: COUNTRIES.get(v, v) for k, v in context.items()} for context in programmes.contexts]
    return {name: programme.replace_strict(places, [c[name] for c in coded], default=None) for name in first}
