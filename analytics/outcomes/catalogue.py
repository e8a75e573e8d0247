"""The definitions of outcomes as data: who is counted, what counts, over which days, and what missing means.

A definition is an artefact with an id and a version; its text is the file `definitions_v1.toml`, which is
never changed once published. The functions that apply it stand in `judging`, `urine` and `changes`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from analytics.outcomes.codes import DEFINITIONS_VERSION

DATA: Final = Path(__file__).parent


class Kind(StrEnum):
    """What a definition yields."""

    SHARE = "share"
    MEAN = "mean"
    RATE = "rate"
    RATIO = "ratio"
    COUNT = "count"
    CHANGE = "change"
    SURVIVAL = "survival"
    INCIDENCE = "incidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One definition.

    Parameters
    ----------
    id, version : str
        Together the name of the artefact; results carry both.
    kind : Kind
        What it yields.
    source : str
        Where it is read from: stay, ending, urine, assessment, followup, dose, service.
    population, numerator, denominator, window, missing, censoring : str
        The definition in words.
    reference : str
        Citation.
    needs : tuple of str
        Columns without which nothing can be said.
    flags : tuple of str
        Cautions that every result of it carries.
    golden : str
        The published or golden number that its test reproduces; empty where there is none.
    verified : bool
        Whether the values of the rule are confirmed in their source.
    """

    id: str
    version: str
    kind: Kind
    source: str
    population: str
    numerator: str
    denominator: str
    window: str
    missing: str
    censoring: str
    reference: str
    needs: tuple[str, ...]
    flags: tuple[str, ...] = ()
    golden: str = ""
    verified: bool = True


@functools.cache
def definitions(version: str = DEFINITIONS_VERSION) -> Mapping[str, Definition]:
    """Every definition of a version, by id, in the order of the file.

    Examples
    --------
    >>> definitions()["REL-4RUN"].numerator
    '4 positive weeks in a row'
    """
    raw = tomllib.loads((DATA / f"definitions_v{version}.toml").read_text("utf-8"))
    found = (_definition(entry, raw["version"]) for entry in raw["definition"])
    return MappingProxyType({each.id: each for each in found})


def _definition(entry: Mapping[str, Any], version: str) -> Definition:
    told: dict[str, Any] = dict(entry)
    told |= {name: tuple(entry.get(name, ())) for name in ("needs", "flags")}
    return Definition(version=version, **(told | {"kind": Kind(entry["kind"])}))
