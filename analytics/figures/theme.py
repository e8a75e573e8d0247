"""House style: the palette of the light scheme (the browser swaps it), axes, margins and tick values."""

import math
from typing import Any, Final, NamedTuple

from analytics.figures.text import Direction

BACKGROUND: Final = "#ffffff"
INK: Final = "#15262b"
INK_2: Final = "#47585f"
GRID: Final = "#d6dfe0"
CONTEXT: Final = "#7b8b91"
ATTENTION: Final = "#ce4414"
OWN: Final = "#14296b"
PLAIN: Final = "#0a7078"


class Slot(NamedTuple):
    """One place of the palette: class, colour, dash and marker, so that colour never stands alone."""

    name: str
    colour: str
    dash: str
    symbol: str


SLOTS: Final = (
    Slot("c1", PLAIN, "solid", "circle"),
    Slot("c2", ATTENTION, "dash", "diamond"),
    Slot("c3", OWN, "solid", "square"),
    Slot("c4", "#cf63b7", "dot", "triangle-up"),
)
"""Fixed order; what does not fit is context."""

IN_CONTEXT: Final = Slot("ctx", CONTEXT, "solid", "circle")


def x_axis(**changes: Any) -> dict[str, Any]:
    """Return the horizontal axis: line, ticks outside, no grid."""
    return {"showgrid": False, "zeroline": False, "ticks": "outside", "tickangle": 0, **changes}


def y_axis(**changes: Any) -> dict[str, Any]:
    """Return the vertical axis: horizontal grid only."""
    return {"gridcolor": GRID, "zeroline": False, **changes}


def layout(direction: Direction, **changes: Any) -> dict[str, Any]:
    """Return the layout that all figures share."""
    return {
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {"align": "right" if direction is Direction.RTL else "left"},
        "margin": {"l": 60, "r": 16, "t": 8, "b": 52},
        "font": {"size": 14, "color": INK_2},
        **changes,
    }


def line(y: float, *, colour: str = INK, width: float = 1.75) -> dict[str, Any]:
    """Return a horizontal line over the whole width."""
    across = {"xref": "paper", "x0": 0, "x1": 1}
    return {"type": "line", **across, "y0": y, "y1": y, "line": {"color": colour, "width": width}}


def nice_ticks(low: float, high: float, *, most: int = 7) -> list[float]:
    """Return at most `most` round numbers from `low` to `high`.

    Examples
    --------
    >>> nice_ticks(0.62, 1.41)
    [0.8, 1.0, 1.2, 1.4]
    """
    for step in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most - 1:
            return [round(index * step, 10) for index in range(first, last + 1)]
    return [low, high]


FEWEST_TICKS, MOST_TICKS = 4, 7
_STEPS: Final = (
    (1.0,),
    (1.0, 2.0, 5.0),
    (1.0, 1.5, 2.0, 3.0, 5.0, 7.0),
    (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
)


def log_ticks(low: float, high: float) -> list[float]:
    """Return four to seven whole numbers between `low` and `high`: the roundest that are so many.

    Examples
    --------
    >>> log_ticks(18, 640)
    [20, 50, 100, 200, 500]
    >>> log_ticks(135, 420)
    [150, 200, 250, 300, 400]
    >>> log_ticks(160, 230)
    [160, 180, 200, 220]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in _STEPS:
        ticks = [step * 10**power for power in powers for step in steps]
        whole = [round(tick) for tick in ticks if low <= tick <= high and tick == round(tick)]
        if len(whole) >= FEWEST_TICKS:
            return [*whole[:: math.ceil(len(whole) / MOST_TICKS)]]
    return _even_ticks(low, high)


def _even_ticks(low: float, high: float) -> list[float]:
    """Return whole numbers at even steps, for a range too narrow for powers of ten."""
    steps = (step * 10**power for power in range(9, -1, -1) for step in (5, 2, 1))
    fit = ((step, math.ceil(low / step), math.floor(high / step)) for step in steps)
    found = next(((step, first, last) for step, first, last in fit if last - first + 1 >= FEWEST_TICKS), None)
    if found is None:
        return [*range(math.ceil(low), math.floor(high) + 1)]
    step, first, last = found
    return [step * index for index in range(first, last + 1)]
