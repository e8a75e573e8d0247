"""Planned completion: one row per programme, dot with interval.

Words asked for: `programme`, `share`, `interval`, `axis_x`.
"""

from typing import Any

from analytics.disclosure import Released
from analytics.disclosure.shown import ShownCompletions
from analytics.figures.rows import DotPlot, Line, draw_lines, place_lines
from analytics.figures.text import Direction, FigureText


def draw(released: Released[ShownCompletions], text: FigureText, direction: Direction) -> dict[str, Any]:
    """Return the Plotly figure of planned completion as a plain dict."""
    return draw_lines(_lines(released), text, direction)


def place(
    released: Released[ShownCompletions], text: FigureText, direction: Direction, *, narrow: bool = False
) -> DotPlot:
    """Return the pixels of the same rows, for a page or for a phone."""
    return place_lines(_lines(released), text, direction, narrow=narrow)


def _lines(released: Released[ShownCompletions]) -> list[Line]:
    return [Line(row.programme, row.share) for row in released.value.programmes if row.share is not None]
