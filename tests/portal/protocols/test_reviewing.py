"""Reviewers: asked, reminded, expired and dismissed; interests decided before reading; approvals that are lost."""

import pytest
from factories import make_organisation, make_user
from fate_world import events, in_review, later, mails, task_of, told
from protocol_world import NOW, approve_all, bring_to, make_draft, make_published

from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.protocols.queries.interests import list_declarations
from portal.protocols.queries.notices import find_rejection
from portal.protocols.queries.suggestions import list_suggestions
from portal.protocols.queries.timing import list_lines
from portal.protocols.queries.versions import (
    find_open,
    list_assignments,
    list_blocks,
    list_comments,
    valid_approvals,
)
from portal.protocols.queries.work import is_assigned
from portal.protocols.services import (
    appeals,
    approvals,
    assignments,
    blocks,
    decisions,
    drafts,
    interests,
    publishing,
    reminders,
    reviews,
)
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.interests import Interests
from portal.protocols.services.reviews import Opinion, Remark

PAID = Interests(financial="Fees from the maker.", employer=True)


@pytest.fixture
def version(world):
    return in_review(world)


def decide(world, version, decision, note="Known."):
    row = next(
        row for row in list_declarations(version) if row.capacity == "reviewer" and row.decision is None
    )
    interests.decide_interests(row, decision, note, by=world.editor, now=NOW)


def test_version_is_not_submitted_before_its_author_declared(world):
    author = make_user("clinician", organisation=make_organisation("IR"))
    draft = make_draft(world)
    draft.protocol.owner_id = draft.created_by = author.id
    from portal.extensions import db

    db.session.commit()
    with pytest.raises(InvalidTransition, match="interests_missing"):
        decisions.submit(draft, by=author, now=NOW)
    interests.declare_as_author(draft, PAID, by=author, now=NOW)
    decisions.submit(draft, by=author, now=NOW)
    assert draft.state == "submitted"


def test_review_begins_when_the_authors_interests_are_decided(world):
    draft = make_draft(world)
    interests.declare_as_author(draft, PAID, by=world.author, now=later(0.1))
    decisions.submit(draft, by=world.author, now=NOW)
    first, second = world.reviewers
    panel = [(first, "clinical"), (second, "clinical"), (second, "dose_check")]
    with pytest.raises(InvalidTransition, match="interests_undecided"):
        assignments.start_review(draft, panel, by=world.editor, now=NOW)
    interests.decide_interests(list_declarations(draft)[0], "manage", "Named.", by=world.editor, now=NOW)
    assignments.start_review(draft, panel, by=world.editor, now=NOW)
    assert draft.state == "in_review"


def test_reviewer_with_interests_reads_only_after_the_editor_decided(world, version):
    reviewer = world.reviewers[0]
    task = task_of(version, reviewer)
    interests.declare_as_reviewer(task, PAID, by=reviewer, now=NOW)
    assert (task.state, is_assigned(reviewer, version.id)) == ("declared", False)
    assert told("interests_declared") == {world.editor.email}
    with pytest.raises(NotAllowed, match="interests_wait"):
        reviews.approve(task, seen_hash=version.content_hash, by=reviewer, now=NOW)
    with pytest.raises(Invalid):
        decide(world, version, "manage", " ")
    decide(world, version, "manage")
    assert (task.state, is_assigned(reviewer, version.id)) == ("reading", True)
    assert told("review_opened") == {reviewer.email}
    reviews.approve(task, seen_hash=version.content_hash, by=reviewer, now=NOW)


def test_one_declaration_opens_every_task_of_the_person(world, version):
    reviewer = world.reviewers[1]
    interests.declare_as_reviewer(task_of(version, reviewer), Interests(), by=reviewer, now=NOW)
    assert task_of(version, reviewer, "dose_check").state == "reading"


def test_nobody_decides_twice_or_about_the_own_interests(world, version):
    reviewer = world.reviewers[0]
    interests.declare_as_reviewer(task_of(version, reviewer), PAID, by=reviewer, now=NOW)
    row = list_declarations(version)[1]
    with pytest.raises(NotAllowed):
        interests.decide_interests(row, "none", by=reviewer, now=NOW)
    interests.decide_interests(row, "none", by=world.editor, now=NOW)
    with pytest.raises(Conflict, match="interests_decided_already"):
        interests.decide_interests(row, "exclude", "No.", by=world.editor, now=NOW)
    both = make_user("editor", "clinical_reviewer", country="RU", organisation=make_organisation("RU"))
    assignments.ask_reviewer(version, both, "clinical", by=world.editor, now=NOW)
    interests.declare_as_reviewer(task_of(version, both), PAID, by=both, now=NOW)
    own = list_declarations(version)[-1]
    with pytest.raises(NotAllowed, match="own_interests"):
        interests.decide_interests(own, "none", by=both, now=NOW)


