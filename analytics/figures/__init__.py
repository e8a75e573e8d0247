"""Drawings of released results. The only package that knows Plotly.

Every module has `draw`, which makes the plain dict {data, layout} that the browser draws, and `place`, which
makes the pixel positions that the server's SVG is printed from. Both take a released result first and show no
value that it does not hold. Words and formats come in by `FigureText`; colours are those of the light scheme.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from analytics.disclosure import Released, register_renderer
from analytics.disclosure.shown import (
    ShownComparison,
    ShownCompletenessSet,
    ShownCompletions,
    ShownCurves,
    ShownPointSets,
)
from analytics.figures import completeness, completion, funnel, points, retention
from analytics.figures.text import Direction, FigureText, isolated_line, isolated_token

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = [
    "Direction",
    "FigureText",
    "completeness",
    "completion",
    "funnel",
    "isolated_line",
    "isolated_token",
    "points",
    "retention",
]

Draw = Callable[[Any, FigureText, Direction], dict[str, Any]]


def _as_figure(draw: Draw) -> Callable[..., "go.Figure"]:
    def figure(released: Released[Any], text: FigureText, direction: Direction) -> "go.Figure":
        import plotly.graph_objects as go

        return go.Figure(draw(released, text, direction))

    return figure


register_renderer(ShownComparison, _as_figure(funnel.draw))
register_renderer(ShownCurves, _as_figure(retention.draw))
register_renderer(ShownPointSets, _as_figure(points.draw))
register_renderer(ShownCompletions, _as_figure(completion.draw))
register_renderer(ShownCompletenessSet, _as_figure(completeness.draw))
