"""Funnel plot of observed/expected with limits at 95 % and 99.8 %.

A diamond with its name lies beyond the outer limits; a hollow one lies between the two.
Limits that allow for variation between programmes are dashed. They are drawn and named, and mark nobody:
over-dispersion can hide a real difference.

Words asked for: `programme`, `ratio`, `observed`, `expected`, `axis_x`, `axis_y`.
"""

import math
from dataclasses import dataclass
from typing import Any

from analytics.disclosure import Released
from analytics.disclosure.shown import ShownCompared, ShownComparison, ShownLimitAt
from analytics.figures import theme
from analytics.figures.frame import NARROW, Frame
from analytics.figures.text import Direction, FigureText, hover

INNER = 0.95
_NAME_WIDTH = 56
_LEVELS = ((0.998, "l998", "solid"), (INNER, "l95", "dot"))


@dataclass(frozen=True, slots=True)
class Point:
    """One programme of the drawing; its name stands `before` it where there is no room behind."""

    x: float
    y: float
    out: bool
    between: bool
    own: bool
    name: str
    title: str
    before: bool


@dataclass(frozen=True, slots=True)
class FunnelPlot:
    """Pixels of the server's funnel plot."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    mean: float
    limits: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str


def shown_rows(released: Released[ShownComparison]) -> list[ShownCompared]:
    """Return the programmes that have a ratio to draw."""
    return [row for row in released.value.programmes if row.ratio is not None and row.precision is not None]


def has_adjusted(released: Released[ShownComparison]) -> bool:
    """Return whether limits that allow for variation between programmes are drawn."""
    return any(dash == "dash" and pairs for _, dash, pairs in _limit_lines(released.value))


def is_outside(level: float | None) -> bool:
    """Return whether a point lies beyond the outer limits, given the level it has passed."""
    return level is not None and level > INNER


def draw(released: Released[ShownComparison], text: FigureText, direction: Direction) -> dict[str, Any]:
    """Return the Plotly figure of a funnel as a plain dict."""
    frame = _frame(released)
    low, high = frame.x_range
    x_ticks, y_ticks = theme.log_ticks(low, high), theme.nice_ticks(*frame.y_range)
    axis = {"type": "log", "range": [math.log10(low), math.log10(high)]}
    return {
        "data": [*_limit_traces(released), *_point_traces(released, text, direction)],
        "layout": theme.layout(
            direction,
            xaxis=theme.x_axis(
                **axis,
                tickvals=x_ticks,
                ticktext=[text.number(tick, 0) for tick in x_ticks],
                title={"text": text.words["axis_x"], "standoff": 12},
            ),
            yaxis=theme.y_axis(
                tickvals=y_ticks,
                ticktext=[text.number(tick, _decimals(y_ticks)) for tick in y_ticks],
                range=list(frame.y_range),
            ),
            shapes=[theme.line(1.0)],
        ),
    }


def place(
    released: Released[ShownComparison], text: FigureText, direction: Direction, *, narrow: bool = False
) -> FunnelPlot:
    """Return the pixels of the same plot, for a page or for a phone."""
    frame = _frame(released, narrow=narrow)
    y_ticks = theme.nice_ticks(*frame.y_range)
    decimals = _decimals(y_ticks)
    return FunnelPlot(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        mean=frame.y(1.0),
        limits=tuple(
            (name, frame.polyline(pairs)) for name, _, pairs in _limit_lines(released.value) if pairs
        ),
        points=tuple(_point(row, frame, text, direction) for row in shown_rows(released)),
        x_ticks=tuple((frame.x(tick), text.number(tick, 0)) for tick in theme.log_ticks(*frame.x_range)),
        y_ticks=tuple((frame.y(tick), text.number(tick, decimals)) for tick in y_ticks),
        x_title=text.words["axis_x"],
    )


def _frame(released: Released[ShownComparison], *, narrow: bool = False) -> Frame:
    rows = shown_rows(released)
    sizes = [row.precision or 1.0 for row in rows] or [10.0]
    values = [value for row in rows for value in (row.ratio or 1.0, *_bounds(row))]
    low, high = min([0.8, *values]), max([1.2, *values])
    ranges = (0.8 * min(sizes), 1.25 * max(sizes)), (max(0.0, low - 0.05), high + 0.05)
    if narrow:
        return Frame(*ranges, log=True, width=NARROW, height=NARROW, left=40)
    return Frame(*ranges, log=True)


def _bounds(row: ShownCompared) -> tuple[float, ...]:
    return tuple(value for limit in row.limits if limit.level == INNER for value in (limit.low, limit.high))


def _decimals(ticks: list[float]) -> int:
    return max((len(f"{tick:.2f}".rstrip("0").partition(".")[2]) for tick in ticks), default=0)


def _limit_lines(value: ShownComparison) -> list[tuple[str, str, list[tuple[float, float]]]]:
    lines = []
    for level, name, dash in _LEVELS:
        points = [point for point in value.curve if point.level == level]
        lines.append((name, dash, [(point.precision, point.low) for point in points]))
        lines.append((name, dash, [(point.precision, point.high) for point in points]))
        adjusted = [point for point in points if _is_wider(point)]
        lines.append((f"{name} adj", "dash", [(p.precision, p.adjusted_low or 0.0) for p in adjusted]))
        lines.append((f"{name} adj", "dash", [(p.precision, p.adjusted_high or 0.0) for p in adjusted]))
    return lines


def _is_wider(point: ShownLimitAt) -> bool:
    """Without variation beyond chance both sets of limits are one line."""
    chance = (point.low, point.high)
    return point.adjusted_low is not None and (point.adjusted_low, point.adjusted_high) != chance


def _limit_traces(released: Released[ShownComparison]) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for x, _ in pairs],
            "y": [y for _, y in pairs],
            "hoverinfo": "skip",
            "line": {"color": theme.CONTEXT, "dash": dash, "width": 1.25, "shape": "spline"},
        }
        for _, dash, pairs in _limit_lines(released.value)
        if pairs
    ]


def _point_traces(
    released: Released[ShownComparison], text: FigureText, direction: Direction
) -> list[dict[str, Any]]:
    groups = {
        "plain": (theme.PLAIN, "circle", 10, "markers"),
        "own": (theme.OWN, "circle", 12, "markers+text"),
        "between": (theme.ATTENTION, "diamond-open", 12, "markers+text"),
        "out": (theme.ATTENTION, "diamond", 13, "markers+text"),
    }
    frame = _frame(released, narrow=True)
    traces = []
    for group, (colour, symbol, size, mode) in groups.items():
        rows = [row for row in shown_rows(released) if _group(row, text) == group]
        if rows:
            marker = {"size": size, "symbol": symbol, "color": colour}
            hollow = group == "between"  # its outline is its colour
            traces.append(
                {
                    "type": "scatter",
                    "mode": mode,
                    "x": [row.precision for row in rows],
                    "y": [row.ratio for row in rows],
                    "text": [text.name(row.programme) for row in rows],
                    "textposition": [
                        "middle left" if _is_at_edge(frame, row) else "middle right" for row in rows
                    ],
                    "textfont": {"color": colour},
                    "marker": {
                        **marker,
                        "line": {"width": 2} if hollow else {"width": 1, "color": theme.BACKGROUND},
                    },
                    "cliponaxis": False,
                    "hoverinfo": "text",
                    "hovertext": [_title(row, text, direction) for row in rows],
                },
            )
    return traces


def _is_at_edge(frame: Frame, row: ShownCompared) -> bool:
    return frame.x(row.precision or 1.0) > frame.right - _NAME_WIDTH


def _group(row: ShownCompared, text: FigureText) -> str:
    if row.outside is not None:
        return "out" if is_outside(row.outside) else "between"
    return "own" if row.programme in text.own else "plain"


def _title(row: ShownCompared, text: FigureText, direction: Direction) -> str:
    words = text.words
    pairs = [
        (words["programme"], text.name(row.programme)),
        (words["ratio"], text.number(row.ratio or 0.0, 2)),
        (words["observed"], text.number(row.observed or 0, 0)),
        (words["expected"], text.number(row.expected or 0.0, 1)),
    ]
    return hover(pairs, direction)


def _point(row: ShownCompared, frame: Frame, text: FigureText, direction: Direction) -> Point:
    return Point(
        x=frame.x(row.precision or 1.0),
        y=frame.y(row.ratio or 1.0),
        out=is_outside(row.outside),
        between=row.outside is not None and not is_outside(row.outside),
        own=row.programme in text.own,
        name=text.name(row.programme),
        title=_title(row, text, direction).replace("<br>", "\n"),
        before=_is_at_edge(frame, row),
    )
