"""Control limits of a funnel: per unit, for drawing, and with over-dispersion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.cube.frames import ranks
from analytics.errors import NotEstimable, TooFew
from analytics.funnel.dispersion import Overdispersion, overdispersion
from analytics.funnel.laws import LAWS, Law
from analytics.schema import LARGEST, Caution, Result, WarningCode

Floats = NDArray[np.float64]

LEVELS = (0.95, 0.998)
FEWEST_FOR_FUNNEL = 5
FEWEST_FOR_DISPERSION = 10
POINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunnelLimits(Result):
    """Control limits of a funnel plot. They are not confidence limits.

    Attributes
    ----------
    table : DataFrame
        One row per unit in natural order: `unit` (str), `observed`, `n` or `expected` and `variance`,
        `size` (x of the funnel: n, expected, or the effective sample E²/V), `value` (share or ratio), for
        each level L (`0.95`, `0.998`) `lower_L` and `upper_L`, `outside` (highest level passed, NaN inside),
        `side` (`above`, `below` or empty); with 5 or more units and τ² above 0 also `adjusted_lower_L`,
        `adjusted_upper_L`, `adjusted_outside`, `adjusted_side` (additive, winsorised).
    kind : str
        binomial, poisson, poisson-binomial or score.
    target : float
        Centre line.
    levels : tuple of float
        Two-sided levels, ascending.
    raw, winsorised : Overdispersion
        Without and with winsorising at 10 %.
    curve : DataFrame
        Limits for drawing: `size`, `level`, `lower`, `upper` and, where the table has them,
        `adjusted_lower`, `adjusted_upper`.
    """

    kind: str
    target: float
    levels: tuple[float, ...]
    raw: Overdispersion
    winsorised: Overdispersion
    curve: pd.DataFrame


def control_limits(
    table: pd.DataFrame,
    kind: str = "binomial",
    levels: Sequence[float] = LEVELS,
    *,
    target: float | None = None,
) -> FunnelLimits:
    """Control limits around a target.

    Parameters
    ----------
    table : DataFrame
        One or more rows per unit, added up: `unit`, `observed` and for `binomial` `n`; for `poisson`
        `expected`; for `poisson-binomial` `expected`, `variance`; for `score` `expected`,
        `variance_score`. `indirect_standardisation(...).table` fits with `programme` as the unit.
    kind : {"binomial", "poisson", "poisson-binomial", "score"}
        Interpolated exact binomial or Poisson limits, or 1 ± z√V/E.
    levels : sequence of float
        Two-sided levels.
    target : float, optional
        Centre line of a binomial funnel; the pooled share by default. Ratios have target 1.

    Returns
    -------
    FunnelLimits
        Units without volume have no value and no limits.

    Raises
    ------
    TooFew
        Fewer than 2 units with a volume.
    NotEstimable
        An unknown kind, a missing column, counts out of range.

    Notes
    -----
    Where n·min(θ, 1-θ) or E is below 5 the interpolated limits are not monotone: there the verdict is by the
    exact mid-p and the curve is not drawn. Ratios use the Poisson-binomial variance unless events are rare:
    Poisson limits are too wide for common outcomes.

    References
    ----------
    Spiegelhalter 2005, DOI 10.1002/sim.1970.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": list("abc"), "observed": [10, 17, 40], "n": [100, 100, 100]})
    >>> control_limits(units).table[["unit", "outside", "side"]].values.tolist()
    [['a', 0.95, 'below'], ['b', nan, ''], ['c', 0.998, 'above']]
    """
    law_of = LAWS.get(kind)
    if law_of is None:
        raise NotEstimable("bad_option", option="kind", expected=", ".join(LAWS), got=kind)
    units = _units(table, law_of.columns)
    law = law_of.fit(units, target)
    live = law.size > 0
    if live.sum() < 2:
        raise TooFew("one_programme", what="units with a volume", got=int(live.sum()))
    ascending = tuple(sorted(levels))
    raw, winsorised = _dispersion(law, live, 0.0), _dispersion(law, live, 0.1)
    rows = _rows(units, law, ascending)
    adjusted = winsorised.tau2 > 0
    if adjusted:
        rows |= _adjusted(law, ascending, winsorised.tau2)
    return FunnelLimits(
        table=pd.DataFrame(rows),
        method=law.method,
        reference="Spiegelhalter, Stat Med 2005;24:1185",
        n=int(table["n" if "n" in table else "observed"].sum()),
        definitions_version="",
        warnings=_cautions(int(live.sum())),
        kind=kind,
        target=law.target,
        levels=ascending,
        raw=raw,
        winsorised=winsorised,
        curve=_curve(law, ascending, winsorised.tau2 if adjusted else 0.0),
    )


def _units(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Counts per unit, added over repeated units, in natural order."""
    named = table.rename(columns={} if "unit" in table else {"programme": "unit"})
    for name in ("unit", *columns):
        if name not in named:
            raise NotEstimable("unknown_key", key=name, keys=", ".join(map(str, table.columns)))
    counts = named[["unit", *columns]].astype(dict.fromkeys(columns, np.float64))
    numbers = counts[list(columns)].to_numpy()
    if not ((numbers >= 0) & (numbers <= LARGEST)).all():
        expected = f"numbers of 0 or more, at most {LARGEST:.0e}"
        raise NotEstimable("bad_option", option="counts", expected=expected, got="other")
    place, labels = ranks(counts["unit"])
    sums = {name: np.bincount(place, weights=counts[name]) for name in columns}
    return pd.DataFrame({"unit": [str(label) for label in labels], **sums})


