"""Mapping profiles: how files with other columns than the template's become rows of the template.

A shipped profile knows a kind of file; a map, given with the upload, says what only the centre knows: which
value means which programme, which arm means which treatment, and which columns are ignored.
"""

import functools
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from portal.registry.dictionary import DATA, Text, load

NAMES: Final = ("trial-like", "teds-d-like")
TEMPLATE: Final = "template"
MAP_KEYS: Final = frozenset({"programme", "arm", "event", "constants", "columns", "ignored"})
Table = Mapping[str, str]


class MapFault(ValueError):
    """The map cannot be used; `what` says which part."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Profile:
    """A shipped profile. `columns` gives the accepted names of each source column."""

    name: str
    version: int
    title: Text
    columns: Mapping[str, tuple[str, ...]]
    programme_columns: tuple[str, ...]
    arm_columns: tuple[str, ...]
    key_columns: tuple[str, ...]
    event_default: str
    admission_precision: int
    constants: Mapping[str, str]
    ignored: frozenset[str]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileMap:
    """What the centre says about one file."""

    programme_column: str
    programmes: Table  # value to programme code; "*" stands for every other value
    arm_column: str
    arms: Table  # value to modality
    event: str
    constants: Table
    recodes: Mapping[str, tuple[str, Table]]  # target to (source column, value to code)
    ignored: frozenset[str]

    @property
    def programme_codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.programmes.values()))

    @property
    def words(self) -> tuple[str, ...]:
        """Texts that the map gives a meaning to."""
        tables = (self.programmes, self.arms, *(table for _, table in self.recodes.values()))
        return tuple(dict.fromkeys([self.event, *(word for table in tables for word in table)]))


@functools.cache
def load_profile(name: str, version: int = 1) -> Profile:
    """A shipped profile; KeyError when there is none of that name."""
    if name not in NAMES:
        raise KeyError(name)
    path = DATA / "profiles" / f"{name.replace('-', '_')}_v{version}.toml"
    raw = tomllib.loads(path.read_text("utf-8"))
    title = raw["title"]
    return Profile(
        raw["name"], raw["version"], Text(title["en"], title["ru"], title["fa"]),
        MappingProxyType({target: tuple(names) for target, names in raw["columns"].items()}),
        tuple(raw["programme_columns"]), tuple(raw["arm_columns"]), tuple(raw["key_columns"]),
        raw["event_default"], raw["admission_precision"],
        MappingProxyType({k: str(v) for k, v in raw["constants"].items()}),
        frozenset(raw.get("ignored", ())), MappingProxyType(raw),
    )  # fmt: skip


def read_map(text: str, profile: Profile) -> FileMap:
    """Read and check a map in JSON. MapFault names the first thing that is wrong with it."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as fault:
        raise MapFault(f"JSON, line {fault.lineno}") from None
    if not isinstance(given, dict):
        raise MapFault("JSON")
    if unknown := sorted(set(given) - MAP_KEYS):
        raise MapFault(unknown[0])
    programme_column, programmes = _column_or_constant(given.get("programme"), "programme", "codes")
    arm_column, arms = "", dict[str, str]()
    if profile.arm_columns or "arm" in given:
        arm_column, arms = _column_or_constant(given.get("arm"), "arm", "modality")
    _check_modalities(arms)
    return FileMap(
        programme_column, {k: v.strip().upper() for k, v in programmes.items()}, arm_column, arms,
        str(given.get("event", profile.event_default)), _constants(given.get("constants", {})),
        _recodes(given.get("columns", {})), _names(given.get("ignored", [])),
    )  # fmt: skip


def _column_or_constant(given: Any, what: str, values: str) -> tuple[str, dict[str, str]]:
    """`"X"` for the whole file, or `{"column": …, "codes": {value: X}}`."""
    if isinstance(given, str) and given.strip():
        return "", {"*": given.strip()}
    if not isinstance(given, dict) or not isinstance(given.get("column"), str):
        raise MapFault(what)
    table = given.get(values)
    if not isinstance(table, dict) or not table or not all(isinstance(v, str) for v in table.values()):
        raise MapFault(f"{what}.{values}")
    return given["column"], {str(k): v for k, v in table.items()}


def _check_modalities(arms: Mapping[str, str]) -> None:
    known = set(load().lists["modality"].codes)
    for value, modality in arms.items():
        if modality not in known:
            raise MapFault(f"arm.modality {value!r}")


def _constants(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise MapFault("constants")
    for name in given:
        if name not in load() or load()[name].kind == "key":
            raise MapFault(f"constants {name!r}")
    return {name: str(value) for name, value in given.items()}


def _recodes(given: Any) -> dict[str, tuple[str, Table]]:
    if not isinstance(given, dict):
        raise MapFault("columns")
    recodes: dict[str, tuple[str, Table]] = {}
    for source, entry in given.items():
        if not isinstance(entry, dict) or entry.get("target") not in load():
            raise MapFault(f"columns {source!r}")
        codes = entry.get("recode", {})
        if not isinstance(codes, dict):
            raise MapFault(f"columns {source!r} recode")
        recodes[entry["target"]] = (source, {str(k): str(v) for k, v in codes.items()})
    return recodes


def _names(given: Any) -> frozenset[str]:
    if (
        not isinstance(given, Sequence)
        or isinstance(given, str)
        or not all(isinstance(n, str) for n in given)
    ):
        raise MapFault("ignored")
    return frozenset(given)
