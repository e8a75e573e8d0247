"""Every pair of state and verb, as a table: where it leads, or that it leads nowhere."""

import pytest

from portal.core.errors import InvalidTransition
from portal.core.workflow import check, find, to_mermaid
from portal.protocols.dictionary import State, UnitState
from portal.protocols.rules import Seat, Standing
from portal.protocols.workflow import BEFORE_AGREEMENT, DIAGRAMS, TRANSITIONS, UNIT_TRANSITIONS, missing_seats

# state: {verb: target}; every pair that is not here is refused.
LEADS = {
    "draft": {"submit": "submitted", "abandon": "abandoned"},
    "submitted": {
        "return": "draft", "start_review": "in_review", "reject": "rejected", "abandon": "abandoned",
    },
    "in_review": {"request_changes": "changes_requested", "accept": "accepted", "abandon": "abandoned"},
    "changes_requested": {"resubmit": "submitted", "abandon": "abandoned"},
    "accepted": {
        "publish": "published", "edit": "in_review", "lose_approval": "in_review", "abandon": "abandoned",
    },
    "published": {
        "supersede": "superseded", "raise_concern": "under_concern", "retire": "retired", "withdraw": "withdrawn",
    },
    "under_concern": {
        "supersede": "superseded", "close_concern": "published", "expire_concern": "published",
        "retire": "retired", "withdraw": "withdrawn",
    },
    "rejected": {"grant_appeal": "submitted"},
}  # fmt: skip
VERBS = sorted({row.verb for row in TRANSITIONS})
UNIT_LEADS = {
    "untranslated": {"save": "draft"},
    "draft": {"save": "draft", "submit": "needs_review", "reopen": "draft"},
    "needs_review": {"approve": "approved", "return": "draft", "reopen": "draft"},
    "approved": {
        "source_reworded": "stale_editorial", "source_changed": "stale_clinical", "reopen": "draft",
    },
    "stale_editorial": {
        "save": "draft", "source_changed": "stale_clinical", "confirm": "approved", "reopen": "draft",
    },
    "stale_clinical": {"save": "draft", "confirm": "approved", "reopen": "draft"},
}  # fmt: skip
UNIT_VERBS = sorted({row.verb for row in UNIT_TRANSITIONS})
ONE, TWO = Seat(1, "clinical", frozenset({1})), Seat(2, "clinical", frozenset({2}))
MUTE, MUTE_TOO = (
    Seat(n, "clinical", frozenset({n}), reads_source=False) for n in (1, 2)
)  # who does not read the source
DOSE = Seat(2, "dose_check", frozenset({2}))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_leads_from_each_state_where_the_table_says(state, verb):
    target = LEADS.get(state, {}).get(verb)
    if target is None:
        with pytest.raises(InvalidTransition, match="wrong_state"):
            find(TRANSITIONS, state, verb)
    else:
        assert find(TRANSITIONS, state, verb).target == target


@pytest.mark.parametrize("state", ["untranslated", *UnitState, "stale_editorial", "stale_clinical"])
@pytest.mark.parametrize("verb", UNIT_VERBS)
def test_each_verb_of_a_unit_leads_where_the_table_says(state, verb):
    target = UNIT_LEADS[state].get(verb)
    if target is None:
        with pytest.raises(InvalidTransition):
            find(UNIT_TRANSITIONS, state, verb)
    else:
        assert find(UNIT_TRANSITIONS, state, verb).target == target


def ready(**changes):
    """A standing from which everything is possible."""
    good = {
        "panel": (ONE, TWO, DOSE), "approvals": (ONE, TWO, DOSE), "comments": 1, "has_dose": True,
        "countries": frozenset({"IR", "RU"}), "withdrawal": frozenset({"IR", "RU"}),
    }  # fmt: skip
    return Standing(**({"state": "draft"} | good | changes))


REFUSED = (
    ("draft", "submit", {"entry_problems": ("x",)}, "not_filled_in"),
    ("draft", "submit", {"change_type": "editorial", "cannot_be_editorial": True}, "cannot_be_minor"),
    ("draft", "submit", {"interests_declared": False}, "interests_missing"),
    ("submitted", "start_review", {"interests_undecided": 1}, "interests_undecided"),
    ("in_review", "accept", {"interests_undecided": 1}, "interests_undecided"),
    ("in_review", "accept", {"approvals": (MUTE, MUTE_TOO, DOSE)}, "approvals_missing_for_content"),
    ("published", "withdraw", {"withdrawal": frozenset({"IR"})}, "chief_editors_missing"),
    ("rejected", "grant_appeal", {"appealed": False}, "no_appeal"),
    ("submitted", "start_review", {"panel": (ONE, DOSE)}, "panel_incomplete"),
    ("submitted", "start_review", {"panel": (ONE, TWO)}, "panel_incomplete"),
    ("in_review", "request_changes", {"comments": 0}, "comment_needed"),
    ("changes_requested", "resubmit", {"unanswered_musts": 1}, "musts_unanswered"),
    ("in_review", "accept", {"approvals": (ONE, DOSE)}, "approvals_missing_for_content"),
    ("in_review", "accept", {"approvals": (ONE, TWO)}, "approvals_missing_for_content"),
    ("in_review", "accept", {"open_musts": 1}, "musts_open"),
    ("accepted", "publish", {"approvals": ()}, "approvals_missing_for_content"),
    ("accepted", "publish", {"countries": frozenset({"IR"})}, "chief_editors_missing"),
    ("accepted", "publish", {"countries": frozenset(), "change_type": "clinical"}, "chief_editors_missing"),
)


@pytest.mark.parametrize(("state", "verb", "changes", "code"), REFUSED)
def test_guard_refuses(state, verb, changes, code):
    assert check(TRANSITIONS, ready(state=state), verb)
    with pytest.raises(InvalidTransition, match=code):
        check(TRANSITIONS, ready(state=state, **changes), verb)


@pytest.mark.parametrize("kind", ["editorial", "correction"])
def test_version_that_needs_one_editor_needs_no_chief_editors(kind):
    assert check(TRANSITIONS, ready(state="accepted", countries=frozenset(), change_type=kind), "publish")


def test_agreement_asks_for_everything_but_agreement():
    assert check(BEFORE_AGREEMENT, ready(state="accepted", countries=frozenset()), "agree")


def test_one_person_of_two_organisations_is_one_reviewer():
    twice = Seat(1, "clinical", frozenset({2}))
    assert missing_seats([ONE, twice], has_dose=False) == ["clinical"]
    assert missing_seats([ONE, Seat(3, "clinical", frozenset({1, 3}))], has_dose=False) == ["organisation"]
    assert missing_seats([ONE, Seat(3, "clinical", frozenset())], has_dose=False) == ["organisation"]
    assert missing_seats([ONE, TWO], has_dose=False) == []


def test_diagrams_show_every_transition():
    for _title, table, initial in DIAGRAMS:
        text = to_mermaid(table, initial)
        assert all(
            f"{source} --> {row.target}: {row.verb}" in text for row in table for source in row.sources
        )
