"""Units of translation: bound to hashes, four eyes, the number check, staleness, publication."""

import pytest
import sqlalchemy as sa
from factories import make_user
from protocol_world import NOW, bring_to, translate

from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from portal.extensions import db
from portal.protocols import search
from portal.protocols.dictionary import Freshness
from portal.protocols.queries.matrix import list_matrix
from portal.protocols.queries.page import find_page
from portal.protocols.queries.translations import (
    find_latest,
    list_sources,
    list_units,
    list_views,
)
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks, decisions, drafts, publishing, releasing, translations
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details
from portal.protocols.services.publishing import LegalText

PERSIAN = {
    "title": "درمان نگهدارنده با متادون", "summary": "متادون روزانه.",
    "population": "بزرگسالان دارای وابستگی به مواد افیونی.", "contraindications": "خواب‌آلودگی هنگام دریافت دوز.",
    "dosing": "تحمل کم یا نامشخص.", "monitoring": "خواب‌آلودگی پیش از هر دوز.",
}  # fmt: skip
STEPS = ("تحمل را ارزیابی کنید.", "فرد را ۲ ساعت پس از دوز زیر نظر بگیرید.")


def key_of(version, section, place=0):
    return [block.block_key for block in list_blocks(version.id) if block.section == section][place]


def whole(world, version):
    steps = iter(STEPS)
    for unit in list_sources([version])[version.id]:
        text = next(steps) if unit.name == "steps" else PERSIAN.get(unit.name)
        if text:
            translate(world, version, unit.key, text)


def test_19_6_a_persian_unit_whose_digits_differ_needs_a_reason_and_persian_ten_equals_10(world, version):
    key = key_of(version, "steps", 1)
    translations.save_unit(
        version,
        key,
        "fa",
        "فرد را ۳ ساعت پس از دوز زیر نظر بگیرید.",
        revision=0,
        by=world.translator,
        now=NOW,
    )
    with pytest.raises(Invalid, match="numbers_differ") as refusal:
        translations.submit_unit(version, key, "fa", by=world.translator, now=NOW)
    assert refusal.value.values["faults"] == "-2, +3"
    with pytest.raises(InvalidTransition, match="wrong_state"):
        translations.approve_unit(version, key, "fa", by=world.clinician, now=NOW)
    translations.submit_unit(version, key, "fa", reason="عمدی است.", by=world.translator, now=NOW)
    unit = find_latest(1, key, "fa")
    assert (unit.number_check, unit.number_reason) == ("waived", "عمدی است.")
    translations.return_unit(version, key, "fa", "۲ ساعت.", by=world.clinician, now=NOW)
    translations.save_unit(version, key, "fa", STEPS[1], revision=3, by=world.translator, now=NOW)
    translations.submit_unit(version, key, "fa", by=world.translator, now=NOW)
    assert find_latest(1, key, "fa").number_check == "ok"
    assert translations.text_faults("Wait 10 times.", "«۱۰» بار صبر کنید.") == ()
    assert translations.text_faults("Wait 10 times.", "۱۱ بار صبر کنید.") == ("-10", "+11")


def test_drug_that_the_translation_does_not_name_is_a_fault(world, version):
    assert translations.text_faults("Give methadone.", "متادون بدهید.") == ()
    assert translations.text_faults("Give methadone.", "دارو بدهید.") == ("-Methadone",)


def test_unit_goes_from_draft_to_approved_and_is_then_shown(world, version):
    translate(world, version, "title", PERSIAN["title"])
    assert [unit.state for unit in list_units(1, "fa")] == ["draft", "needs_review", "approved"]
    assert find_page("PR-0001", "fa", today=NOW.date()).title.text == PERSIAN["title"]
    assert search.query("متادون", lang="fa").results[0].title.text == PERSIAN["title"]


def test_text_that_waits_for_review_is_never_public(world, version):
    translations.save_unit(version, "title", "fa", PERSIAN["title"], revision=0, by=world.translator, now=NOW)
    translations.submit_unit(version, "title", "fa", by=world.translator, now=NOW)
    title = find_page("PR-0001", "fa", today=NOW.date()).title
    assert (title.lang, title.is_fallback) == ("en", True)


