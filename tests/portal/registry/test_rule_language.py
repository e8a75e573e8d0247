"""The language of the rules: what each function says of unknown answers, groups written out, parts left out."""

import ast

import polars as pl
import pytest

from portal.registry.dictionary import load
from portal.registry.exports.codebook import unverified_values
from portal.registry.rules.catalogue import all_rules, raw
from portal.registry.rules.expanding import expanded, spans
from portal.registry.rules.language import FUNCTIONS, MEANINGS, NotARule, compile_rule, names_in
from portal.registry.rules.narrowing import narrowed

ROW = {"a": 1, "b": 2, "c": None, "d": 0}


def said(text, **answers):
    row = ROW | answers
    frame = pl.DataFrame({name: pl.Series(name, [value], dtype=pl.Int16) for name, value in row.items()})
    frame = frame.with_columns([pl.col(name).is_not_null().alias(f"given_{name}") for name in row])
    return frame.select(compile_rule(text, {"SET": [1, 2]}).alias("x")).item()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("some(a == 2, c == 1)", False), ("some(c == 1)", False), ("some(a == 1, c == 1)", True),
        ("ever(a == 2, c == 1)", False), ("ever(c == 1, c == 2)", None), ("ever(c == 1, b == 2)", True),
        ("ever(a == 2, b == 1)", False), ("ever(c == 1)", None),
        ("count(a == 1, b == 2, c == 3)", 2), ("count(c == 3)", 0),
        ("given(a)", True), ("given(c)", False), ("known(a)", True), ("known(c)", False),
        ("same(a, a)", True), ("same(a, b)", False), ("same(c, c)", True), ("same(a, c)", False),
        ("most(a, b, c)", 2), ("most(c, c)", None), ("least(a, b, c)", 1), ("least(28, a)", 1),
        ("sum(a, b, d)", 3), ("sum(a, c)", None), ("first(c, b, a)", 2), ("first(c, c)", None),
        ("where(b, a == 1)", 2), ("where(b, a == 2)", 0), ("where(b, c == 1)", 0),
        ("a in SET", True), ("c in SET", None), ("not a in SET", False), ("a + b * 2 - 1", 4), ("a < -1", False),
        ("a == 1 or c == 1", True), ("a == 2 and c == 1", False), ("a == 1 and c == 1", None),
    ],
)  # fmt: skip
def test_functions_have_a_value_for_every_answer(text, value):
    assert said(text) == value


def test_every_function_is_explained():
    assert set(MEANINGS) == set(FUNCTIONS) | {"over", "alike"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a == 1", "None"), ("not a == 1", "None"), ("a + b > 1", "None"), ("b == 1 and a == 1", "b == 1 and None"),
        ("b == 1 or known(a)", "b == 1"), ("b == 1 and known(a)", "False"), ("not known(a)", "True"),
        ("b == 1 or not known(a)", "True"), ("some(a == 1, b == 1)", "some(b == 1)"), ("some(a == 1)", "False"),
        ("some(b == 1 and a == 1, b == 2)", "some(b == 2)"), ("some(not known(a))", "True"),
        ("ever(a == 1, b == 1)", "b == 1"), ("ever(a == 1)", "None"), ("ever(known(a), b == 1)", "some(b == 1)"),
        ("most(a, b)", "most(b)"), ("most(a)", "None"), ("least(a, 28)", "least(28)"), ("sum(a, b)", "None"),
        ("first(a, b)", "first(b)"), ("where(b, a == 1)", "0"), ("where(b, c == 1)", "where(b, c == 1)"),
        ("same(a, b)", "not known(b)"), ("same(a, a)", "True"), ("same(b, c)", "same(b, c)"),
        ("count(a == 1, b == 1)", "count(b == 1)"), ("count(a == 1)", "0"), ("given(a)", "False"),
        ("a in SET", "None"), ("b in SET", "b in SET"), ("b == 1 or a == 1 or a == 2", "b == 1 or None"),
    ],
)  # fmt: skip
def test_what_is_nowhere_falls_away_and_the_rest_says_the_same(text, left):
    made = narrowed(ast.parse(text, mode="eval").body, {"a"})
    assert ast.unparse(made) == left
    for b in (1, 2, 3, None):
        for c in (1, None):
            assert said(text, a=None, b=b, c=c) == value_of(made, b=b, c=c), (b, c)


def value_of(made, **answers):
    return made.value if isinstance(made, ast.Constant) else said(ast.unparse(made), a=9, **answers)


def test_groups_are_written_out_by_their_own_names():
    made = expanded("ever(over(review, day > discharge_day))", 2)
    assert (
        ast.unparse(made)
        == "ever(" + ", ".join(f"review_{n}_day > discharge_day" for n in (1, 2, 3, 4)) + ")"
    )
    assert [names["code"] for names in spans(2)["treatment"]] == [
        "modality", "modality_2_code", "modality_3_code", "modality_4_code",
    ]  # fmt: skip
    assert len(spans(2)["assessment"]) == 9


def test_likeness_compares_every_item_that_both_have():
    text = ast.unparse(expanded("alike(start, review_1)", 2))
    assert "known(review_1_day) and same(start_mode" not in text
    assert text.startswith("known(review_1_day) and same(start_d28_alcohol, review_1_d28_alcohol)")
    assert text.count("same(") > 20


@pytest.mark.parametrize(
    "text", ["over(review, day > 3)", "some(over(nobody, day > 3))", "some(over(3, day))"]
)
def test_a_group_has_its_place_and_its_name(text):
    with pytest.raises((NotARule, KeyError)):
        compile_rule(expanded(text, 2), {})


@pytest.mark.parametrize("version", [1, 2])
def test_written_out_rules_use_columns_and_plain_functions_only(version):
    for rule in all_rules(version):
        made = expanded(rule.broken, version)
        called = {node.func.id for node in ast.walk(made) if isinstance(node, ast.Call)}
        assert called <= set(FUNCTIONS)
        assert (
            not {name for name in names_in(made) if name.startswith(("USES_", "HAS_", "RETIRED"))}
            or version == 1
        )
        assert set(rule.needs) <= set(load(version).every) | {"identifier_found"}


def test_numbers_of_rules_are_those_that_wait_to_be_verified():
    numbers, doubts = raw(2)["number"], unverified_values()
    ranges, windows = doubts["modality.dose_ranges"].value, doubts["ndtms.windows"].value
    for drug in ("methadone", "buprenorphine", "tincture"):
        low, high = (numbers[f"{drug.upper()}_{end}"] / 10 for end in ("LOW", "HIGH"))
        assert f"{drug} {low:g}–{high:g}" in ranges
    assert f"within {numbers['WINDOW']} days" in windows
    assert f"within {numbers['JOURNEY']} days" in windows
    using = {r.id for r in all_rules(2) if {"modality.dose_ranges", "ndtms.windows"} & set(r.unverified)}
    assert using == {"R23W", "R36", "R43"}
