"""Rows of dots with intervals, one programme a line: the drawing that points and completion share."""

from dataclasses import dataclass
from typing import Any

from analytics.disclosure import Share
from analytics.figures import theme
from analytics.figures.frame import NARROW, Frame
from analytics.figures.text import Direction, FigureText, hover, isolated_token

SHARE_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ROW_HEIGHT = 34
_LABEL_WIDTH, _NARROW_LABEL = 150, 92
_EDGE = 28  # half of the widest tick, "100 %"


@dataclass(frozen=True, slots=True)
class Line:
    """One programme, at one week if any, and its share; a bound is never drawn as a value."""

    programme: str
    share: Share
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """Pixels of one row."""

    y: float
    label: str
    x: float
    low: float | None
    high: float | None
    out: bool
    own: bool
    slot: str
    title: str


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Pixels of the server's dot plot."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    rows: tuple[Dot, ...]
    reference: float | None
    label_x: float
    label_anchor: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str


def draw_lines(lines: list[Line], text: FigureText, direction: Direction) -> dict[str, Any]:
    """Return the Plotly figure of rows of shares as a plain dict."""
    shown = [(index, line) for index, line in enumerate(lines) if line.share.value is not None]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [line.share.value for _, line in shown],
        "y": [index for index, _ in shown],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [(line.share.high or 0) - (line.share.value or 0) for _, line in shown],
            "arrayminus": [(line.share.value or 0) - (line.share.low or 0) for _, line in shown],
            "color": theme.PLAIN,
            "thickness": 2,
            "width": 0,
        },
        "marker": {
            "size": 10,
            "color": [theme.OWN if line.programme in text.own else theme.PLAIN for _, line in shown],
            "line": {"width": 1, "color": theme.BACKGROUND},
        },
        "hoverinfo": "text",
        "hovertext": [_title(line, text, direction) for _, line in shown],
    }
    return {
        "data": [trace],
        "layout": theme.layout(
            direction,
            height=90 + _ROW_HEIGHT * len(lines),
            margin={"l": _LABEL_WIDTH, "r": _EDGE, "t": 8, "b": 52},
            xaxis=_share_axis(text),
            yaxis={
                "tickvals": list(range(len(lines))),
                "ticktext": [_label(line, text) for line in lines],
                "range": [len(lines) - 0.5, -0.5],
                "showgrid": False,
            },
        ),
    }


def place_lines(
    lines: list[Line], text: FigureText, direction: Direction, *, narrow: bool = False
) -> DotPlot:
    """Return the pixels of the same rows; those with a bound only have a name and no dot."""
    frame = _frame(len(lines), narrow=narrow)
    return DotPlot(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        rows=tuple(
            _dot(line, frame, frame.y(index), (text, direction))
            for index, line in enumerate(lines)
            if line.share.value is not None
        ),
        reference=None,
        label_x=frame.left - 10.0,
        label_anchor="end",
        x_ticks=tuple((frame.x(share), text.percent(share, 0)) for share in SHARE_TICKS),
        y_ticks=(),
        x_title=text.words["axis_x"],
    )


def _frame(rows: int, *, narrow: bool) -> Frame:
    ranges, height = ((0, 1), (rows - 0.5, -0.5)), 64 + _ROW_HEIGHT * rows
    if narrow:
        return Frame(*ranges, height=height, width=NARROW, left=_NARROW_LABEL, end=_EDGE)
    return Frame(*ranges, height=height, left=_LABEL_WIDTH, end=_EDGE)


def _share_axis(text: FigureText) -> dict[str, Any]:
    return theme.x_axis(
        tickvals=list(SHARE_TICKS),
        ticktext=[text.percent(share, 0) for share in SHARE_TICKS],
        range=[0, 1],
        title={"text": text.words["axis_x"], "standoff": 12},
    )


def _label(line: Line, text: FigureText) -> str:
    name = text.name(line.programme)
    return name if line.week is None else f"{name} · {isolated_token(text.number(line.week, 0))}"


def _title(line: Line, text: FigureText, direction: Direction) -> str:
    share = line.share
    interval = f"{text.percent(share.low or 0.0, 0)} – {text.percent(share.high or 0.0, 0)}"
    pairs = [
        (text.words["programme"], _label(line, text)),
        (text.words["share"], text.percent(share.value or 0.0, 1)),
        (text.words["interval"], interval),
    ]
    return hover(pairs, direction)


def _dot(line: Line, frame: Frame, y: float, reader: tuple[FigureText, Direction]) -> Dot:
    text, direction = reader
    share = line.share
    own = line.programme in text.own
    return Dot(
        y=y,
        label=_label(line, text),
        x=frame.x(share.value or 0.0),
        low=None if share.low is None else frame.x(share.low),
        high=None if share.high is None else frame.x(share.high),
        out=False,
        own=own,
        slot="c3" if own else "c1",
        title=_title(line, text, direction).replace("<br>", "\n"),
    )
