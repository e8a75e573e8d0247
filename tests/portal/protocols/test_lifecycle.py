"""From draft to superseded through the verbs, and what each step refuses."""

import pytest
import sqlalchemy as sa
from factories import make_user
from protocol_world import (
    NOW,
    TEXTS,
    approve_all,
    bring_to,
    make_draft,
    make_published,
    start_review,
    translate,
)

from portal.core.audit import AuditEvent, verify
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.extensions import db
from portal.protocols import search
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.interests import list_declarations
from portal.protocols.queries.page import find_page
from portal.protocols.queries.versions import (
    difference,
    find_block,
    find_current,
    list_assignments,
    list_blocks,
    list_comments,
    standing_of,
    valid_approvals,
)
from portal.protocols.services import (
    assignments,
    blocks,
    decisions,
    drafts,
    publishing,
    reviews,
)
from portal.protocols.services.blocks import BlockText, ReferenceText
from portal.protocols.services.drafts import Details, NewDraft
from portal.protocols.services.interests import Interests, decide_interests, declare_as_reviewer
from portal.protocols.services.publishing import LegalText
from portal.protocols.services.reviews import Opinion, Remark

TODAY = NOW.date()
TEXTS_BY = {text.section: text.data for text in TEXTS}


def block_of(version, section):
    return next(block for block in list_blocks(version.id) if block.section == section)


def save(version, section, *, by, text=None, data=None):
    block = block_of(version, section)
    said = BlockText(
        block.section, block.kind, block.source_text if text is None else text, data or block.data
    )
    return blocks.save_block(version, block.block_key, said, revision=block.revision, by=by, now=NOW)


def test_draft_becomes_public_after_two_reviews_and_two_chief_editors(world):
    version = bring_to(world, make_draft(world), "published")
    assert (version.state, version.number) == ("published", "1.0")
    assert version.review_due_on.isoformat() == "2027-11-01"  # a dose: after twelve months
    found = search.query("methadone", lang="en")
    assert [hit.public_id for hit in found.results] == ["PR-0001"]
    assert verify() is None


def test_first_chief_editor_alone_publishes_nothing(world):
    version = bring_to(world, make_draft(world), "accepted")
    assert publishing.publish(version, by=world.chiefs[0], now=NOW) is False
    assert version.state == "accepted"
    with pytest.raises(Conflict, match="already_agreed"):
        publishing.publish(version, by=world.chiefs[0], now=NOW)
    assert publishing.publish(version, by=world.chiefs[1], now=NOW) is True


def test_agreement_to_an_earlier_content_does_not_count(world):
    version = bring_to(world, make_draft(world), "accepted")
    publishing.publish(version, by=world.chiefs[0], now=NOW)
    save(version, "resources", by=world.author, text="Two nurses.")
    approve_all(world, version)
    decisions.accept(version, by=world.editor, now=NOW)
    assert publishing.publish(version, by=world.chiefs[1], now=NOW) is False
    assert publishing.publish(version, by=world.chiefs[0], now=NOW) is True


def test_19_1_changing_one_dose_after_approval_removes_both_approvals_and_blocks_publication(world):
    version = bring_to(world, make_draft(world), "accepted")
    assert sorted(seat.kind for seat in valid_approvals(version)) == ["clinical", "clinical", "dose_check"]
    block = block_of(version, "dosing")
    save(version, "dosing", by=world.author, data=block.data | {"dose_max": 25})
    assert valid_approvals(version) == ()
    assert version.state == "in_review"
    assert {a.state for a in list_assignments(version.id)} == {"reading"}
    with pytest.raises(InvalidTransition, match="wrong_state"):
        publishing.publish(version, by=world.chiefs[0], now=NOW)
    with pytest.raises(InvalidTransition, match="approvals_missing_for_content"):
        decisions.accept(version, by=world.editor, now=NOW)


