"""Retention curves: steps over whole weeks with a band, a name at the end of every line, numbers at risk.

The reader's own programmes come first, then others in order of their code: at most four in colour, each with
its own dash; the rest is context. Weeks whose share is only a bound are left out of the line; where a line
would begin with them, dots lead to it from admission, when everybody is in treatment.
Words asked for: `week`, `retained`, `axis_x`, `programme`.
"""

from dataclasses import dataclass
from typing import Any

from analytics.disclosure import Released
from analytics.disclosure.shown import ShownCurve, ShownCurves, ShownWeek
from analytics.figures import theme
from analytics.figures.frame import NARROW, Frame
from analytics.figures.labels import spread
from analytics.figures.text import Direction, FigureText, hover

X_TICKS = (0, 4, 8, 12, 16, 20, 26)
Y_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
RISK_WEEKS = (0, 4, 8, 12, 16, 20, 24, 26)
_GAP = 0.055
_PALE = {"c4": theme.INK, theme.IN_CONTEXT.name: theme.INK_2}  # colours too light for words
_END = {Direction.LTR: 104, Direction.RTL: 104}


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve of the drawing; `start` dots its bounded beginning, `lead` ties its end to a moved label."""

    slot: str
    path: str
    start: str
    lead: str
    band: str
    label: str
    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class RetentionPlot:
    """Pixels of the server's retention curves; `at_risk` holds (name, slot, [(pixel, text)])."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    curves: tuple[Curve, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str
    at_risk: tuple[tuple[str, str, tuple[tuple[float, str], ...]], ...]


def draw(released: Released[ShownCurves], text: FigureText, direction: Direction) -> dict[str, Any]:
    """Return the Plotly figure of the curves as a plain dict."""
    picked = _picked(released.value, text)
    traces = [trace for curve, slot in picked for trace in _traces(curve, slot, text, direction)]
    traces += [_start_trace(curve, slot) for curve, slot in picked if _is_led_to(curve)]
    ends = list(zip(picked, _heights(picked), strict=True))
    return {
        "data": traces,
        "layout": theme.layout(
            direction,
            margin={"l": 60, "r": 110, "t": 8, "b": 52},
            xaxis=theme.x_axis(
                tickvals=list(X_TICKS),
                ticktext=[text.number(week, 0) for week in X_TICKS],
                range=[0, X_TICKS[-1]],
                title={"text": text.words["axis_x"], "standoff": 12},
            ),
            yaxis=theme.y_axis(
                tickvals=list(Y_TICKS),
                ticktext=[text.percent(share, 0) for share in Y_TICKS],
                range=[0, 1.02],
            ),
            annotations=[_annotation(curve, slot, text, y) for (curve, slot), y in ends],
            shapes=[_lead_shape(curve, slot, y) for (curve, slot), y in ends if _is_moved(curve, y)],
        ),
    }


def place(
    released: Released[ShownCurves], text: FigureText, direction: Direction, *, narrow: bool = False
) -> RetentionPlot:
    """Return the pixels of the same plot, for a page or for a phone."""
    frame = _frame(direction, narrow=narrow)
    picked = _picked(released.value, text)
    heights = dict(zip((curve.programme for curve, _ in picked), _heights(picked), strict=True))
    return RetentionPlot(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        curves=tuple(_curve((curve, slot), frame, text, heights) for curve, slot in picked),
        x_ticks=tuple((frame.x(week), text.number(week, 0)) for week in X_TICKS),
        y_ticks=tuple((frame.y(share), text.percent(share, 0)) for share in Y_TICKS),
        x_title=text.words["axis_x"],
        at_risk=tuple(
            (text.name(curve.programme), slot.name, _at_risk(curve, frame, text)) for curve, slot in picked
        ),
    )


def _frame(direction: Direction, *, narrow: bool) -> Frame:
    ranges = (0, X_TICKS[-1]), (0, 1.02)
    if narrow:
        return Frame(*ranges, width=NARROW, height=NARROW, left=50, end=58)
    return Frame(*ranges, end=_END[direction])


def _picked(value: ShownCurves, text: FigureText) -> list[tuple[ShownCurve, theme.Slot]]:
    """Context first, so that coloured lines lie over it."""
    shown = [curve for curve in value.programmes if any(_drawn(curve))]
    own = [curve for curve in shown if curve.programme in text.own]
    few = len(shown) <= len(theme.SLOTS)
    chosen = (own + [curve for curve in shown if few and curve not in own])[: len(theme.SLOTS)]
    context = [(curve, theme.IN_CONTEXT) for curve in shown if curve not in chosen]
    return context + list(zip(chosen, theme.SLOTS, strict=False))


def _drawn(curve: ShownCurve) -> list[ShownWeek]:
    return [week for week in curve.weeks if week.share.value is not None]


def _end(curve: ShownCurve) -> tuple[int, float]:
    last = _drawn(curve)[-1]
    return last.week, last.share.value or 0.0


def _heights(picked: list[tuple[ShownCurve, theme.Slot]]) -> list[float]:
    return spread([_end(curve)[1] for curve, _ in picked], gap=_GAP)


