"""The rules of a version as frozen objects, and the messages of faults in single cells."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from portal.registry.dictionary import CURRENT, DATA, Text

# Substances by what rules ask of them, from the facts of the code list.
OPIOIDS: Final = ("heroin", "opium", "other_opioid")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `broken` is its expression; `needs` are answers without which it is not evaluable.

    `basis` says where it comes from, `since` in which version it came, `effect` what follows from it beside
    its severity; `unverified` names the values in it that nobody confirmed yet.
    """

    id: str
    severity: str
    scope: str
    fields: tuple[str, ...]
    broken: str
    needs: tuple[str, ...]
    message: Text
    hint: Text
    version: int
    basis: str = ""
    since: int = 1
    effect: str = ""
    unverified: tuple[str, ...] = ()

    @property
    def message_key(self) -> str:
        return f"registry.rule.{self.id}"


@dataclass(frozen=True, slots=True)
class Message:
    """What a fault of a cell or a file means and what to do about it."""

    text: Text
    hint: Text
    severity: str = "E"


@functools.cache
def all_rules(version: int = CURRENT) -> tuple[Rule, ...]:
    return tuple(_rule(entry, version) for entry in raw(version)["rule"])


@functools.cache
def counted(version: int = CURRENT) -> frozenset[str]:
    """Rules that count for a whole file what they find, instead of noting it row by row."""
    return frozenset(rule.id for rule in all_rules(version) if rule.effect == "count")


@functools.cache
def raw(version: int) -> Mapping[str, Any]:
    text = (DATA / f"rules_v{version}.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


@functools.cache
def field_messages() -> Mapping[str, Message]:
    """Messages by code: TYPE, RANGE, CODE, EMPTY, GROUP, DUPKEY, …; texts may hold %(placeholders)s."""
    entries = tomllib.loads((DATA / "report_v1.toml").read_text("utf-8"))["message"]
    return MappingProxyType(
        {
            code: Message(_text(entry["text"]), _text(entry["hint"]), entry.get("severity", "E"))
            for code, entry in entries.items()
        }
    )


def _rule(entry: Mapping[str, Any], version: int) -> Rule:
    return Rule(
        entry["id"], entry["severity"], entry["scope"], tuple(entry["fields"]), entry["broken"],
        tuple(entry.get("needs", ())), _text(entry["message"]), _text(entry["hint"]), version,
        entry.get("basis", ""), entry.get("since", 1), entry.get("effect", ""),
        tuple(entry.get("unverified", ())),
    )  # fmt: skip


def _text(entry: Mapping[str, str]) -> Text:
    return Text(entry["en"], entry["ru"], entry["fa"])
