"""Change in days of use: the worked classes, both denominators, paired means, and published limits."""

import json

import numpy as np
import pytest

from analytics.change import change_classes, mean_change
from analytics.errors import TooFew
from analytics.intervals import proportion_ci, rate_ci
from analytics.outcomes.changes import THRESHOLDS, USERS, VERIFIED, Change, change_of

WORKED = [
    ("opioid", 28, 0, "abstinent"), ("opioid", 28, 15, "improved"), ("opioid", 28, 16, "unchanged"),
    ("opioid", 10, 23, "deteriorated"), ("opioid", 5, 0, "abstinent"), ("cocaine", 20, 12, "improved"),
    ("cocaine", 20, 13, "unchanged"), ("opioid", 0, 0, "not_using_at_start"), ("opioid", 0, 4, "initiated"),
    ("opioid", 20, None, "not_assessable"), ("opioid", None, 3, "not_assessable"),
    ("cannabis", 20, 10, "improved"), ("cannabis", 20, 11, "unchanged"), ("cannabis", 12, 18, "deteriorated"),
]  # fmt: skip


@pytest.fixture
def vectors(shared):
    return json.loads((shared / "data" / "instrument_vectors.json").read_text())


def of(vectors, name):
    listed = vectors if isinstance(vectors, list) else vectors["vectors"]
    return [each for each in listed if each["instrument"] == name]


@pytest.mark.parametrize(("group", "start", "review", "expected"), WORKED)
def test_worked_changes(group, start, review, expected):
    assert change_of(start, review, THRESHOLDS.get(group)) == expected


def test_vectors_of_change_are_met(vectors):
    for each in of(vectors, "DAYS28-CHANGE"):
        told = each["input"]
        assert (
            change_of(told["start"], told["review"], told["thresholds"][told["substance"]])
            == each["expected"]["category"]
        )


def test_thresholds_ship_as_not_verified():
    assert not VERIFIED
    assert THRESHOLDS == {"opioid": 13, "crack": 13, "cocaine": 8, "alcohol": 11}


def test_classes_add_up_to_the_users_at_the_start():
    pairs = [(start, review) for start in range(29) for review in [None, *range(29)]]
    found = [change_of(start, review, 13) for start, review in pairs]
    users = sum(each in USERS for each in found)
    assert users == sum(start > 0 or review is None for start, review in pairs)
    table = change_classes({each: found.count(each) for each in Change}).table.set_index("change")
    assert table.loc[[each.value for each in USERS], "count"].sum() == users
    assert table.loc[[each.value for each in USERS], "of_users"].sum() == pytest.approx(1)
    assessed = [each.value for each in USERS if each is not Change.NOT_ASSESSABLE]
    assert table.loc[assessed, "of_assessed"].sum() == pytest.approx(1)
    assert table.loc["initiated", ["of_users", "of_assessed"]].isna().all()


def test_mean_of_pairs_has_the_limits_of_t():
    """Five pairs by hand: mean 2, sd sqrt(2.5), t(4) = 2.776."""
    row = mean_change([0, 1, 2, 3, 4], beyond=3).table.iloc[0]
    assert (row["estimate"], row["beyond"]) == (2, 0.4)
    assert row["lower"] == pytest.approx(2 - 2.7764451 * np.sqrt(2.5 / 5))


def test_counted_differences_equal_listed_ones():
    listed, counted = mean_change([1, 1, 1, -2]), mean_change([1, -2], [3, 1])
    assert listed.table.equals(counted.table)


def test_one_pair_has_no_spread():
    with pytest.raises(TooFew, match="at least 2 pairs, got 1"):
        mean_change([3])


def test_wilson_and_byar_vectors_are_met(vectors):
    for each in of(vectors, "WILSON95"):
        row = proportion_ci([each["input"]["x"]], [each["input"]["n"]]).table.iloc[0]
        assert [round(row["lower"], 4), round(row["upper"], 4)] == each["expected"]["ci"]
    for each in of(vectors, "SMR-BYAR95"):
        observed, expected = each["input"]["O"], each["input"]["E"]
        row = rate_ci([observed], [expected], method="byar").table.iloc[0]
        lower = 0.0 if observed == 0 else round(row["lower"], 4)
        assert [lower, round(row["upper"], 4)] == each["expected"]["ci"]
