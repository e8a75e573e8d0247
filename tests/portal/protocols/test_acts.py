"""Every state, act and role as one table: what a page offers, and what the verbs allow."""

import pytest
from protocol_people import people_of
from protocol_world import make_draft, make_world

from portal.core.workflow import verbs
from portal.protocols.dictionary import State
from portal.protocols.services.acts import MAY, possible
from portal.protocols.workflow import TRANSITIONS

AUTHOR, COLLEAGUE = {"author"}, {"author", "colleague", "close_editor"}
EDITORS, CHIEFS = {"editor", "chief"}, {"chief"}
ANY_EDITOR = {"editor", "chief", "close_editor"}  # safety first: also about the own text
# (state, act): who may. What is not here, nobody may.
TABLE = {
    ("draft", "submit"): AUTHOR, ("draft", "abandon"): AUTHOR,
    ("submitted", "return"): AUTHOR | EDITORS, ("submitted", "start_review"): EDITORS,
    ("submitted", "reject"): EDITORS, ("submitted", "abandon"): AUTHOR,
    ("in_review", "request_changes"): EDITORS, ("in_review", "accept"): EDITORS,
    ("in_review", "abandon"): AUTHOR,
    ("changes_requested", "resubmit"): AUTHOR, ("changes_requested", "abandon"): AUTHOR,
    ("accepted", "publish"): CHIEFS, ("accepted", "edit"): COLLEAGUE, ("accepted", "abandon"): AUTHOR,
    ("published", "raise_concern"): ANY_EDITOR, ("published", "retire"): CHIEFS,
    ("published", "withdraw"): CHIEFS | {"country_admin"},
    ("published", "check_currency"): COLLEAGUE | EDITORS,
    ("under_concern", "close_concern"): CHIEFS, ("under_concern", "retire"): CHIEFS,
    ("under_concern", "withdraw"): CHIEFS | {"country_admin"},
    ("under_concern", "check_currency"): COLLEAGUE | EDITORS,
    ("rejected", "grant_appeal"): CHIEFS,
}  # fmt: skip
PEOPLE = (
    "author", "colleague", "reviewer", "loner", "editor", "chief", "close_editor", "clinician", "translator",
    "language_reviewer", "researcher", "member", "country_admin", "system",
)  # fmt: skip
ACTS = sorted({*MAY, "check_currency"})


@pytest.fixture
def stage(app):
    world = make_world()
    return make_draft(world), people_of(world)


def test_every_act_of_every_role_in_every_state(stage):
    version, people = stage
    assert set(people) == set(PEOPLE)
    for state in State:
        version.state = state
        for act in ACTS:
            able = {name for name, person in people.items() if act in possible(person, version)}
            assert able == TABLE.get((state, act), set()), (state, act)


@pytest.mark.parametrize("state", list(State))
def test_every_row_of_the_workflow_has_somebody_or_is_done_by_time(state):
    by_time = {"expire_concern", "lose_approval", "supersede"}
    rows = {verb for verb in verbs(TRANSITIONS, state) if verb not in by_time}
    assert {(str(state), verb) for verb in rows} <= set(TABLE)


def test_every_verb_of_the_workflow_has_a_policy():
    assert {row.verb for row in TRANSITIONS} == set(MAY)