def _is_moved(curve: ShownCurve, height: float) -> bool:
    """Whether a label stands away from the end of its line: beside it, or because the line ends early."""
    week, share = _end(curve)
    return abs(height - share) > _GAP / 4 or week < X_TICKS[-1]


def _is_led_to(curve: ShownCurve) -> bool:
    return _drawn(curve)[0].week > 0


def _traces(
    curve: ShownCurve, slot: theme.Slot, text: FigureText, direction: Direction
) -> list[dict[str, Any]]:
    weeks = _drawn(curve)
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [week.week for week in weeks],
        "y": [week.share.value for week in weeks],
        "line": {"color": slot.colour, "dash": slot.dash, "width": 2.5, "shape": "hv"},
        "hoverinfo": "text",
        "hovertext": [_title(curve, week, text, direction) for week in weeks],
    }
    if slot is theme.IN_CONTEXT:
        line["line"] = {"color": slot.colour, "width": 1.25, "shape": "hv"}
        return [line]
    return [_band(weeks, slot), line]


def _start_trace(curve: ShownCurve, slot: theme.Slot) -> dict[str, Any]:
    first = _drawn(curve)[0]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, first.week],
        "y": [1.0, first.share.value],
        "line": {"color": slot.colour, "dash": "dot", "width": 1},
        "hoverinfo": "skip",
    }


def _lead_shape(curve: ShownCurve, slot: theme.Slot, height: float) -> dict[str, Any]:
    week, share = _end(curve)
    ends = {"x0": week / X_TICKS[-1], "x1": 1.015, "y0": share, "y1": height}
    return {"type": "line", "xref": "paper", **ends, "line": {"color": slot.colour, "width": 1}}


def _band(weeks: list[ShownWeek], slot: theme.Slot) -> dict[str, Any]:
    there = [week.week for week in weeks]
    red, green, blue = (int(slot.colour[index : index + 2], 16) for index in (1, 3, 5))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": there + there[::-1],
        "y": [week.share.high for week in weeks] + [week.share.low for week in reversed(weeks)],
        "fill": "toself",
        "fillcolor": f"rgba({red}, {green}, {blue}, 0.13)",
        "line": {"width": 0, "shape": "hv"},
        "hoverinfo": "skip",
    }


def _annotation(curve: ShownCurve, slot: theme.Slot, text: FigureText, y: float) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1.02,
        "xanchor": "left",
        "y": y,
        "text": text.name(curve.programme),
        "showarrow": False,
        "font": {"color": _PALE.get(slot.name, slot.colour), "size": 13},
    }


def _title(curve: ShownCurve, week: ShownWeek, text: FigureText, direction: Direction) -> str:
    pairs = [
        (text.words["programme"], text.name(curve.programme)),
        (text.words["week"], text.number(week.week, 0)),
        (text.words["retained"], text.percent(week.share.value or 0.0, 1)),
    ]
    return hover(pairs, direction)


def _curve(
    picked: tuple[ShownCurve, theme.Slot], frame: Frame, text: FigureText, heights: dict[str, float]
) -> Curve:
    curve, slot = picked
    weeks = _drawn(curve)
    height = heights[curve.programme]
    return Curve(
        slot=slot.name,
        path=_steps(frame, [(week.week, week.share.value or 0.0) for week in weeks]),
        start=f"M{frame.x(0)} {frame.y(1.0)}L{_point(frame, weeks[0])}" if _is_led_to(curve) else "",
        lead=_lead(frame, curve, height) if _is_moved(curve, height) else "",
        band="" if slot is theme.IN_CONTEXT else _closed(frame, weeks),
        label=text.name(curve.programme),
        x=frame.right + 8.0,
        y=frame.y(height) + 4,
        title=text.name(curve.programme),
    )


def _point(frame: Frame, week: ShownWeek) -> str:
    return f"{frame.x(week.week)} {frame.y(week.share.value or 0.0)}"


def _lead(frame: Frame, curve: ShownCurve, height: float) -> str:
    return f"M{_point(frame, _drawn(curve)[-1])}L{frame.right + 6} {frame.y(height)}"


def _steps(frame: Frame, pairs: list[tuple[int, float]]) -> str:
    (first, value), *rest = pairs
    return f"M{frame.x(first)} {frame.y(value)}" + "".join(
        f"H{frame.x(week)}V{frame.y(share)}" for week, share in rest
    )


def _closed(frame: Frame, weeks: list[ShownWeek]) -> str:
    upper = _steps(frame, [(week.week, week.share.high or 0.0) for week in weeks])
    last = frame.y(weeks[-1].share.low or 0.0)
    back = "".join(f"V{frame.y(week.share.low or 0.0)}H{frame.x(week.week)}" for week in reversed(weeks[:-1]))
    return f"{upper}V{last}{back}Z"


def _at_risk(curve: ShownCurve, frame: Frame, text: FigureText) -> tuple[tuple[float, str], ...]:
    numbers = {week.week: week.at_risk for week in curve.weeks if week.at_risk is not None}
    return tuple((frame.x(week), text.number(numbers[week], 0)) for week in RISK_WEEKS if week in numbers)
