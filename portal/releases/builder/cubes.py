"""Counts of the pooled snapshots, and the programmes of one country and class in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analytics.cube import Cube, CubeSpec, DurationSpec, OutcomeSpec
from analytics.outcomes import DEFINITIONS_VERSION, Klass
from portal.releases.builder.rows import CASE_MIX, OUTCOMES

KEYS: Final = ("country", "klass", "programme")
SPEC: Final = CubeSpec(
    keys=KEYS,
    outcomes=tuple(OutcomeSpec(name, column) for name, column in OUTCOMES.items()),
    categorical=tuple(CASE_MIX),
    duration=DurationSpec(time="week", cause="dropped"),
    strata=("curve",),
    definitions_version=DEFINITIONS_VERSION,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one outcome of one programme."""

    due: int = 0
    known: int = 0
    reached: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Programmes of one country and class with their counts; nobody else is ever compared with them."""

    country: str
    klass: Klass
    cube: Cube
    programmes: tuple[str, ...]

    def tallies(self, outcome: str) -> dict[str, Tally]:
        """Counts of an outcome by programme, over all patterns."""
        cells = self.cube.counts(outcome).groupby("programme", sort=True)[["n_due", "n_known", "n_success"]]
        return {str(code): Tally(*map(int, row)) for code, *row in cells.sum().itertuples()}


def pooled(paths: Iterable[Path]) -> Cube:
    """Counts over all released persons and those of this edition."""
    first, *others = (Cube.build(path, SPEC) for path in paths)
    for other in others:
        first = first.merge(other)
    return first


def groups_of(cube: Cube, programmes: Mapping[str, str]) -> list[Group]:
    """One group for each country and class; `programmes` are those that consent, with their codes."""
    groups = []
    consenting = cube.select("programme", programmes)
    for country in sorted({code[:2] for code in programmes.values()}):
        here = consenting.select("country", [country])
        for klass in Klass:
            chosen = here.select("klass", [klass.value])
            codes = tuple(sorted(set(map(str, chosen.outcome["programme"]))))
            if codes:
                groups.append(Group(country, klass, chosen, codes))
    return groups
