"""Observed against expected: indirect standardisation of programmes by the case-mix model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analytics.case_mix import CaseMixFit
from analytics.case_mix.poisson_binomial import mid_p, ratio_limits
from analytics.cube import Cube
from analytics.cube.frames import ranks
from analytics.errors import DefinitionsDiffer, NotEstimable, TooFew
from analytics.schema import UNKNOWN_AMBER, Caution, Result, WarningCode

Floats = NDArray[np.float64]

FEW_KNOWN = 30
FEW_EXPECTED = 5
RARE_ELSEWHERE = 10
RARE_SHARE = 0.20
SMALLEST_SAMPLE = 0.5
_ROUNDING = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised(Result):
    """Observed and expected successes per programme.

    Attributes
    ----------
    table : DataFrame
        One row per programme in natural order: `programme` (str), `n` (known outcomes), `unknown`,
        `observed`, `expected`, `variance` (Σμ(1-μ)), `variance_score` (allowing for the estimation of the
        model; 0 where the terms tell the programme from all others, so that it is compared with itself),
        `ratio`, `lower`, `upper` (limits of the ratio), `p` (exact Poisson-binomial mid-p, two-sided),
        `standardised` (ratio times the overall rate), `rare_share` (share of the episodes in
        patterns with fewer than 10 episodes elsewhere), `effective` (effective sample of the episodes
        elsewhere once they are weighted to the programme's case mix). NaN where no outcome is known.
    outcome : str
        Outcome id.
    by : str
        Key that names the programme.
    rate : float
        Overall share of successes.
    conf : float
        Level of the limits.
    """

    outcome: str
    by: str
    rate: float
    conf: float


@dataclass(frozen=True, slots=True)
class _Cells:
    """Known outcomes by programme and pattern, sorted; the same order on every build."""

    programme: NDArray[np.intp]
    pattern: NDArray[np.intp]
    due: Floats
    n: Floats
    successes: Floats
    mu: Floats
    labels: list[str]

    def sums(self, values: Floats) -> Floats:
        """Sum per programme, added in the order of the cells."""
        return np.bincount(self.programme, weights=values, minlength=len(self.labels)).astype(np.float64)


def indirect_standardisation(
    cube: Cube, model: CaseMixFit, by: str = "programme", *, conf: float = 0.95
) -> Standardised:
    """Compare each programme with what its clients would have reached in the average programme.

    Parameters
    ----------
    cube : Cube
        Outcome counts kept by `by`, with the terms of the model.
    model : CaseMixFit
        Fitted without programme effects.
    by : str
        Key of the programmes.
    conf : float
        Level of the limits of the ratio.

    Returns
    -------
    Standardised
        One row per programme.

    Raises
    ------
    TooFew
        One programme: expected equals observed identically.
    NotEstimable
        A key, outcome or level that is not in the cube.
    DefinitionsDiffer
        Cube and model under different definitions.

    Notes
    -----
    E = Σ n μ, V = Σ n μ(1-μ), V_score = V - a'(X'WX)⁻¹a with a = Σ n μ(1-μ) x: Rao's score test of a
    programme dummy is (O-E)²/V_score. Two indirectly standardised ratios are not comparable with each
    other (W8). W4: a fifth of the episodes in patterns that are rare elsewhere, or an effective sample
    (Σw)²/Σw² elsewhere, with weights w = n_jk/n_k(elsewhere), below half of the programme's own episodes.

    References
    ----------
    Normand & Shahian 2007, DOI 10.1214/088342307000000096; Rao 1948, DOI 10.1017/S0305004100023987;
    Kish 1965, Survey Sampling.

    Examples
    --------
    >>> from analytics.case_mix import case_mix_model
    >>> from analytics.cube import CubeSpec, OutcomeSpec
    >>> rows = pd.DataFrame(
    ...     {"programme": list("AAAABBBB"), "sex": list("ffmmffmm"), "y": [1, 1, 1, 0, 0, 1, 0, 0]}
    ... )
    >>> outcomes = (OutcomeSpec("Y", "y"),)
    >>> cube = Cube.build(rows, CubeSpec(keys=("programme",), outcomes=outcomes, categorical=("sex",)))
    >>> result = indirect_standardisation(cube, case_mix_model(cube, "Y", ["sex"]))
    >>> result.table[["programme", "observed", "expected"]].round(6).values.tolist()
    [['A', 3, 2.0], ['B', 1, 2.0]]
    """
    if cube.definitions_version != model.definitions_version:
        left, right = cube.definitions_version, model.definitions_version
        raise DefinitionsDiffer("definitions_differ", left=left, right=right)
    cells = _cells(cube, model, by)
    if len(cells.labels) < 2:
        raise TooFew("one_programme", what="programmes", got=len(cells.labels))
    table = _table(cells, _score_variance(cells, cube, model), conf)
    n = float(table["n"].sum())
    rate = float(table["observed"].sum() / n) if n else float("nan")
    table["standardised"] = table["ratio"] * rate
    table["rare_share"], table["effective"] = _rare_share(cells), _effective(cells)
    return Standardised(
        table=table,
        method="indirect standardisation, exact Poisson-binomial mid-p, limits by inversion",
        reference="Normand & Shahian, Stat Sci 2007;22:206",
        n=int(n),
        definitions_version=cube.definitions_version,
        warnings=(*model.warnings, *_cautions(table)),
        outcome=model.outcome,
        by=by,
        rate=rate,
        conf=conf,
    )


def _cells(cube: Cube, model: CaseMixFit, by: str) -> _Cells:
    if by not in cube.keys:
        raise NotEstimable("unknown_key", key=by, keys=", ".join(cube.keys))
    counts = cube.margin(by).counts(model.outcome)
    programme, labels = ranks(counts[by])
    known = counts["n_known"].to_numpy() > 0
    pattern = cube.pattern["pattern_id"].searchsorted(counts["pattern_id"])
    # A level that occurs among unknown outcomes only has no coefficient and needs none.
    used = np.unique(pattern[known])
    eta = np.zeros(len(cube.pattern))
    eta[used] = np.einsum(
        "kp,p->k", model.design.matrix(cube.pattern.iloc[used]), model.table["coef"].to_numpy()
    )
    due, n, successes = (
        counts[name].to_numpy(dtype=np.float64) for name in ("n_due", "n_known", "n_success")
    )
    return _Cells(
        programme, pattern, due, n, successes, expit(eta)[pattern], [str(label) for label in labels]
    )


def _score_variance(cells: _Cells, cube: Cube, model: CaseMixFit) -> Floats:
    known = np.unique(cells.pattern[cells.n > 0])
    x = np.zeros((len(cube.pattern), len(model.table)))
    x[known] = model.design.matrix(cube.pattern.iloc[known])
    spread = cells.n * cells.mu * (1 - cells.mu)
    a = np.column_stack([cells.sums(spread * column[cells.pattern]) for column in x.T])
    explained = np.einsum("jp,pq,jq->j", a, model.covariance, a)
    whole = cells.sums(spread)
    left = whole - explained
    return np.where(left > _ROUNDING * whole, left, 0.0)


def _table(cells: _Cells, variance_score: Floats, conf: float) -> pd.DataFrame:
    n, observed = cells.sums(cells.n), cells.sums(cells.successes)
    expected = cells.sums(cells.n * cells.mu)
    some = n > 0
    exact = np.array([_exact(cells, place, conf) for place in range(len(cells.labels))])
    return pd.DataFrame(
        {
            "programme": cells.labels,
            "n": n.astype(np.int64),
            "unknown": (cells.sums(cells.due) - n).astype(np.int64),
            "observed": observed.astype(np.int64),
            "expected": expected,
            "variance": cells.sums(cells.n * cells.mu * (1 - cells.mu)),
            "variance_score": variance_score,
            "ratio": np.divide(observed, expected, out=np.full_like(n, np.nan), where=some),
            "lower": exact[:, 0],
            "upper": exact[:, 1],
            "p": exact[:, 2],
        }
    )


def _exact(cells: _Cells, place: int, conf: float) -> tuple[float, float, float]:
    rows = (cells.programme == place) & (cells.n > 0)
    n, mu, observed = cells.n[rows], cells.mu[rows], int(cells.successes[rows].sum())
    if not len(n):
        return (float("nan"),) * 3
    return (*ratio_limits(observed, n, mu, conf), mid_p(observed, n, mu))


def _rare_share(cells: _Cells) -> Floats:
    """Share of a programme's episodes in patterns with fewer than 10 episodes elsewhere."""
    elsewhere = np.bincount(cells.pattern, weights=cells.n)[cells.pattern] - cells.n
    rare = cells.sums(np.where(elsewhere < RARE_ELSEWHERE, cells.n, 0.0))
    n = cells.sums(cells.n)
    return np.divide(rare, n, out=np.full_like(n, np.nan), where=n > 0)