def test_19_2_a_minor_version_cannot_contain_a_changed_digit_in_any_block(world):
    make_published(world)
    version = drafts.new_version(find_current(1).protocol, by=world.author, now=NOW)
    note = Details(version.title, version.summary, "Wording.", version.licence, "editorial", TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    assert len(list_blocks(version.id)) == len(TEXTS) == 8
    for block in list_blocks(version.id):
        before = block.source_text
        for text in (f"{before} See page 3.", f"{before} (۳)", before.replace("2", "3")):
            if text != before:
                assert "cannot_be_minor" in refused(world, version, block, text=text)
        if "dose_max" in block.data:
            for more in ({"dose_max": 15}, {"ceiling": 30}, {"observe_min": 90}):
                assert "cannot_be_minor" in refused(world, version, block, data=block.data | more)
        write(world, version, block, text=before)
    decisions.submit(version, by=world.author, now=NOW)
    assert version.number == "1.1"


def write(world, version, block, *, text=None, data=None):
    now = find_block(version.id, block.block_key)
    said = BlockText(now.section, now.kind, text or now.source_text, data or TEXTS_BY[now.section])
    blocks.save_block(version, now.block_key, said, revision=now.revision, by=world.author, now=NOW)


def refused(world, version, block, **changed):
    """The code with which a version is refused once the block is so."""
    write(world, version, block, **changed)
    with pytest.raises(InvalidTransition) as refusal:
        decisions.submit(version, by=world.author, now=NOW)
    return refusal.value.code


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("monitoring", "Sedation after each dose."),
        ("population", "Adults with opium dependence."),
    ],
)
def test_minor_version_cannot_contain_a_changed_criterion_or_measure(world, section, text):
    make_published(world)
    protocol = find_current(1).protocol
    version = drafts.new_version(protocol, by=world.author, now=NOW)
    save(version, section, by=world.author, text=text)
    note = Details(version.title, version.summary, "Wording.", version.licence, "editorial", TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    with pytest.raises(InvalidTransition, match="cannot_be_minor"):
        decisions.submit(version, by=world.author, now=NOW)
    as_clinical = Details(version.title, version.summary, "Clinical.", version.licence, "clinical", TODAY)
    drafts.change_details(version, as_clinical, by=world.author, now=NOW)
    decisions.submit(version, by=world.author, now=NOW)
    assert version.number == "2.0"


def test_chief_editor_may_call_years_and_pages_editorial_but_no_dose(world):
    make_published(world)
    version = drafts.new_version(find_current(1).protocol, by=world.author, now=NOW)
    note = Details(version.title, version.summary, "Wording.", version.licence, "editorial", TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    save(version, "resources", by=world.author, text="A physician and a nurse (see the law of 1998).")
    drafts.override_class(version, "A year.", by=world.chiefs[0], now=NOW)
    decisions.submit(version, by=world.author, now=NOW)
    decisions.return_to_draft(version, "One more.", by=world.author, now=NOW)
    save(version, "monitoring", by=world.author, text="Sedation before every dose.")
    with pytest.raises(InvalidTransition, match="cannot_be_minor"):
        decisions.submit(version, by=world.author, now=NOW)
    with pytest.raises(Invalid, match="cannot_be_minor"):
        drafts.override_class(version, "No.", by=world.chiefs[0], now=NOW)


def test_editorial_version_is_published_by_one_editor_after_two_reviews(world):
    make_published(world)
    version = drafts.new_version(find_current(1).protocol, by=world.author, now=NOW)
    note = Details(version.title, version.summary, "Wording.", version.licence, "editorial", TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    save(version, "resources", by=world.author, text="One physician and a nurse.")
    bring_to(world, version, "accepted")
    assert publishing.publish(version, by=world.editor, now=NOW) is True
    assert version.number == "1.1"
    states = db.session.execute(sa.select(ProtocolVersion.minor, ProtocolVersion.state)).all()
    assert sorted(map(tuple, states)) == [(0, "superseded"), (1, "published")]


def test_reviewer_who_joined_the_authors_organisation_cannot_approve_any_longer(world):
    from portal.core.permissions import SYSTEM
    from portal.programmes.models import Organisation
    from portal.programmes.services import add_staff

    version = bring_to(world, make_draft(world), "in_review")
    assignment = list_assignments(version.id)[0]
    reviewer = world.reviewers[0]
    declare_as_reviewer(assignment, Interests(), by=reviewer, now=NOW)
    home = db.session.get(Organisation, next(iter(world.author.organisation_ids)))
    add_staff(home, reviewer, by=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed, match="same_organisation"):
        reviews.approve(assignment, seen_hash=version.content_hash, by=reviewer, now=NOW)


def test_new_major_version_marks_only_changed_units_stale_and_shows_the_new_dose(world):
    first = make_published(world)
    steps = [b for b in list_blocks(first.id) if b.section == "steps"]
    dose = block_of(first, "dosing")
    for key, text in ((steps[0].block_key, "تحمل را ارزیابی کنید."), (dose.block_key, "تحمل کم یا نامشخص."),
                      (steps[1].block_key, "بیمار را ۲ ساعت پس از دوز زیر نظر بگیرید."),
                      ("title", "درمان نگهدارنده با متادون")):  # fmt: skip
        translate(world, first, key, text)
    version = drafts.new_version(first.protocol, by=world.author, now=NOW)
    note = Details(version.title, version.summary, "New dose.", version.licence, "clinical", TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    save(version, "dosing", by=world.author, data=dose.data | {"dose_max": 15})
    bring_to(world, version, "published")
    page = find_page("PR-0001", "fa", today=TODAY)
    texts = {block.key: block for held in page.sections.values() for block in held}
    assert page.version.number == "2.0"
    assert page.title.text == "درمان نگهدارنده با متادون"
    assert texts[steps[0].block_key].text.lang == "fa"
    changed = texts[dose.block_key]
    assert (changed.text.lang, changed.text.is_fallback, changed.text.is_stale) == ("en", True, True)
    assert changed.data["dose_max"] == 15
    assert page.translated.stale_sections == ("dosing",)
    pinned = find_page("PR-0001", "fa", today=TODAY, number=(1, 0))
    old = {block.key: block for held in pinned.sections.values() for block in held}[dose.block_key]
    assert (old.text.lang, old.data["dose_max"]) == ("fa", 20)


def test_two_new_version_clicks_give_one_draft(world):
    published = make_published(world)
    first = drafts.new_version(published.protocol, by=world.author, now=NOW)
    assert drafts.new_version(published.protocol, by=world.author, now=NOW).id == first.id
    second = ProtocolVersion(
        protocol_id=1,
        title="x",
        licence="CC-BY-4.0",
        created_by=world.author.id,
        created_at=NOW,
        changed_at=NOW,
    )
    db.session.add(second)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_legal_status_older_than_twelve_months_counts_as_not_verified(world):
    make_published(world)
    assert (
        not find_page("PR-0001", "en", today=TODAY.replace(year=2027, month=10, day=1)).legal["IR"].is_expired
    )
    assert find_page("PR-0001", "en", today=TODAY.replace(year=2027, month=10, day=2)).legal["IR"].is_expired


def test_second_save_of_a_block_is_told_of_the_first_with_both_texts(world):
    version = make_draft(world)
    block = block_of(version, "steps")
    said = BlockText("steps", "step", "First.")
    blocks.save_block(version, block.block_key, said, revision=1, by=world.author, now=NOW)
    with pytest.raises(Conflict) as told:
        blocks.save_block(
            version,
            block.block_key,
            BlockText("steps", "step", "Second."),
            revision=1,
            by=world.author,
            now=NOW,
        )
    assert (told.value.values["mine"], told.value.values["theirs"]) == ("Second.", "First.")


def test_published_content_refuses_every_verb(world):
    version = make_published(world)
    key = block_of(version, "steps").block_key
    said = BlockText("steps", "step", "Other.")
    for call in (
        lambda: blocks.save_block(version, key, said, revision=1, by=world.author, now=NOW),
        lambda: blocks.add_block(version, said, by=world.author, now=NOW),
        lambda: blocks.remove_block(version, key, by=world.author, now=NOW),
        lambda: drafts.set_concepts(version, {}, by=world.author, now=NOW),
        lambda: blocks.add_reference(version, ReferenceText("B", "B"), by=world.author, now=NOW),
    ):
        with pytest.raises(InvalidTransition, match="content_closed"):
            call()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE block SET source_text = 'x' WHERE version_id = 1",
        "DELETE FROM block WHERE version_id = 1",
        "INSERT INTO block (version_id, block_key, section, position, kind, data, source_text, source_hash, revision)"
        " VALUES (1, 'k', 'steps', 9, 'step', '{}', 'x', 'h', 1)",
        "UPDATE protocol_concept SET role = 'main' WHERE version_id = 1",
        "DELETE FROM protocol_concept WHERE version_id = 1",
        "DELETE FROM protocol_reference WHERE version_id = 1",
        "UPDATE protocol_version SET title = 'x' WHERE id = 1",
        "UPDATE protocol_version SET content_hash = 'x' WHERE id = 1",
        "UPDATE protocol_version SET published_at = NULL, published_by = NULL WHERE id = 1",
        "UPDATE protocol_version SET state = 'draft' WHERE id = 1",
        "DELETE FROM protocol_version WHERE id = 1",
        "UPDATE review SET recommendation = 'revise'",
        "DELETE FROM review",
        "UPDATE publication_approval SET country = 'IR'",
        "UPDATE legal_status SET status = 'leg-permitted'",
        "DELETE FROM translation_unit",
        "UPDATE translation_unit SET text = 'x'",
    ],
)
def test_database_refuses_to_change_what_was_published(world, statement):
    version = make_published(world)
    translate(world, version, "title", "درمان با متادون")
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text(statement))
    db.session.rollback()


def test_published_version_may_still_be_superseded_in_the_database(world):
    make_published(world)
    db.session.execute(sa.text("UPDATE protocol_version SET state = 'superseded' WHERE id = 1"))
    db.session.rollback()


def test_author_returns_a_submission_and_editor_returns_or_rejects_with_a_reason(world):
    version = bring_to(world, make_draft(world), "submitted")
    with pytest.raises(Invalid, match="reason_missing"):
        decisions.return_to_draft(version, " ", by=world.author, now=NOW)
    decisions.return_to_draft(version, "A typo.", by=world.author, now=NOW)
    assert version.state == "draft"
    decisions.submit(version, by=world.author, now=NOW)
    decisions.reject(version, "Outside our field.", by=world.editor, now=NOW)
    assert version.state == "rejected"
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.event, event.reason_text) == ("protocol.rejected", "Outside our field.")


