"""Blocks of two versions: added, removed, changed, moved; fields of their data; three states of an adaptation."""

from dataclasses import dataclass, field, replace

import pytest

from portal.protocols.diff import compare, compare_fields
from portal.protocols.diff.fields import changed_fields, held_fields
from portal.protocols.diff.threeway import compare_three


@dataclass(frozen=True)
class Made:
    """A block of a test: its text is also its hash."""

    block_key: str
    source_text: str = ""
    section: str = "steps"
    kind: str = "step"
    data: dict = field(default_factory=dict)

    @property
    def source_hash(self):
        return f"{self.section} {self.kind} {self.source_text} {self.data}"


def blocks(keys):
    return [Made(key, f"Text of {key}") for key in keys]


def kinds_of(old, new):
    return {change.key: change.what for change in compare(old, new)}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("abc", "abc", {}),
        ("abc", "ab", {"c": "removed"}),
        ("ab", "abc", {"c": "added"}),
        ("abcd", "dabc", {"d": "moved"}),
        ("abcd", "bcda", {"a": "moved"}),
        ("abcd", "acxd", {"b": "removed", "x": "added"}),
        ("ab", "ba", {"b": "moved"}),
        ("", "a", {"a": "added"}),
    ],
)
def test_only_what_was_moved_counts_as_moved(old, new, found):
    assert len(kinds_of(blocks(old), blocks(new))) == len(found)
    assert sorted(kinds_of(blocks(old), blocks(new)).values()) == sorted(found.values())


def test_a_change_knows_both_blocks():
    old, new = Made("a", "Wait 2 hours."), Made("a", "Wait 3 hours.")
    (change,) = compare([old], [new])
    assert (change.what, change.before, change.after, change.reason) == ("changed", old, new, "number")


def test_fields_that_only_one_side_has_are_changes():
    found = compare_fields({"title": "A"}, {"title": "A", "etd:harms": "Fewer."})
    assert [(change.key, change.old, change.new) for change in found] == [("etd:harms", "", "Fewer.")]


DOSE = {"drug": "sub-methadone", "phase": "day_1", "dose_min": 10, "dose_max": 20, "unit": "mg", "ceiling": 30,
        "source": "WHO"}  # fmt: skip


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ({"dose_max": 30}, ["dose"]),
        ({"unit": "g"}, ["dose", "ceiling"]),
        ({"ceiling": 40, "source": "NICE"}, ["ceiling", "source"]),
        ({"every_min": 8, "every_unit": "hour"}, ["interval"]),
        ({"operator": ">", "value": 500}, ["operator", "value"]),
        ({}, []),
    ],
)
def test_a_dose_is_compared_field_by_field(new, found):
    assert changed_fields(DOSE, DOSE | new) == found


def test_held_fields_are_those_that_say_anything():
    assert held_fields(DOSE) == ["drug", "phase", "dose", "ceiling", "source"]


THEN = Made("a", "then")


@pytest.mark.parametrize(
    ("now", "mine", "news", "conflict"),
    [
        ("then", "then", False, False),
        ("now", "then", True, False),
        ("then", "mine", False, False),
        ("now", "mine", True, True),
        ("now", "now", False, False),
        (None, "then", True, False),
        (None, None, False, False),
        ("now", None, True, True),
    ],
)
def test_three_states_tell_news_from_own_work(now, mine, news, conflict):
    made = {text: [replace(THEN, source_text=text)] for text in ("then", "now", "mine")} | {None: []}
    (row,) = compare_three({}, made[now], made[mine], fallback={"a": THEN})
    assert (row.is_news, row.is_conflict) == (news, conflict)


def test_what_was_decided_about_is_no_news():
    now = Made("a", "now")
    (row,) = compare_three({"a": now}, [now], [THEN], fallback={"a": THEN})
    assert not row.is_news
    (gone,) = compare_three({"a": None}, [], [THEN], fallback={"a": THEN})
    assert (gone.is_news, gone.own) == (False, "added")
