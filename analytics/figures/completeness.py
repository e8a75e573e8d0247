"""Completeness: one bar per programme, the known part and the rest; the bars grow from the right in Persian.

A bounded share is drawn up to its bound and labelled by it. Words asked for: `known`, `unknown`, `at_least`,
`at_most`, `above`, `below` (each of the last four with the placeholder %(limit)s).
"""

from dataclasses import dataclass
from typing import Any

from analytics.disclosure import HIDDEN, Released, Share
from analytics.disclosure.shown import ShownCompleteness, ShownCompletenessSet
from analytics.figures import theme
from analytics.figures.frame import NARROW, Frame
from analytics.figures.text import Direction, FigureText, hover

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_BAR, _STEP, _LABEL_WIDTH = 22, 34, 96
_EDGE = 28  # half of the widest tick, "100 %"
_WIDTH, _NARROW_LABEL = 760, 64
_ROOM_FOR_TEXT = 44


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar, in pixels."""

    x: float
    w: float
    slot: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One programme's bar, in pixels."""

    y: float
    h: float
    label: str
    own: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Pixels of the server's bars."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    rows: tuple[Bar, ...]
    label_x: float
    label_anchor: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: str


def draw(released: Released[ShownCompletenessSet], text: FigureText, direction: Direction) -> dict[str, Any]:
    """Return the Plotly figure of completeness as a plain dict."""
    rows = _rows(released)
    mirrored = direction is Direction.RTL
    side = {"l": _EDGE, "r": _LABEL_WIDTH} if mirrored else {"l": _LABEL_WIDTH, "r": _EDGE}
    return {
        "data": [
            _trace(rows, text, direction, known=True),
            _trace(rows, text, direction, known=False),
        ],
        "layout": theme.layout(
            direction,
            barmode="stack",
            bargap=0.35,
            height=64 + _STEP * len(rows),
            margin={**side, "t": 8, "b": 40},
            xaxis=theme.x_axis(
                range=[1, 0] if mirrored else [0, 1],
                tickvals=list(TICKS),
                ticktext=[text.percent(share, 0) for share in TICKS],
            ),
            yaxis={
                "side": "right" if mirrored else "left",
                "tickvals": list(range(len(rows))),
                "ticktext": [text.name(row.programme) for row in rows],
                "range": [len(rows) - 0.5, -0.5],
                "showgrid": False,
            },
        ),
    }


def place(
    released: Released[ShownCompletenessSet], text: FigureText, direction: Direction, *, narrow: bool = False
) -> BarPlot:
    """Return the pixels of the same bars for a page or a phone, mirrored for a right-to-left reader."""
    rows = _rows(released)
    frame = _frame(len(rows), direction, narrow=narrow)
    mirrored = direction is Direction.RTL
    return BarPlot(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        rows=tuple(_bar(row, frame, frame.y(index), (text, direction)) for index, row in enumerate(rows)),
        label_x=frame.right + 10.0 if mirrored else frame.left - 10.0,
        label_anchor="start" if mirrored else "end",
        x_ticks=tuple((frame.x(share), text.percent(share, 0)) for share in TICKS),
        y_ticks=(),
        x_title="",
    )


def _rows(released: Released[ShownCompletenessSet]) -> list[ShownCompleteness]:
    return [row for row in released.value.programmes if _status(row).is_shown]


def _frame(rows: int, direction: Direction, *, narrow: bool) -> Frame:
    mirrored = direction is Direction.RTL
    label, width = (_NARROW_LABEL, NARROW) if narrow else (_LABEL_WIDTH, _WIDTH)
    return Frame(
        (1, 0) if mirrored else (0, 1),
        (rows - 0.5, -0.5),
        width=width,
        height=52 + _STEP * rows,
        left=_EDGE if mirrored else label,
        end=label if mirrored else _EDGE,
        below=40,
    )


def _status(row: ShownCompleteness) -> Share:
    return row.status or HIDDEN


def _length(share: Share) -> float:
    return share.value if share.value is not None else share.limit or 0.0


def _written(share: Share, text: FigureText) -> str:
    if share.bound is not None and share.limit is not None:
        return text.words[share.bound].replace("%(limit)s", text.percent(share.limit, 0))
    return text.percent(share.value or 0.0, 0)


def _trace(
    rows: list[ShownCompleteness], text: FigureText, direction: Direction, *, known: bool
) -> dict[str, Any]:
    lengths = [_length(_status(row)) for row in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": lengths if known else [1 - length for length in lengths],
        "marker": {
            "color": theme.PLAIN if known else theme.CONTEXT,
            "line": {"color": theme.BACKGROUND, "width": 1.5},
        },
        "text": [_written(_status(row), text) if known else "" for row in rows],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": theme.BACKGROUND},
        "hoverinfo": "text",
        "hovertext": [_title(row, text, direction) for row in rows],
    }


def _title(row: ShownCompleteness, text: FigureText, direction: Direction) -> str:
    return hover([(text.name(row.programme), _written(_status(row), text))], direction)


def _bar(row: ShownCompleteness, frame: Frame, y: float, reader: tuple[FigureText, Direction]) -> Bar:
    text, direction = reader
    length = _length(_status(row))
    title = _title(row, text, direction)
    known = _part(frame, 0.0, length, ("c1", _written(_status(row), text), title))
    rest = _part(frame, length, 1.0, ("ctx", "", text.words["unknown"]))
    return Bar(
        y=round(y - _BAR / 2, 1),
        h=_BAR,
        label=text.name(row.programme),
        own=row.programme in text.own,
        parts=(known, rest),
    )


def _part(frame: Frame, start: float, end: float, drawn: tuple[str, str, str]) -> Part:
    slot, text, title = drawn
    pixels = sorted((frame.x(start), frame.x(end)))
    return Part(
        x=pixels[0],
        w=round(pixels[1] - pixels[0], 1),
        slot=slot,
        text=text if pixels[1] - pixels[0] > _ROOM_FOR_TEXT else "",
        title=title,
    )
