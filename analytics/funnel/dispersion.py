"""Over-dispersion of the units of a funnel: variation beyond chance, raw and winsorised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.errors import NotEstimable

Floats = NDArray[np.float64]

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """Variation beyond chance.

    Attributes
    ----------
    phi : float
        Mean squared z; NaN with fewer than 5 units.
    tau2 : float
        Between-unit variance on the scale of the value; NaN likewise.
    """

    phi: float
    tau2: float


def overdispersion(
    z: ArrayLike, s: ArrayLike, *, method: str = "additive", winsorise: float = 0.1
) -> Overdispersion:
    """Estimate over-dispersion from standardised deviations.

    Parameters
    ----------
    z : array_like, shape (k,)
        Deviations from the target in standard errors.
    s : array_like, shape (k,)
        Standard errors on the scale of the value.
    method : {"none", "multiplicative", "additive"}
        Which part is wanted: `none` gives phi 1 and tau² 0, `multiplicative` tau² 0.
    winsorise : float
        Share set to the type-7 quantile at each end; 0 leaves the values.

    Returns
    -------
    Overdispersion
        NaN with fewer than 5 units; fewer than 10 make it weak.

    Raises
    ------
    NotEstimable
        An unknown method.

    Notes
    -----
    φ = mean z²; τ² = max(0, (kφ - (k-1))/(Σw - Σw²/Σw)), w = 1/s².

    References
    ----------
    Spiegelhalter 2005, DOI 10.1136/qshc.2005.013755; Spiegelhalter et al. 2012,
    DOI 10.1111/j.1467-985X.2011.01010.x.

    Examples
    --------
    >>> overdispersion([2, -2, 2, -2, 2], [1, 1, 1, 1, 1], winsorise=0)
    Overdispersion(phi=4.0, tau2=4.0)
    """
    if method not in {"none", "multiplicative", "additive"}:
        expected = "none, multiplicative or additive"
        raise NotEstimable("bad_option", option="method", expected=expected, got=method)
    if method == "none":
        return Overdispersion(1.0, 0.0)
    deviation, error = np.asarray(z, dtype=np.float64), np.asarray(s, dtype=np.float64)
    k = len(deviation)
    if k < FEWEST:
        return Overdispersion(float("nan"), float("nan"))
    clipped = np.clip(deviation, *np.quantile(deviation, [winsorise, 1 - winsorise]))
    phi = float(np.mean(clipped**2))
    weight = 1 / error**2
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = float(max(0.0, (k * phi - (k - 1)) / spread)) if method == "additive" else 0.0
    return Overdispersion(phi, tau2)
