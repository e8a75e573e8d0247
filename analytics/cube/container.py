"""The cube itself: build, margin, merge, select, validate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.cube.coded import snapshot_cells
from analytics.cube.counting import MEASURES, checked, duration_cells, outcome_cells
from analytics.cube.frames import categorised, joint_ranks, summed
from analytics.cube.rules import validate
from analytics.cube.spec import CubeSpec
from analytics.errors import DefinitionsDiffer, NotComparable, NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cube:
    """Exact counts.

    Attributes
    ----------
    outcome : DataFrame
        Keys, `outcome_id`, `pattern_id`, `n_due`, `n_known`, `n_success`; text as categories.
    duration : DataFrame
        Keys, strata, `entry`, `time`, `end_cause` (0 censored), `n`.
    pattern : DataFrame
        `pattern_id` and one column per term; every category has its level `missing` when it occurs.
    keys, strata, categorical, numeric : tuple of str
        Names of the columns.
    always_due : tuple of str
        Outcomes for which every admission is due.
    definitions_version, extracted_on, censored_on : str
        Version and dates.
    """

    outcome: pd.DataFrame
    duration: pd.DataFrame
    pattern: pd.DataFrame
    keys: tuple[str, ...]
    strata: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    always_due: tuple[str, ...] = ()
    definitions_version: str = ""
    extracted_on: str = ""
    censored_on: str = ""

    @classmethod
    def build(cls, source: pd.DataFrame | Path | str, spec: CubeSpec) -> Cube:
        """Count rows.

        Parameters
        ----------
        source : DataFrame or path of a Parquet snapshot
            One row per episode; the columns named by `spec`.
        spec : CubeSpec
            What to count.

        Returns
        -------
        Cube
            Validated counts.

        Raises
        ------
        InvalidEpisodes, InvalidFile
            A frame that breaks the rules of its columns, or lacks one.
        TooFew
            A frame without rows.
        NotComparable
            More patterns than `spec.max_patterns`.

        Examples
        --------
        >>> from analytics.cube import Cube, CubeSpec, OutcomeSpec
        >>> rows = pd.DataFrame({"programme": ["A", "A", "B"], "stayed": [1, 0, None]})
        >>> spec = CubeSpec(keys=("programme",), outcomes=(OutcomeSpec("RET", "stayed"),))
        >>> Cube.build(rows, spec).outcome[["programme", "n_due", "n_known", "n_success"]].values.tolist()
        [['A', 2, 2, 1], ['B', 1, 0, 0]]
        """
        cells = _of_frame(source, spec) if isinstance(source, pd.DataFrame) else _of_snapshot(source, spec)
        outcome, pattern, duration = cells
        if spec.max_patterns and len(pattern) > spec.max_patterns:
            raise NotComparable("too_many_patterns", limit=spec.max_patterns, got=len(pattern))
        cube = cls(
            outcome=outcome,
            duration=duration,
            pattern=pattern,
            keys=spec.keys,
            strata=spec.strata,
            categorical=spec.categorical,
            numeric=spec.numeric,
            always_due=tuple(each.id for each in spec.outcomes if each.always_due),
            definitions_version=spec.definitions_version,
            extracted_on=spec.extracted_on,
            censored_on=spec.censored_on,
        )
        cube.validate()
        return cube

    def margin(self, *keys: str) -> Cube:
        """Sum over every key and stratum that is not named.

        Parameters
        ----------
        *keys : str
            Keys and strata to keep.

        Returns
        -------
        Cube
            Patterns are kept.

        Raises
        ------
        NotEstimable
            A key that the counts are not kept by.
        """
        self._need(*keys)
        kept = tuple(name for name in self.keys if name in keys)
        strata = tuple(name for name in self.strata if name in keys)
        return replace(
            self,
            outcome=summed(self.outcome, [*kept, "outcome_id", "pattern_id"], MEASURES),
            duration=summed(self.duration, [*kept, *strata, *_TIMES], ["n"]),
            keys=kept,
            strata=strata,
        )

    def select(self, key: str, values: Iterable[str]) -> Cube:
        """Keep the cells whose key is one of the values; patterns keep their numbers."""
        self._need(key)
        wanted = list(values)
        return replace(
            self,
            outcome=_among(self.outcome, key, wanted) if key in self.keys else self.outcome,
            duration=_among(self.duration, key, wanted),
            always_due=self.always_due if key in self.keys else (),
        )

    def merge(self, other: Cube) -> Cube:
        """Add the counts of another node or period.

        Raises
        ------
        DefinitionsDiffer
            Another definitions version, or other keys or terms.
        """
        if self._definitions() != other._definitions():
            left, right = self.definitions_version, other.definitions_version
            raise DefinitionsDiffer("definitions_differ", left=left, right=right)
        both = pd.concat([self._wide(), other._wide()], ignore_index=True)
        outcome, pattern = _numbered(both, self.keys, (*self.categorical, *self.numeric))
        duration = pd.concat([self.duration, other.duration], ignore_index=True)
        cube = replace(
            self,
            outcome=outcome,
            pattern=pattern,
            duration=summed(duration, [*self.keys, *self.strata, *_TIMES], ["n"]),
            extracted_on=max(self.extracted_on, other.extracted_on),
            censored_on=min(self.censored_on, other.censored_on),
        )
        cube.validate()
        return cube

    def cut(self, time: float) -> Cube:
        """Censor every duration beyond `time` at `time`; ends at `time` stay ends."""
        cells = self.duration.copy()
        beyond = cells["time"].to_numpy() > time
        cells["end_cause"] = np.where(beyond, 0, cells["end_cause"])
        cells["time"] = np.where(beyond, time, cells["time"])
        return replace(self, duration=summed(cells, [*self.keys, *self.strata, *_TIMES], ["n"]))

    def weekly(self) -> Cube:
        """Turn days into the day that ends their week, 7·ceil(day/7), late entries into its start."""
        cells = self.duration.copy()
        cells["entry"] = 7 * np.floor(cells["entry"].to_numpy() / 7).astype(np.int64)
        cells["time"] = 7 * np.ceil(cells["time"].to_numpy() / 7).astype(np.int64)
        return replace(self, duration=summed(cells, [*self.keys, *self.strata, *_TIMES], ["n"]))

    def validate(self) -> None:
        """Check the integrity rules.

        Raises
        ------
        DefinitionsDiffer
            Naming the rule that is broken and the number of cells.
        """
        validate(self.outcome, self.duration, self.pattern, keys=self.keys, always_due=self.always_due)

    def counts(self, outcome: str) -> pd.DataFrame:
        """Cells of one outcome.

        Raises
        ------
        NotEstimable
            An outcome that was not counted.
        """
        cells = self.outcome[self.outcome["outcome_id"] == outcome]
        if cells.empty:
            outcomes = ", ".join(pd.unique(self.outcome["outcome_id"]))
            raise NotEstimable("unknown_outcome", outcome=outcome, outcomes=outcomes)
        return cells

    def _need(self, *keys: str) -> None:
        known = (*self.keys, *self.strata)
        for key in keys:
            if key not in known:
                raise NotEstimable("unknown_key", key=key, keys=", ".join(known))

    def _definitions(self) -> tuple[object, ...]:
        names = (self.keys, self.strata, self.categorical, self.numeric, self.always_due)
        return self.definitions_version, *names

    def _wide(self) -> pd.DataFrame:
        return self.outcome.merge(self.pattern, on="pattern_id").drop(columns="pattern_id")


_TIMES = ("entry", "time", "end_cause")


def _among(cells: pd.DataFrame, key: str, values: list[str]) -> pd.DataFrame:
    return cells[cells[key].isin(values)].reset_index(drop=True)


def _of_snapshot(source: Path | str, spec: CubeSpec) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    cells = snapshot_cells(Path(source), spec)
    if cells.outcome is None or cells.pattern is None:
        outcome, pattern = _numbered(_no_outcomes([*spec.keys, *spec.terms]), spec.keys, spec.terms)
    else:
        outcome, pattern = cells.outcome, cells.pattern
    return outcome, pattern, _no_durations(spec) if cells.duration is None else cells.duration


def _of_frame(source: pd.DataFrame, spec: CubeSpec) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rows = checked(source, spec)
    outcome, pattern = _numbered(_outcomes(rows, spec), spec.keys, spec.terms)
    if spec.duration is None:
        return outcome, pattern, _no_durations(spec)
    by = [*spec.keys, *spec.strata, *_TIMES]
    return outcome, pattern, summed(duration_cells(rows, spec, spec.duration), by, ["n"])


def _outcomes(rows: pd.DataFrame, spec: CubeSpec) -> pd.DataFrame:
    """Cells of every outcome, one below the other."""
    by = [*spec.keys, *spec.terms]
    if not spec.outcomes:
        return _no_outcomes(by)
    wide = outcome_cells(rows, spec)
    parts = []
    for place, outcome in enumerate(spec.outcomes):
        part = wide[by].copy()
        part["outcome_id"] = outcome.id
        for name in MEASURES:
            part[name] = wide[f"{place}_{name}"]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _no_outcomes(by: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in [*by, "outcome_id", *MEASURES]})


def _numbered(
    cells: pd.DataFrame, keys: tuple[str, ...], terms: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Number the patterns in natural order of their levels."""
    ids = joint_ranks(cells, terms)
    first = np.unique(ids, return_index=True)[1]
    pattern = cells[list(terms)].iloc[first].reset_index(drop=True)
    pattern.insert(0, "pattern_id", np.arange(len(first)))
    numbered = cells.drop(columns=list(terms)).assign(pattern_id=ids)
    return categorised(summed(numbered, [*keys, "outcome_id", "pattern_id"], MEASURES)), pattern


def _no_durations(spec: CubeSpec) -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in [*spec.keys, *spec.strata, *_TIMES, "n"]})
