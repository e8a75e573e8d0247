"""The Kaplan-Meier estimator over the risk sets of a cube."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.cube import Cube
from analytics.cube.risk import RiskSets, risk_sets
from analytics.errors import NotEstimable
from analytics.schema import Caution, WarningCode
from analytics.survival.curve import FEW_AT_RISK, SurvivalCurve
from analytics.survival.steps import log_log_limits, variance_terms


def kaplan_meier(
    cube: Cube, by: str = "", *, conf: float = 0.95, causes: Sequence[int] | None = None
) -> SurvivalCurve:
    """Estimate the probability of still being in treatment, per group.

    Parameters
    ----------
    cube : Cube
        With durations, in days or weeks.
    by : str
        Key or stratum of the groups; empty for one curve.
    conf : float
        Level of the limits.
    causes : sequence of int, optional
        End causes that count as the event; every end but 0 by default.

    Returns
    -------
    SurvivalCurve
        Table `group`, `time`, `at_risk`, `events`, `censored`, `survival`, `se`, `lower`, `upper`.

    Raises
    ------
    NotEstimable
        A cube without durations, or not kept by `by`.

    Notes
    -----
    S(t) = Π(1 - d/n); Greenwood Var S = S² Σ d/(n(n-d)); limits S^exp(±zσ), σ = √(Σ d/(n(n-d)))/|log S|.
    At S = 0 there is no interval; with no events the limits are [1, 1] and `totals.risk_upper` bounds the
    risk by 1 - (α/2)^(1/n). Events at time 0 count. Censoring is assumed independent of leaving.

    References
    ----------
    Kaplan & Meier 1958, DOI 10.1080/01621459.1958.10501452; Kalbfleisch & Prentice 2002, section 1.4,
    DOI 10.1002/9781118032985.

    Examples
    --------
    >>> import pandas as pd
    >>> from analytics.cube import Cube, CubeSpec, DurationSpec
    >>> rows = pd.DataFrame({"days": [1, 2, 2, 3], "left": [1, 1, 0, 1]})
    >>> cube = Cube.build(rows, CubeSpec(duration=DurationSpec("days", "left")))
    >>> kaplan_meier(cube).table[["time", "at_risk", "events", "survival"]].values.tolist()
    [[1.0, 4.0, 1.0, 0.75], [2.0, 3.0, 1.0, 0.5], [3.0, 1.0, 1.0, 0.0]]
    """
    sets = risk_sets(durations(cube, by), by, causes)
    table = _table(sets, conf)
    totals = _totals(sets, conf)
    return SurvivalCurve(
        table=table,
        method="Kaplan-Meier, Greenwood, log-log",
        reference="Kaplan & Meier, J Am Stat Assoc 1958;53:457; Kalbfleisch & Prentice 2002",
        n=int(totals["n"].sum()),
        definitions_version=cube.definitions_version,
        warnings=_stopped(table),
        totals=totals,
        by=by,
        conf=conf,
    )


def durations(cube: Cube, *by: str) -> pd.DataFrame:
    """Duration cells of a cube that are kept by the given keys.

    Raises
    ------
    NotEstimable
        No durations, or a key that is not kept.
    """
    if cube.duration.empty:
        raise NotEstimable("no_durations")
    known = (*cube.keys, *cube.strata)
    for key in by:
        if key and key not in known:
            raise NotEstimable("unknown_key", key=key, keys=", ".join(known))
    return cube.duration


def _table(sets: RiskSets, conf: float) -> pd.DataFrame:
    at_risk, events = sets.at_risk.astype(np.float64), sets.events.astype(np.float64)
    leaves = 1 - events / np.maximum(at_risk, 1)
    terms = variance_terms(at_risk, events)
    survival, greenwood = np.empty_like(leaves), np.empty_like(leaves)
    for rows in sets.slices():
        np.cumprod(leaves[rows], out=survival[rows])
        np.cumsum(terms[rows], out=greenwood[rows])
    root = np.where(survival > 0, np.sqrt(greenwood), np.nan)
    lower, upper = log_log_limits(survival, root, conf)
    return pd.DataFrame(
        {
            "group": np.repeat(np.array(sets.labels, dtype=object), np.diff(sets.starts)),
            "time": sets.time,
            "at_risk": sets.at_risk,
            "events": sets.events,
            "censored": sets.censored,
            "survival": survival,
            "se": survival * root,
            "lower": lower,
            "upper": upper,
        }
    )


def _totals(sets: RiskSets, conf: float) -> pd.DataFrame:
    ends = [sets.events, sets.censored]
    events, others = (np.array([counts[rows].sum() for rows in sets.slices()]) for counts in ends)
    n = events + others
    bound = np.where(events == 0, 1 - ((1 - conf) / 2) ** (1 / np.maximum(n, 1)), np.nan)
    return pd.DataFrame({"group": sets.labels, "n": n, "events": events, "risk_upper": bound})


def _stopped(table: pd.DataFrame) -> tuple[Caution, ...]:
    few = table[table["at_risk"] < FEW_AT_RISK].groupby("group", sort=False)["time"].min()
    return tuple(
        Caution.of(WarningCode.CURVE_STOPPED, str(group), time=float(time)) for group, time in few.items()
    )
