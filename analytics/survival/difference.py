"""The difference of two restricted means: the headline comparison of programmes, in days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import DefinitionsDiffer, NotComparable, NotEstimable
from analytics.schema import Result
from analytics.survival.curve import SurvivalCurve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RmstDifference(Result):
    """Difference of two restricted means.

    Attributes
    ----------
    table : DataFrame
        One row: `group1`, `group2`, `tau`, `difference`, `se`, `lower`, `upper`, `p`.
    """


def rmst_difference(curve1: SurvivalCurve, curve2: SurvivalCurve, tau: float) -> RmstDifference:
    """Difference of two restricted means, first minus second.

    Parameters
    ----------
    curve1, curve2 : SurvivalCurve
        One group each (`curve.of(group)`), independent of each other.
    tau : float
        Horizon in the unit of the cube.

    Returns
    -------
    RmstDifference
        Normal limits at the level of the curves; needs no proportional hazards.

    Raises
    ------
    NotComparable
        A curve of several groups.
    NotEstimable
        `tau` is beyond the last time of a group.
    DefinitionsDiffer
        Curves under different definitions.

    Notes
    -----
    The restricted means of independent groups differ with variance Var₁ + Var₂.

    References
    ----------
    Royston & Parmar 2013, DOI 10.1186/1471-2288-13-152.

    Examples
    --------
    >>> from analytics.cube import Cube, CubeSpec, DurationSpec
    >>> from analytics.survival import kaplan_meier
    >>> rows = pd.DataFrame({"arm": list("aabb"), "days": [2, 8, 4, 8], "left": [1, 0, 1, 0]})
    >>> curve = kaplan_meier(
    ...     Cube.build(rows, CubeSpec(keys=("arm",), duration=DurationSpec("days", "left"))), "arm"
    ... )
    >>> rmst_difference(curve.of("b"), curve.of("a"), 8).table["difference"].tolist()
    [1.0]
    """
    from scipy.special import ndtr, ndtri

    for curve in (curve1, curve2):
        if len(curve.groups) != 1:
            raise NotComparable("bad_option", option="curve", expected="one group", got=len(curve.groups))
    if curve1.definitions_version != curve2.definitions_version:
        left, right = curve1.definitions_version, curve2.definitions_version
        raise DefinitionsDiffer("definitions_differ", left=left, right=right)
    first, second = curve1.rmst(tau).iloc[0], curve2.rmst(tau).iloc[0]
    difference = float(first["rmst"] - second["rmst"])
    if np.isnan(difference):
        raise NotEstimable("bad_option", option="tau", expected="a time within both curves", got=tau)
    se = float(np.hypot(first["se"], second["se"]))
    half = float(ndtri((1 + curve1.conf) / 2)) * se
    row = {
        "group1": curve1.groups[0],
        "group2": curve2.groups[0],
        "tau": tau,
        "difference": difference,
        "se": se,
        "lower": difference - half,
        "upper": difference + half,
        "p": float(2 * ndtr(-abs(difference) / se)) if se > 0 else float("nan"),
    }
    return RmstDifference(
        table=pd.DataFrame([row]),
        method="difference of restricted means, normal limits",
        reference="Royston & Parmar, BMC Med Res Methodol 2013;13:152",
        n=curve1.n + curve2.n,
        definitions_version=curve1.definitions_version,
    )
