"""What a figure is told about language: words, formats, names, direction. No sentence is made here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_RIGHT_TO_LEFT, _LEFT_TO_RIGHT, _END = "\u2067", "\u2066", "\u2069"


class Direction(StrEnum):
    """Direction of the reader's language."""

    LTR = "ltr"
    RTL = "rtl"


@dataclass(frozen=True, slots=True)
class FigureText:
    """Words and formats of one figure in one language.

    Parameters
    ----------
    number : callable (value, decimals) -> str
        Writes a number with the digits and separators of the language.
    percent : callable (share, decimals) -> str
        Writes a share of 1 as a percentage.
    words : mapping of key to str
        Labels by key, isolated by `isolated_line` where the language runs right to left: `programme`,
        `axis_x`, `axis_y`, `at_least`, …; each module names those it asks for.
    names : mapping of code to str
        Names of programmes that agreed to be named; others are shown by their code.
    own : frozenset of str
        Codes of the reader's own programmes.
    """

    number: Callable[[float, int], str]
    percent: Callable[[float, int], str]
    words: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def name(self, code: str) -> str:
        """Return what a programme is called: its name, or its code as a left-to-right token."""
        return self.names.get(code) or isolated_token(code)


def isolated_line(text: str, direction: Direction) -> str:
    """Wrap a line of a right-to-left language, so that Plotly and SVG keep its order.

    Examples
    --------
    >>> isolated_line("هفته", Direction.RTL) == "\\u2067هفته\\u2069"
    True
    >>> isolated_line("week", Direction.LTR)
    'week'
    """
    return f"{_RIGHT_TO_LEFT}{text}{_END}" if direction is Direction.RTL else text


def isolated_token(text: str) -> str:
    """Wrap a value, range or code, so that it reads left to right inside any line."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def hover(pairs: list[tuple[str, str]], direction: Direction) -> str:
    """Return one line per (label, value); the value reads left to right."""
    lines = (isolated_line(f"{label}: {isolated_token(value)}", direction) for label, value in pairs)
    return "<br>".join(lines)
