"""The small language of the rules, compiled to polars: names, comparisons, `in`, and/or/not, a few functions.

Unknown stays unknown (Kleene logic): an answer that is empty or a missing code makes a comparison null. Every
function has a value for all arguments: no record makes a rule fail.
"""

import ast
import functools
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import polars as pl

COMPARE: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
CONNECT: Final[dict[type, Callable[[Any, Any], Any]]] = {ast.And: operator.and_, ast.Or: operator.or_}


class NotARule(ValueError):
    """A rule file says something that the language has no word for."""


def names_of(text: str) -> set[str]:
    """Every name that an expression mentions, functions left out."""
    return names_in(ast.parse(text, mode="eval").body)


def names_in(tree: ast.expr) -> set[str]:
    """Every name that an expression mentions, functions left out."""
    called = {_column(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - called


def compile_rule(text: str | ast.expr, symbols: Mapping[str, Any]) -> "pl.Expr":
    """The expression. `symbols` gives constants and sets; every other name is a column."""
    return _Compiler(symbols).visit(ast.parse(text, mode="eval").body if isinstance(text, str) else text)


class _Compiler:
    def __init__(self, symbols: Mapping[str, Any]) -> None:
        self.symbols = symbols

    def visit(self, node: ast.AST) -> Any:
        visitor = getattr(self, f"_{type(node).__name__.lower()}", None)
        if visitor is None:
            raise NotARule(ast.dump(node))
        return visitor(node)

    def _name(self, node: ast.Name) -> Any:
        import polars as pl

        return self.symbols[node.id] if node.id in self.symbols else pl.col(node.id)

    def _constant(self, node: ast.Constant) -> Any:
        import polars as pl

        return pl.lit(node.value, dtype=pl.Boolean) if node.value is None else node.value

    def _list(self, node: ast.List) -> list[Any]:
        return [self.visit(element) for element in node.elts]

    def _boolop(self, node: ast.BoolOp) -> "pl.Expr":
        return functools.reduce(CONNECT[type(node.op)], [self.visit(value) for value in node.values])

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.visit(node.operand)
        return ~value if isinstance(node.op, ast.Not) else -value

    def _binop(self, node: ast.BinOp) -> "pl.Expr":
        return ARITHMETIC[type(node.op)](self.visit(node.left), self.visit(node.right))

    def _compare(self, node: ast.Compare) -> "pl.Expr":
        if len(node.ops) != 1:
            raise NotARule(ast.dump(node))
        left, right = self.visit(node.left), self.visit(node.comparators[0])
        if isinstance(node.ops[0], ast.In):
            return _among(left, sorted(right))
        return COMPARE[type(node.ops[0])](left, right)

    def _call(self, node: ast.Call) -> "pl.Expr":
        function = FUNCTIONS.get(_column(node.func))
        if function is None:
            raise NotARule(ast.dump(node))
        return function(self, node.args)

    def some(self, args: list[ast.expr]) -> "pl.Expr":
        return self._either(args).fill_null(value=False)

    def _either(self, args: list[ast.expr]) -> "pl.Expr":
        parts = [self.visit(arg) for arg in args]
        return functools.reduce(operator.or_, parts)

    def ever(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        return pl.coalesce([self._either(args), *(self.visit(arg) for arg in args)])

    def count(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        parts = [self.visit(arg).fill_null(value=False).cast(pl.Int16) for arg in args]
        return functools.reduce(operator.add, parts)

    def given(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        return pl.col(f"given_{_column(args[0])}")

    def known(self, args: list[ast.expr]) -> "pl.Expr":
        return self.visit(args[0]).is_not_null()

    def most(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        return pl.max_horizontal([self.visit(arg) for arg in args])

    def least(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        return pl.min_horizontal([self.visit(arg) for arg in args])

    def sum(self, args: list[ast.expr]) -> "pl.Expr":
        return functools.reduce(operator.add, [self.visit(arg) for arg in args])

    def first(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        return pl.coalesce([self.visit(arg) for arg in args])

    def same(self, args: list[ast.expr]) -> "pl.Expr":
        return self.visit(args[0]).eq_missing(self.visit(args[1]))

    def where(self, args: list[ast.expr]) -> "pl.Expr":
        import polars as pl

        return pl.when(self.visit(args[1])).then(self.visit(args[0])).otherwise(0)


FUNCTIONS: Final[dict[str, Callable[[_Compiler, list[ast.expr]], "pl.Expr"]]] = {
    name: getattr(_Compiler, name)
    for name in ("some", "ever", "count", "given", "known", "same", "most", "least", "sum", "first", "where")
}
MEANINGS: Final[dict[str, str]] = {
    "some": "true if any argument is true, else false: unknown counts as no",
    "ever": "true if any argument is true, unknown if all are unknown, else false",
    "count": "how many arguments are true",
    "given": "something was entered, be it a missing code",
    "known": "there is an answer that is no missing code",
    "same": "equal, or both unknown",
    "most": "the largest of the known arguments",
    "least": "the smallest of the known arguments",
    "sum": "the sum, unknown if any argument is",
    "first": "the first argument that is known",
    "where": "where(x, c): x if c is true, else 0",
    "over": "inside a function, over(group, x): x for every repetition of the group, by its short names",
    "alike": "alike(a, b): b was made, and every item of both groups is the same in both",
}


def _among(value: "pl.Expr", codes: list[int]) -> "pl.Expr":
    """Membership as ranges of neighbouring codes: two comparisons are cheaper than a hash table."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    result = None
    for low, high in ranges:
        part = value == low if low == high else value.is_between(low, high)
        result = part if result is None else result | part
    if result is None:
        raise NotARule("empty set")
    return result


def _column(node: ast.expr) -> str:
    if not isinstance(node, ast.Name):
        raise NotARule(ast.dump(node))
    return node.id
