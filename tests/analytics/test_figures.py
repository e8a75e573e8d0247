"""Every figure is valid Plotly, mirrors where it must, and shows no number that the result does not hold."""

import itertools
import json
import re

import plotly.graph_objects as go
import pytest

from analytics.disclosure import Policy, Released, release
from analytics.disclosure.measured import (
    MeasuredCompleteness,
    MeasuredCompletions,
    MeasuredPointSets,
    Spread,
    Verdict,
)
from analytics.disclosure.shown import ShownLimitAt
from analytics.figures import (
    Direction,
    FigureText,
    completeness,
    completion,
    funnel,
    isolated_line,
    isolated_token,
    points,
    retention,
    theme,
)

from . import measures as make

WORDS = [
    "programme",
    "ratio",
    "observed",
    "expected",
    "axis_x",
    "axis_y",
    "week",
    "retained",
    "share",
    "interval",
    "known",
    "unknown",
    "at_least",
    "at_most",
    "above",
    "below",
]
FA_DIGITS = str.maketrans("0123456789.%", "۰۱۲۳۴۵۶۷۸۹٫٪")


def text(direction=Direction.LTR, own=()):
    def write(value):
        return value.translate(FA_DIGITS) if direction is Direction.RTL else value

    word = "واژه" if direction is Direction.RTL else "word"
    return FigureText(
        number=lambda value, decimals: write(f"{value:.{decimals}f}"),
        percent=lambda share, decimals: write(f"{100 * share:.{decimals}f}%"),
        words={
            key: isolated_line(f"{word} {key} %(limit)s" if "_" in key else word, direction) for key in WORDS
        },
        names={"A": "Clinic <A>"},
        own=frozenset(own),
    )


def curve_points():
    return tuple(
        ShownLimitAt(size, level, 1 - half / size**0.5, 1 + half / size**0.5, 0.5, 1.5)
        for level, half in ((0.95, 1.96), (0.998, 3.09))
        for size in (20.0, 80.0, 300.0)
    )


def released_funnel():
    flagged = make.ratio(80, 50.0, verdict=Verdict(0.998, "above"), adjusted=Verdict())
    rows = [
        make.compared(code, ratio=make.ratio(precision=60.0 + 10 * index))
        for index, code in enumerate("ABCD")
    ]
    hidden = make.compared("F", known=29, ratio=None)
    measured = make.comparison(
        *rows, make.compared("E", ratio=flagged), hidden, spread=Spread(1.5, 0.01), curve=curve_points()
    )
    return release(measured, Policy.APPROVED)


def released_curves():
    return release(make.curves(*map(make.curve, "ABCDEFG")), Policy.APPROVED)


def released_points():
    rows = (make.points("A", retained=0.97), make.points("B"), make.points("C"))
    return release(MeasuredPointSets("RU", "outpatient_psychosocial", rows), Policy.APPROVED)


def released_completion():
    return release(
        MeasuredCompletions("RU", "residential", tuple(map(make.completion, "ABC"))), Policy.APPROVED
    )


def released_completeness():
    rows = (
        make.complete("A", known=98),
        make.complete("B"),
        make.complete("C", due=20),
        make.complete("D", known=5),
    )
    return release(MeasuredCompleteness("IR", "agonist", rows), Policy.APPROVED)


CASES = {
    "funnel": (funnel, released_funnel),
    "retention": (retention, released_curves),
    "points": (points, released_points),
    "completion": (completion, released_completion),
    "completeness": (completeness, released_completeness),
}


@pytest.fixture(params=CASES, ids=list(CASES))
def case(request):
    module, maker = CASES[request.param]
    return module, maker()


