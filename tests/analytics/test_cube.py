"""Cubes count exactly, keep their rules, and give the same counts however the rows arrived."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.cube import Cube, CubeSpec, DurationSpec, OutcomeSpec
from analytics.cube.coded import _width
from analytics.cube.counting import duration_sql, outcome_sql
from analytics.cube.spec import quoted
from analytics.engine import Layout, write_snapshot
from analytics.errors import (
    DefinitionsDiffer,
    InvalidEpisodes,
    InvalidFile,
    NotComparable,
    NotEstimable,
    TooFew,
)

from . import made


def same(left, right):
    for name in ("outcome", "duration", "pattern"):
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name), check_dtype=False)


def test_counts_equal_a_slow_obvious_count():
    rows = made.make_episodes(300, 3)
    cube = Cube.build(rows, made.SPEC)
    for cell in cube.outcome.merge(cube.pattern, on="pattern_id").to_dict("records"):
        here = rows
        for name in ("country", "programme", "age_band", "sex"):
            here = here[here[name] == cell[name]]
        values = here["stayed" if cell["outcome_id"] == "RET" else "abstinent"]
        assert cell["n_due"] == (values != -2).sum()
        assert cell["n_known"] == values.isin([0, 1]).sum()
        assert cell["n_success"] == (values == 1).sum()
    assert cube.duration["n"].sum() == 300


def test_row_order_changes_nothing():
    rows = made.make_episodes(200, 4)
    same(Cube.build(rows, made.SPEC), Cube.build(rows.sample(frac=1, random_state=1), made.SPEC))


def test_merge_of_parts_is_the_whole():
    rows = made.make_episodes(200, 5)
    parts = [Cube.build(rows.iloc[:71], made.SPEC), Cube.build(rows.iloc[71:], made.SPEC)]
    same(parts[0].merge(parts[1]), Cube.build(rows, made.SPEC))


def test_margin_of_a_sum_is_the_sum_of_margins():
    left, right = made.make_cube(150, 6), made.make_cube(150, 7)
    same(left.merge(right).margin("country"), left.margin("country").merge(right.margin("country")))


def test_margin_keeps_strata_only_when_named():
    cube = made.make_cube()
    assert cube.margin("sex").strata == ("sex",)
    assert cube.margin().duration.columns.tolist() == ["entry", "time", "end_cause", "n"]


def test_merge_refuses_other_definitions():
    cube = made.make_cube(50)
    with pytest.raises(DefinitionsDiffer, match="definitions 1 and 2"):
        cube.merge(replace(cube, definitions_version="2"))


def test_merge_keeps_the_latest_extraction_and_the_earliest_censoring():
    cube = made.make_cube(50)
    merged = cube.merge(replace(cube, extracted_on="2026-09-01", censored_on="2026-06-30"))
    assert (merged.extracted_on, merged.censored_on) == ("2026-09-01", "2026-06-30")


def test_select_keeps_cells_of_the_values():
    cube = made.make_cube().select("programme", ["P1", "P2"])
    assert set(cube.outcome["programme"]) == {"P1", "P2"}
    assert set(cube.duration["programme"]) == {"P1", "P2"}


def test_select_by_stratum_leaves_outcomes_and_their_check():
    cube = made.make_cube()
    women = cube.select("sex", ["F"])
    assert set(women.duration["sex"]) == {"F"}
    assert len(women.outcome) == len(cube.outcome)
    women.validate()


@pytest.mark.parametrize("act", [lambda cube: cube.margin("site"), lambda cube: cube.select("site", ["a"])])
def test_unknown_key_is_refused_with_the_known_ones(act):
    with pytest.raises(NotEstimable, match="not kept by site; they are kept by country, programme, sex"):
        act(made.make_cube(40))


def test_unknown_outcome_is_refused():
    with pytest.raises(NotEstimable, match="no outcome CMP; there are ABS, RET"):
        made.make_cube(40).counts("CMP")


def test_cut_censors_beyond_and_keeps_ends_at_the_cut():
    cube = made.durations(("a", 5, 1), ("a", 6, 1), ("a", 9, 1)).cut(6)
    assert cube.duration[["time", "end_cause", "n"]].to_numpy().tolist() == [[5, 1, 1], [6, 0, 1], [6, 1, 1]]


def test_week_ends_are_seven_times_the_rounded_up_week():
    cube = made.durations(*(("a", day, 1) for day in (0, 1, 7, 8))).weekly()
    assert cube.duration[["time", "n"]].to_numpy().tolist() == [[0, 1], [7, 2], [14, 1]]


def test_late_entry_counts_from_the_start_of_its_week():
    cells = made.durations(("a", 9, 1, 3), ("a", 20, 1, 15)).weekly().duration
    assert cells[["entry", "time"]].to_numpy().tolist() == [[0, 14], [14, 21]]


def test_end_at_the_moment_of_a_late_entry_is_refused():
    with pytest.raises(DefinitionsDiffer, match="0 < entry < time"):
        made.durations(("a", 3, 1, 3))


def test_empty_category_is_the_level_missing():
    rows = pd.DataFrame({"x": ["a", None], "y": [1, 0]})
    cube = Cube.build(rows, CubeSpec(outcomes=(OutcomeSpec("Y", "y"),), categorical=("x",)))
    assert cube.pattern["x"].tolist() == ["a", "missing"]


def test_labels_of_causes_become_codes():
    rows = pd.DataFrame({"t": [1, 2], "end": ["censored", "dropped_out"]})
    duration = DurationSpec("t", "end", causes=("censored", "completed", "dropped_out"))
    assert Cube.build(rows, CubeSpec(duration=duration)).duration["end_cause"].tolist() == [0, 2]


def test_more_patterns_than_allowed_are_refused():
    with pytest.raises(NotComparable, match="at most 9 case-mix patterns, got 10"):
        Cube.build(made.make_episodes(300, 1), replace(made.SPEC, max_patterns=9))


def test_frame_without_rows_is_refused():
    with pytest.raises(TooFew, match="no rows to count"):
        Cube.build(made.make_episodes(5, 1).iloc[:0], made.SPEC)


def test_missing_column_is_refused_by_name():
    with pytest.raises(InvalidFile, match="no column stayed"):
        Cube.build(made.make_episodes(5, 1).drop(columns="stayed"), made.SPEC)


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("stayed", 7, "1 reached, 0 not"),
        ("days", -1, "a number of 0 or more"),
        ("left", 0.5, "a whole number"),
        ("programme", None, "a label, got ''"),
    ],
)
def test_broken_cell_is_refused_with_row_and_column(column, value, text):
    rows = made.make_episodes(5, 1).astype(dict.fromkeys(("stayed", "days", "left", "programme"), object))
    rows.loc[2, column] = value
    with pytest.raises(InvalidEpisodes, match=f"line 3, column {column}: expected {text}"):
        Cube.build(rows, made.SPEC)


@pytest.mark.parametrize(
    ("frame", "change", "rule"),
    [
        ("outcome", {"n_success": 10**6}, "n_success <= n_known"),
        ("outcome", {"pattern_id": 99}, "pattern_id exists"),
        ("duration", {"n": 0}, "n > 0"),
        ("duration", {"end_cause": -1}, "end_cause >= 0"),
        ("duration", {"entry": 10**6}, "0 < entry < time"),
        ("duration", {"n": 10**6}, "n_due of RET"),
    ],
)
def test_broken_rule_is_named(frame, change, rule):
    cube = made.make_cube(80)
    broken = replace(cube, **{frame: getattr(cube, frame).assign(**change)})
    with pytest.raises(DefinitionsDiffer, match=rule):
        broken.validate()


def test_cube_without_durations_needs_no_sum_rule():
    spec = replace(made.SPEC, duration=None)
    assert Cube.build(made.make_episodes(40, 1), spec).duration.empty


def test_durations_of_other_programmes_break_the_sum_rule():
    cube = made.make_cube(80)
    with pytest.raises(DefinitionsDiffer, match="n_due of RET"):
        replace(cube, duration=cube.duration[cube.duration["programme"] != "P1"]).validate()


def test_snapshot_gives_the_counts_of_the_frame(tmp_path):
    rows = made.make_episodes(400, 8).fillna({"abstinent": -1}).astype({"stayed": int, "abstinent": int})
    rows.loc[::50, "age_band"] = None
    coded = {name: sorted(set(rows[name].dropna())) for name in ("country", "programme", "age_band", "sex")}
    numbers = ("days", "left", "entry", "stayed", "abstinent")
    path = tmp_path / "snapshot.parquet"
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    write_snapshot(records, path, Layout(coded, integers=numbers))
    same(Cube.build(path, made.SPEC), Cube.build(rows, made.SPEC))
    same(Cube.build(str(path), made.SPEC), Cube.build(rows, made.SPEC))


def test_outcomes_of_one_name_are_added_in_a_snapshot_as_in_a_frame(tmp_path):
    rows = pd.DataFrame({"programme": ["A", "A", "B"], "first": [1, 0, 1], "second": [1, -2, 0]})
    outcomes = (OutcomeSpec("Y", "first"), OutcomeSpec("X", "first"), OutcomeSpec("Y", "second"))
    spec, path = CubeSpec(keys=("programme",), outcomes=outcomes), tmp_path / "snapshot.parquet"
    layout = Layout({"programme": ["A", "B"]}, ("first", "second"))
    write_snapshot(rows.to_dict("records"), path, layout)
    same(Cube.build(path, spec), Cube.build(rows, spec))
    assert Cube.build(path, spec).counts("Y")[["n_due", "n_success"]].to_numpy().tolist() == [[3, 2], [2, 1]]


@pytest.mark.parametrize(("count", "kind"), [(2**30, np.int32), (2**31, np.int64)])
def test_counts_beyond_half_the_width_keep_the_whole(count, kind):
    assert _width([np.array([1, count]), np.array([], dtype=np.int64)]) is kind


def test_snapshot_labels_of_causes_become_codes(tmp_path):
    path = tmp_path / "snapshot.parquet"
    write_snapshot(
        [{"t": 1, "end": "censored"}, {"t": 2, "end": "left"}],
        path,
        Layout({"end": ["left", "censored"]}, ("t",)),
    )
    spec = CubeSpec(duration=DurationSpec("t", "end", causes=("censored", "left")))
    assert Cube.build(path, spec).duration[["time", "end_cause"]].to_numpy().tolist() == [[1, 0], [2, 1]]


def test_sql_text_is_portable():
    text = outcome_sql(made.SPEC) + duration_sql(made.SPEC, made.SPEC.duration)
    for word in ("::", "FILTER", "least", "greatest", "date"):
        assert word not in text
    assert "GROUP BY 1, 2, 3, 4" in text
    assert "CAST(sum(" in text
    assert "GROUP BY" not in outcome_sql(CubeSpec(outcomes=(OutcomeSpec("Y", "y"),)))


def test_name_that_is_no_plain_name_never_enters_sql():
    with pytest.raises(NotEstimable, match="letters, digits and _"):
        quoted('x"; DROP TABLE snapshot; --')


def test_counts_are_whole_numbers():
    cube = made.make_cube()
    for name in ("n_due", "n_known", "n_success"):
        assert cube.outcome[name].dtype == np.int64
    assert cube.duration["n"].dtype == np.int64
