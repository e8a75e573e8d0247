"""Limits of the indicators as data: what is green, amber and red, and which can close the gate."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

VERSION: Final = "1"
DATA: Final = Path(__file__).parent


class Level(StrEnum):
    """How an indicator stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    LOOK = "look"
    SHOWN = "shown"
    NO_CASES = "no_cases"
    NOT_COLLECTED = "not_collected"


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of one indicator; `better` says which way is good, `verified` whether the source is checked."""

    better: str
    green: float = 0.0
    amber: float = 0.0
    gate: bool = False
    verified: bool = True

    def level(self, value: float) -> Level:
        """Level of a value.

        Examples
        --------
        >>> Limit("high", 0.8, 0.6).level(0.7), Limit("low", 0.1, 0.2).level(0.1), Limit("show").level(1.0)
        (<Level.AMBER: 'amber'>, <Level.GREEN: 'green'>, <Level.SHOWN: 'shown'>)
        """
        if self.better == "show":
            return Level.SHOWN
        if self.better == "look":
            return Level.LOOK if value > self.green else Level.GREEN
        sign = 1 if self.better == "high" else -1
        if sign * value >= sign * self.green:
            return Level.GREEN
        return Level.AMBER if sign * value >= sign * self.amber else Level.RED


@functools.cache
def limits(version: str = VERSION) -> Mapping[str, Limit]:
    """Limits of every indicator, by id, in the order of the file.

    Parameters
    ----------
    version : str
        Of the file.

    Returns
    -------
    mapping of str to Limit

    Examples
    --------
    >>> limits()["DQ11"].gate
    True
    """
    raw = tomllib.loads((DATA / f"limits_v{version}.toml").read_text("utf-8"))
    return MappingProxyType({name: Limit(**told) for name, told in raw["indicator"].items()})
