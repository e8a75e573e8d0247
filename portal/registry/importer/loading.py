"""A file on its way into the store, chunk by chunk, and the keys that come twice. Opens no transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from portal.registry.importer.closing import KeyLedger, put_aside
from portal.registry.importer.keeping import kept_cells
from portal.registry.importer.mapping import Plan
from portal.registry.importer.parting import Outcome
from portal.registry.importer.rowkeys import digest_of
from portal.registry.importer.source import Source
from portal.registry.importer.storing import Counts, Target, store
from portal.registry.importer.table import Chunk, chunks
from portal.registry.importer.working import Work, work_on
from portal.registry.rules.coding import encode_month

if TYPE_CHECKING:
    import polars as pl

CHUNK: Final = 100_000


@dataclass(frozen=True, slots=True)
class Facts:
    """All that judging takes from the store: where it is the same later, so are the judgements."""

    contexts: tuple[Mapping[str, object], ...]  # of the programmes, in the order of the plan's codes
    tombstones: frozenset[bytes]
    corrected: Mapping[int, tuple[bytes, bytes, str]] | None
    may_know: bool
    open_persons: Sequence[tuple[bytes, bytes, str]]


@dataclass(slots=True)
class Load:
    """What was made ready for one file, and what was found so far."""

    facts: Facts
    source: Source
    plan: Plan
    work: Work
    target: Target
    counts: Counts = field(default_factory=Counts)
    ledger: KeyLedger = field(default_factory=KeyLedger)
    again: set[bytes] = field(default_factory=set)

    @property
    def programme_code(self) -> str | None:
        return self.plan.programmes[0] if len(self.plan.programmes) == 1 else None


def parts(loading: Load) -> Iterator[Chunk]:
    return chunks(loading.source, size=CHUNK)


def judged(chunk: Chunk, loading: Load) -> Outcome:
    """Judge a chunk. Keys met in an earlier chunk are rejected and remembered."""
    import polars as pl

    outcome = work_on(chunk, loading.work)
    again = loading.ledger.twice(outcome.accepted["row_key"])
    if again.any():
        repeated = outcome.accepted.filter(again)
        loading.again.update(repeated["row_key"].to_list())
        outcome.accepted = outcome.accepted.filter(~again)
        outcome.waiting = pl.concat([outcome.waiting, _lost(repeated, chunk, loading.plan, outcome)])
    return outcome


def add(outcome: Outcome, loading: Load, connection: sa.Connection) -> None:
    """Store the rows of a judged chunk."""
    loading.counts.add(store(outcome, loading.target, connection))


def settle_repeated(loading: Load, connection: sa.Connection) -> None:
    """Keys met twice in far apart places of the file: the earlier row is put aside as well."""
    new, changed = put_aside(loading.again, loading.target, loading.plan.names, connection)
    loading.counts.accepted_new -= new
    loading.counts.accepted_changed -= changed
    loading.counts.rejected += new + changed


def file_digest(source: Source, plan: Plan) -> bytes:
    """Hash of the normalised rows, for files that give their rows no key."""
    return digest_of(plan.transform(_named(chunk, plan)).cells for chunk in chunks(source))


def open_frame(people: Sequence[tuple[bytes, bytes, str]]) -> "pl.DataFrame":
    """People whose episode is open, as the rules compare them."""
    import polars as pl

    return pl.DataFrame(
        {
            "person_s": pl.Series([s for s, _, _ in people], dtype=pl.Binary),
            "row_key": pl.Series([key for _, key, _ in people], dtype=pl.Binary),
            "admission_month": pl.Series([encode_month(m) for _, _, m in people], dtype=pl.Int16),
        }
    )


def _lost(repeated: "pl.DataFrame", chunk: Chunk, plan: Plan, outcome: Outcome) -> "pl.DataFrame":
    """Valid rows as they wait."""
    import polars as pl

    named = _named(chunk, plan).filter(chunk.lines.is_in(repeated["line"].implode()))
    cells = kept_cells(named, plan, outcome.understood)
    rows = repeated.select("line", "programme", "row_key", "person_s")
    return rows.with_columns(pl.lit(f"DUPKEY:{plan.key or ''}").alias("codes"), cells)


def _named(chunk: Chunk, plan: Plan) -> "pl.DataFrame":
    return chunk.cells.rename(dict(zip(chunk.cells.columns, plan.names, strict=True)))
