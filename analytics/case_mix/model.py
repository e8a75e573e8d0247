"""Fitting the case-mix model on the patterns of a cube."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analytics.case_mix.design import Design, design_of
from analytics.case_mix.fit import CaseMixFit, brier_score, concordance
from analytics.case_mix.irls import Maximum, logistic
from analytics.cube import Cube
from analytics.errors import NotConverged, NotEstimable
from analytics.schema import Caution, WarningCode

Floats = NDArray[np.float64]

POOR_CONCORDANCE = 0.60


def case_mix_model(
    cube: Cube,
    outcome: str,
    terms: Sequence[str],
    *,
    references: Mapping[str, str] | None = None,
    penalty: str | None = None,
    aliased: str = "refuse",
) -> CaseMixFit:
    """Fit a binomial logistic model on pattern counts, without programme effects.

    Parameters
    ----------
    cube : Cube
        With outcome counts and the terms in its patterns; programmes are summed over.
    outcome : str
        Outcome id; unknown outcomes are not fitted.
    terms : sequence of str
        Variables: categorical ones give one coefficient per level but the reference.
    references : mapping of str to str, optional
        Reference level by variable; the first level in natural order otherwise.
    penalty : {None, "firth"}
        Firth's penalty, for levels that all or none of the episodes of which reach the outcome.
    aliased : {"refuse", "drop"}
        What becomes of a column that follows from those before it; without it the fitted values are the same.

    Returns
    -------
    CaseMixFit
        Table `term`, `coef`, `se`.

    Raises
    ------
    NotEstimable
        No known outcome, an unknown term or level, a term that follows from the others.
    NotConverged
        A level without successes or without failures, and no penalty.

    Notes
    -----
    μ = expit(x'β), W = nμ(1-μ), β += (X'WX)⁻¹X'(s - nμ); logL = Σ sη - n log(1+e^η). Estimates and standard
    errors equal those of the rows. Assumes independent episodes: one per person.

    References
    ----------
    McCullagh & Nelder 1989; Firth 1993, DOI 10.1093/biomet/80.1.27; Iezzoni 2013.

    Examples
    --------
    >>> from analytics.cube import Cube, CubeSpec, OutcomeSpec
    >>> rows = pd.DataFrame({"sex": list("ffmmmm"), "stayed": [1, 0, 1, 1, 1, 0]})
    >>> cube = Cube.build(rows, CubeSpec(outcomes=(OutcomeSpec("Y", "stayed"),), categorical=("sex",)))
    >>> fit = case_mix_model(cube, "Y", ["sex"])
    >>> fit.table["term"].tolist(), fit.table["coef"].round(4).tolist()
    (['(Intercept)', 'sexm'], [0.0, 1.0986])
    """
    _known_option("penalty", penalty, ("firth", None))
    _known_option("aliased", aliased, ("refuse", "drop"))
    counts = cube.margin().counts(outcome)
    known = counts[counts["n_known"] > 0]
    if known.empty:
        raise NotEstimable("no_known", outcome=outcome)
    place = cube.pattern["pattern_id"].searchsorted(known["pattern_id"])
    pattern = cube.pattern.iloc[place]
    design = design_of(cube, pattern, terms, references or {})
    n, s = (known[name].to_numpy(dtype=np.float64) for name in ("n_known", "n_success"))
    if penalty is None:
        _every_level_mixed(design, pattern, n, s)
    design, best = _maximum(design, pattern, n, s, firth=penalty == "firth", drop=aliased == "drop")
    cells = pd.DataFrame({"pattern_id": known["pattern_id"].to_numpy(), "n": n, "successes": s})
    cells["eta"] = np.einsum("kp,p->k", design.matrix(pattern), best.beta)
    cells["mu"] = expit(cells["eta"].to_numpy())
    unknown = int((counts["n_due"] - counts["n_known"]).sum())
    return _result(best, design, cells, cube, outcome=outcome, unknown=unknown, penalty=penalty)


def _maximum(
    design: Design, pattern: pd.DataFrame, n: Floats, s: Floats, *, firth: bool, drop: bool
) -> tuple[Design, Maximum]:
    """Maximum over the columns of the design; with `drop` each that follows from others is left out first."""
    while True:  # every round leaves a column out, so it ends
        try:
            return design, logistic(design.matrix(pattern), n, s, names=design.names, firth=firth)
        except NotEstimable as refusal:
            if not drop or refusal.code != "collinear":
                raise
            design = design.without(str(refusal.values["term"]))


def _result(
    best: Maximum,
    design: Design,
    cells: pd.DataFrame,
    cube: Cube,
    *,
    outcome: str,
    unknown: int,
    penalty: str | None,
) -> CaseMixFit:
    n, s, eta, mu = (cells[name].to_numpy() for name in ("n", "successes", "eta", "mu"))
    c_statistic = concordance(n, s, eta)
    poor = (Caution.of(WarningCode.POOR_CALIBRATION, c_statistic=c_statistic),)
    errors = np.sqrt(np.diag(best.covariance))
    return CaseMixFit(
        table=pd.DataFrame({"term": design.names, "coef": best.beta, "se": errors}),
        method="binomial logistic on patterns, IRLS" + (", Firth" if penalty else ""),
        reference="McCullagh & Nelder 1989" + ("; Firth, Biometrika 1993;80:27" if penalty else ""),
        n=int(n.sum()),
        definitions_version=cube.definitions_version,
        warnings=poor if c_statistic < POOR_CONCORDANCE else (),
        outcome=outcome,
        design=design,
        covariance=best.covariance,
        loglik=best.loglik,
        c_statistic=c_statistic,
        brier=brier_score(n, s, mu),
        unknown=unknown,
        cells=cells,
    )


def _known_option(name: str, value: str | None, known: tuple[str | None, ...]) -> None:
    if value not in known:
        expected = " or ".join(each or "none" for each in known)
        raise NotEstimable("bad_option", option=name, expected=expected, got=value)


def _every_level_mixed(design: Design, pattern: pd.DataFrame, n: Floats, s: Floats) -> None:
    """Refuse a level that alone decides the outcome before the iteration runs away."""
    if s.sum() in {0, n.sum()}:
        raise NotConverged("separated", term="(Intercept)")
    for term, levels in design.levels.items():
        values = pattern[term].to_numpy(dtype=object)
        for level in levels:
            here = values == level
            if s[here].sum() in {0, n[here].sum()}:
                raise NotConverged("separated", term=f"{term}{level}")
