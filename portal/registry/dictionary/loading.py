"""The files of a version, read once into frozen objects."""

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from portal.registry.dictionary.shapes import (
    DERIVED,
    ENTERED,
    EPISODE,
    LANGUAGES,
    SUM_OF_WEEKS,
    TRANSIENT,
    CodeList,
    Dictionary,
    Group,
    Item,
    Text,
    Variable,
)

DATA: Final = Path(__file__).parent.parent / "data"
CURRENT: Final = 1
NOT_APPLICABLE: Final = -4
WEEKS: Final = (1, 2, 3, 4)
MOST_IN_A_WEEK: Final = 7
PREFIXED: Final = ("modality", "substance", "start", "review", "exit", "followup")
ALWAYS: Final = ("admission", "substance_1", "start")
STAGES: Final = {"start": "A", "review": "R", "exit": "D", "followup": "F"}
STAGE_CODES: Final = {"start": 1, "review": 2, "exit": 3, "followup": 4}
NAME: Final = re.compile(r"\b[a-z]\w*")


def load(version: int = CURRENT) -> Dictionary:
    """The dictionary of a version; KeyError when there is none."""
    return _load(version)


def versions() -> tuple[int, ...]:
    """Every version that there is, the first one first."""
    return tuple(sorted(int(path.stem.rpartition("_v")[2]) for path in DATA.glob("dictionary_v*.toml")))


@functools.cache
def _load(version: int) -> Dictionary:
    files = [DATA / f"{name}_v{version}.toml" for name in ("dictionary", "lists", "rules")]
    if not files[0].exists():
        raise KeyError(version)
    raw, lists = (tomllib.loads(path.read_text("utf-8")) for path in files[:2])
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    codes = {name: _list(name, body) for name, body in lists["list"].items()}
    groups = [group for entry in raw["group"] for group in _groups(entry, raw["variable"], codes)]
    episode = tuple(group for group in groups if group.record == EPISODE)
    records = {group.record: tuple(g for g in groups if g.record == group.record) for group in groups}
    missing = tuple(_item(entry) for entry in lists["missing"]["codes"])
    every = {v.name: v for group in episode for v in (*group.variables, *group.others)}
    index = {name: v for name, v in every.items() if v.source in {ENTERED, TRANSIENT}}
    return Dictionary(
        version, digest, raw["since"], episode, MappingProxyType(records), MappingProxyType(codes), missing,
        MappingProxyType(index), MappingProxyType(every),
    )  # fmt: skip


def _groups(
    entry: dict[str, Any], variables: list[dict[str, Any]], lists: dict[str, CodeList]
) -> list[Group]:
    base = entry["name"]
    own = [v for v in variables if v["group"] == base] + [v for v in variables if base in v.get("also", ())]
    entry = entry | {"own": {v["name"] for v in own}}
    return [_group(entry, number, own, lists) for number in entry.get("repeat", [None])]


def _group(
    entry: dict[str, Any], number: int | None, own: list[dict[str, Any]], lists: dict[str, CodeList]
) -> Group:
    base = entry["name"]
    name = f"{base}_{number}" if number else base
    made = [_variable(raw, entry, name, lists) for raw in own]
    weekly = [part for raw, v in zip(own, made, strict=True) if raw.get("weekly") for part in _weeks(v)]
    record = entry.get("record", EPISODE)
    return Group(
        name, base, _text(entry["title"]), number,
        tuple(v for v in made if v.source == ENTERED),
        (*(v for v in made if v.source != ENTERED), *weekly),
        entry.get("always", name in ALWAYS), record, entry.get("storage", record),
    )  # fmt: skip


def _variable(raw: dict[str, Any], entry: dict[str, Any], group: str, lists: dict[str, CodeList]) -> Variable:
    base, shared = entry["name"], entry["name"] in raw.get("also", ())
    within = {"name": raw["name"], "into": raw.get("into", "")}
    if base in PREFIXED:
        within = {key: f"{group}_{value}" if value else "" for key, value in within.items()}
    conditions = (entry.get("items_if", "") if shared else "", raw.get("asked_if", ""))
    source = raw.get("source", ENTERED)
    return Variable(
        name=within["name"], base=raw["name"], group=group,
        kind=raw["kind"], required=_required(raw, base), klass=raw["class"], label=_text(raw["label"]),
        help=_text(raw["help"]) if "help" in raw else None, codes=lists.get(raw.get("list", "")),
        low=raw.get("min"), high=raw.get("max"),
        allows_missing=raw.get("missing", raw["kind"] != "key"), default=raw.get("default"),
        sensitive=raw.get("sensitive", False), requires_with=tuple(raw.get("requires_with", ())),
        source=source, into=within["into"], formula=_formula(raw, group, entry),
        otherwise=_named(raw.get("otherwise", ""), group, entry),
        stored=raw.get("stored", source not in {DERIVED, TRANSIENT}),
        asked_if=_named(_both(conditions), group, entry),
        countries=tuple(raw.get("countries", ())), may_not_apply=raw.get("may_not_apply", False),
        unverified=tuple(raw.get("unverified", ())),
    )  # fmt: skip


def _required(raw: dict[str, Any], base: str) -> str:
    own: str = raw["required"]
    return own if base == raw["group"] else STAGES[base] + own[1:]


def _both(conditions: Iterable[str]) -> str:
    given = [condition for condition in conditions if condition]
    return " and ".join(f"({condition})" for condition in given) if len(given) > 1 else "".join(given)


def _formula(raw: dict[str, Any], group: str, entry: dict[str, Any]) -> str:
    text = str(raw.get("formula", ""))
    text = text.replace("stage of the group", str(STAGE_CODES.get(entry["name"], "")))
    text = text.replace("number of the group", group.rpartition("_")[2])
    return _named(text, group, entry)


def _named(text: str, group: str, entry: dict[str, Any]) -> str:
    """An expression with the short names of its own group written out."""
    own = entry["own"] if entry["name"] in PREFIXED else ()
    return NAME.sub(lambda m: f"{group}_{m[0]}" if m[0] in own else m[0], text)


def _weeks(variable: Variable) -> list[Variable]:
    """The four optional inputs whose sum is an answer about 28 days."""
    return [
        replace(
            variable, name=f"{variable.name}_w{week}", base=f"{variable.base}_w{week}", high=MOST_IN_A_WEEK,
            label=_of_week(variable.label, week),
            required=variable.required[0] + "o", source=TRANSIENT, into=variable.name,
            formula=SUM_OF_WEEKS, stored=False, allows_missing=False,
        )
        for week in WEEKS
    ]  # fmt: skip


def _of_week(label: Text, week: int) -> Text:
    persian = "۰۱۲۳۴"[week]
    return Text(f"{label.en}: week {week}", f"{label.ru}: неделя {week}", f"{label.fa}: هفتهٔ {persian}")


def _list(name: str, body: dict[str, Any]) -> CodeList:
    return CodeList(name, tuple(_item(entry) for entry in body["codes"]), body.get("verified", True))


def _item(entry: dict[str, Any]) -> Item:
    facts = {key: value for key, value in entry.items() if key not in {"code", *LANGUAGES}}
    return Item(entry["code"], _text(entry), MappingProxyType(facts))


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(entry["en"], entry["ru"], entry["fa"])
