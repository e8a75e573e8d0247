"""The data dictionary as frozen objects: variables, groups, code lists, with labels in three languages.

Versions are files in `portal/registry/data` and are never changed once published; a record is judged for
ever by the version it was entered under. Nothing here reads the database or judges a value.
"""

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"
CURRENT: Final = 1
LANGUAGES: Final = ("en", "ru", "fa")
NOT_APPLICABLE: Final = -4

Code = int | str


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in the three languages of the portal."""

    en: str
    ru: str
    fa: str

    def __getitem__(self, language: str) -> str:
        return str(getattr(self, language))


@dataclass(frozen=True, slots=True)
class Item:
    """A code of a list. `facts` are what rules and editions know of it (group, chapter, countries)."""

    code: Code
    label: Text
    facts: Mapping[str, Any]

    @property
    def profile_only(self) -> bool:
        """Arises from mapped files; never offered to a clinician."""
        return bool(self.facts.get("profile_only", False))

    def offered_in(self, country: str) -> bool:
        return not self.profile_only and country in self.facts.get("countries", (country,))


@dataclass(frozen=True, slots=True, eq=False)
class CodeList:
    """A list of codes. Two lists are the same only if they are one object, so a list can be a key."""

    name: str
    items: tuple[Item, ...]
    verified: bool

    def __getitem__(self, code: Code) -> Item:
        return next(item for item in self.items if item.code == code)

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(item.code for item in self.items)

    def where(self, fact: str, *values: Any) -> tuple[Code, ...]:
        return tuple(item.code for item in self.items if item.facts.get(fact) in values)


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the template and of the record. `name` is unique; `group` says what it belongs to."""

    name: str
    base: str
    group: str
    kind: str  # key, month, code, days, icd10
    required: str
    klass: str
    label: Text
    help: Text | None
    codes: CodeList | None
    low: int | None
    high: int | None
    allows_missing: bool
    default: int | None
    sensitive: bool
    requires_with: tuple[str, ...]

    @property
    def mandatory(self) -> bool:
        """Within its group, if the group is there at all."""
        return self.required.endswith("m")

    @property
    def stage(self) -> str:
        return self.required[0]


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that stand or fall together: a substance, a review, the discharge."""

    name: str
    base: str
    title: Text
    number: int | None
    variables: tuple[Variable, ...]

    @property
    def always(self) -> bool:
        return self.name in {"admission", "substance_1", "start"}


@dataclass(frozen=True, slots=True)
class Dictionary:
    version: int
    sha256: str
    groups: tuple[Group, ...]
    lists: Mapping[str, CodeList]
    missing: tuple[Item, ...]
    index: Mapping[str, Variable]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(variable for group in self.groups for variable in group.variables)

    @property
    def answers(self) -> tuple[Variable, ...]:
        """Every variable but the keys."""
        return tuple(variable for variable in self.variables if variable.kind != "key")

    def __getitem__(self, name: str) -> Variable:
        return self.index[name]

    def __contains__(self, name: object) -> bool:
        return name in self.index

    def group(self, name: str) -> Group:
        return next(group for group in self.groups if group.name == name)


def load(version: int = CURRENT) -> Dictionary:
    """The dictionary of a version; KeyError when there is none."""
    return _load(version)


@functools.cache
def _load(version: int) -> Dictionary:
    files = [DATA / f"{name}_v{version}.toml" for name in ("dictionary", "lists", "rules")]
    if not files[0].exists():
        raise KeyError(version)
    raw, lists = (tomllib.loads(path.read_text("utf-8")) for path in files[:2])
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    codes = {name: _list(name, body) for name, body in lists["list"].items()}
    groups = tuple(group for entry in raw["group"] for group in _groups(entry, raw["variable"], codes))
    missing = tuple(_item(entry) for entry in lists["missing"]["codes"])
    index = MappingProxyType({variable.name: variable for group in groups for variable in group.variables})
    return Dictionary(version, digest, groups, MappingProxyType(codes), missing, index)


def _groups(
    entry: dict[str, Any], variables: list[dict[str, Any]], lists: dict[str, CodeList]
) -> list[Group]:
    base = entry["name"]
    mine = [v for v in variables if v["group"] == base] + [v for v in variables if base in v.get("also", ())]
    return [
        Group(
            name := f"{base}_{number}" if number else base, base, _text(entry["title"]), number,
            tuple(_variable(raw, base, name, lists) for raw in mine),
        )
        for number in entry.get("repeat", [None])
    ]  # fmt: skip


def _variable(raw: dict[str, Any], base: str, group: str, lists: dict[str, CodeList]) -> Variable:
    prefixed = base in {"substance", "start", "review", "exit", "followup"}
    required = raw["required"] if base == raw["group"] else {"review": "Rm", "exit": "Dm"}[base]
    return Variable(
        name=f"{group}_{raw['name']}" if prefixed else raw["name"], base=raw["name"], group=group,
        kind=raw["kind"], required=required, klass=raw["class"], label=_text(raw["label"]),
        help=_text(raw["help"]) if "help" in raw else None, codes=lists.get(raw.get("list", "")),
        low=raw.get("min"), high=raw.get("max"),
        allows_missing=raw.get("missing", raw["kind"] != "key"), default=raw.get("default"),
        sensitive=raw.get("sensitive", False), requires_with=tuple(raw.get("requires_with", ())),
    )  # fmt: skip


def _list(name: str, body: dict[str, Any]) -> CodeList:
    return CodeList(name, tuple(_item(entry) for entry in body["codes"]), body.get("verified", True))


def _item(entry: dict[str, Any]) -> Item:
    facts = {key: value for key, value in entry.items() if key not in {"code", *LANGUAGES}}
    return Item(entry["code"], _text(entry), MappingProxyType(facts))


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(entry["en"], entry["ru"], entry["fa"])
