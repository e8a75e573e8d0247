"""The funnel as released: five programmes make a picture, three a table, and nobody follows by subtraction."""

import pytest

from analytics.disclosure import Policy, release
from analytics.disclosure.measured import Known, Spread, Verdict

from . import measures as make

SPREAD = Spread(1.61234, 0.0123456)


def shown(measured):
    return release(measured, Policy.APPROVED).value


@pytest.mark.parametrize(("programmes", "form", "phi"), [("ABCD", "table", None), ("ABCDE", "funnel", 1.612)])
def test_fewer_than_five_programmes_are_a_table(programmes, form, phi):
    value = shown(make.comparison(*map(make.compared, programmes), spread=SPREAD))
    assert (value.form, value.phi) == (form, phi)


def test_numbers_are_rounded_and_limits_nest():
    value = shown(
        make.comparison(*map(make.compared, "AB"), make.compared("C", ratio=make.ratio(40, 44.444)))
    )
    row = value.programmes[2]
    assert (row.observed, row.expected, row.ratio) == (40, 44.44, 0.9)
    assert row.limits[1].low < row.limits[0].low < row.limits[0].high < row.limits[1].high


def test_verdicts_with_and_without_over_dispersion_stand_side_by_side():
    flagged = make.ratio(80, 50.0, verdict=Verdict(0.998, "above"), adjusted=Verdict(0.95, "above"))
    value = shown(make.comparison(*map(make.compared, "AB"), make.compared("C", ratio=flagged)))
    row = value.programmes[2]
    assert (row.outside, row.side, row.adjusted_outside, row.adjusted_side) == (0.998, "above", 0.95, "above")


def test_programme_outside_the_model_is_named_with_its_rule_only():
    value = shown(
        make.comparison(
            *map(make.compared, "ABC"),
            make.compared("D", ratio=None, why="P2"),
            make.compared("E", known=29, ratio=None),
        )
    )
    assert [(row.withheld, row.known, row.observed) for row in value.programmes[3:]] == [
        ("P2", None, None),
        ("P1", None, None),
    ]
    assert {notice.programme for notice in value.notices if notice.code == "W2"} == {"D", "E"}


def test_model_over_a_hidden_programme_is_refused():
    with pytest.raises(ValueError, match="hides"):
        shown(make.comparison(*map(make.compared, "ABC"), make.compared("D", known=29)))


def test_model_over_two_programmes_is_refused():
    with pytest.raises(ValueError, match="tells one from the others"):
        shown(make.comparison(*map(make.compared, "AB")))


def test_programme_left_out_without_reason_is_refused():
    with pytest.raises(ValueError, match="without a reason"):
        shown(make.comparison(*map(make.compared, "ABC"), make.compared("D", ratio=None)))


def test_comparison_without_enough_programmes_is_refused_and_tells_nothing():
    value = shown(
        make.comparison(
            make.compared("A", ratio=None, why="P10"),
            make.compared("B", ratio=None, why="P10"),
            c_statistic=0.7,
        ),
    )
    assert (value.refused, value.c_statistic) == ("P10", None)
    assert {row.known for row in value.programmes} == {None}


@pytest.mark.parametrize(
    ("c_statistic", "slope", "poor"),
    [
        (0.59, 1.0, True),
        (0.60, 1.0, False),
        (0.7, 0.79, True),
        (0.7, 1.21, True),
        (0.7, 1.2, False),
        (None, None, False),
    ],
)
def test_poor_model_is_noticed(c_statistic, slope, poor):
    value = shown(
        make.comparison(*map(make.compared, "ABC"), c_statistic=c_statistic, calibration_slope=slope)
    )
    assert any(notice.code == "W5" for notice in value.notices) == poor
    assert value.notices[-1].code == "W8"


def test_rare_patterns_and_unknown_outcomes_are_noticed():
    value = shown(
        make.comparison(
            *map(make.compared, "AB"), make.compared("C", size=150, ratio=make.ratio(rare_patterns=True))
        ),
    )
    assert [(notice.code, notice.programme) for notice in value.notices] == [
        ("W4", "C"),
        ("W1", "C"),
        ("W1", ""),
        ("W8", ""),
    ]


def test_too_few_alike_elsewhere_are_noticed_with_their_reason_and_no_share():
    sample = make.compared("C", ratio=make.ratio(small_sample=True))
    rare = make.compared("B", ratio=make.ratio(rare_patterns=True, small_sample=True))
    value = shown(make.comparison(make.compared("A"), rare, sample))
    noticed = [(each.programme, each.value, each.about) for each in value.notices if each.code == "W4"]
    assert noticed == [("B", None, "rare"), ("C", None, "sample")]


@pytest.mark.parametrize(
    ("programmes", "adjusted", "values"),
    [("ABCD", True, []), ("ABCDE", True, [5.0]), ("ABCDE", False, []), ("ABCDEFGHIJ", True, [])],
)
def test_wider_limits_of_five_to_nine_programmes_are_warned(programmes, adjusted, values):
    ratio = make.ratio(adjusted=Verdict() if adjusted else None)
    value = shown(make.comparison(*(make.compared(code, ratio=ratio) for code in programmes)))
    assert [each.value for each in value.notices if each.code == "W13"] == values


def test_quality_of_the_model_is_said():
    value = shown(make.comparison(*map(make.compared, "ABC"), c_statistic=0.71234, calibration_slope=0.98765))
    assert (value.c_statistic, value.calibration_slope) == (0.712, 0.988)


@pytest.mark.parametrize(
    ("main", "text"),
    [(Known(745, 700, None), "28.0 %"), (Known(745, 740, None), "not shown"), (None, "not shown")],
)
def test_ratio_says_what_share_of_the_people_it_judges(main, text):
    """209 of 745 are 28.05 %; where the 745 are withheld, nothing from which they follow."""
    people = [
        make.compared(code, known=209, size=230, ratio=make.ratio(100, 100.0), main=main) for code in "ABC"
    ]
    row = shown(make.comparison(*people, outcome="ABS-28")).programmes[0]
    assert str(row.judged) == text
    assert row.judged.low is None


def test_poor_model_says_which_measure_is_poor():
    value = shown(make.comparison(*map(make.compared, "ABC"), c_statistic=0.58, calibration_slope=0.7461))
    noticed = [(each.value, each.about) for each in value.notices if each.code == "W5"]
    assert noticed == [(0.58, "c"), (0.746, "slope")]
