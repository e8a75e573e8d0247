"""The quality of one programme's data on a day: indicators, over time, what to repair first, the gate."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from portal.programmes.models import Programme
from portal.registry.quality.reading import read_material
from portal.registry.quality.standing import Standing, standings

if TYPE_CHECKING:
    from analytics.quality import Indicator, Material

SHOWN_RECORDS: Final = 50
SHOWN_PARTS: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One question or rule within an indicator, with its share or count."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in plain numbers. `value` is None where there is nothing to say."""

    id: str
    n: int
    value: float | None
    level: str
    failing: tuple[int, ...]
    short: int
    detail: Mapping[str, float]
    missing: tuple[str, ...]
    gate: bool
    verified: bool
    better: str
    green: float

    @property
    def in_order(self) -> int:
        """How many of those due are as they should be."""
        reached = round(self.n * (self.value or 0))
        return reached if self.better == "high" else self.n - reached


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that the page shows. `tasks` are in the order of their effect."""

    episodes: int
    lines: tuple[Line, ...]
    tasks: tuple[Line, ...]
    halves: Mapping[str, Mapping[str, Line]]
    weakest: tuple[Part, ...]
    gates: tuple[Standing, ...]

    def line(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.id == name), None)


def quality_of(programme: Programme, today: date) -> Quality | None:
    """The quality of the programme's data as of today; None where it has no episodes."""
    material = read_material(programme, today)
    if material is None:
        return None
    from analytics.quality import assess, first_to_fix, over_time

    found, gates = assess(material), standings(material, programme.country)
    closing = sorted({name for gate in gates for name in gate.failing})
    return Quality(
        episodes=len(material),
        lines=tuple(_line(each) for each in found.values()),
        tasks=tuple(_line(each) for each in first_to_fix(found, closing)),
        halves={
            half: {name: _line(each) for name, each in told.items()}
            for half, told in over_time(material).items()
        },
        weakest=_weakest(found["DQ01"].detail),
        gates=tuple(gates),
    )


def lines_of(material: "Material", names: Sequence[str]) -> dict[str, Line]:
    """Some indicators of records that were read already."""
    from analytics.quality import assess

    return {name: _line(each) for name, each in assess(material, names).items()}


def _line(found: "Indicator") -> Line:
    from analytics.quality import limits

    limit = limits()[found.id]
    value = None if math.isnan(found.value) else found.value
    return Line(
        found.id, found.n, value, found.level.value, tuple(found.failing.tolist()), found.short,
        dict(found.detail), found.missing, limit.gate, limit.verified, limit.better, limit.green,
    )  # fmt: skip


def _weakest(shares: Mapping[str, float]) -> tuple[Part, ...]:
    """The questions that are answered least often, leaving out those that always are."""
    low = sorted((share, name) for name, share in shares.items() if share < 1)
    return tuple(Part(name, share) for share, name in low[:SHOWN_PARTS])