def test_request_for_changes_needs_a_remark_and_resubmission_an_answer(world):
    version = bring_to(world, make_draft(world), "in_review")
    with pytest.raises(InvalidTransition, match="comment_needed"):
        decisions.request_changes(version, by=world.editor, now=NOW)
    key = block_of(version, "steps").block_key
    decisions.request_changes(version, [Remark("must", "How?", key)], by=world.editor, now=NOW)
    with pytest.raises(InvalidTransition, match="musts_unanswered"):
        decisions.submit(version, by=world.author, now=NOW)
    comment = list_comments(version.id)[0]
    with pytest.raises(Invalid):
        reviews.answer_remark(comment, "", disputed=True, by=world.author, now=NOW)
    reviews.answer_remark(comment, "By the guideline.", disputed=True, by=world.author, now=NOW)
    decisions.submit(version, by=world.author, now=NOW)
    assignments.start_review(version, [], by=world.editor, now=NOW)  # the same reviewers first
    approve_all(world, version)
    with pytest.raises(InvalidTransition, match="musts_open"):
        decisions.accept(version, by=world.editor, now=NOW)
    reviews.settle_remark(comment, by=world.editor, now=NOW)
    decisions.accept(version, by=world.editor, now=NOW)
    assert version.state == "accepted"


def test_panel_needs_two_organisations_and_a_dose_check(world):
    version = bring_to(world, make_draft(world), "submitted")
    first, second = world.reviewers
    from portal.core.permissions import SYSTEM
    from portal.programmes.models import Organisation
    from portal.programmes.services import add_staff

    twin = make_user("clinical_reviewer")
    add_staff(db.session.get(Organisation, next(iter(first.organisation_ids))), twin, by=SYSTEM, now=NOW)
    for panel, missing in (
        ([(first, "clinical")], "clinical"),
        ([(first, "clinical"), (twin, "clinical"), (twin, "dose_check")], "organisation"),
        ([(first, "clinical"), (second, "clinical")], "dose_check"),
    ):
        with pytest.raises(InvalidTransition) as refusal:
            assignments.start_review(version, panel, by=world.editor, now=NOW)
        assert missing in refusal.value.values["missing"]
    assert version.state == "submitted"
    assert list_assignments(version.id) == []