def test_clinical_text_is_approved_by_a_clinician_only(world, version):
    key = key_of(version, "steps")
    translations.save_unit(version, key, "fa", STEPS[0], revision=0, by=world.translator, now=NOW)
    translations.submit_unit(version, key, "fa", by=world.translator, now=NOW)
    with pytest.raises(NotAllowed, match="clinician_needed"):
        translations.approve_unit(version, key, "fa", by=world.language_reviewer, now=NOW)
    translations.approve_unit(version, key, "fa", by=world.clinician, now=NOW)


def test_second_translator_is_told_of_the_first_with_both_texts(world, version):
    other = make_user("translator")
    translations.save_unit(version, "title", "fa", "نخست", revision=0, by=world.translator, now=NOW)
    with pytest.raises(Conflict) as told:
        translations.save_unit(version, "title", "fa", "دوم", revision=0, by=other, now=NOW)
    assert (told.value.values["mine"], told.value.values["theirs"]) == ("دوم", "نخست")


def test_faulty_acts_are_refused(world, version):
    save = translations.save_unit
    with pytest.raises(Invalid):
        save(version, "title", "fa", "  ", revision=0, by=world.translator, now=NOW)
    with pytest.raises(Invalid):
        save(version, "title", "en", "x", revision=0, by=world.translator, now=NOW)
    with pytest.raises(Invalid):
        save(version, "title", "fa", "x", revision=0, by=world.translator, now=NOW, origin="oracle")
    with pytest.raises(NotFound):
        save(version, "no-such-unit", "fa", "x", revision=0, by=world.translator, now=NOW)
    with pytest.raises(InvalidTransition, match="unit_untranslated"):
        translations.submit_unit(version, "title", "fa", by=world.translator, now=NOW)
    with pytest.raises(InvalidTransition, match="unit_untranslated"):
        translations.return_unit(version, "title", "fa", "x", by=world.language_reviewer, now=NOW)
    assert list_units(1, "fa") == []


def test_return_needs_a_remark(world, version):
    translations.save_unit(
        version, "title", "fa", "درمان با متادون", revision=0, by=world.translator, now=NOW
    )
    translations.submit_unit(version, "title", "fa", by=world.translator, now=NOW)
    with pytest.raises(Invalid, match="reason_missing"):
        translations.return_unit(version, "title", "fa", " ", by=world.language_reviewer, now=NOW)


def test_translation_is_published_when_what_is_needed_is_approved(world, version):
    publish = releasing.publish_translation
    with pytest.raises(InvalidTransition, match="translation_incomplete"):
        publish(version, "fa", by=world.language_reviewer, now=NOW)
    whole(world, version)
    made = publish(version, "fa", by=world.language_reviewer, now=NOW)
    assert len(made.units) == 8
    page = find_page("PR-0001", "fa", today=NOW.date())
    assert page.languages == ("en", "fa")
    assert page.translated.share == 8 / 13  # resources, evidence, note and two legal notes are missing


def next_version(world, version, kind, *, section, text):
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    said = Details(draft.title, draft.summary, "Next.", draft.licence, kind, NOW.date())
    drafts.change_details(draft, said, by=world.author, now=NOW)
    block = next(b for b in list_blocks(draft.id) if b.section == section)
    blocks.save_block(
        draft,
        block.block_key,
        BlockText(section, block.kind, text, block.data),
        revision=1,
        by=world.author,
        now=NOW,
    )
    if kind == "clinical":
        return bring_to(world, draft, "published")
    bring_to(world, draft, "accepted")
    publishing.publish(draft, by=world.editor, now=NOW)
    return draft


