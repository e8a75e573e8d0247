"""The design of a case-mix model: one row per pattern, treatment coding, names variable + level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.cube import Cube
from analytics.errors import NotEstimable
from analytics.schema import natural_sorted

Floats = NDArray[np.float64]

INTERCEPT = "(Intercept)"


@dataclass(frozen=True, slots=True)
class Design:
    """Terms and their levels; makes the same columns from the patterns of any cube.

    Attributes
    ----------
    terms : tuple of str
        Variables in order.
    levels : dict of str to tuple of str
        Levels of each categorical variable, reference first; numeric variables are absent.
    aliased : frozenset of str
        Columns that follow from those before them and are left out: the fitted values stay the same.
    """

    terms: tuple[str, ...]
    levels: dict[str, tuple[str, ...]]
    aliased: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns: `(Intercept)`, then variable + level, or the variable."""
        return tuple(name for name in self._every_name() if name not in self.aliased)

    def without(self, column: str) -> Design:
        """The design without one more column."""
        return replace(self, aliased=self.aliased | {column})

    @property
    def references(self) -> dict[str, str]:
        """Reference level of each categorical variable."""
        return {term: levels[0] for term, levels in self.levels.items()}

    def matrix(self, pattern: pd.DataFrame) -> Floats:
        """Columns of the design, shape (patterns, p).

        Raises
        ------
        NotEstimable
            A level that the design does not know.
        """
        columns = [np.ones(len(pattern))]
        for term in self.terms:
            if term in self.levels:
                columns += self._dummies(term, pattern[term])
            else:
                columns.append(pattern[term].to_numpy(dtype=np.float64))
        named = zip(self._every_name(), columns, strict=True)
        return np.column_stack([column for name, column in named if name not in self.aliased])

    def _every_name(self) -> list[str]:
        names = [INTERCEPT]
        for term in self.terms:
            names += [f"{term}{level}" for level in self.levels[term][1:]] if term in self.levels else [term]
        return names

    def _dummies(self, term: str, column: pd.Series[str]) -> list[Floats]:
        levels = self.levels[term]
        unknown = natural_sorted(set(column) - set(levels))
        if unknown:
            raise NotEstimable("unknown_level", term=term, level=unknown[0])
        values = column.to_numpy(dtype=object)
        return [(values == level).astype(np.float64) for level in levels[1:]]


def design_of(
    cube: Cube, pattern: pd.DataFrame, terms: Sequence[str], references: Mapping[str, str]
) -> Design:
    """Design of the terms over the patterns that are fitted.

    Raises
    ------
    NotEstimable
        A term that the cube has no patterns of, a reference that is no level of a category, two coefficients
        of one name.
    """
    known = (*cube.categorical, *cube.numeric)
    for term in (*terms, *references):
        if term not in known:
            raise NotEstimable("unknown_key", key=term, keys=", ".join(known))
    levels = {
        term: _levels(pattern[term], term, references.get(term)) for term in terms if term in cube.categorical
    }
    for term in references:
        if term not in levels:
            raise NotEstimable(
                "bad_option", option=f"reference of {term}", expected="a category of the model", got=term
            )
    return _told_apart(Design(tuple(terms), levels))


def _told_apart(design: Design) -> Design:
    """Refuse coefficients of one name: a table by name would keep one of them."""
    names = design.names
    for place, name in enumerate(names):
        if name in names[:place]:
            raise NotEstimable("same_name", name=name)
    return design


def _levels(column: pd.Series[str], term: str, reference: str | None) -> tuple[str, ...]:
    levels = natural_sorted(pd.unique(column))
    if reference is None:
        return tuple(levels)
    if reference not in levels:
        expected = f"one of {', '.join(levels)}"
        raise NotEstimable("bad_option", option=f"reference of {term}", expected=expected, got=reference)
    return (reference, *(level for level in levels if level != reference))