def test_review_of_content_that_changed_meanwhile_is_refused(world):
    version = bring_to(world, make_draft(world), "in_review")
    assignment, reviewer = list_assignments(version.id)[0], world.reviewers[0]
    declare_as_reviewer(assignment, Interests(), by=reviewer, now=NOW)
    seen = version.content_hash
    save(version, "resources", by=world.author, text="A nurse.")
    with pytest.raises(Conflict, match="content_changed"):
        reviews.approve(assignment, seen_hash=seen, by=reviewer, now=NOW)


def test_reviewer_declares_before_reading_and_who_is_excluded_is_not_asked_again(world):
    version = bring_to(world, make_draft(world), "in_review")
    assignment, reviewer = list_assignments(version.id)[0], world.reviewers[0]
    with pytest.raises(NotAllowed, match="declare_first"):
        reviews.approve(assignment, seen_hash=version.content_hash, by=reviewer, now=NOW)
    declare_as_reviewer(assignment, Interests(), by=reviewer, now=NOW)
    reviews.approve(assignment, seen_hash=version.content_hash, by=reviewer, now=NOW)
    assert len(valid_approvals(version)) == 1
    declare_as_reviewer(assignment, Interests(financial="Paid by the maker."), by=reviewer, now=NOW)
    assert valid_approvals(version) == ()
    decide_interests(list_declarations(version)[1], "exclude", "Paid.", by=world.editor, now=NOW)
    with pytest.raises(Conflict, match="reviewer_excluded"):
        assignments.ask_reviewer(version, reviewer, "clinical", by=world.editor, now=NOW)


