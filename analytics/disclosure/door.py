"""The one way out: `release` makes what may leave, `restore` reads back what has left."""

import hashlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from analytics.disclosure import approved, comparison, public
from analytics.disclosure.measured import (
    CountedTable,
    Measured,
    MeasuredComparison,
    MeasuredCompleteness,
    MeasuredCompletions,
    MeasuredCurves,
    MeasuredPointSets,
)
from analytics.disclosure.noise import Noise
from analytics.disclosure.released import Hidden, Released, made, parse
from analytics.disclosure.shown import Shown, ShownTable
from analytics.errors import NotReleased


class Policy(StrEnum):
    """Who will read it: everybody (with noise), or approved readers (by P1-P10)."""

    PUBLIC = "public"
    APPROVED = "approved"


_APPROVED: dict[type, Callable[[Any], Shown]] = {
    MeasuredCurves: approved.shown_curves,
    MeasuredPointSets: approved.shown_points,
    MeasuredCompletions: approved.shown_completions,
    MeasuredCompleteness: approved.shown_completeness,
    MeasuredComparison: comparison.shown_comparison,
}


def release(result: Measured, policy: Policy, noise: Noise | None = None) -> Released[Any]:
    """Pass a result through disclosure control.

    Parameters
    ----------
    result : one of `measured`
        Exact numbers of the edition.
    policy : Policy
        `public` takes counted tables and demands noise; `approved` takes the others and no noise.
    noise : Noise, optional
        The edition's source of noise.

    Returns
    -------
    Released
        What may be shown, with the log of what was hidden and why.

    Raises
    ------
    NotReleased
        When the policy does not take this kind of result, or noise is missing or out of place.
    ValueError
        When a model holds a programme that the rules hide.
    """
    if policy is Policy.PUBLIC:
        return _release_public(result, noise)
    rules = _APPROVED.get(type(result))
    if rules is None or noise is not None:
        raise NotReleased("not_released", kind=type(result).__name__)
    shown = rules(result)
    return made(shown, hidden=_log(shown))


def _release_public(result: Measured, noise: Noise | None) -> Released[ShownTable]:
    if noise is None or not isinstance(result, CountedTable):
        raise NotReleased("not_released", kind=type(result).__name__)
    noisy = public.with_noise(result, noise)
    shown, hidden = public.shown_table(result.id, noisy, public.noisy_total(result, noise))
    return made(shown, hidden=hidden, noisy=noisy)


def restore_table(table_id: str, noisy: Mapping[str, int], total: int) -> Released[ShownTable]:
    """Read a public table back from its stored noisy counts; `total` is the stored noisy total."""
    shown, hidden = public.shown_table(table_id, noisy, total)
    return made(shown, hidden=hidden, noisy=noisy)


def restore(kind: str, payload: bytes, sha256: str) -> Released[Any]:
    """Read an approved result back from a published row.

    Raises
    ------
    NotReleased
        When the bytes are not those that were published.
    """
    if hashlib.sha256(payload).hexdigest() != sha256:
        raise NotReleased("not_released", kind=kind)
    shown = parse(kind, payload)
    return made(shown, hidden=_log(shown))


def _log(shown: Shown) -> tuple[Hidden, ...]:
    rows = () if isinstance(shown, ShownTable) else shown.programmes
    return tuple(Hidden(row.programme, row.withheld) for row in rows if row.withheld is not None)
