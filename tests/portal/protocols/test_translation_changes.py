"""What a new version does to translations: who is told at once, what only the weekly list says."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from factories import make_user
from protocol_world import NOW, translate
from translation_world import STEPS, key_of, next_accepted, publish, translate_whole

from portal.accounts.models import User
from portal.accounts.services.subscriptions import follow
from portal.core.errors import Conflict, InvalidTransition
from portal.core.notify.tables import Notice
from portal.extensions import db
from portal.protocols.models import SourceChange
from portal.protocols.queries.matrix import list_matrix
from portal.protocols.queries.page import find_page
from portal.protocols.queries.releases import list_source_changes, list_translation_events
from portal.protocols.queries.translations import list_releases, list_views
from portal.protocols.services import releasing, translations

LATER = NOW + timedelta(days=1)


def mails(key):
    """Addresses that a kind of mail goes to."""
    found = sa.select(User).join(Notice, Notice.user_id == User.id).where(Notice.key == key)
    return sorted(person.email for person in db.session.scalars(found).unique())


def view_of(version, key, lang="fa"):
    return next(view for view in list_views(version, lang) if view.source.key == key)


def test_19_4_publishing_2_0_marks_only_the_changed_persian_units_stale_and_shows_the_new_dose(
    world, version
):
    translate_whole(world, version)
    draft = next_accepted(world, version, "clinical", section="dosing", text="", data={"dose_max": 15})
    after = publish(world, draft, now=LATER)
    stale = [view.source.name for view in list_views(after, "fa") if view.is_stale]
    assert stale == ["dosing"]
    page = find_page("PR-0001", "fa", today=NOW.date())
    dose = page.sections["dosing"][0]
    assert (dose.data["dose_max"], dose.text.lang, dose.text.is_fallback) == (15, "en", True)
    assert dose.text.changed_at == LATER
    told = page.translated
    assert (told.stale, told.since, told.stale_sections) == (1, "1.0", ("dosing",))


def test_19_5_an_editorial_change_produces_no_clinical_alarm_but_appears_in_the_weekly_list(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    after = publish(world, next_accepted(world, version, "editorial"))
    assert mails("translation_stale_clinical") == []
    assert view_of(after, key_of(after, "steps")).standing == "stale_editorial"
    [(change, listed)] = list_source_changes("fa", since=NOW - timedelta(days=7))
    assert (change.kind, listed.id, change.unit_keys) == (
        "stale_editorial",
        after.id,
        [key_of(after, "steps")],
    )


def test_a_clinical_change_is_told_at_once_to_who_works_in_the_language_and_who_follows_it(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    reviewer, elsewhere = (make_user("language_reviewer", language=lang) for lang in ("fa", "ru"))
    follower = make_user("member")
    follow("language", "fa", by=follower, now=NOW)
    publish(world, next_accepted(world, version, "clinical", text="Assess tolerance and pregnancy."))
    people = (world.translator, world.clinician, reviewer, follower)
    assert mails("translation_stale_clinical") == sorted(person.email for person in people)
    assert elsewhere.email not in mails("translation_stale_clinical")


def test_a_change_of_another_block_alarms_nobody(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    publish(world, next_accepted(world, version, "clinical", section="monitoring", text="Sedation, daily."))
    assert mails("translation_stale_clinical") == []
    assert db.session.scalars(sa.select(SourceChange)).all() == []


def test_clinical_change_of_another_block_leaves_a_rewording_editorial(world, version):
    key = key_of(version, "steps")
    translate(world, version, key, STEPS[0])
    second = publish(world, next_accepted(world, version, "editorial"))
    draft = next_accepted(world, second, "clinical", section="monitoring", text="Sedation, daily.")
    assert view_of(publish(world, draft), key).standing == "stale_editorial"


def test_a_stale_text_goes_back_to_draft_when_its_translator_saves_it(world, version):
    key = key_of(version, "steps")
    translate(world, version, key, STEPS[0])
    after = publish(world, next_accepted(world, version, "clinical", text="Assess tolerance and pregnancy."))
    view = view_of(after, key)
    translations.save_unit(after, key, "fa", "تحمل و بارداری.", revision=view.latest.revision,
                           by=world.translator, now=NOW)  # fmt: skip
    view = view_of(after, key)
    assert (view.standing, view.freshness, view.last_approved.source_text) == (
        "draft", "stale_clinical", "Assess tolerance.",
    )  # fmt: skip


def test_an_approved_text_is_locked_for_translators(world, version):
    translate(world, version, "title", "درمان با متادون")
    with pytest.raises(InvalidTransition, match="wrong_state"):
        translations.save_unit(version, "title", "fa", "چیز دیگر", revision=3, by=world.translator, now=NOW)


def test_a_text_that_waits_for_a_source_that_is_gone_can_be_saved_again(world, version):
    key = key_of(version, "steps")
    translations.save_unit(version, key, "fa", STEPS[0], revision=0, by=world.translator, now=NOW)
    translations.submit_unit(version, key, "fa", by=world.translator, now=NOW)
    after = publish(world, next_accepted(world, version, "editorial"))
    view = view_of(after, key)
    assert (view.state, view.standing, list_matrix()[0].cells["fa"].waiting) == ("needs_review", "draft", 0)
    translations.save_unit(after, key, "fa", STEPS[0], revision=2, by=world.translator, now=NOW)


def test_reviewers_are_told_of_the_first_text_and_the_translator_of_the_last_approval(world, version):
    reviewer = make_user("language_reviewer", language="fa")
    for key, text in (("title", "درمان با متادون"), ("summary", "متادون روزانه.")):
        translations.save_unit(version, key, "fa", text, revision=0, by=world.translator, now=NOW)
        translations.submit_unit(version, key, "fa", by=world.translator, now=NOW)
    assert mails("translation_needs_review") == [reviewer.email]
    translations.approve_unit(version, "title", "fa", by=world.language_reviewer, now=NOW)
    assert mails("translation_approved") == []
    translations.approve_unit(version, "summary", "fa", by=world.language_reviewer, now=NOW)
    assert mails("translation_approved") == [world.translator.email]


def test_translation_is_released_together_with_its_source_when_a_person_decided_so(world, version):
    translate_whole(world, version)
    draft = next_accepted(world, version, "editorial")
    key = key_of(draft, "steps")
    with pytest.raises(InvalidTransition, match="translation_incomplete"):
        releasing.release_with_source(draft, "fa", by=world.language_reviewer, now=NOW)
    translations.confirm_unit(draft, key, "fa", by=world.clinician, now=NOW)
    releasing.release_with_source(draft, "fa", by=world.language_reviewer, now=NOW)
    with pytest.raises(Conflict, match="already_decided"):
        releasing.release_with_source(draft, "fa", by=world.language_reviewer, now=NOW)
    assert list_releases(draft.id) == {}
    after = publish(world, draft)
    assert list_releases(after.id)["fa"].published_by == world.language_reviewer.id


def test_nothing_is_released_with_its_source_unless_somebody_decided_so(world, version):
    translate_whole(world, version)
    draft = next_accepted(world, version, "editorial")
    translations.confirm_unit(draft, key_of(draft, "steps"), "fa", by=world.clinician, now=NOW)
    releasing.release_with_source(draft, "fa", by=world.language_reviewer, now=NOW)
    releasing.release_alone(draft, "fa", by=world.language_reviewer)
    releasing.release_alone(draft, "fa", by=world.language_reviewer)
    assert list_releases(publish(world, draft).id) == {}


def test_what_fell_back_after_the_decision_is_not_released(world, version):
    translate_whole(world, version)
    draft = next_accepted(world, version, "editorial")
    translations.confirm_unit(draft, key_of(draft, "steps"), "fa", by=world.clinician, now=NOW)
    releasing.release_with_source(draft, "fa", by=world.language_reviewer, now=NOW)
    translations.reopen_unit(draft, "title", "fa", "Wrong.", by=world.editor, now=NOW)
    assert list_releases(publish(world, draft).id) == {}


def test_a_withdrawn_translation_gives_readers_the_source_until_it_is_published_anew(world, version):
    translate_whole(world, version)
    with pytest.raises(InvalidTransition, match="translation_not_published"):
        releasing.withdraw_translation(version, "fa", "Bad.", by=world.editor, now=NOW)
    releasing.publish_translation(version, "fa", by=world.language_reviewer, now=NOW)
    releasing.withdraw_translation(version, "fa", "Doses were misread.", by=world.editor, now=LATER)
    page = find_page("PR-0001", "fa", today=NOW.date())
    assert (page.title.lang, page.languages, page.translated.withdrawn.reason) == (
        "en", ("en",), "Doses were misread.",
    )  # fmt: skip
    assert list_matrix()[0].cells["fa"].state == "withdrawn"
    releasing.publish_translation(version, "fa", by=world.language_reviewer, now=LATER)
    assert find_page("PR-0001", "fa", today=NOW.date()).title.lang == "fa"


def test_events_of_a_language_are_there_for_a_feed_the_latest_first(world, version):
    translate_whole(world, version)
    releasing.publish_translation(version, "fa", by=world.language_reviewer, now=NOW)
    publish(
        world, next_accepted(world, version, "clinical", text="Assess tolerance and pregnancy."), now=LATER
    )
    events = list_translation_events("fa", 10)
    assert [(event.kind, event.version.number, event.count) for event in events] == [
        ("stale_clinical", "2.0", 1), ("published", "1.0", 8),
    ]  # fmt: skip
    assert len({event.key for event in events}) == 2
    assert list_translation_events("ru", 10) == []


def test_states_of_a_translation_follow_from_its_texts(world, version):
    def state():
        return list_matrix()[0].cells["fa"].state

    assert state() == "not_started"
    translations.save_unit(
        version, "title", "fa", "درمان با متادون", revision=0, by=world.translator, now=NOW
    )
    assert state() == "in_progress"
    translations.submit_unit(version, "title", "fa", by=world.translator, now=NOW)
    assert state() == "in_review"
    translations.approve_unit(version, "title", "fa", by=world.language_reviewer, now=NOW)
    assert state() == "in_progress"
