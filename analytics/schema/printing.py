"""Results as plain values for JSON and as lines and tables for people."""

from __future__ import annotations

import math
from typing import Any

Plain = Any


def plain(value: Any) -> Plain:
    """Python's own types with text keys; what is not estimable becomes None.

    Examples
    --------
    >>> plain({1: [float("nan"), 0.5]})
    {'1': [None, 0.5]}
    """
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def readable(result: dict[str, Any], depth: int = 0) -> str:
    """Single values as lines, equal rows as one aligned table.

    Examples
    --------
    >>> print(readable({"n": 3, "terms": {"a": {"coef": 1.0, "se": 0.25}, "b": {"coef": -2.0, "se": None}}}))
    n: 3
    terms:
      name  coef    se
      a        1  0.25
      b       -2     –
    """
    pad = "  " * depth
    if _is_table(result):
        return _table(result, pad)
    lines = []
    for key, value in result.items():
        if isinstance(value, dict) and value:
            lines += [f"{pad}{key}:", readable(value, depth + 1)]
        else:
            lines.append(f"{pad}{key}: {_shown(value)}")
    return "\n".join(lines)


def _is_table(result: dict[str, Any]) -> bool:
    rows = list(result.values())
    if not all(isinstance(row, dict) and row for row in rows) or not rows:
        return False
    return all(
        row.keys() == rows[0].keys() and not any(_nested(cell) for cell in row.values()) for row in rows
    )


def _nested(cell: Any) -> bool:
    return isinstance(cell, dict) and any(isinstance(inner, dict) for inner in cell.values())


def _table(rows: dict[str, Any], pad: str) -> str:
    heads = ["name", *next(iter(rows.values()))]
    cells = [heads, *([name, *map(_shown, row.values())] for name, row in rows.items())]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(pad + _line(row, widths) for row in cells)


def _line(row: list[str], widths: list[int]) -> str:
    first = row[0].ljust(widths[0])
    rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join([first, *rest]).rstrip()


def _shown(value: Any) -> str:
    if value is None or value == {}:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