def test_reviewer_who_becomes_conflicted_loses_the_approval_and_acceptance_is_judged_anew(world):
    version = bring_to(world, make_draft(world), "accepted")
    reviewer = world.reviewers[0]
    interests.declare_as_reviewer(task_of(version, reviewer), PAID, by=reviewer, now=later(1))
    assert version.state == "in_review"
    assert {seat.user_id for seat in valid_approvals(version)} == {world.reviewers[1].id}
    assert {"protocol.approval_lost", "protocol.reopened"} <= set(events("PR-0001"))
    assert world.editor.email in told("approval_lost") | {world.editor.email}
    with pytest.raises(InvalidTransition):
        publishing.publish(version, by=world.chiefs[0], now=NOW)
    with pytest.raises(InvalidTransition, match="approvals_missing_for_content"):
        decisions.accept(version, by=world.editor, now=NOW)
    decide(world, version, "manage")
    assert len(valid_approvals(version)) == 2  # the lost approval does not come back by itself


def test_approval_can_be_taken_back_until_publication(world):
    version = bring_to(world, make_draft(world), "accepted")
    task = task_of(version, world.reviewers[0])
    with pytest.raises(Invalid, match="reason_missing"):
        approvals.withdraw_approval(task, " ", by=world.reviewers[0], now=NOW)
    approvals.withdraw_approval(task, "I misread the ceiling.", by=world.reviewers[0], now=NOW)
    assert (version.state, task.state) == ("in_review", "reading")
    with pytest.raises(InvalidTransition, match="nothing_approved"):
        approvals.withdraw_approval(task, "Again.", by=world.reviewers[0], now=NOW)
    reviews.approve(task, seen_hash=version.content_hash, by=world.reviewers[0], now=NOW)
    decisions.accept(version, by=world.editor, now=NOW)
    for chief in world.chiefs:
        publishing.publish(version, by=chief, now=NOW)
    with pytest.raises(InvalidTransition, match="wrong_state"):
        approvals.withdraw_approval(task, "Too late.", by=world.reviewers[0], now=NOW)


def test_acceptance_stands_while_enough_approvals_are_left(world, version):
    third = make_user("clinical_reviewer", country="RU", organisation=make_organisation("RU"))
    assignments.ask_reviewer(version, third, "clinical", by=world.editor, now=NOW)
    interests.declare_as_reviewer(task_of(version, third), Interests(), by=third, now=NOW)
    reviews.approve(task_of(version, third), seen_hash=version.content_hash, by=third, now=NOW)
    approve_all(world, version)
    decisions.accept(version, by=world.editor, now=NOW)
    approvals.withdraw_approval(task_of(version, third), "Not sure.", by=third, now=NOW)
    assert version.state == "accepted"


def test_two_reviewers_who_do_not_read_the_language_are_not_enough(world, version):
    blind = Interests(reads_source=False)
    for reviewer in world.reviewers:
        interests.declare_as_reviewer(task_of(version, reviewer), blind, by=reviewer, now=NOW)
    approve_all(world, version)
    with pytest.raises(InvalidTransition) as refusal:
        decisions.accept(version, by=world.editor, now=NOW)
    assert refusal.value.values["missing"] == "language"


def test_invitation_without_an_answer_expires_after_a_week_and_can_be_renewed(world, version):
    reviewer = world.reviewers[0]
    task = task_of(version, reviewer)
    reminders.run_daily(now=later(6.9))
    assert task.state == "invited"
    reminders.run_daily(now=later(7))
    assert task_of(version, reviewer).state == "expired"
    assert told("invitation_expired") == {person.email for person in world.reviewers}
    with pytest.raises(InvalidTransition, match="invitation_expired"):
        interests.declare_as_reviewer(task, Interests(), by=reviewer, now=later(8))
    assignments.ask_reviewer(version, reviewer, "clinical", by=world.editor, now=later(8))
    assert (task.state, task.due_on) == ("invited", later(29).date())


def test_silent_reviewer_is_dismissed_and_thanked(world, version):
    task = task_of(version, world.reviewers[0])
    with pytest.raises(NotAllowed):
        assignments.dismiss(task, by=world.author, now=NOW)
    assignments.dismiss(task, by=world.editor, now=NOW)
    assert (task.state, told("review_closed")) == ("dismissed", {world.reviewers[0].email})
    with pytest.raises(InvalidTransition):
        assignments.dismiss(task, by=world.editor, now=NOW)


