"""The level that judgements lead to, what a text may not tell, and every step of every state."""

import pytest

from portal.alerts.dictionary import State
from portal.alerts.rules import Opinion, is_confirmed_cluster, level_of, record_hash, text_faults
from portal.alerts.workflow import TRANSITIONS, Standing
from portal.core.errors import InvalidTransition
from portal.core.workflow import check, find


@pytest.mark.parametrize(
    ("first", "second", "deaths", "level"),
    [
        ((1, 1, "A"), (1, 2, "A"), "none", "information"), ((1, 3, "C"), (1, 1, "C"), "none", "advisory"),
        ((2, 2, "C"), (1, 1, "C"), "none", "advisory"), ((2, 3, "D"), (1, 1, "D"), "none", "alert"),
        ((3, 3, "C"), (1, 1, "A"), "none", "alert"), ((1, 1, "A"), (1, 1, "B"), "1-4", "alert"),
        ((1, 1, "A"), (1, 1, "C"), "1-4", "information"), ((1, 1, "A"), (1, 1, "A"), "unknown", "information"),
    ],
)  # fmt: skip
def test_severity_likelihood_certainty_and_deaths_make_the_level(first, second, deaths, level):
    assert level_of([Opinion(*first), Opinion(*second)], deaths) == level


def test_only_several_deaths_that_are_sure_are_a_confirmed_cluster():
    sure, unsure = [Opinion(3, 3, "A"), Opinion(3, 3, "B")], [Opinion(3, 3, "A"), Opinion(3, 3, "C")]
    assert [is_confirmed_cluster(sure, band) for band in ("none", "1-4", "5-9", "20+")] == [
        False,
        False,
        True,
        True,
    ]
    assert not is_confirmed_cluster(unsure, "5-9")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("costs 500 rub", "price_told"), ("۵۰۰۰ تومان", "price_told"), ("€20 a bag", "price_told"),
        ("take 10 mg at most", "dose_told"), ("не больше 5 мг", "dose_told"), ("۱۰ میلی‌گرم", "dose_told"),
        ("synthesis from a precursor", "recipe_told"), ("рецепт известен", "recipe_told"), ("سنتز خانگی", "recipe_told"),
        ("a 34-year-old man died", "case_told"), ("мужчина 34 лет", "case_told"), ("مرد ۳۴ ساله", "case_told"),
        ("sold by a dealer", "supplier_told"), ("продавец в телеграме", "supplier_told"), ("فروشنده در تلگرام", "supplier_told"),
        ("write to someone@example.org", "identifier_found"),
    ],
)  # fmt: skip
def test_a_text_tells_no_price_amount_recipe_person_or_seller(text, code):
    assert code in text_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sleepiness comes later than usual.",
        "Не оставайтесь одни.",
        "تنها نمانید و نالوکسان دم دست باشد.",
        "Seen since week 46.",
    ],
)
def test_a_plain_text_passes(text):
    assert text_faults(text) == []


ENOUGH = {
    "record": {
        "substances": ["x"], "form": "powder", "route": ["oral"], "first_seen": "2026-11-20", "region": "IR1", "events": "5-9",
        "deaths": "none", "toxidrome": "opioid", "identification": "confirmed",
    },
    "opinions": [Opinion(3, 3, "A")], "judges": frozenset({1, 2}), "seats": frozenset({"clinician", "toxicologist"}),
    "signers": {"editor": 3, "panel": 1},
}  # fmt: skip
VERBS = sorted({row.verb for row in TRANSITIONS})


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", VERBS)
def test_every_step_is_possible_where_the_table_says_and_nowhere_else(state, verb):
    allowed = any(row.verb == verb and state in row.sources for row in TRANSITIONS)
    if allowed:
        assert check(TRANSITIONS, Standing(state=state, **ENOUGH), verb).verb == verb
    else:
        with pytest.raises(InvalidTransition):
            find(TRANSITIONS, state, verb)


@pytest.mark.parametrize(
    ("less", "code"),
    [
        ({"record": {}}, "signal_incomplete"), ({"judges": frozenset({1})}, "judgements_missing"),
        ({"seats": frozenset({"clinician"})}, "judgements_missing"), ({"signers": {"editor": 3}}, "signature_missing"),
        ({"signers": {"editor": 1, "panel": 1}}, "signature_missing"), ({"signers": None}, "signature_missing"),
    ],
)  # fmt: skip
def test_nothing_is_issued_without_two_judgements_and_two_signatures(less, code):
    with pytest.raises(InvalidTransition) as refusal:
        check(TRANSITIONS, Standing(state=State.ASSESSMENT, **(ENOUGH | less)), "issue")
    assert refusal.value.code == code


def test_the_hash_of_a_record_does_not_depend_on_its_order():
    assert record_hash({"a": 1, "b": ["x"]}) == record_hash({"b": ["x"], "a": 1})