def test_editorial_change_makes_a_unit_stale_editorially_only(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    after = next_version(world, version, "editorial", section="steps", text="Assess the tolerance.")
    view = next(v for v in list_views(after, "fa") if v.source.name == "steps")
    assert (view.freshness, view.approved) == (Freshness.STALE_EDITORIAL, None)
    cell = list_matrix()[0].cells["fa"]
    assert (cell.stale_editorial, cell.stale_clinical, cell.state) == (1, 0, "partly_stale")


def test_clinical_change_makes_a_unit_stale_clinically(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    after = next_version(world, version, "clinical", section="steps", text="Assess tolerance and pregnancy.")
    view = next(v for v in list_views(after, "fa") if v.source.name == "steps")
    assert view.freshness == Freshness.STALE_CLINICAL
    assert list_matrix()[0].cells["fa"].stale_clinical == 1


def test_clinical_change_followed_by_an_editorial_one_stays_clinical(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    second = next_version(world, version, "clinical", section="steps", text="Assess tolerance and pregnancy.")
    third = next_version(world, second, "editorial", section="resources", text="One physician and a nurse.")
    view = next(v for v in list_views(third, "fa") if v.source.name == "steps")
    assert view.freshness == Freshness.STALE_CLINICAL


def test_stale_text_is_confirmed_by_another_person_or_translated_again(world, version):
    key = key_of(version, "steps")
    translate(world, version, key, STEPS[0])
    with pytest.raises(InvalidTransition, match="unit_not_stale"):
        translations.confirm_unit(version, key, "fa", by=world.clinician, now=NOW)
    after = next_version(world, version, "editorial", section="steps", text="Assess the tolerance.")
    with pytest.raises(NotAllowed):
        translations.confirm_unit(after, key, "fa", by=world.translator, now=NOW)
    translations.confirm_unit(after, key, "fa", by=world.clinician, now=NOW)
    view = next(v for v in list_views(after, "fa") if v.source.key == key)
    assert (view.freshness, view.approved.text) == (Freshness.CURRENT, STEPS[0])


def test_text_for_an_old_source_cannot_go_on(world, version):
    key = key_of(version, "steps")
    translations.save_unit(version, key, "fa", STEPS[0], revision=0, by=world.translator, now=NOW)
    after = next_version(world, version, "editorial", section="steps", text="Assess the tolerance.")
    with pytest.raises(Conflict, match="source_changed"):
        translations.submit_unit(after, key, "fa", by=world.translator, now=NOW)
    typed = translations.Typed(STEPS[0], 1)
    translations.save_and_submit(after, key, "fa", typed, by=world.translator, now=NOW)
    assert find_latest(1, key, "fa").state == "needs_review"


def test_pinned_version_shows_the_revisions_that_it_was_published_with(world, version):
    whole(world, version)
    releasing.publish_translation(version, "fa", by=world.language_reviewer, now=NOW)
    after = next_version(world, version, "clinical", section="resources", text="A physician.")
    translations.reopen_unit(after, "title", "fa", "A better title.", by=world.editor, now=NOW)
    translate(world, after, "title", "درمان نگهدارنده با متادون، متن تازه")
    assert find_page("PR-0001", "fa", today=NOW.date()).title.text.endswith("متن تازه")
    pinned = find_page("PR-0001", "fa", today=NOW.date(), number=(1, 0))
    assert pinned.title.text == PERSIAN["title"]


def test_note_on_the_law_that_changed_is_shown_in_its_source(world, version):
    translate(world, version, "legal:IR", "در مراکز دارای پروانه.")
    assert find_page("PR-0001", "fa", today=NOW.date()).legal["IR"].note.lang == "fa"
    said = LegalText("IR", "leg-restricted", "Only in hospitals.", checked_on=NOW.date())
    publishing.set_legal_status(version.protocol, said, by=world.editor, now=NOW)
    note = find_page("PR-0001", "fa", today=NOW.date()).legal["IR"].note
    assert (note.lang, note.is_stale) == ("en", True)


def test_database_refuses_one_person_for_both_eyes(world, version):
    translations.save_unit(version, "title", "fa", "درمان", revision=0, by=world.translator, now=NOW)
    copy = (
        "INSERT INTO translation_unit (protocol_id, unit_key, lang, revision, source_hash, source_text, text, state,"
        " origin, translated_by, reviewed_by, reviewed_at, number_check, number_reason, remark, created_by, created_at)"
        " SELECT protocol_id, unit_key, lang, 2, source_hash, source_text, text, 'approved', origin, translated_by,"
        " translated_by, created_at, 'ok', '', '', created_by, created_at FROM translation_unit"
    )
    with pytest.raises(sa.exc.IntegrityError, match="two_persons"):
        db.session.execute(sa.text(copy))
    db.session.rollback()


def test_rejected_version_is_not_translated(world):
    from protocol_world import make_draft

    version = bring_to(world, make_draft(world), "submitted")
    decisions.reject(version, "Outside our field.", by=world.editor, now=NOW)
    with pytest.raises(InvalidTransition, match="wrong_state"):
        translations.save_unit(version, "title", "fa", "درمان", revision=0, by=world.translator, now=NOW)