def test_reviewer_declines_and_the_editor_is_told(world, version):
    task = task_of(version, world.reviewers[0])
    with pytest.raises(NotAllowed, match="not_assigned"):
        assignments.decline(task, by=world.reviewers[1], now=NOW)
    assignments.decline(task, "No time.", by=world.reviewers[0], now=NOW)
    assert (task.state, told("review_declined")) == ("declined", {world.editor.email})
    with pytest.raises(Conflict, match="reviewer_declined"):
        assignments.ask_reviewer(version, world.reviewers[0], "clinical", by=world.editor, now=NOW)


def test_reviews_are_asked_for_before_and_after_their_date_once_each(world, version):
    for reviewer in world.reviewers:
        interests.declare_as_reviewer(task_of(version, reviewer), Interests(), by=reviewer, now=NOW)
    counts = []
    for day in (17, 18, 18.5, 20, 23, 24, 28, 29, 40):
        reminders.run_daily(now=later(day))
        counts.append(sum(key == "review_reminder" for key, _ in mails()))
    assert counts == [0, 3, 3, 3, 6, 6, 9, 9, 9]


def test_days_without_a_worker_are_made_up_for_by_one_reminder(world, version):
    reviewer = world.reviewers[0]
    interests.declare_as_reviewer(task_of(version, reviewer), Interests(), by=reviewer, now=NOW)
    reminders.run_daily(now=later(40))
    assert sum(key == "review_reminder" for key, _ in mails()) == 1


def test_open_reviews_close_with_thanks_at_the_decision(world, version):
    third = make_user("clinical_reviewer", country="RU", organisation=make_organisation("RU"))
    assignments.ask_reviewer(version, third, "clinical", by=world.editor, now=NOW)
    approve_two(world, version)
    decisions.accept(version, by=world.editor, now=NOW)
    assert (task_of(version, third).state, told("review_closed")) == ("closed", {third.email})


def approve_two(world, version):
    for person in world.reviewers:
        for task in [a for a in list_assignments(version.id) if a.reviewer_id == person.id]:
            if task.state == "invited":
                interests.declare_as_reviewer(task, Interests(), by=person, now=NOW)
            reviews.approve(task, seen_hash=version.content_hash, by=person, now=NOW)


def test_overdue_reviews_stand_on_the_desk(world, version):
    assert [line.overdue for line in list_lines(today=later(21).date())] == [0]
    assert [(line.open, line.overdue) for line in list_lines(today=later(22).date())] == [(3, 3)]


def test_decision_on_a_content_that_changed_meanwhile_is_refused(world, version):
    reviewer = world.reviewers[0]
    task = task_of(version, reviewer)
    interests.declare_as_reviewer(task, Interests(), by=reviewer, now=NOW)
    seen = version.content_hash
    block = next(block for block in list_blocks(version.id) if block.section == "resources")
    said = BlockText(block.section, block.kind, "Two nurses.")
    blocks.save_block(version, block.block_key, said, revision=1, by=world.author, now=NOW)
    with pytest.raises(Conflict, match="content_changed"):
        reviews.approve(task, seen_hash=seen, by=reviewer, now=NOW)


def test_remark_is_tied_to_words_and_finds_them_again(world, version):
    from portal.protocols.queries.anchors import list_moved, place_of

    reviewer = world.reviewers[0]
    task = task_of(version, reviewer)
    interests.declare_as_reviewer(task, Interests(), by=reviewer, now=NOW)
    block = next(b for b in list_blocks(version.id) if "2 hours" in b.source_text)
    remark = Remark("should", "Why not three?", block.block_key, "for  2 hours")
    said = Opinion("revise", version.content_hash, "en", remarks=(remark,))
    reviews.submit_review(task, said, by=reviewer, now=NOW)
    comment = list_comments(version.id)[0]
    start, end = comment.anchor_start, comment.anchor_end
    assert block.source_text[start:end] == "for 2 hours"
    assert place_of(comment, "Then " + block.source_text) == (start + 5, end + 5)
    assert list_moved("Observe the person.", [comment]) == {comment.id}


@pytest.mark.parametrize(("key", "quote"), [(True, "not in the block"), (False, "for 2 hours")])
def test_remark_on_words_that_do_not_stand_there_is_refused(world, version, key, quote):
    reviewer = world.reviewers[0]
    task = task_of(version, reviewer)
    interests.declare_as_reviewer(task, Interests(), by=reviewer, now=NOW)
    block = next(b for b in list_blocks(version.id) if "2 hours" in b.source_text)
    remark = Remark("should", "Why?", block.block_key if key else "", quote)
    with pytest.raises(Invalid) as refusal:
        reviews.submit_review(
            task, Opinion("revise", version.content_hash, "en", remarks=(remark,)), by=reviewer, now=NOW
        )
    assert refusal.value.problems[0].code == "quote_not_found"


