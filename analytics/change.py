"""Change within people: mean of paired differences, and the classes of change on both denominators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from analytics.errors import TooFew
from analytics.intervals import proportion_ci
from analytics.outcomes.changes import USERS, Change
from analytics.schema import Caution, Result, WarningCode

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ChangeClasses", "MeanChange", "change_classes", "mean_change"]

ASSESSED: Final = tuple(each for each in USERS if each is not Change.NOT_ASSESSABLE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanChange(Result):
    """Mean of paired differences: one row `n`, `estimate`, `sd`, `lower`, `upper`, `beyond`."""

    conf: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChangeClasses(Result):
    """Classes of change.

    Attributes
    ----------
    table : DataFrame
        One row per class: `change`, `count`, and the share among all users at the start and among those
        assessed, each with limits; the classes out of the denominator have counts only.
    """


def mean_change(
    differences: ArrayLike,
    counts: ArrayLike | None = None,
    *,
    beyond: float | None = None,
    conf: float = 0.95,
) -> MeanChange:
    """Mean of paired differences with the t interval.

    Parameters
    ----------
    differences : array_like of float, shape (k,)
        Second minus first.
    counts : array_like of int, shape (k,), optional
        People with each difference; one each by default.
    beyond : float, optional
        Reliable change: the share whose difference is at least this, either way, is given beside it.
    conf : float
        Level.

    Returns
    -------
    MeanChange
        `n`, `estimate`, `sd`, `lower`, `upper`, `beyond` (NaN without a threshold).

    Raises
    ------
    TooFew
        Fewer than two people: one has no spread.

    Notes
    -----
    Mean ± t(n - 1) sd / √n. Change within people regresses to the mean (W10).

    References
    ----------
    Student 1908, DOI 10.1093/biomet/6.1.1; Jacobson & Truax 1991, DOI 10.1037/0022-006X.59.1.12.

    Examples
    --------
    >>> mean_change([-4, -2, 0, -2]).table.round(3).values.tolist()[0][:5]
    [4.0, -2.0, 1.633, -4.598, 0.598]
    """
    import pandas as pd
    from scipy.special import stdtrit

    values = np.asarray(differences, dtype=np.float64)
    people = np.ones_like(values) if counts is None else np.asarray(counts, dtype=np.float64)
    n = float(people.sum())
    if n < 2:
        raise TooFew("one_pair", got=int(n))
    mean = float(people @ values) / n
    sd = float(np.sqrt(people @ (values - mean) ** 2 / (n - 1)))
    half = float(stdtrit(n - 1, (1 + conf) / 2)) * sd / np.sqrt(n)
    share = np.nan if beyond is None else float(people @ (np.abs(values) >= beyond)) / n
    row = {"n": n, "estimate": mean, "sd": sd, "lower": mean - half, "upper": mean + half, "beyond": share}
    return MeanChange(
        table=pd.DataFrame([row]), method="mean of paired differences, t interval", reference="Student 1908",
        n=int(n), definitions_version="", warnings=(Caution.of(WarningCode.REGRESSION_TO_MEAN),), conf=conf,
    )  # fmt: skip


def change_classes(counts: Mapping[Change, int]) -> ChangeClasses:
    """Shares of the classes of change, among all users at the start and among those assessed.

    Parameters
    ----------
    counts : mapping of Change to int
        People in each class; an absent one is 0.

    Returns
    -------
    ChangeClasses
        One row per class in the order of `Change`.

    Notes
    -----
    abstinent + improved + unchanged + deteriorated + not assessable = users at the start. Wilson limits.

    References
    ----------
    Marsden et al. 2009, DOI 10.1016/S0140-6736(09)61420-3.

    Examples
    --------
    >>> change_classes({Change.ABSTINENT: 3, Change.NOT_ASSESSABLE: 1}).table["of_users"].tolist()[0]
    0.75
    """
    import pandas as pd

    number = {each: int(counts.get(each, 0)) for each in Change}
    users, assessed = (sum(number[each] for each in group) for group in (USERS, ASSESSED))
    table = pd.DataFrame({"change": [each.value for each in Change], "count": list(number.values())})
    for name, group, total in (("users", USERS, users), ("assessed", ASSESSED, assessed)):
        inside = np.array([each in group for each in Change])
        found = proportion_ci(np.where(inside, table["count"], 0), np.where(inside, total, 0)).table
        table[f"of_{name}"] = found["estimate"]
        table[[f"of_{name}_lower", f"of_{name}_upper"]] = found[["lower", "upper"]].to_numpy()
    return ChangeClasses(
        table=table, method="classes of change, Wilson", reference="Marsden et al., Lancet 2009;374:1262",
        n=users, definitions_version="", warnings=(Caution.of(WarningCode.REGRESSION_TO_MEAN),),
    )  # fmt: skip
