"""The dictionary as chapters: what belongs together once, however often a record holds it."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portal.registry.dictionary import DATA, EPISODE, Dictionary, Group, Text, Variable, load, versions
from portal.registry.exports.codebook.unverified import is_open

SHARED = "start"


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, once for all the columns that ask it. `asked_as` has no number of the group."""

    variable: Variable
    names: tuple[str, ...]
    since: int
    weekly: bool
    unverified: tuple[str, ...]
    standards: tuple[str, ...]

    @property
    def in_doubt(self) -> bool:
        codes = self.variable.codes
        return bool(self.unverified) or (codes is not None and not codes.verified)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A group, or all groups of one kind. `shared` are questions that the start assessment explains."""

    base: str
    title: Text
    record: str
    storage: str
    groups: tuple[str, ...]
    entries: tuple[Entry, ...]
    shared: tuple[Entry, ...]


def chapters(version: int) -> tuple[Chapter, ...]:
    """The episode's chapters in the order of its columns, then the other records."""
    dictionary = load(version)
    groups = [*dictionary.groups, *(g for r, gs in dictionary.records.items() if r != EPISODE for g in gs)]
    bases = dict.fromkeys((group.record, group.base) for group in groups)
    return tuple(
        _chapter([g for g in groups if (g.record, g.base) == key], dictionary, version) for key in bases
    )


def _chapter(groups: list[Group], dictionary: Dictionary, version: int) -> Chapter:
    first = groups[0]
    asked = [*first.variables, *(v for v in first.others if not v.is_week)]
    entries = {v.base: _entry(v, groups, dictionary, version) for v in asked}
    shared = _shared_bases(dictionary) if first.base != SHARED and first.record == EPISODE else {}
    own = tuple(e for base, e in entries.items() if shared.get(base) != e.variable.label)
    return Chapter(
        first.base, first.title, first.record, first.storage, tuple(g.name for g in groups), own,
        tuple(e for e in entries.values() if e not in own),
    )  # fmt: skip


def _shared_bases(dictionary: Dictionary) -> dict[str, Text]:
    start = dictionary.group(SHARED)
    return {v.base: v.label for v in (*start.variables, *start.others)}


def _entry(variable: Variable, groups: list[Group], dictionary: Dictionary, version: int) -> Entry:
    names = [v.name for g in groups for v in (*g.variables, *g.others) if v.base == variable.base]
    return Entry(
        variable, tuple(names), since_of(names[0], version), f"{names[0]}_w1" in dictionary.every,
        tuple(key for key in variable.unverified if is_open(key)),
        standards_of(variable, groups[0].base, version),
    )  # fmt: skip


def since_of(name: str, latest: int) -> int:
    """The first version that has this answer."""
    return next((n for n in versions() if name in load(n).index or n == latest), latest)


def standards_of(variable: Variable, base: str, version: int) -> tuple[str, ...]:
    """Where the answer goes in other systems: “TDI 10”."""
    own = {variable.name, variable.base, f"{base}_{variable.base}"}
    return tuple(f"{e['standard']} {e['field']}" for n in own for e in crosswalk(version).get(n, ()))


@functools.cache
def crosswalk(version: int) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Entries of the crosswalk by variable; version 1 came without one."""
    path = DATA / f"crosswalk_v{version}.toml"
    entries = tomllib.loads(path.read_text("utf-8"))["crosswalk"] if path.exists() else []
    names = dict.fromkeys(entry["variable"] for entry in entries)
    return MappingProxyType({n: tuple(e for e in entries if e["variable"] == n) for n in names})