def _effective(cells: _Cells) -> Floats:
    """Kish's effective sample elsewhere; patterns that nobody else has add nothing to it."""
    elsewhere = np.bincount(cells.pattern, weights=cells.n)[cells.pattern] - cells.n
    shared = (elsewhere > 0) & (cells.n > 0)
    squares = cells.sums(np.divide(cells.n**2, elsewhere, out=np.zeros_like(cells.n), where=shared))
    whole = cells.sums(np.where(shared, cells.n, 0.0))
    sample = np.divide(whole**2, squares, out=np.zeros_like(whole), where=squares > 0)
    return np.where(cells.sums(cells.n) > 0, sample, np.nan)


def _cautions(table: pd.DataFrame) -> list[Caution]:
    found = [Caution.of(WarningCode.RATIOS_NOT_COMPARABLE)]
    names = ("programme", "n", "unknown", "expected", "rare_share", "effective")
    columns = [table[name].to_numpy() for name in names]
    for subject, n, unknown, expected, rare, sample in zip(*columns, strict=True):
        share = float(unknown / (n + unknown)) if n + unknown else 1.0
        if share > UNKNOWN_AMBER:
            found.append(Caution.of(WarningCode.UNKNOWN_SHARE, subject, share=share))
        if n < FEW_KNOWN or min(expected, n - expected) < FEW_EXPECTED:
            found.append(Caution.of(WarningCode.TOO_FEW, subject, known=int(n), expected=float(expected)))
        if rare >= RARE_SHARE or sample < SMALLEST_SAMPLE * n:
            values = {"share": float(rare), "effective": float(sample)}
            found.append(Caution.of(WarningCode.BEYOND_OVERLAP, subject, **values))
    return found
