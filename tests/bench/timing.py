"""Interleaved rounds: one untimed warm-up right before each timed call, medians of the clock and of the processor."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

ROUNDS = 5


@dataclass(slots=True)
class Spent:
    """Seconds of one kind of call: by the clock, and of the processor."""

    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    def add(self, wall: float, cpu: float) -> None:
        self.walls.append(wall)
        self.cpus.append(cpu)

    @property
    def wall(self) -> float:
        return statistics.median(self.walls)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpus)


@contextmanager
def spending(into: list[float]) -> Iterator[None]:
    """Add what the block takes to a pair of seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into[0] += time.perf_counter() - wall
    into[1] += time.process_time() - cpu


def interleaved(calls: Mapping[str, Callable[[], object]], *, rounds: int = ROUNDS) -> dict[str, Spent]:
    """Time each call once a round, every round in another order."""
    spent = {name: Spent() for name in calls}
    for number in range(rounds):
        for name in rotated(calls, number):
            calls[name]()
            gc.collect()
            seconds = [0.0, 0.0]
            with spending(seconds):
                calls[name]()
            spent[name].add(*seconds)
    return spent


def rotated(names: Iterable[str], by: int) -> list[str]:
    """The names, beginning with another one: no kind always follows the same neighbour."""
    listed = list(names)
    start = by % len(listed)
    return listed[start:] + listed[:start]
