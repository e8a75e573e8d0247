"""One curve as a step function: limits, values at times, crossings of a level, area."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FLAT = 1.5e-8


def variance_terms(at_risk: Floats, events: Floats) -> Floats:
    """Greenwood's d/(n(n-d)); 0 where everybody at risk leaves."""
    stay = at_risk - events
    return np.divide(events, at_risk * stay, out=np.zeros_like(at_risk), where=stay > 0)


def log_log_limits(survival: Floats, root: Floats, conf: float) -> tuple[Floats, Floats]:
    """Limits S^exp(±zσ); [1, 1] at S = 1, none at S = 0."""
    from scipy.special import ndtri

    inside = (survival > 0) & (survival < 1)
    safe = np.where(inside, survival, 0.5)
    spread = np.exp(float(ndtri((1 + conf) / 2)) * root / np.abs(np.log(safe)))
    closed = np.where(survival > 0, 1.0, np.nan)
    return np.where(inside, safe**spread, closed), np.where(inside, safe ** (1 / spread), closed)


def at_times(curve: pd.DataFrame, asked: Floats) -> pd.DataFrame:
    """Values of one curve at the times asked for; nothing beyond its last time."""
    time = curve["time"].to_numpy()
    before = np.searchsorted(time, asked, side="right")
    reached = asked <= time[-1]
    columns: dict[str, NDArray[np.generic]] = {"time": asked}
    risk = curve["at_risk"].to_numpy()[np.minimum(np.searchsorted(time, asked), len(time) - 1)]
    columns["at_risk"] = np.where(reached, risk, 0)
    for name, start in (("survival", 1.0), ("se", 0.0), ("lower", 1.0), ("upper", 1.0)):
        values = np.concatenate([[start], curve[name].to_numpy()])
        columns[name] = np.where(reached, values[before], np.nan)
    return pd.DataFrame(columns)


def crossings(curve: pd.DataFrame, level: float) -> pd.DataFrame:
    """Times at which the curve and its limits reach the level."""
    time = curve["time"].to_numpy()
    names = {"quantile": "survival", "lower": "lower", "upper": "upper"}
    found = {name: _crossing(time, curve[of].to_numpy(), level) for name, of in names.items()}
    return pd.DataFrame({name: [value] for name, value in found.items()})


def _crossing(time: Floats, values: Floats, level: float) -> float:
    """First time at or below the level; midpoint of a flat stretch on it, as R's survfit."""
    below = np.flatnonzero(values < level + _FLAT)
    if not len(below):
        return float("nan")
    first = below[0]
    if abs(values[first] - level) < _FLAT:
        lower = np.flatnonzero(values < values[first] - _FLAT)
        if len(lower):
            return float((time[first] + time[lower[0]]) / 2)
    return float(time[first])


def restricted_mean(curve: pd.DataFrame, tau: float, bin_width: float = 0.0) -> pd.DataFrame:
    """Area under one curve up to `tau`, with its standard error; ends within a bin at its middle."""
    time = curve["time"].to_numpy()
    if tau > time[-1]:
        return pd.DataFrame({"tau": [tau], "rmst": [np.nan], "se": [np.nan]})
    kept = int(np.searchsorted(time, tau, side="right"))
    edges = np.concatenate([[0.0], np.maximum(time[:kept] - bin_width / 2, 0.0), [tau]])
    steps = np.diff(edges) * np.concatenate([[1.0], curve["survival"].to_numpy()[:kept]])
    after = np.cumsum(steps[::-1])[::-1][1:]
    risk, events = (curve[name].to_numpy(dtype=np.float64)[:kept] for name in ("at_risk", "events"))
    variance = float(np.sum(after**2 * variance_terms(risk, events)))
    return pd.DataFrame({"tau": [tau], "rmst": [float(steps.sum())], "se": [np.sqrt(variance)]})
