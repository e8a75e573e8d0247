"""Curves as results: values at times, quantiles, restricted means; all from the table of the curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.errors import NotEstimable
from analytics.schema import Result
from analytics.survival.steps import at_times, crossings, restricted_mean

Floats = NDArray[np.float64]

FEW_AT_RISK = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurve(Result):
    """Kaplan-Meier curves, one per group.

    Attributes
    ----------
    table : DataFrame
        One row per group and time: `group` (str), `time`, `at_risk`, `events`, `censored`, `survival`,
        `se`, `lower`, `upper`. Groups in natural order, times ascending; no row for time 0 unless somebody
        ends there. Every method follows from this table, so a table cut by disclosure stays coherent.
    totals : DataFrame
        One row per group: `group`, `n`, `events`, and `risk_upper`, the exact upper bound of the risk
        where nobody had the event (else NaN).
    by : str
        Name of the grouping key; empty for one curve of all.
    conf : float
        Level of the limits.
    """

    totals: pd.DataFrame
    by: str
    conf: float

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in natural order."""
        return tuple(self.totals["group"])

    def of(self, group: str) -> SurvivalCurve:
        """Curve of one group.

        Raises
        ------
        NotEstimable
            No such group.
        """
        totals = self.totals[self.totals["group"] == group]
        if totals.empty:
            raise NotEstimable("unknown_group", group=group, groups=", ".join(self.groups))
        return replace(
            self,
            table=self.table[self.table["group"] == group].reset_index(drop=True),
            totals=totals.reset_index(drop=True),
            n=int(totals["n"].iloc[0]),
            warnings=tuple(each for each in self.warnings if each.subject in {"", group}),
        )

    def at(self, times: float | Sequence[float]) -> pd.DataFrame:
        """Survival at given times.

        Parameters
        ----------
        times : float or sequence of float
            In the unit of the cube.

        Returns
        -------
        DataFrame
            `group`, `time`, `at_risk` (just before the time), `survival`, `se`, `lower`, `upper`; beyond
            the last time of a group NaN with `at_risk` 0.
        """
        asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
        return self._each(lambda curve: at_times(curve, asked))

    def median(self) -> pd.DataFrame:
        """Median and its limits.

        Returns
        -------
        DataFrame
            `group`, `median`, `lower`, `upper`; NaN where not reached.
        """
        return self.quantile(0.5).rename(columns={"quantile": "median"})

    def quantile(self, p: float) -> pd.DataFrame:
        """Time by which a share `p` has had the event, and its limits.

        Parameters
        ----------
        p : float
            Share, between 0 and 1.

        Returns
        -------
        DataFrame
            `group`, `quantile`, `lower`, `upper`.

        Notes
        -----
        On a flat stretch with S = 1 - p the midpoint (R, SAS); the limits are where the band crosses it.
        """
        return self._each(lambda curve: crossings(curve, 1 - p))

    def rmst(self, tau: float, *, bin_width: float = 0.0) -> pd.DataFrame:
        """Restricted mean, the area under the curve up to `tau`.

        Parameters
        ----------
        tau : float
            Horizon in the unit of the cube; with bins, the end of one.
        bin_width : float
            Where times are the ends of bins of this width, people leave in the middle of theirs.

        Returns
        -------
        DataFrame
            `group`, `tau`, `rmst`, `se`; NaN where `tau` is beyond the last time of the group.

        Notes
        -----
        Ends of bins taken as days would add half a bin for each person who leaves, more for those programmes
        that more people leave. A time of 0 is exact.

        References
        ----------
        Royston & Parmar 2013, DOI 10.1186/1471-2288-13-152; Uno et al. 2014, DOI 10.1200/JCO.2014.55.2208.
        """
        return self._each(lambda curve: restricted_mean(curve, tau, bin_width))

    def horizon(self, at_risk: int = FEW_AT_RISK) -> float:
        """Largest time at which every group still has `at_risk` persons at risk; NaN when there is none."""
        enough = self.table[self.table["at_risk"] >= at_risk]
        last = enough.groupby("group")["time"].max()
        return float(last.min()) if len(last) == len(self.groups) else float("nan")

    def _each(self, method: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
        parts = []
        for group, curve in self.table.groupby("group", sort=False):
            part = method(curve)
            part.insert(0, "group", group)
            parts.append(part)
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"group": []})
