"""Conditions and formulas of the dictionary as expressions, and the columns that they read."""

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portal.registry.dictionary import load
from portal.registry.rules.language import compile_rule
from portal.registry.rules.symbols import CONTEXT, answer, context_column, symbols_of

if TYPE_CHECKING:
    import polars as pl


@functools.cache
def compiled(version: int, text: str) -> "pl.Expr":
    """A condition or formula as an expression; a bare number is itself."""
    import polars as pl

    made = compile_rule(text, symbols_of(version))
    return made if isinstance(made, pl.Expr) else pl.lit(made)


@functools.cache
def roots_of(version: int, formula: str) -> tuple[str, ...]:
    """Columns of a formula in the order in which it names them."""
    names = re.findall(r"\b[a-z]\w*\b", formula)
    return tuple(name for name in names if name in load(version).index)


def readable_frame(
    frame: "pl.DataFrame", version: int, expressions: list["pl.Expr"], context: Mapping[str, Any]
) -> "pl.DataFrame":
    """The columns that expressions read, missing codes as null, with what they ask of the programme."""
    import polars as pl

    names = sorted({name for e in expressions for name in e.meta.root_names()})
    own = [answer(frame, name) for name in names if name in load(version).every]
    made = frame.select([*own, *(context_column(context.get(n), n) for n in CONTEXT if n in names)])
    if made.height == frame.height:
        return made
    return pl.concat([made] * frame.height) if made.width else pl.DataFrame({"_": [0] * frame.height})
