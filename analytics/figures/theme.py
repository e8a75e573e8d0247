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


def log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2, 5 times powers of ten between `low` and `high`.

    Examples
    --------
    >>> log_ticks(18, 640)
    [20, 50, 100, 200, 500]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [
        tick for power in powers for tick in (10**power, 2 * 10**power, 5 * 10**power) if low <= tick <= high
    ]
