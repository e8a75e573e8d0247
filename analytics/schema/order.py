"""Natural order of labels: the order of groups, levels and patterns in every result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

_CHUNK = re.compile(r"([<≤]+)|(\d+(?:\.\d+)?)|([^<≤\d]+)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

_T = TypeVar("_T")
_Key = tuple[tuple[tuple[int, float, str], ...], str]


def natural_key(label: object) -> _Key:
    """Sort key: `<` first, then numbers by value, then text without regard to case.

    Parameters
    ----------
    label : object
        A label; its text counts.

    Returns
    -------
    tuple
        Comparable with every other key.

    Examples
    --------
    >>> sorted(["55+", "25-34", "<25", "missing", "Black", "100", "-1"], key=natural_key)
    ['<25', '-1', '25-34', '55+', '100', 'Black', 'missing']
    """
    text = str(label)
    if _NUMBER.fullmatch(text):
        return ((1, float(text), ""),), text
    chunks = []
    for less, number, word in _CHUNK.findall(text):
        if less:
            chunks.append((0, 0.0, less))
        elif number:
            chunks.append((1, float(number), ""))
        else:
            chunks.append((2, 0.0, word.casefold()))
    return tuple(chunks), text


def natural_sorted(labels: Iterable[_T]) -> list[_T]:
    """Return the labels in natural order.

    Examples
    --------
    >>> natural_sorted(["S10", "S2"])
    ['S2', 'S10']
    """
    return sorted(labels, key=natural_key)