def test_opinion_must_fit_its_remarks(world):
    version = bring_to(world, make_draft(world), "in_review")
    assignment, reviewer = list_assignments(version.id)[0], world.reviewers[0]
    declare_as_reviewer(assignment, Interests(), by=reviewer, now=NOW)
    seen = version.content_hash
    for said in (
        Opinion("revise", seen, "en"),
        Opinion("approve", seen, "en", remarks=(Remark("must", "x"),)),
        Opinion("maybe", seen, "en"),
        Opinion("revise", seen, "en", remarks=(Remark("must", "x", "no-such-block"),)),
        Opinion("revise", seen, "en", remarks=(Remark("loud", "x"),)),
    ):
        with pytest.raises(Invalid):
            reviews.submit_review(assignment, said, by=reviewer, now=NOW)
    assert list_comments(version.id) == []


def test_incomplete_protocol_is_not_published_and_says_where(world):
    version = make_draft(world)
    blocks.remove_block(version, block_of(version, "monitoring").block_key, by=world.author, now=NOW)
    bring_to(world, version, "accepted")
    with pytest.raises(InvalidTransition, match="not_ready_to_publish") as refusal:
        publishing.publish(version, by=world.chiefs[0], now=NOW)
    assert [(p.field, p.code) for p in refusal.value.values["problems"]] == [
        ("section-monitoring", "section_missing")
    ]
    with pytest.raises(Conflict, match="exception_demonstration_only"):
        publishing.allow_exception(version, "Please.", by=world.editor, now=NOW)


