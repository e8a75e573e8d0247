"""Who may do what, as tables of person and verb."""

import pytest
from factories import make_organisation, make_user
from protocol_people import people_of
from protocol_world import NOW, bring_to, make_draft, make_published, make_world

from portal.core.errors import NotAllowed
from portal.protocols import policies
from portal.protocols.queries.versions import list_assignments
from portal.protocols.services import translations

# Which of these people may do it to a version that `author` wrote at the centre of `colleague`.
ON_VERSION = {
    "edit": {"author", "colleague"},
    "submit": {"author"},
    "screen": {"editor", "chief"},
    "be_asked": {"reviewer"},
    "publish": {"chief"},
    "confirm": {"chief"},
    "override": {"chief"},
    "oversee": {"chief"},
    "check_currency": {"author", "colleague", "editor", "chief", "close_editor"},
}
PLAIN = {
    "author": {"author", "colleague", "clinician", "close_editor"},
    "set_legal": {"editor", "chief", "close_editor"},
    "translate": {"translator"},
    "withdraw_by_order": {"country_admin"},
    "release_translation": {"language_reviewer", "editor", "chief", "close_editor"},
}
PEOPLE = (
    "author", "colleague", "reviewer", "loner", "editor", "chief", "close_editor", "clinician", "translator",
    "language_reviewer", "researcher", "member", "country_admin", "system",
)  # fmt: skip


def verdicts(verb, people, *things, **facts):
    can, check = getattr(policies, f"can_{verb}"), getattr(policies, f"check_can_{verb}")
    allowed = set()
    for name, person in people.items():
        if can(person, *things, **facts):
            check(person, *things, **facts)
            allowed.add(name)
        else:
            with pytest.raises(NotAllowed):
                check(person, *things, **facts)
    return allowed


def test_what_each_person_may_do_to_a_version(app):
    world = make_world()
    version, people = make_draft(world), people_of(world)
    found = {verb: verdicts(verb, people, version) for verb in ON_VERSION}
    close = {"edit": {"close_editor"}}
    assert found == {verb: allowed | close.get(verb, set()) for verb, allowed in ON_VERSION.items()}


def test_what_each_person_may_do_without_a_version(app):
    people = people_of(make_world())
    assert {verb: verdicts(verb, people) for verb in PLAIN} == PLAIN


def test_editorial_version_is_published_by_editors_too(app):
    world = make_world()
    version, people = make_draft(world), people_of(world)
    version.change_type = "editorial"
    assert verdicts("publish", people, version) == {"editor", "chief"}
    version.change_type = "correction"
    assert verdicts("publish", people, version) == {"editor", "chief"}


def test_unpublished_text_is_seen_by_authors_editors_and_assigned_reviewers(app):
    world = make_world()
    version, people = make_draft(world), people_of(world)
    assert verdicts("see", people, version, assigned=False) == {
        "author",
        "colleague",
        "editor",
        "chief",
        "close_editor",
    }
    assert policies.can_see(people["reviewer"], version, assigned=True)
    policies.check_can_see(people["reviewer"], version, assigned=True)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [("invited", False), ("reading", True), ("submitted", True), ("declined", False), ("closed", False)],
)
def test_reviewer_reviews_only_the_own_open_assignment(app, state, allowed):
    world = make_world()
    version = bring_to(world, make_draft(world), "in_review")
    assignment = list_assignments(version.id)[0]
    assignment.state = state
    assert policies.can_review(world.reviewers[0], version, assignment) is allowed
    assert not policies.can_review(world.reviewers[1], version, assignment)
    with pytest.raises(NotAllowed, match="not_assigned"):
        policies.check_can_review(world.reviewers[1], version, assignment)


def test_nobody_approves_the_own_translation_and_clinical_texts_need_a_clinician(app):
    world = make_world()
    version = make_published(world)
    unit = translations.save_unit(version, "title", "fa", "درمان", revision=0, by=world.translator, now=NOW)
    people = people_of(world)
    people["self"] = world.translator
    plain = verdicts("approve_unit", people, unit, clinical=False)
    clinical = verdicts("approve_unit", people, unit, clinical=True)
    returned = verdicts("return_unit", people, unit)
    assert plain == {"language_reviewer"}
    assert clinical == {"author", "colleague", "reviewer", "loner", "close_editor", "clinician"}
    assert returned == plain | clinical


def test_people_are_compared_by_id_not_by_address(app):
    world = make_world()
    version = make_draft(world)
    twin = make_user(
        "clinical_reviewer", email=world.author.email + ".example", organisation=make_organisation()
    )
    assert policies.can_be_asked(twin, version)
