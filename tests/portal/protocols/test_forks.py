"""Adaptations: provenance, licence, what the parent changed, and what the owners decide about it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_user
from fork_world import WHY, adapt, block_of, details, make_adopted, publish, publish_next, save, set_state
from protocol_world import NOW, bring_to

from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from portal.extensions import db
from portal.protocols.models import Reference
from portal.protocols.queries.forks import (
    find_adaptation,
    find_origin,
    list_adopters,
    list_children,
    list_own_adaptations,
)
from portal.protocols.queries.lineage import find_fork, list_decisions, list_rationale
from portal.protocols.queries.page import find_page
from portal.protocols.queries.versions import find_open, list_blocks, list_references
from portal.protocols.services import adopting, blocks, drafts, forks
from portal.protocols.services.blocks import ReferenceText
from portal.protocols.services.interests import Interests, declare_as_author

TODAY = NOW.date()


@pytest.fixture
def adopted(app):
    return make_adopted()


def news(adopted):
    return {row.section: row for row in find_adaptation(adopted.fork).news}


# --- beginning -----------------------------------------------------------------------------------------------


def test_an_adaptation_is_a_protocol_of_its_own_with_its_provenance(adopted):
    draft, fork = adopted.draft, find_fork(adopted.draft.protocol_id)
    assert (draft.protocol.public_id, draft.number, draft.state) == ("PR-0002", "1.0", "draft")
    assert (fork.parent_version_id, fork.kind, fork.reason, fork.country) == (
        adopted.parent.id, "adaptation", WHY, "IR",
    )  # fmt: skip
    assert (draft.licence, draft.created_by) == (adopted.parent.licence, adopted.adopter.id)
    assert [b.block_key for b in list_blocks(draft.id)] == [
        b.block_key for b in list_blocks(adopted.parent.id)
    ]
    assert [r.key for r in list_references(draft.id)] == ["WHO"]


def test_the_origin_of_an_adaptation_cannot_be_rewritten(adopted):
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text("UPDATE protocol_fork SET reason = 'other'"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "Methadone maintenance"}, "title"),
        ({"title": " "}, "title"),
        ({"reason": ""}, "reason"),
        ({"country": "DE"}, "country"),
        ({"organisation_id": 1}, "organisation"),
    ],
)
def test_an_adaptation_needs_a_title_and_a_reason_of_its_own(adopted, given, field):
    with pytest.raises(Invalid) as refused:
        adapt(adopted.parent, adopted.adopter, **given)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("state_of_parent", "code"),
    [("withdrawn", "parent_withdrawn"), ("under_concern", "parent_under_concern"),
     ("superseded", "parent_not_current")],
)  # fmt: skip
def test_what_should_not_spread_cannot_be_adapted(adopted, state_of_parent, code):
    set_state(adopted.parent, state_of_parent)
    with pytest.raises(Conflict, match=code):
        adapt(adopted.parent, adopted.adopter)


def test_a_retired_protocol_can_still_be_adapted(adopted):
    set_state(adopted.parent, "retired")
    assert adapt(adopted.parent, adopted.adopter).protocol.public_id == "PR-0003"


def test_only_clinicians_adapt(adopted):
    with pytest.raises(NotAllowed):
        adapt(adopted.parent, make_user("translator"))


# --- answers -------------------------------------------------------------------------------------------------


def test_answers_belong_to_the_version_and_to_its_hash(adopted):
    before = adopted.draft.content_hash
    forks.save_rationale(
        adopted.draft, {"harms": "Fewer deaths.", "equity": " "}, by=adopted.adopter, now=NOW
    )
    assert list_rationale(adopted.draft.id) == {"harms": "Fewer deaths."}
    assert adopted.draft.content_hash != before


def test_answers_of_a_published_adaptation_are_sealed_and_go_on_to_the_next_version(adopted):
    forks.save_rationale(adopted.draft, {"harms": "Fewer deaths."}, by=adopted.adopter, now=NOW)
    save(adopted.draft, "resources", by=adopted.adopter, text="A nurse.")
    details(adopted.draft, by=adopted.adopter)
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text("DELETE FROM rationale"))
    db.session.rollback()
    again = drafts.new_version(adopted.fork, by=adopted.adopter, now=NOW)
    assert list_rationale(again.id) == {"harms": "Fewer deaths."}
    page = find_page("PR-0002", "en", today=TODAY)
    assert (page.reasons["fork_reason"].text, page.reasons["etd:harms"].text) == (WHY, "Fewer deaths.")


@pytest.mark.parametrize("answers", [{"other": "x"}, {"harms": "x" * 1001}])
def test_answers_have_names_and_an_end(adopted, answers):
    with pytest.raises(Invalid):
        forks.save_rationale(adopted.draft, answers, by=adopted.adopter, now=NOW)


# --- news of the parent --------------------------------------------------------------------------------------


def test_news_are_the_blocks_that_the_parent_changed_since(adopted):
    assert news(adopted) == {}
    publish_next(adopted, resources="Two physicians.", dose_max="30")
    assert set(news(adopted)) == {"resources", "dosing"}
    assert [
        (user.id, protocol.public_id) for user, protocol in list_adopters(adopted.parent.protocol_id)
    ] == [(adopted.adopter.id, "PR-0002")]
    assert [a.protocol.public_id for a in list_own_adaptations(adopted.adopter)] == ["PR-0002"]


@pytest.fixture
def mails(monkeypatch):
    """What is told to whom."""
    told = []
    monkeypatch.setattr(adopting, "notify", lambda person, key, values: told.append((person.id, key, values)))
    return told


def test_owners_of_adaptations_are_told_when_the_parent_publishes(adopted, mails):
    publish_next(adopted, resources="Two physicians.")
    values = {"parent": "PR-0001", "number": "2.0", "public_id": "PR-0002"}
    assert mails == [(adopted.adopter.id, "fork_parent_changed", values)]


def test_nobody_is_told_of_what_the_adaptation_has_already(adopted, mails):
    save(adopted.draft, "resources", by=adopted.adopter, text="Two physicians.")
    publish_next(adopted, resources="Two physicians.")
    assert mails == []


def test_a_block_is_taken_into_the_draft(adopted):
    now = publish_next(adopted, dose_max="30")
    adopting.take(adopted.fork, news(adopted)["dosing"].key, seen=now.id, by=adopted.adopter, now=NOW)
    taken = block_of(adopted.draft, "dosing")
    assert (taken.data["dose_max"], taken.source_hash) == (30, block_of(now, "dosing").source_hash)
    assert news(adopted) == {}


def test_taking_for_a_published_adaptation_begins_its_next_version(adopted):
    details(adopted.draft, by=adopted.adopter)
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    now = publish_next(adopted, resources="Two physicians.")
    key = news(adopted)["resources"].key
    version = adopting.take(adopted.fork, key, seen=now.id, by=adopted.adopter, now=NOW)
    assert (version.number, find_open(adopted.fork.id)) == ("1.1", version)
    assert block_of(version, "resources").source_text == "Two physicians."


def test_added_and_removed_blocks_are_taken_with_the_works_they_name(adopted):
    world = adopted.world
    version = drafts.new_version(adopted.parent.protocol, by=world.author, now=NOW)
    blocks.add_reference(
        version, ReferenceText("NEW", "A new work", url="https://example.org/n"), by=world.author, now=NOW
    )
    added = blocks.add_block(
        version,
        blocks.BlockText("evidence", "evidence", "More people stay.", {"references": ["NEW"]}),
        by=world.author, now=NOW,
    )  # fmt: skip
    gone = block_of(version, "steps", 1).block_key
    blocks.remove_block(version, gone, by=world.author, now=NOW)
    details(version, by=world.author, change_type="clinical")
    publish(world, version, by=world.author)
    for key in (added.block_key, gone):
        adopting.take(adopted.fork, key, seen=version.id, by=adopted.adopter, now=NOW)
    assert [b.source_text for b in list_blocks(adopted.draft.id) if b.section == "evidence"][-1] == (
        "More people stay."
    )
    assert gone not in {b.block_key for b in list_blocks(adopted.draft.id)}
    assert [r.key for r in list_references(adopted.draft.id)] == ["WHO", "NEW"]
    assert find_adaptation(adopted.fork).news == []


def test_a_key_that_means_another_work_here_is_renamed(adopted):
    world = adopted.world
    work = ReferenceText("NEW", "Another work", url="https://example.org/o")
    blocks.add_reference(adopted.draft, work, by=adopted.adopter, now=NOW)
    version = drafts.new_version(adopted.parent.protocol, by=world.author, now=NOW)
    work = ReferenceText("NEW", "A new work", url="https://example.org/n")
    blocks.add_reference(version, work, by=world.author, now=NOW)
    save(version, "dosing", by=world.author, source="NEW")
    details(version, by=world.author, change_type="clinical")
    publish(world, version, by=world.author)
    key = news(adopted)["dosing"].key
    adopting.take(adopted.fork, key, seen=version.id, by=adopted.adopter, now=NOW)
    assert block_of(adopted.draft, "dosing").data["source"] == "NEW-PR-0001"
    cited = {row.key: row.cite for row in list_references(adopted.draft.id)}
    assert (cited["NEW"], cited["NEW-PR-0001"]) == ("Another work", "A new work")
    assert news(adopted) == {}


def test_ignoring_needs_a_reason_and_lasts_until_the_parent_changes_again(adopted):
    now = publish_next(adopted, resources="Two physicians.")
    key = news(adopted)["resources"].key
    with pytest.raises(Invalid):
        adopting.ignore(adopted.fork, key, " ", seen=now.id, by=adopted.adopter, now=NOW)
    adopting.ignore(adopted.fork, key, "We have one.", seen=now.id, by=adopted.adopter, now=NOW)
    assert news(adopted) == {}
    publish_next(adopted, resources="Three physicians.")
    assert set(news(adopted)) == {"resources"}


def test_what_is_put_off_leaves_the_queue_for_two_weeks(adopted):
    now = publish_next(adopted, resources="Two physicians.")
    adopting.put_off(adopted.fork, news(adopted)["resources"].key, seen=now.id, by=adopted.adopter, now=NOW)
    held = find_adaptation(adopted.fork)
    assert len(held.news) == 1
    assert held.waiting(now=NOW) == []
    assert len(held.waiting(now=NOW + timedelta(days=15))) == 1


def test_a_decision_about_an_older_state_of_the_parent_is_refused(adopted):
    publish_next(adopted, resources="Two physicians.")
    key = news(adopted)["resources"].key
    with pytest.raises(Conflict, match="parent_changed_meanwhile"):
        adopting.take(adopted.fork, key, seen=adopted.parent.id, by=adopted.adopter, now=NOW)


def test_a_decision_is_made_once_and_by_the_owners(adopted):
    now = publish_next(adopted, resources="Two physicians.")
    key = news(adopted)["resources"].key
    with pytest.raises(NotAllowed):
        adopting.take(adopted.fork, key, seen=now.id, by=adopted.world.author, now=NOW)
    adopting.take(adopted.fork, key, seen=now.id, by=adopted.adopter, now=NOW)
    with pytest.raises(Conflict, match="parent_change_decided"):
        adopting.take(adopted.fork, key, seen=now.id, by=adopted.adopter, now=NOW)
    with pytest.raises(NotFound):
        adopting.take(adopted.parent.protocol, key, seen=now.id, by=adopted.world.author, now=NOW)


def test_nothing_is_taken_into_a_version_that_is_with_the_editors(adopted):
    details(adopted.draft, by=adopted.adopter)
    adopted.world.author, author = adopted.adopter, adopted.world.author
    declare_as_author(adopted.draft, Interests(), by=adopted.adopter, now=NOW)
    bring_to(adopted.world, adopted.draft, "submitted")
    adopted.world.author = author
    now = publish_next(adopted, resources="Two physicians.")
    key = news(adopted)["resources"].key
    with pytest.raises(InvalidTransition, match="content_closed"):
        adopting.take(adopted.fork, key, seen=now.id, by=adopted.adopter, now=NOW)
    assert list_decisions(adopted.fork.id) == []


# --- children and ancestors ----------------------------------------------------------------------------------


def test_children_stand_on_the_parents_page_with_what_differs(adopted):
    save(adopted.draft, "dosing", by=adopted.adopter, dose_max=15)
    save(adopted.draft, "steps", by=adopted.adopter, text="Assess tolerance twice.")
    details(adopted.draft, by=adopted.adopter)
    assert list_children(adopted.parent, "en") == []
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    (child,) = list_children(adopted.parent, "en")
    assert (child.public_id, child.country, dict(child.changes)) == (
        "PR-0002",
        "IR",
        {"steps": 1, "dosing": 1},
    )


def test_an_adaptation_of_an_adaptation_knows_all_its_ancestors(adopted):
    details(adopted.draft, by=adopted.adopter)
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    third = make_user("clinician", country="RU", organisation=make_organisation("RU"))
    version = adapt(adopted.draft, third, title="Methadone in villages", country="RU")
    assert [one.public_id for one in find_origin(version).ancestors] == ["PR-0002", "PR-0001"]


def test_a_fork_of_a_fork_of_a_withdrawn_parent_answers_before_it_is_published(adopted):
    details(adopted.draft, by=adopted.adopter)
    publish(adopted.world, adopted.draft, by=adopted.adopter)
    set_state(adopted.parent, "withdrawn")
    third = make_user("clinician", organisation=make_organisation("IR"))
    version = adapt(adopted.draft, third, title="Methadone in villages")
    details(version, by=third)
    with pytest.raises(InvalidTransition) as refused:
        publish(adopted.world, version, by=third)
    assert [problem.code for problem in refused.value.values["problems"]] == ["parent_withdrawn_unanswered"]
    adopting.answer_withdrawal(
        version.protocol, "The error was in a step that we left out.", by=third, now=NOW
    )
    assert find_origin(version).answer.startswith("The error")
    from portal.protocols.services import publishing

    for chief in adopted.world.chiefs:
        publishing.publish(version, by=chief, now=NOW)
    assert version.state == "published"


def test_a_withdrawal_that_did_not_happen_is_not_answered(adopted):
    with pytest.raises(Conflict, match="parent_not_withdrawn"):
        adopting.answer_withdrawal(adopted.fork, "No reason.", by=adopted.adopter, now=NOW)


# --- licences ------------------------------------------------------------------------------------------------


def test_19_10_a_fork_of_a_by_nc_sa_protocol_cannot_be_published_as_cc_by(app):
    from protocol_world import make_draft, make_world

    world = make_world()
    parent = make_draft(world)
    details(parent, by=world.author, licence="CC-BY-NC-SA-4.0")
    bring_to(world, parent, "published")
    adopter = make_user("clinician", organisation=make_organisation("IR"))
    fork = adapt(parent, adopter)
    assert fork.licence == "CC-BY-NC-SA-4.0"
    details(fork, by=adopter, licence="CC-BY-4.0")
    with pytest.raises(InvalidTransition, match="not_ready_to_publish") as refused:
        publish(world, fork, by=adopter)
    (problem,) = refused.value.values["problems"]
    assert (problem.code, problem.values) == (
        "licence_conflict", {"key": "PR-0001 1.0", "licence": "CC-BY-NC-SA-4.0"},
    )  # fmt: skip


def test_a_permission_lets_text_of_an_all_rights_reserved_work_be_published(adopted):
    from portal.protocols.queries.versions import content_of
    from portal.protocols.rules import licence_problems

    work = ReferenceText("NICE", "NICE guideline", url="https://example.org", quotation="adapted_text",
                         licence="all-rights-reserved")  # fmt: skip
    blocks.add_reference(adopted.draft, work, by=adopted.adopter, now=NOW)
    assert [p.code for p in licence_problems(content_of(adopted.draft))] == ["licence_forbids"]
    blocks.remove_reference(adopted.draft, "NICE", by=adopted.adopter, now=NOW)
    allowed = ReferenceText("NICE", "NICE guideline", url="https://example.org", quotation="adapted_text",
                            licence="all-rights-reserved", permission="By letter of 2026-05-01.")  # fmt: skip
    blocks.add_reference(adopted.draft, allowed, by=adopted.adopter, now=NOW)
    assert list(licence_problems(content_of(adopted.draft))) == []


def test_text_translated_from_a_un_work_brings_its_notice(adopted):
    work = ReferenceText("UNODC", "International standards", url="https://example.org",
                         quotation="translated_text", licence="CC-BY-NC-SA-3.0-IGO")  # fmt: skip
    row = blocks.add_reference(adopted.draft, work, by=adopted.adopter, now=NOW)
    assert row.notice.startswith("This translation was not created by the United Nations")
    assert db.session.get(Reference, row.id).notice == row.notice