def test_demonstration_passes_by_a_recorded_exception_only(world):
    version = make_draft(world, demonstration=True)
    blocks.remove_block(version, block_of(version, "monitoring").block_key, by=world.author, now=NOW)
    bring_to(world, version, "accepted")
    with pytest.raises(InvalidTransition, match="not_ready_to_publish"):
        publishing.publish(version, by=world.chiefs[0], now=NOW)
    publishing.allow_exception(version, "A brief sample.", by=world.editor, now=NOW)
    for chief in world.chiefs:
        publishing.publish(version, by=chief, now=NOW)
    assert (version.state, version.exception_reason) == ("published", "A brief sample.")


def test_correction_goes_live_with_one_editor_and_waits_for_the_other_country(world):
    make_published(world)
    version = drafts.new_version(find_current(1).protocol, by=world.author, now=NOW)
    note = Details(version.title, version.summary, "Wrong dose.", version.licence, "correction", TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    save(version, "dosing", by=world.author, data=block_of(version, "dosing").data | {"dose_max": 15})
    bring_to(world, version, "accepted")
    publishing.publish(version, by=world.editor, now=NOW)
    assert version.number == "2.0"
    assert find_page("PR-0001", "en", today=TODAY).awaits_confirmation
    with pytest.raises(Conflict, match="confirmed_by_other_country"):
        publishing.confirm_correction(version, by=world.chiefs[1], now=NOW)
    publishing.confirm_correction(version, by=world.chiefs[0], now=NOW)
    assert not find_page("PR-0001", "en", today=TODAY).awaits_confirmation


def test_abandoned_version_makes_room_for_the_next(world):
    published = make_published(world)
    version = drafts.new_version(published.protocol, by=world.author, now=NOW)
    drafts.abandon(version, by=world.author, now=NOW)
    assert drafts.new_version(published.protocol, by=world.author, now=NOW).id != version.id


def test_draft_is_begun_with_good_values_only(world):
    for new in (
        NewDraft("", "en"), NewDraft("T", "de"), NewDraft("T", "en", licence="MIT"),
        NewDraft("T", "en", slug="Not a slug"),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            drafts.create_draft(new, by=world.author, now=NOW)
    made = drafts.create_draft(NewDraft("درمان", "fa"), by=world.author, now=NOW)
    assert made.protocol.slug == "protocol"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"source": None}, "source_missing"),
        ({"source": "NOBODY"}, "reference_unknown"),
        ({"drug": None}, "drug_missing"),
        ({"drug": "sub-nothing"}, "concept_unknown"),
        ({"dose_min": 30}, "range_reversed"),
        ({"dose_min": -1}, "number_wrong"),
        ({"dose_min": None, "dose_max": None}, "dose_missing"),
        ({"unit": None}, "unit_missing"),
        ({"unit": "spoon"}, "code_unknown"),
        ({"route": ["oral", "magic"]}, "code_unknown"),
        ({"colour": "red"}, "dose_field_unknown"),
        ({"source_quote": "word " * 26}, "quote_too_long"),
        ({"quoted": True}, "quote_missing"),
    ],
)
def test_dose_line_with_a_fault_is_refused_with_its_place(world, data, fault):
    version = make_draft(world)
    block = block_of(version, "dosing")
    with pytest.raises(Invalid) as refusal:
        save(version, "dosing", by=world.author, data=block.data | data)
    assert fault in [problem.code for problem in refusal.value.problems]
    assert db.session.get(type(block), block.id).revision == 1


