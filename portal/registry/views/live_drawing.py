"""The own curve as pixels for the server's SVG and as a figure for the browser. It counts nothing.

Figures of `analytics` draw released results only; what a programme sees of itself is never released.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from portal.core import i18n
from portal.registry.own.curve import Curve, Step

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 744, 12, 348
SHORTEST: Final = 28
MOST_TICKS: Final = 7
SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
STRIDES: Final = (7, 14, 28, 90, 180, 365, 730, 1825, 3650)
COLOUR, BAND = "#0a7078", "rgba(10, 112, 120, 0.13)"

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One curve in pixels, as the component `survival` takes it."""

    path: str
    band: str
    title: str
    slot: str = "c1"
    label: str = ""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Plot:
    """Pixels of the drawing, and under it who is still at risk: (day, persons)."""

    curves: tuple[Line, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str
    at_risk: tuple[tuple[str, str], ...]
    width: int = field(default=WIDTH)
    height: int = field(default=HEIGHT)
    left: int = field(default=LEFT)
    right: int = field(default=RIGHT)
    top: int = field(default=TOP)
    bottom: int = field(default=BOTTOM)


def place(curve: Curve, x_title: str) -> Plot:
    """The curve with its band, ticks, and the numbers at risk on the days of the ticks."""
    last = max(curve.last_day, SHORTEST)
    ticks = ticks_of(last)
    line = Line(_path(_values(curve, "survival"), last), _closed(curve, last), x_title)
    return Plot(
        curves=(line,),
        x_ticks=tuple((_x(day, last), i18n.number(day)) for day in ticks),
        y_ticks=tuple((_y(share), i18n.percent(share, 0)) for share in SHARES),
        x_title=_isolated(x_title),
        at_risk=tuple((i18n.number(day), i18n.number(_at_risk(curve.steps, day))) for day in ticks),
    )


def draw(curve: Curve, x_title: str) -> dict[str, Any]:
    """The same curve as a dict {data, layout} for Plotly; the page offers no picture of it to save."""
    last = max(curve.last_day, SHORTEST)
    ticks = ticks_of(last)
    main = _values(curve, "survival")
    upper, lower = _values(curve, "upper"), _values(curve, "lower")
    edge = [*_stairs(upper), *reversed(_stairs(lower))]
    band = {
        "type": "scatter", "mode": "lines", "x": [day for day, _ in edge], "y": [share for _, share in edge],
        "fill": "toself", "fillcolor": BAND, "line": {"width": 0}, "hoverinfo": "skip",
    }  # fmt: skip
    line = {
        "type": "scatter", "mode": "lines", "x": [day for day, _ in main], "y": [share for _, share in main],
        "line": {"color": COLOUR, "width": 2.5, "shape": "hv"}, "hoverinfo": "text",
        "hovertext": [_hover(day, share, x_title) for day, share in main],
    }  # fmt: skip
    x_axis = {
        "range": [0, last], "tickvals": ticks, "ticktext": [i18n.number(day) for day in ticks],
        "title": {"text": _isolated(x_title), "standoff": 12},
    }  # fmt: skip
    y_axis = {
        "range": [0, 1.02],
        "tickvals": list(SHARES),
        "ticktext": [i18n.percent(s, 0) for s in SHARES],
    }
    layout = {
        "showlegend": False,
        "margin": {"l": 60, "r": 16, "t": 8, "b": 52},
        "xaxis": x_axis,
        "yaxis": y_axis,
    }
    return {"data": [band, line], "layout": layout}


def ticks_of(last: int) -> list[int]:
    """Round days from 0 on, at most seven."""
    stride = next((s for s in STRIDES if last / s < MOST_TICKS), STRIDES[-1])
    return list(range(0, last + 1, stride))


def _values(curve: Curve, name: str) -> list[Pair]:
    """(day, share) from day 0 on, wherever the line moves, and where it ends."""
    pairs: list[Pair] = [(0, 1.0)]
    for step in curve.steps:
        share = getattr(step, name)
        if step.events and share is not None:
            pairs.append((step.day, share))
    return [*pairs, (curve.last_day, pairs[-1][1])]


def _path(pairs: Iterable[Pair], last: int) -> str:
    first, *rest = pairs
    return f"M{_x(first[0], last)} {_y(first[1])}" + "".join(f"H{_x(d, last)}V{_y(s)}" for d, s in rest)


def _closed(curve: Curve, last: int) -> str:
    """The band: along the upper limit, back along the lower one."""
    lower = _values(curve, "lower")
    back = [f"V{_y(lower[-1][1])}"]
    back += [f"V{_y(share)}H{_x(day, last)}" for day, share in reversed(lower[:-1])]
    return _path(_values(curve, "upper"), last) + "".join(back) + "Z"


def _stairs(pairs: list[Pair]) -> list[Pair]:
    """The corners of the steps, so that the way back along the other limit keeps its shape."""
    corners = pairs[:1]
    for (_day, before), (day, share) in pairwise(pairs):
        corners += [(day, before), (day, share)]
    return corners


def _at_risk(steps: tuple[Step, ...], day: int) -> int:
    """Persons at risk just before a day; nobody beyond the last one."""
    return next((step.at_risk for step in steps if step.day >= day), 0)


def _x(day: float, last: int) -> float:
    return round(LEFT + day / last * (RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(BOTTOM - share / 1.02 * (BOTTOM - TOP), 1)


def _hover(day: float, share: float, x_title: str) -> str:
    lines = (f"{x_title}: {i18n.ltr_text(i18n.number(day))}", i18n.ltr_text(i18n.percent(share)))
    return "<br>".join(_isolated(line) for line in lines)


def _isolated(text: str) -> str:
    return i18n.rtl_lines(text) if i18n.direction(i18n.current()) == "rtl" else text
