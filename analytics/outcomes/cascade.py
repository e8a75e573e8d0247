"""Who was left out of a result and why: counts at every step, and the judged values that remain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.outcomes.catalogue import Definition

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Step(NamedTuple):
    """One step of the exclusion cascade: its code, and how many are left after it."""

    name: str
    left: int


class Cascade:
    """Counts at every step while a population is narrowed.

    Parameters
    ----------
    n : int
        Size of the population before any step.

    Examples
    --------
    >>> cascade = Cascade(3)
    >>> cascade.keep("began", np.array([True, True, False]))
    >>> cascade.steps
    (Step(name='all', left=3), Step(name='began', left=2))
    """

    def __init__(self, n: int) -> None:
        self.kept: Flags = np.ones(n, dtype=bool)
        self.steps: tuple[Step, ...] = (Step("all", n),)

    def keep(self, name: str, flags: Flags) -> None:
        """Keep those of `flags`, and note how many are left."""
        self.kept = self.kept & flags
        self.steps = (*self.steps, Step(name, int(self.kept.sum())))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Judged:
    """A definition applied to records.

    Parameters
    ----------
    definition : Definition
        Which.
    due : ndarray of bool, shape (k,)
        Who belongs to the denominator.
    value : ndarray of float, shape (k,)
        1 reached, 0 not, NaN unknown; a number for means; a time for survival.
    steps : tuple of Step
        The exclusion cascade; the last step is those whose value is known.
    excluded : ndarray of float, optional
        The value where missed weeks are left out instead of counted as positive.
    time : ndarray, optional
        Week of the first window, for those read from urine words.
    cause : ndarray of int, optional
        Place of the end in `END_CAUSES`, for survival.
    exposure : ndarray of float, optional
        Years at risk, for rates; expected numbers, for ratios.
    flagged : mapping
        How many carry a caution, by its code.
    """

    definition: Definition
    due: Flags
    value: Floats
    steps: tuple[Step, ...]
    excluded: Floats | None = None
    time: Floats | None = None
    cause: NDArray[np.int64] | None = None
    exposure: Floats | None = None
    flagged: Mapping[str, int] = field(default_factory=dict)

    @property
    def known(self) -> Flags:
        """Who is due and known."""
        return self.due & ~np.isnan(self.value)


def judged_as(definition: Definition, cascade: Cascade, value: Floats, **more: object) -> Judged:
    """Close a cascade with those known."""
    known = int((cascade.kept & ~np.isnan(value)).sum())
    steps = (*cascade.steps, Step("known", known))
    return Judged(definition=definition, due=cascade.kept, value=value, steps=steps, **more)  # type: ignore[arg-type]