def test_reference_named_by_a_block_stays(world):
    version = make_draft(world)
    with pytest.raises(Conflict, match="reference_in_use"):
        blocks.remove_reference(version, "WHO", by=world.author, now=NOW)
    for said in (ReferenceText("WHO", "Twice"), ReferenceText("", "No key"),
                 ReferenceText("B", "B", url="javascript:alert(1)"), ReferenceText("B", "B", quotation="x")):  # fmt: skip
        with pytest.raises(Invalid):
            blocks.add_reference(version, said, by=world.author, now=NOW)
    blocks.add_reference(version, ReferenceText("B", "B"), by=world.author, now=NOW)
    blocks.remove_reference(version, "B", by=world.author, now=NOW)


def test_blocks_move_within_their_section_only(world):
    version = make_draft(world)
    first, second = (b.block_key for b in list_blocks(version.id) if b.section == "steps")
    blocks.move_block(version, second, -1, by=world.author, now=NOW)
    assert [b.block_key for b in list_blocks(version.id) if b.section == "steps"] == [second, first]
    blocks.move_block(version, second, -1, by=world.author, now=NOW)
    assert [b.block_key for b in list_blocks(version.id)][2] == second


def test_order_of_blocks_is_part_of_the_content(world):
    version = make_draft(world)
    before = version.content_hash
    key = [b.block_key for b in list_blocks(version.id) if b.section == "steps"][1]
    blocks.move_block(version, key, -1, by=world.author, now=NOW)
    assert version.content_hash != before
    blocks.move_block(version, key, 1, by=world.author, now=NOW)
    assert version.content_hash == before


def test_legal_status_needs_a_known_status_and_a_day_that_has_come(world):
    version = make_draft(world)
    for said in (LegalText("IR", "sub-opium"), LegalText("DE", "leg-unknown"),
                 LegalText("IR", "leg-permitted", checked_on=TODAY.replace(year=2030))):  # fmt: skip
        with pytest.raises(Invalid):
            publishing.set_legal_status(version.protocol, said, by=world.editor, now=NOW)
    with pytest.raises(NotAllowed):
        publishing.set_legal_status(
            version.protocol, LegalText("IR", "leg-unknown"), by=world.author, now=NOW
        )


def test_next_version_begins_equal_and_proposes_its_class_by_what_changes(world):
    published = make_published(world)
    version = drafts.new_version(published.protocol, by=world.author, now=NOW)
    assert difference(version).changes == ()
    assert version.content_hash == published.content_hash
    save(version, "resources", by=world.author, text="One physician and a nurse.")
    assert difference(version).proposed == "editorial"
    save(version, "dosing", by=world.author, data=block_of(version, "dosing").data | {"ceiling": 30})
    assert difference(version).proposed == "clinical"
    assert standing_of(version).state == "draft"


def test_chief_editor_with_a_part_in_the_text_publishes_nothing(world):
    from portal.programmes.models import Organisation

    version = bring_to(world, make_draft(world), "accepted")
    home = db.session.get(Organisation, next(iter(world.author.organisation_ids)))
    own = make_user("chief_editor", "clinician", country="IR", organisation=home)
    with pytest.raises(NotAllowed, match="own_text"):
        publishing.publish(version, by=own, now=NOW)


def test_review_begins_again_with_the_same_reviewers_after_a_revision(world):
    version = bring_to(world, make_draft(world), "in_review")
    assert len(list_assignments(version.id)) == 3
    key = block_of(version, "steps").block_key
    decisions.request_changes(version, [Remark("should", "Shorter.", key)], by=world.editor, now=NOW)
    decisions.submit(version, by=world.author, now=NOW)
    start_review(world, version)
    assert len(list_assignments(version.id)) == 3