def _dispersion(law: Law, live: NDArray[np.bool_], winsorise: float) -> Overdispersion:
    error = law.error()[live]
    if (error == 0).any():
        return Overdispersion(float("nan"), float("nan"))
    return overdispersion((law.value[live] - law.target) / error, error, winsorise=winsorise)


def _rows(units: pd.DataFrame, law: Law, levels: tuple[float, ...]) -> dict[str, object]:
    rows: dict[str, object] = {name: units[name] for name in units.columns}
    rows |= {"size": law.size, "value": law.value}
    limits = {level: law.limits(level) for level in levels}
    for level, (lower, upper) in limits.items():
        rows |= {f"lower_{level}": lower, f"upper_{level}": upper}
    outside, side = _verdict(law.value, limits, law)
    return rows | {"outside": outside, "side": side}


def _adjusted(law: Law, levels: tuple[float, ...], tau2: float) -> dict[str, object]:
    limits = {level: law.normal_limits(level, law.error(), tau2) for level in levels}
    rows: dict[str, object] = {}
    for level, (lower, upper) in limits.items():
        rows |= {f"adjusted_lower_{level}": lower, f"adjusted_upper_{level}": upper}
    outside, side = _verdict(law.value, limits, None)
    return rows | {"adjusted_outside": outside, "adjusted_side": side}


def _verdict(
    value: Floats, limits: dict[float, tuple[Floats, Floats]], law: Law | None
) -> tuple[Floats, NDArray[np.object_]]:
    """Highest level passed and the side; by exact mid-p where the volume is small."""
    outside = np.full(len(value), np.nan)
    above = np.zeros(len(value), dtype=bool)
    for level, (lower, upper) in limits.items():
        passed = (value < lower) | (value > upper)
        if law is not None and law.small.any():
            passed = np.where(law.small, (law.mid_p() < 1 - level) & (law.size > 0), passed)
        outside = np.where(passed, level, outside)
        above = np.where(passed, value > (lower + upper) / 2, above)
    if law is not None:
        above = np.where(law.small, value > law.target, above)
    side = np.where(np.isnan(outside), "", np.where(above, "above", "below")).astype(object)
    return outside, side


def _curve(law: Law, levels: tuple[float, ...], tau2: float) -> pd.DataFrame:
    size = law.grid(POINTS)
    parts = []
    for level in levels:
        lower, upper = law.drawn_limits(size, level)
        part = {"size": size, "level": level, "lower": lower, "upper": upper}
        if tau2:
            wide = law.normal_limits(level, law.drawn_error(size), tau2)
            part |= {"adjusted_lower": wide[0], "adjusted_upper": wide[1]}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def _cautions(units: int) -> tuple[Caution, ...]:
    few = units < FEWEST_FOR_DISPERSION
    return (Caution.of(WarningCode.FEW_PROGRAMMES, units=units),) if few else ()
