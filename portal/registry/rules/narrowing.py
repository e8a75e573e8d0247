"""A rule cut down to the answers that a frame has: what is nowhere is unknown, and unknown parts fall away.

The result says exactly what the whole rule would say with those columns empty. Most of a rule about repeated
groups is about groups that no row has; a rule that falls away wholly costs nothing.
"""

import ast
from collections.abc import Callable, Container
from typing import Any, Final

MISSING: Final = object()


def narrowed(node: ast.expr, absent: Container[str]) -> ast.expr:
    """The rule with every absent answer as unknown; a Constant where nothing is left to ask."""
    return _Narrower(absent).fold(node)


class _Narrower:
    """`truth` is set where unknown and false come to the same."""

    def __init__(self, absent: Container[str]) -> None:
        self.absent = absent

    def fold(self, node: ast.expr, *, truth: bool = False) -> ast.expr:
        made = self._fold(node, truth)
        return ast.Constant(value=False) if truth and _value(made) is None else made

    def _fold(self, node: ast.expr, truth: bool) -> ast.expr:  # noqa: FBT001 # private
        if isinstance(node, ast.Name):
            return ast.Constant(value=None) if node.id in self.absent else node
        if isinstance(node, ast.BoolOp):
            return self._connect(node, truth=truth)
        if isinstance(node, ast.UnaryOp):
            return self._negate(node)
        if isinstance(node, ast.Compare):
            sides = [self.fold(side) for side in (node.left, *node.comparators)]
            return _unknown_if_any(sides, ast.Compare(sides[0], node.ops, sides[1:]))
        if isinstance(node, ast.BinOp):
            left, right = self.fold(node.left), self.fold(node.right)
            return _unknown_if_any([left, right], ast.BinOp(left, node.op, right))
        return self._call(node) if isinstance(node, ast.Call) else node

    def _connect(self, node: ast.BoolOp, *, truth: bool) -> ast.expr:
        """And ends at a false part, or at a true one; the others fall away."""
        ends = isinstance(node.op, ast.Or)
        parts = [self.fold(part, truth=truth) for part in node.values]
        if any(_value(part) is ends for part in parts):
            return ast.Constant(value=ends)
        left = [part for part in parts if _value(part) is not (not ends)]
        unknown = [part for part in left if _value(part) is None]
        left = [part for part in left if _value(part) is not None] + unknown[:1]
        if not left:
            return ast.Constant(value=not ends)
        return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)

    def _negate(self, node: ast.UnaryOp) -> ast.expr:
        made = self.fold(node.operand)
        if _value(made) is None:
            return made
        if isinstance(node.op, ast.Not) and isinstance(_value(made), bool):
            return ast.Constant(value=not _value(made))
        return ast.UnaryOp(node.op, made)

    def _call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        truth = name in {"some", "count"}
        args = [self.fold(arg, truth=truth) for arg in node.args]
        if name == "where":
            args[1] = self.fold(node.args[1], truth=True)
        fold = FOLDS.get(name)
        return fold(node.func, args) if fold else ast.Call(node.func, args, [])


def _value(node: ast.expr) -> Any:
    return node.value if isinstance(node, ast.Constant) else MISSING


def _unknown_if_any(parts: list[ast.expr], otherwise: ast.expr) -> ast.expr:
    return ast.Constant(value=None) if any(_value(part) is None for part in parts) else otherwise


def _some(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    if any(_value(arg) is True for arg in args):
        return ast.Constant(value=True)
    left = [arg for arg in args if _value(arg) is not False]
    return ast.Call(func, left, []) if left else ast.Constant(value=False)


def _ever(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    """With one part that is surely false, only a true one still matters."""
    left = [arg for arg in args if _value(arg) is not None]
    if not left:
        return ast.Constant(value=None)
    if any(isinstance(_value(arg), bool) for arg in left):
        return _some(ast.Name("some", ast.Load()), left)
    return left[0] if len(left) == 1 else ast.Call(func, left, [])


def _known_ones(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    left = [arg for arg in args if _value(arg) is not None]
    return ast.Call(func, left, []) if left else ast.Constant(value=None)


def _all_known(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    return _unknown_if_any(args, ast.Call(func, args, []))


def _count(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    left = [arg for arg in args if _value(arg) is not False]
    return ast.Call(func, left, []) if left else ast.Constant(value=0)


def _presence(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    return ast.Constant(value=False) if _value(args[0]) is None else ast.Call(func, args, [])


def _where(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    return ast.Constant(value=0) if _value(args[1]) is False else ast.Call(func, args, [])


def _same(func: ast.expr, args: list[ast.expr]) -> ast.expr:
    known = [arg for arg in args if _value(arg) is not None]
    if len(known) == len(args):
        return ast.Call(func, args, [])
    if not known:
        return ast.Constant(value=True)
    return ast.UnaryOp(ast.Not(), ast.Call(ast.Name("known", ast.Load()), known, []))


FOLDS: Final[dict[str, Callable[[ast.expr, list[ast.expr]], ast.expr]]] = {
    "some": _some,
    "ever": _ever,
    "count": _count,
    "most": _known_ones,
    "least": _known_ones,
    "first": _known_ones,
    "sum": _all_known,
    "given": _presence,
    "known": _presence,
    "where": _where,
    "same": _same,
}
