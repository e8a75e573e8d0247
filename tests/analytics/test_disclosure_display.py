"""Shown forms of counts and rates: the published vectors and their border cases."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import exact_cause, exact_share, noisy_count, noisy_share, threshold

COUNTS = [
    ([12], 10, "12"),
    ([10], 10, "10"),
    ([9], 10, "<10"),
    ([0], 10, "<10"),
    ([-4], 10, "<10"),
    ([7, 8], 10, "15"),
    ([4, 5], 10, "<10"),
    ([3, 4, 3], 11, "<11"),
    ([4, 4, 3], 11, "11"),
    ([3, 3, 3, 2], 12, "<12"),
    ([3, 3, 3, 3], 12, "12"),
    ([20, -1, 15, 9, 2, 4, 1, 0, 6], 18, "56"),
]
RATES = [
    (30, 49, 1, 1, "not shown", None, None, None),
    (30, 50, 1, 1, "60.0 %", 0.6, 0.407002, 0.792998),
    (36, 100, 1, 1, "36.0 %", 0.36, 0.247055, 0.472945),
    (9, 100, 1, 1, "<10 %", None, None, None),
    (12, 400, 1, 1, "3.0 %", 0.03, 0.007734, 0.052266),
    (98, 100, 1, 1, "≥95 %", None, None, None),
    (103, 100, 1, 1, "≥95 %", None, None, None),
    (310, 320, 1, 1, "96.9 %", 0.96875, 0.936845, 1.0),
    (510, 500, 1, 1, ">99 %", None, None, None),
    (70, 200, 2, 2, "35.0 %", 0.35, 0.270563, 0.429437),
]


@pytest.mark.parametrize(("cells", "limit", "shown"), COUNTS)
def test_counts_are_shown_by_their_noisy_sum(cells, limit, shown):
    assert threshold(len(cells)) == limit
    assert str(noisy_count(sum(cells), cells=len(cells))) == shown


@pytest.mark.parametrize(
    ("part", "whole", "part_cells", "whole_cells", "shown", "rate", "low", "high"), RATES
)
def test_rates_are_shown_clipped_or_with_the_interval_that_allows_for_noise(
    part, whole, part_cells, whole_cells, shown, rate, low, high
):
    share = noisy_share(part, whole, part_cells=part_cells, whole_cells=whole_cells)
    assert str(share) == shown
    assert share.value == rate
    if low is not None:
        assert (share.low, share.high) == pytest.approx((low, high), abs=1e-6)


@settings(deadline=None)
@given(st.integers(-30, 2000), st.integers(1, 2000), st.integers(1, 20), st.integers(1, 20))
def test_a_shown_rate_is_never_at_the_edge_and_a_bound_has_no_interval(part, whole, part_cells, whole_cells):
    share = noisy_share(part, whole, part_cells=part_cells, whole_cells=whole_cells)
    if share.value is None:
        assert share.low is share.high is None
        assert share.is_shown == (whole >= 50)
    else:
        assert 0.01 <= share.value <= 0.99
        assert 0 <= share.low <= share.value <= share.high <= 1


@settings(deadline=None)
@given(st.integers(1, 400))
def test_threshold_is_the_smallest_that_exceeds_two_standard_deviations(cells):
    limit = threshold(cells)
    assert limit >= max(10, 2 * 3 * math.sqrt(cells) - 1e-9)
    assert limit == 10 or (limit - 1) ** 2 < 36 * cells


@pytest.mark.parametrize(
    ("rate", "known", "shown"),
    [
        (0.05, 199, "5.0 %"),
        (0.0499, 199, "≤5 %"),
        (0.95, 199, "95.0 %"),
        (0.951, 199, "≥95 %"),
        (0.0499, 200, "5.0 %"),
        (0.0099, 200, "<1 %"),
        (0.991, 200, ">99 %"),
        (0.0, 30, "≤5 %"),
        (1.0, 5000, ">99 %"),
    ],
)
def test_exact_rates_of_a_programme_are_clipped(rate, known, shown):
    share = exact_share(rate, known, 0.0, 1.0)
    assert str(share) == shown
    assert (share.low is None) == (share.bound is not None)


def test_an_ending_of_nine_is_a_band_and_of_ten_a_number():
    assert (str(exact_cause(9)), str(exact_cause(10)), str(exact_cause(0))) == ("<10", "10", "<10")
