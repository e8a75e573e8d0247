"""Where each variable is entered, checked and handed on, read from the code that does it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from portal.registry.dictionary import (
    DERIVED,
    ENTERED,
    EPISODE,
    PORTAL,
    TRANSIENT,
    Dictionary,
    Variable,
    load,
)
from portal.registry.exports.codebook.chapters import standards_of
from portal.registry.rules.catalogue import all_rules
from portal.registry.rules.verdicts import reads

WAYS: Final = {
    ENTERED: "file, interface",
    PORTAL: "given by the portal",
    TRANSIENT: "file, interface; not kept",
    DERIVED: "derived",
}
DECLARED: Final = "declared"


@dataclass(frozen=True, slots=True)
class Covered:
    """One variable of the specification, with the columns that ask it."""

    name: str
    record: str
    columns: tuple[str, ...]
    entered: str
    checked: str
    handed_on: str


def coverage(version: int, *, asked: Collection[str], published: Collection[str]) -> list[Covered]:
    """A row for each variable. `asked` are columns of forms, `published` those that editions read."""
    dictionary = load(version)
    found: dict[tuple[str, str, str], list[Variable]] = {}
    for record, groups in dictionary.records.items():
        for group in groups:
            for variable in (v for v in (*group.variables, *group.others) if not v.is_week):
                found.setdefault((record, group.base, variable.base), []).append(variable)
    places = _Places(dictionary, _rules_by_name(version), asked, published)
    return [_covered(record, base, same, places) for (record, base, _), same in found.items()]


@dataclass(frozen=True, slots=True)
class _Places:
    """What is known of columns outside the dictionary."""

    dictionary: Dictionary
    rules: Mapping[str, list[str]]
    asked: Collection[str]
    published: Collection[str]


def _covered(record: str, base: str, same: list[Variable], places: _Places) -> Covered:
    variable, names = same[0], tuple(v.name for v in same)
    rules = sorted({rule for name in names for rule in places.rules.get(name, ())})
    entered = WAYS[variable.source] if record == EPISODE else DECLARED
    if any(name in places.asked for name in names):
        entered = f"form, {entered}"
    name = f"{base}: {variable.base}" if variable.name != variable.base else variable.base
    checked = ", ".join([_field_check(variable), *rules])
    return Covered(name, record, names, entered, checked, _handed_on(variable, base, names, places))


def _field_check(variable: Variable) -> str:
    if variable.source == DERIVED:
        return "formula"
    if variable.codes is not None:
        return "codes"
    return "range" if variable.low is not None else "shape"


def _handed_on(variable: Variable, base: str, names: tuple[str, ...], places: _Places) -> str:
    said = [*standards_of(variable, base, places.dictionary.version)]
    if any(name in places.published for name in names):
        said.append("editions")
    if variable.source == TRANSIENT:
        said = [f"as {variable.into}"]
    if variable.sensitive:
        said.append("never in a snapshot")
    return ", ".join(said) or "codebook, own record"


def _rules_by_name(version: int) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for rule in all_rules(version):
        for name in reads(rule):
            named.setdefault(name, []).append(rule.id)
    return named
