"""Ends of treatment that compete: cumulative incidence by cause. 1 - KM of one cause would overestimate it.

Never compare a drop-out read from Kaplan-Meier with one read from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.cube import Cube
from analytics.cube.risk import RiskSets, risk_sets
from analytics.errors import NotEstimable
from analytics.schema import Result

__all__ = ["CumulativeIncidence", "cumulative_incidence"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeIncidence(Result):
    """Cumulative incidence curves, one per group and cause.

    Attributes
    ----------
    table : DataFrame
        One row per group, cause and time: `group`, `cause`, `time`, `at_risk`, `events`, `incidence`, `se`,
        `lower`, `upper`, and `survival`, the share that has had no cause at all.
    causes : tuple of int
        Codes of the causes; 0 is censored and not in it.
    by : str
        Name of the grouping key; empty for all together.
    conf : float
        Level of the limits.
    """

    causes: tuple[int, ...]
    by: str
    conf: float

    def at(self, times: float | Sequence[float]) -> pd.DataFrame:
        """Incidence at given times.

        Parameters
        ----------
        times : float or sequence of float
            In the unit of the cube.

        Returns
        -------
        DataFrame
            `group`, `cause`, `time`, `incidence`, `se`, `lower`, `upper`, `survival`; NaN beyond the last
            time of the group.
        """
        asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
        parts = [
            _read(rows, asked).assign(group=str(group), cause=int(str(cause)))
            for (group, cause), rows in self.table.groupby(["group", "cause"], sort=False)
        ]
        shown = ["group", "cause", "time", *_READ]
        return pd.concat(parts, ignore_index=True)[shown] if parts else pd.DataFrame(columns=shown)


_READ = ["incidence", "se", "lower", "upper", "survival"]
_COLUMNS = ["group", "cause", "time", "at_risk", "events", *_READ]


def cumulative_incidence(cube: Cube, by: str = "", *, conf: float = 0.95) -> CumulativeIncidence:
    """Aalen-Johansen estimate of the probability that each cause has ended treatment.

    Parameters
    ----------
    cube : Cube
        With durations and cause codes; 0 is censored.
    by : str
        Key of the groups; empty for one group.
    conf : float
        Level of the limits.

    Returns
    -------
    CumulativeIncidence

    Raises
    ------
    NotEstimable
        A cube without durations, or not kept by `by`.

    Notes
    -----
    F_c(t) = Σ S(t_i-) d_ci / n_i, S from all causes; Σ F_c + S = 1.
    Var F_c(t) = Σ (F_c(t) - F_c(t_i))² d_i / (n_i(n_i - d_i)) + Σ S(t_i-)² d_ci(n_i - d_ci) / n_i³
    - 2 Σ (F_c(t) - F_c(t_i)) S(t_i-) d_ci / n_i², the squares expanded into cumulated sums; limits
    F^exp(± z se / (F |log F|)).

    References
    ----------
    Aalen & Johansen 1978, Scand J Stat 5:141; Kalbfleisch & Prentice 2002, DOI 10.1002/9781118032985.

    Examples
    --------
    >>> import pandas as pd
    >>> from analytics.cube import CubeSpec, DurationSpec
    >>> rows = pd.DataFrame({"days": [1, 2, 3, 4], "cause": [1, 2, 1, 0]})
    >>> cube = Cube.build(rows, CubeSpec(duration=DurationSpec("days", "cause")))
    >>> cumulative_incidence(cube).at(3)[["cause", "incidence", "survival"]].values.tolist()
    [[1.0, 0.5, 0.25], [2.0, 0.25, 0.25]]
    """
    cells = _cells(cube, by)
    causes = tuple(sorted({int(code) for code in cells["end_cause"].unique()} - {0}))
    every = risk_sets(cells, by, None)
    parts = [
        _curve(every, risk_sets(cells, by, [cause]), rows, conf).assign(cause=cause)
        for rows in zip(every.labels, every.slices(), strict=True)
        for cause in causes
    ]
    return CumulativeIncidence(
        table=pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS),
        method="Aalen-Johansen, variance of the multi-state estimate, log-log",
        reference="Aalen & Johansen, Scand J Stat 1978;5:141; Kalbfleisch & Prentice 2002",
        n=int(cells["n"].sum()),
        definitions_version=cube.definitions_version,
        causes=causes,
        by=by,
        conf=conf,
    )


def _cells(cube: Cube, by: str) -> pd.DataFrame:
    if cube.duration.empty:
        raise NotEstimable("no_durations")
    known = (*cube.keys, *cube.strata)
    if by and by not in known:
        raise NotEstimable("unknown_key", key=by, keys=", ".join(known))
    return cube.duration


def _curve(every: RiskSets, one: RiskSets, rows: tuple[str, slice], conf: float) -> pd.DataFrame:
    group, place = rows
    n, d = every.at_risk[place].astype(np.float64), every.events[place].astype(np.float64)
    own = one.events[place].astype(np.float64)
    safe = np.maximum(n, 1)
    survival = np.cumprod(1 - d / safe)
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * own / safe)
    error = np.sqrt(np.maximum(_variance(safe, d, own, before=before), 0))
    lower, upper = _limits(incidence, error, conf)
    told = {"group": group, "time": every.time[place], "at_risk": every.at_risk[place]}
    told |= {"events": one.events[place], "incidence": incidence, "se": error}
    return pd.DataFrame(told | {"lower": lower, "upper": upper, "survival": survival})


def _variance(n: Floats, d: Floats, own: Floats, *, before: Floats) -> Floats:
    f = np.cumsum(before * own / n)
    spread = np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d)
    square = f**2 * np.cumsum(spread) - 2 * f * np.cumsum(spread * f) + np.cumsum(spread * f**2)
    step = before * own / n**2
    crossed = f * np.cumsum(step) - np.cumsum(f * step)
    return np.asarray(square + np.cumsum(before**2 * own * (n - own) / n**3) - 2 * crossed)


def _limits(f: Floats, error: Floats, conf: float) -> tuple[Floats, Floats]:
    from scipy.special import ndtri

    z = float(ndtri((1 + conf) / 2))
    inside = (f > 0) & (f < 1) & (error > 0)
    safe = np.where(inside, f, 0.5)
    power = z * error / (safe * np.abs(np.log(safe)))
    lower, upper = safe ** np.exp(power), safe ** np.exp(-power)
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)


def _read(rows: pd.DataFrame, asked: Floats) -> pd.DataFrame:
    time = rows["time"].to_numpy()
    place = np.searchsorted(time, asked, side="right") - 1
    begun, beyond = place >= 0, asked > time[-1]
    start = {"incidence": 0.0, "survival": 1.0}
    columns = {
        name: np.where(begun, rows[name].to_numpy()[np.maximum(place, 0)], start.get(name, np.nan))
        for name in _READ
    }
    told = {name: np.where(beyond, np.nan, values) for name, values in columns.items()}
    return pd.DataFrame({"time": asked, **told})