def strings(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("direction", list(Direction))
def test_figure_is_valid_plotly_and_plain_json(case, direction):
    module, released = case
    drawn = module.draw(released, text(direction), direction)
    assert go.Figure(drawn).to_dict()["data"]
    assert json.loads(json.dumps(drawn)) == drawn
    assert "template" not in drawn["layout"]


def test_figure_holds_no_markup_but_line_breaks(case):
    module, released = case
    words = strings(module.draw(released, text(), Direction.LTR))
    assert not [word for word in words if re.search(r"<(?!br>|A>)", word)]


def test_every_persian_line_is_isolated(case):
    module, released = case
    for word in strings(module.draw(released, text(Direction.RTL), Direction.RTL)):
        for line in word.split("<br>"):
            if "واژه" in line:
                assert line.startswith("\u2067")
                assert line.endswith("\u2069")
                assert line.count("\u2067") + line.count("\u2066") == line.count("\u2069")


def test_released_result_draws_itself(case):
    _, released = case
    assert isinstance(released.figure(text(), Direction.LTR), go.Figure)


def test_pixels_stay_inside_the_drawing(case):
    module, released = case
    plot = module.place(released, text(), Direction.LTR)
    for x, _ in plot.x_ticks:
        assert plot.left <= x <= plot.right
    for row in getattr(plot, "rows", ()):
        assert plot.top <= row.y <= plot.bottom
    for point in getattr(plot, "points", ()):
        assert plot.left <= point.x <= plot.right
        assert plot.top <= point.y <= plot.bottom


def test_funnel_marks_the_programme_beyond_the_limits_with_a_named_diamond():
    drawn = funnel.draw(released_funnel(), text(own="B"), Direction.LTR)
    by_symbol = {
        trace["marker"]["symbol"]: trace
        for trace in drawn["data"]
        if "marker" in trace and trace["mode"] != "markers"
    }
    assert by_symbol["diamond"]["text"] == [isolated_token("E")]
    assert by_symbol["circle"]["text"] == [isolated_token("B")]


def test_funnel_draws_both_sets_of_limits_dotted_solid_and_dashed():
    drawn = funnel.draw(released_funnel(), text(), Direction.LTR)
    dashes = [trace["line"]["dash"] for trace in drawn["data"] if trace["mode"] == "lines"]
    assert sorted(dashes) == ["dash"] * 4 + ["dot"] * 2 + ["solid"] * 2
    names = {name for name, _ in funnel.place(released_funnel(), text(), Direction.LTR).limits}
    assert names == {"l95", "l998", "l95 adj", "l998 adj"}


def test_funnel_leaves_withheld_programmes_out():
    drawn = funnel.draw(released_funnel(), text(), Direction.LTR)
    assert not [word for word in strings(drawn) if isolated_token("F") in word]


def test_funnel_axis_reads_left_to_right_in_persian_too():
    ltr = funnel.draw(released_funnel(), text(), Direction.LTR)
    rtl = funnel.draw(released_funnel(), text(Direction.RTL), Direction.RTL)
    assert ltr["layout"]["xaxis"]["range"] == rtl["layout"]["xaxis"]["range"]
    assert rtl["layout"]["hoverlabel"]["align"] == "right"


def test_bars_grow_from_the_right_in_persian():
    released = released_completeness()
    rtl = completeness.draw(released, text(Direction.RTL), Direction.RTL)["layout"]
    assert rtl["xaxis"]["range"] == [1, 0]
    assert rtl["yaxis"]["side"] == "right"
    plot = completeness.place(released, text(Direction.RTL), Direction.RTL)
    known, rest = plot.rows[1].parts
    assert known.x + known.w == pytest.approx(plot.right, abs=0.2)
    assert rest.x == plot.left
    assert plot.label_anchor == "start"


def test_bounded_bar_ends_at_its_bound_and_says_so():
    plot = completeness.place(released_completeness(), text(), Direction.LTR)
    assert [row.label for row in plot.rows] == ["Clinic <A>", isolated_token("B"), isolated_token("D")]
    known = plot.rows[0].parts[0]
    assert known.text == "word at_least 95%"
    assert known.w == pytest.approx(0.95 * (plot.right - plot.left), abs=0.2)
    assert plot.rows[1].parts[0].text == "80%"
    assert plot.rows[2].parts[0].text == ""


def test_curves_colour_four_at_most_and_own_first():
    drawn = retention.draw(released_curves(), text(own="C"), Direction.LTR)
    widths = [trace["line"]["width"] for trace in drawn["data"]]
    assert widths.count(1.25) == 6
    notes = {note["text"]: note["font"]["color"] for note in drawn["layout"]["annotations"]}
    assert len(notes) == 7
    assert [name for name, colour in notes.items() if colour != theme.INK_2] == [isolated_token("C")]
    few = release(make.curves(*map(make.curve, "ABCD")), Policy.APPROVED)
    colours = {trace["line"].get("color") for trace in retention.draw(few, text(), Direction.LTR)["data"]}
    assert len(colours - {None}) == 4


def test_curves_leave_out_weeks_that_are_only_a_bound():
    released = released_curves()
    drawn = retention.draw(released, text(), Direction.LTR)
    bounded = [week.week for week in released.value.programmes[0].weeks if week.share.bound is not None]
    assert bounded
    assert not set(bounded) & set(drawn["data"][0]["x"])


def test_labels_at_the_line_ends_do_not_overlap():
    few = release(make.curves(*map(make.curve, "ABCD")), Policy.APPROVED)
    plot = retention.place(few, text(), Direction.LTR)
    heights = sorted(curve.y for curve in plot.curves)
    assert all(upper - lower > 12 for lower, upper in itertools.pairwise(heights))


@pytest.mark.parametrize("own", ["", "C"])
def test_every_line_has_its_name_at_its_end(own):
    released = released_curves()
    plot = retention.place(released, text(own=own), Direction.LTR)
    assert len({curve.label for curve in plot.curves}) == 7
    heights = sorted(curve.y for curve in plot.curves)
    assert all(upper - lower > 13 for lower, upper in itertools.pairwise(heights))
    assert plot.top <= heights[0]
    assert heights[-1] <= plot.bottom + 4
    assert any(curve.lead for curve in plot.curves)
    drawn = retention.draw(released, text(own=own), Direction.LTR)["layout"]
    assert len(drawn["shapes"]) == sum(bool(curve.lead) for curve in plot.curves)


def test_lines_begin_with_everybody_at_admission():
    plot = retention.place(released_curves(), text(), Direction.LTR)
    drawn = retention.draw(released_curves(), text(), Direction.LTR)["data"]
    (top,) = [y for y, label in plot.y_ticks if label == "100%"]
    everybody = f"M{plot.left}.0 {top}L"
    assert all(curve.start.startswith(everybody) for curve in plot.curves)
    starts = [trace for trace in drawn if trace["line"].get("dash") == "dot"]
    assert [(trace["x"][0], trace["y"][0]) for trace in starts] == [(0, 1.0)] * len(plot.curves)


def test_numbers_at_risk_stand_under_their_week():
    few = release(make.curves(*map(make.curve, "ABC")), Policy.APPROVED)
    plot = retention.place(few, text(), Direction.LTR)
    _, slot, numbers = plot.at_risk[0]
    assert slot == "c1"
    assert dict(numbers)[plot.x_ticks[1][0]] == "92"


def test_rows_leave_bounded_shares_to_the_table():
    plot = points.place(released_points(), text(own="B"), Direction.LTR)
    assert len(plot.rows) == 8
    assert plot.rows[0].own
    assert plot.rows[0].low < plot.rows[0].x < plot.rows[0].high


def test_no_figure_is_drawn_of_a_result_that_was_not_released():
    with pytest.raises(AttributeError):
        funnel.draw(make.comparison(), text(), Direction.LTR)
    assert isinstance(released_funnel(), Released)


def test_axis_too_long_for_round_steps_has_its_ends():
    assert theme.nice_ticks(0.0, 100.0) == [0.0, 100.0]


def test_funnel_of_nobody_is_an_empty_frame():
    refused = release(make.comparison(make.compared("A", ratio=None, why="P10")), Policy.APPROVED)
    assert funnel.place(refused, text(), Direction.LTR).points == ()
    assert go.Figure(funnel.draw(refused, text(), Direction.LTR)).layout.shapes


def test_limits_without_variation_beyond_chance_are_drawn_once():
    same = tuple(
        ShownLimitAt(size, 0.95, 1 - 2 / size, 1 + 2 / size, 1 - 2 / size, 1 + 2 / size)
        for size in (20.0, 80.0)
    )
    rows = [make.compared(code) for code in "ABCDE"]
    released = release(make.comparison(*rows, curve=same), Policy.APPROVED)
    assert not funnel.has_adjusted(released)
    assert {name for name, _ in funnel.place(released, text(), Direction.LTR).limits} == {"l95"}
    assert funnel.has_adjusted(released_funnel())


@pytest.mark.parametrize(
    ("low", "high"), [(18, 640), (135, 420), (140, 4465), (160, 230), (12, 9000), (8, 12), (90, 130)]
)
def test_a_scale_of_sizes_has_four_to_seven_whole_ticks(low, high):
    ticks = theme.log_ticks(low, high)
    assert 4 <= len(ticks) <= 7
    assert all(low <= tick <= high and tick == int(tick) for tick in ticks)
    assert ticks == sorted(set(ticks))


def test_a_scale_of_one_size_has_the_ticks_there_are():
    assert theme.log_ticks(10, 11.5) == [10, 11]


@pytest.mark.parametrize("direction", list(Direction))
def test_there_is_room_for_the_last_tick_of_shares(direction):
    for module, maker in (CASES["completeness"], CASES["completion"]):
        plot = module.place(maker(), text(direction), direction)
        edges = [x for x, _ in plot.x_ticks]
        assert min(edges) >= 25
        assert max(edges) <= plot.width - 25
        margin = module.draw(maker(), text(direction), direction)["layout"]["margin"]
        assert min(margin["l"], margin["r"]) >= 25


@pytest.mark.parametrize("direction", list(Direction))
def test_a_drawing_for_phones_holds_the_same_in_less_room(case, direction):
    module, released = case
    wide = module.place(released, text(direction), direction)
    narrow = module.place(released, text(direction), direction, narrow=True)
    assert narrow.width < wide.width / 2
    assert [label for _, label in narrow.x_ticks] == [label for _, label in wide.x_ticks]
    for name in ("rows", "points", "curves"):
        assert len(getattr(narrow, name, ())) == len(getattr(wide, name, ()))
    for x, _ in narrow.x_ticks:
        assert narrow.left <= x <= narrow.right


def released_wide_funnel():
    far = make.ratio(80, 50.0, precision=4000.0, verdict=Verdict(0.998, "above"))
    near = make.ratio(80, 50.0, precision=60.0, verdict=Verdict(0.998, "above"))
    rows = [make.compared(code) for code in "ABC"]
    rows += [make.compared("D", ratio=near), make.compared("E", ratio=far)]
    return release(make.comparison(*rows, curve=curve_points()), Policy.APPROVED)


def test_a_name_stands_before_a_point_at_the_edge():
    released = released_wide_funnel()
    plot = funnel.place(released, text(), Direction.LTR, narrow=True)
    assert [point.name for point in plot.points if point.before] == [isolated_token("E")]
    (named,) = [
        trace
        for trace in funnel.draw(released, text(), Direction.LTR)["data"]
        if trace["mode"] == "markers+text"
    ]
    assert dict(zip(named["text"], named["textposition"], strict=True)) == {
        isolated_token("D"): "middle right",
        isolated_token("E"): "middle left",
    }


def test_names_of_lines_are_dark_enough_to_read():
    few = release(make.curves(*map(make.curve, "ABCD")), Policy.APPROVED)
    notes = retention.draw(few, text(), Direction.LTR)["layout"]["annotations"]
    assert len(notes) == 4
    assert theme.SLOTS[3].colour not in {note["font"]["color"] for note in notes}
