"""Rules written once for repeated groups, written out: `over(review, day > 3)` names every review's own day.

What comes out uses columns and the plain functions of the language only, so that it can be run elsewhere.
"""

import ast
import copy
import functools
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from portal.registry.dictionary import Dictionary, Variable, load
from portal.registry.rules.catalogue import raw
from portal.registry.rules.coding import encode_month
from portal.registry.rules.language import NotARule

ASSESSMENTS: Final = ("start", "review", "exit", "followup")
MAIN_TREATMENT: Final = {
    "code": "modality", "start_day": "modality_start_day", "end_day": "modality_end_day",
    "dose": "modality_dose", "last_depot_day": "last_depot_day", "interval": "depot_interval_days",
}  # fmt: skip
NOT_ITEMS: Final = frozenset({"day", "stage", "mode", "status", "days"})
RETIRED: Final = "RETIRED"

Span = tuple[Mapping[str, str], ...]  # of each repetition: short names and the columns that they stand for


def expanded(text: str, version: int) -> ast.expr:
    """The expression with definitions, groups and likenesses written out."""
    return _Writer(version).visit(ast.parse(text, mode="eval").body)


@functools.cache
def spans(version: int) -> Mapping[str, Span]:
    """What `over` can go through."""
    dictionary = load(version)
    found: dict[str, list[Mapping[str, str]]] = {}
    for group in dictionary.groups:
        found.setdefault(group.base, []).append({v.base: v.name for v in _members(dictionary, group.name)})
    main = {short: name for short, name in MAIN_TREATMENT.items() if name in dictionary}
    found["treatment"] = [main, *found.get("modality", [])]
    found["assessment"] = [names for base in ASSESSMENTS for names in found.get(base, [])]
    found["weekly"] = [_weeks(v, dictionary) for v in dictionary.variables if f"{v.name}_w1" in dictionary]
    return MappingProxyType({name: tuple(items) for name, items in found.items()})


def _members(dictionary: Dictionary, group: str) -> list[Variable]:
    return [variable for variable in dictionary.index.values() if variable.group == group]


def _weeks(variable: Variable, dictionary: Dictionary) -> dict[str, str]:
    weeks = {f"w{week}": f"{variable.name}_w{week}" for week in (1, 2, 3, 4)}
    return {short: name for short, name in weeks.items() if name in dictionary} | {"total": variable.name}


@functools.cache
def definitions(version: int) -> Mapping[str, str]:
    """Names that stand for an expression: those of the rule file, and the codes that were retired."""
    return MappingProxyType({**raw(version).get("define", {}), RETIRED: _retired(load(version))})


def _retired(dictionary: Dictionary) -> str:
    """A code is retired at the end of the month that its list gives as `until`."""
    parts = [
        f"({variable.name} == {item.number} and admission_month > {encode_month(item.facts['until'])})"
        for variable in dictionary.answers
        for item in (variable.codes.items if variable.codes else ())
        if item.facts.get("until")
    ]
    return f"ever({', '.join(parts)})" if parts else "admission_month < 0"


class _Writer(ast.NodeTransformer):
    def __init__(self, version: int) -> None:
        self.version = version

    def visit_Name(self, node: ast.Name) -> ast.expr:
        text = definitions(self.version).get(node.id)
        return node if text is None else expanded(text, self.version)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if _called(node) == "alike":
            return self._alike(*(_name(arg) for arg in node.args))
        args = [made for arg in node.args for made in self._arguments(arg)]
        return ast.Call(node.func, args, [])

    def _arguments(self, arg: ast.expr) -> Iterator[ast.expr]:
        if isinstance(arg, ast.Call) and _called(arg) == "over":
            for names in spans(self.version)[_name(arg.args[0])]:
                yield self.visit(_Renamer(names).visit(copy.deepcopy(arg.args[1])))
        else:
            yield self.visit(arg)

    def _alike(self, first: str, second: str) -> ast.expr:
        """Every item that both groups share is the same in both."""
        one, two = (self._items(group) for group in (first, second))
        shared = [short for short in one if short in two and short not in NOT_ITEMS]
        same = [f"same({one[short]}, {two[short]})" for short in shared]
        text = " and ".join([f"known({two['day']})", *same])
        return ast.parse(text, mode="eval").body

    def _items(self, group: str) -> dict[str, str]:
        return {v.base: v.name for v in load(self.version).group(group).variables}


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _name(node: Any) -> str:
    if not isinstance(node, ast.Name):
        raise NotARule(ast.dump(node))
    return node.id