def test_editor_sends_back_with_an_anchored_remark_only(world, version):
    with pytest.raises(InvalidTransition, match="comment_needed"):
        decisions.request_changes(version, [Remark("must", "All of it.")], by=world.editor, now=NOW)
    key = list_blocks(version.id)[0].block_key
    decisions.request_changes(version, [Remark("must", "Who?", key, "Adults")], by=world.editor, now=NOW)
    assert version.state == "changes_requested"


def test_suggestions_give_reasons_for_and_against(world):
    known = make_published(world)
    version = bring_to(world, make_draft(world), "submitted")
    loner = make_user("clinical_reviewer")
    found = {one.person.id: one for one in list_suggestions(version, today=NOW.date())}
    first = found[world.reviewers[0].id]
    assert set(first.topics) >= {"sub-methadone", "int-mmt"}
    assert (first.reads_source, first.open_reviews, first.median_days, first.blocked) == (True, 0, 0, "")
    assert found[world.colleague.id].blocked == "same_organisation"
    assert found[loner.id].blocked == "reviewer_without_organisation"
    assert [one.blocked for one in list_suggestions(version, today=NOW.date())][:2] == ["", ""]
    assert known.id != version.id


def test_coauthor_of_the_last_three_years_is_marked(world):
    version = make_published(world)
    other = make_user("clinician", "clinical_reviewer", organisation=make_organisation("IR"))
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    draft.created_by = other.id
    from portal.extensions import db

    db.session.commit()
    third = bring_to(world, make_draft(world), "submitted")
    found = {one.person.id: one for one in list_suggestions(third, today=NOW.date())}
    assert found[other.id].is_coauthor
    long_after = NOW.date().replace(year=2030)
    assert not any(one.is_coauthor for one in list_suggestions(third, today=long_after))


def test_author_appeals_to_the_chief_editor_of_the_other_country(world):
    version = bring_to(world, make_draft(world), "submitted")
    rejection = decisions.reject(version, "Outside.", "scope", by=world.editor, now=NOW)
    iran, russia = world.chiefs
    appeals.appeal(rejection, "It is what we treat.", by=world.author, now=later(30))
    assert told("appeal_lodged") == {iran.email}  # the editor who refused is Russian
    with pytest.raises(NotAllowed, match="appeal_other_country"):
        appeals.answer_appeal(rejection, "No.", granted=False, by=russia, now=later(31))
    appeals.answer_appeal(rejection, "It fits.", granted=True, by=iran, now=later(31))
    assert version.state == "submitted"
    with pytest.raises(Conflict, match="appeal_answered"):
        appeals.answer_appeal(rejection, "It fits.", granted=True, by=iran, now=later(31))


def test_appeal_is_possible_once_and_within_thirty_days(world):
    version = bring_to(world, make_draft(world), "submitted")
    rejection = decisions.reject(version, "Outside.", "scope", by=world.editor, now=NOW)
    with pytest.raises(InvalidTransition, match="appeal_too_late"):
        appeals.appeal(rejection, "Late.", by=world.author, now=later(30.1))
    with pytest.raises(InvalidTransition, match="no_appeal"):
        appeals.answer_appeal(rejection, "Yes.", granted=True, by=world.chiefs[0], now=NOW)
    appeals.appeal(rejection, "In time.", by=world.author, now=later(2))
    with pytest.raises(InvalidTransition, match="appeal_too_late"):
        appeals.appeal(rejection, "Twice.", by=world.author, now=later(3))
    appeals.answer_appeal(rejection, "The refusal is right.", granted=False, by=world.chiefs[0], now=later(4))
    assert (version.state, find_rejection(version.id).verdict) == ("rejected", "upheld")


def test_resting_draft_is_given_up_after_two_reminders(world):
    draft = make_draft(world)
    for day in (149, 150, 172, 173, 179):
        reminders.run_daily(now=later(day))
    assert [key for key, _ in mails()].count("draft_resting") == 2
    assert draft.state == "draft"
    reminders.run_daily(now=later(180))
    assert find_open(draft.protocol_id) is None
    assert told("protocol_abandoned") >= {world.author.email}
    assert events("PR-0001")[-1] == "protocol.abandoned"


def test_draft_is_never_given_up_without_two_reminders(world):
    draft = make_draft(world)
    for day in (200, 201, 202):
        reminders.run_daily(now=later(day))
    assert find_open(draft.protocol_id) is not None
    reminders.run_daily(now=later(208))
    assert find_open(draft.protocol_id) is None
