"""What the dictionary alone says of a frame: ranges, codes, and answers that must be there.

One pass over minima and maxima tells which columns hold a fault; only those are looked at row by row.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from portal.registry.dictionary import Dictionary, Group, Variable
from portal.registry.rules.coding import CHAPTERS_11, NO_STATE

if TYPE_CHECKING:
    import polars as pl

FIRST_MONTH: Final = 2000 * 12
LAST_MONTH: Final = 2100 * 12

Faults = dict[tuple[str, str], "pl.Series"]


def check_fields(
    frame: "pl.DataFrame", dictionary: Dictionary, unreadable: Mapping[str, "pl.Series"], *, profile: bool
) -> Faults:
    """Masks of faulty rows by (code, column). `profile` allows the codes that only mapped files may hold."""
    faults: Faults = {}
    have = frozenset(frame.columns)
    present = [v for v in dictionary.readable if v.name in have]
    stats = _stats(frame, present)
    for variable in present:
        allowed = _allowed(variable, dictionary, profile=profile)
        if not _surely_within(allowed, stats[f"{variable.name}:min"], stats[f"{variable.name}:max"]):
            mask = _outside(frame, variable.name, allowed)
            if mask.any():
                faults["CODE" if variable.has_codes else "RANGE", variable.name] = mask
    return faults | _check_presence(frame, dictionary, unreadable)


def _stats(frame: "pl.DataFrame", variables: list[Variable]) -> dict[str, int | None]:
    import polars as pl

    lows = [pl.col(v.name).min().alias(f"{v.name}:min") for v in variables]
    highs = [pl.col(v.name).max().alias(f"{v.name}:max") for v in variables]
    return frame.select(lows + highs).row(0, named=True)


def _allowed(variable: Variable, dictionary: Dictionary, *, profile: bool) -> tuple[tuple[int, int], ...]:
    """Allowed values as closed ranges."""
    missing = _missing(variable, dictionary)
    if variable.kind == "month":
        return ((FIRST_MONTH, LAST_MONTH),)
    if variable.kind == "icd10":
        return _ranges(
            [*missing, *(c * 1000 + s for c in range(10, 20) for s in (*range(10), *range(100, 200)))]
        )
    if variable.kind == "icd11":
        states = (*range(10), *range(100, NO_STATE + 1))
        return _ranges([*missing, *(c * 1000 + s for c in range(len(CHAPTERS_11)) for s in states)])
    if variable.codes is not None:
        items = [item for item in variable.codes.items if profile or not item.profile_only]
        return _ranges([*missing, *(item.number for item in items)])
    low, high = variable.low or 0, variable.high or 0
    return _ranges([*missing, *range(low, high + 1)])


def _missing(variable: Variable, dictionary: Dictionary) -> list[int]:
    allowed = dictionary.missing if variable.allows_missing else ()
    return [item.number for item in allowed if not item.skipped or variable.skippable]


def _ranges(values: list[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for value in sorted(set(values)):
        if ranges and value == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], value)
        else:
            ranges.append((value, value))
    return tuple(ranges)


def _surely_within(allowed: tuple[tuple[int, int], ...], low: int | None, high: int | None) -> bool:
    """Whether one range holds minimum and maximum, so that no row need be looked at."""
    return low is None or high is None or any(a <= low and high <= b for a, b in allowed)


def _outside(frame: "pl.DataFrame", name: str, allowed: tuple[tuple[int, int], ...]) -> "pl.Series":
    import polars as pl

    inside = pl.lit(value=False)
    for low, high in allowed:
        inside |= pl.col(name) == low if low == high else pl.col(name).is_between(low, high)
    return frame.select((~inside).fill_null(value=False).alias(name)).to_series()


def _check_presence(
    frame: "pl.DataFrame", dictionary: Dictionary, unreadable: Mapping[str, "pl.Series"]
) -> Faults:
    """Mandatory answers of groups that are there. A group is there when any of its cells is filled."""
    have = frozenset(frame.columns)
    wanted = {
        variable.name: expression
        for group in dictionary.groups
        for variable in group.variables
        if (variable.mandatory and variable.kind != "key") or variable.requires_with
        if not variable.asked  # those are due where the skip logic says so
        if (expression := _lacking(have, group, variable, dictionary)) is not None
    }
    masks = frame.lazy().select([e.alias(name) for name, e in wanted.items()]).collect()
    return {("EMPTY", name): mask for name, mask in _readable(masks, frame.height, unreadable) if mask.any()}


def _readable(
    masks: "pl.DataFrame", height: int, unreadable: Mapping[str, "pl.Series"]
) -> Iterator[tuple[str, "pl.Series"]]:
    """Masks of full height, without the cells that were filled but could not be read."""
    for mask in masks.get_columns():
        full = mask if len(mask) == height else mask.new_from_index(0, height)
        yield mask.name, full & ~unreadable[mask.name] if mask.name in unreadable else full


def due_faults(due: Mapping[str, "pl.Series"], unreadable: Mapping[str, "pl.Series"]) -> Faults:
    """Answers that the skip logic asks for and that are not there."""
    masks = {name: mask & ~unreadable[name] if name in unreadable else mask for name, mask in due.items()}
    return {("EMPTY", name): mask for name, mask in masks.items() if mask.any()}


def _lacking(
    have: frozenset[str], group: Group, variable: Variable, dictionary: Dictionary
) -> "pl.Expr | None":
    """Where the group is there and the answer is not; None when the group is nowhere."""
    import polars as pl

    empty = pl.col(variable.name).is_null() if variable.name in have else pl.lit(value=True)
    if group.always:
        return empty
    groups = [g for g in dictionary.groups if g.base in variable.requires_with] or [group]
    names = [v.name for g in groups for v in g.variables if v.name in have]
    if not names:
        return None
    return empty & pl.any_horizontal([pl.col(name).is_not_null() for name in names])
