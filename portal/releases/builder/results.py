"""BUILD without writing: all that an edition publishes, computed from snapshots, passed through the door."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analytics import engine
from analytics.disclosure import Noise, Policy, Released, release
from analytics.disclosure.measured import CountedTable, Measured
from analytics.outcomes import COMPLETION_CLASSES, OPEN_ENDED_CLASSES, compared_outcome
from portal.releases import catalogue
from portal.releases.builder.carried import Carried
from portal.releases.builder.comparing import measure_comparison
from portal.releases.builder.cubes import Group, groups_of, pooled
from portal.releases.builder.gate import Verdict, gate
from portal.releases.builder.measuring import (
    Frame,
    measure_completeness,
    measure_completion,
    measure_curves,
    measure_points,
)
from portal.releases.catalogue import Levels

ASSESSED = "ABS-28"
METHODS = {
    "completeness": "share known of those due, Wilson",
    "curves": "Kaplan-Meier over whole weeks, Greenwood, log-log; restricted mean by mid-weeks",
    "points": "fixed-cohort retention, Wilson",
    "completion": "share completed of those known, Wilson",
    "comparison": "indirect standardisation, case mix 1 by country and class, score limits",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What an edition is built from."""

    edition: str
    digest: str
    levels: Levels
    snapshot: Path
    earlier: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One released result and where it belongs."""

    kind: str
    country: str
    klass: str
    outcome: str
    released: Released[Any]

    @property
    def method(self) -> str:
        return METHODS[self.kind]


@dataclass(frozen=True, slots=True)
class Computed:
    """Everything that one transaction will insert. Equal inputs give equal bytes."""

    codes: dict[str, str]
    tables: dict[str, Released[Any]]
    results: list[Result]
    verdicts: list[tuple[str, Verdict]] = field(default_factory=list)

    @property
    def edition_hash(self) -> str:
        """SHA-256 over all released rows in their order."""
        total = hashlib.sha256()
        for table_id, released in self.tables.items():
            for cell, noisy in released.noisy.items():
                total.update(f"{table_id}\x1f{cell}\x1f{noisy}\n".encode())
        for result in self.results:
            place = (result.kind, result.country, result.klass, result.outcome, result.released.sha256)
            total.update(b"\x1f".join(map(str.encode, place)) + b"\n")
        return total.hexdigest()


def noise_of(key: bytes, source: Source) -> Noise:
    return Noise.of(key, edition=source.edition, digest=source.digest)


def programme_codes(countries: Mapping[str, str], noise: Noise) -> dict[str, str]:
    """Codes for one edition, `IR-01` and on, in an order that tells nothing about the programmes."""
    codes: dict[str, str] = {}
    for country in sorted(set(countries.values())):
        here = sorted((code for code in countries if countries[code] == country), key=noise.order)
        codes |= {code: f"{country}-{number:02d}" for number, code in enumerate(here, start=1)}
    return codes


def compute(source: Source, noise: Noise, codes: dict[str, str], carried: Carried) -> Computed:
    """Compute the public tables and the approved results of an edition."""
    tables = {table.id: release(table, Policy.PUBLIC, noise) for table in count_tables(source)}
    cube = pooled((*source.earlier, source.snapshot))
    results: list[Result] = []
    verdicts: list[tuple[str, Verdict]] = []
    for group in groups_of(cube, codes):
        main, assessed = gate(group, compared_outcome(group.klass)), gate(group, ASSESSED)
        frame = Frame(source.edition, group, codes, carried, main, assessed)
        verdicts += [(group.klass.value, verdict) for verdict in (*main.values(), *assessed.values())]
        results += [_released(measured, kind, group, outcome) for kind, outcome, measured in _measured(frame)]
    return Computed(codes, tables, results, verdicts)


def count_tables(source: Source) -> list[CountedTable]:
    """Exact counts of every catalogue table: one GROUP BY each, every cell of the product present."""
    labels = engine.read_codes(source.snapshot)
    total = _count(source.snapshot, catalogue.TABLES[0], labels)[catalogue.ALL]
    return [
        CountedTable(
            table.id,
            dict.fromkeys(table.cells(source.levels), 0) | _count(source.snapshot, table, labels),
            total,
        )
        for table in catalogue.TABLES
    ]


def _count(path: Path, table: catalogue.Table, labels: Mapping[str, Sequence[str]]) -> dict[str, int]:
    names = table.dimensions
    if not names:
        (row,) = engine.counts(path, "SELECT CAST(count(*) AS BIGINT) AS n FROM snapshot").rows
        return {catalogue.ALL: row[0]}
    ordinals = ", ".join(str(place) for place in range(1, len(names) + 1))
    columns = ", ".join(f'"{name}"' for name in names)
    counted_by = f"SELECT {columns}, CAST(count(*) AS BIGINT) AS n FROM snapshot"  # noqa: S608 # catalogue names
    sql = f"{counted_by} GROUP BY {ordinals} ORDER BY {ordinals}"
    counted = {}
    for *codes, n in engine.counts(path, sql).rows:
        counted["|".join(labels[name][code - 1] for name, code in zip(names, codes, strict=True))] = n
    return counted


def _measured(frame: Frame) -> Iterator[tuple[str, str, Measured]]:
    klass = frame.group.klass
    yield "completeness", "", measure_completeness(frame)
    if klass in OPEN_ENDED_CLASSES:
        yield "curves", "", measure_curves(frame)
    yield "points", "", measure_points(frame)
    if klass in COMPLETION_CLASSES:
        yield "completion", "", measure_completion(frame)
    for outcome, gated in ((compared_outcome(klass), frame.main), (ASSESSED, frame.assessed)):
        measured = measure_comparison(frame, outcome, gated)
        if measured.programmes or measured.carried:
            yield "comparison", outcome, measured


def _released(measured: Measured, kind: str, group: Group, outcome: str) -> Result:
    return Result(kind, group.country, group.klass.value, outcome, release(measured, Policy.APPROVED))
