"""Attacks on decisions: changing what is decided about, or how many it takes, between the look and the click."""

import re
from datetime import date

import alert_world
import pytest
from factories import make_organisation, make_user
from protocol_world import NOW, bring_to, make_draft, make_published, make_world
from translation_world import key_of
from web.journey import send, token_of

from portal.accounts.services import accounts
from portal.alerts.services import issued, judging, texts, triage
from portal.alerts.services.steps import mark_of
from portal.core.errors import Conflict, InvalidTransition, NotAllowed
from portal.core.permissions import SYSTEM
from portal.programmes.queries import find_organisation
from portal.programmes.services import add_staff, remove_staff
from portal.protocols.queries.notices import find_standing
from portal.protocols.queries.translations import find_latest, list_views
from portal.protocols.queries.versions import list_blocks, standing_of, valid_approvals
from portal.protocols.services import (
    assignments,
    blocks,
    complaints,
    decisions,
    drafts,
    publishing,
    translations,
)
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details

DANGEROUS = "Ten times the dose is safe."
BENCH = "/en/translations/PR-0001/fa"


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def accepted(world):
    return bring_to(world, make_draft(world), "accepted")


def say(world, version, **more):
    """The author changes what is said about the version as a whole."""
    names = ("title", "summary", "change_note", "licence", "change_type", "evidence_searched_on")
    said = Details(**{name: getattr(version, name) for name in names} | more)
    drafts.change_details(version, said, by=world.author, now=NOW)


@pytest.mark.parametrize("change", [
    {"change_note": DANGEROUS}, {"summary": DANGEROUS}, {"evidence_searched_on": date(2026, 10, 1)},
])  # fmt: skip
def test_words_for_readers_changed_after_the_acceptance_are_reviewed_anew(world, accepted, change):
    publishing.publish(accepted, by=world.chiefs[0], now=NOW)
    say(world, accepted, **change)
    assert (accepted.state, valid_approvals(accepted)) == ("in_review", ())
    assert standing_of(accepted).countries == frozenset()
    with pytest.raises(InvalidTransition):
        publishing.publish(accepted, by=world.chiefs[1], now=NOW)


def test_a_clinical_change_does_not_become_a_correction_once_it_is_accepted(world):
    version = make_published(world)
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    say(world, draft, change_type="clinical", change_note="Doses.", evidence_searched_on=NOW.date())
    block = next(b for b in list_blocks(draft.id) if b.kind == "dose")
    dose = BlockText("dosing", "dose", block.source_text, block.data | {"dose_max": 200})
    blocks.save_block(draft, block.block_key, dose, revision=1, by=world.author, now=NOW)
    bring_to(world, draft, "accepted")
    say(world, draft, change_type="correction")
    assert draft.state == "in_review"
    with pytest.raises(InvalidTransition):
        publishing.publish(draft, by=world.editor, now=NOW)


def test_what_an_editor_let_pass_ends_with_the_next_change(world):
    draft = make_draft(world, demonstration=True)
    key = list_blocks(draft.id)[-1].block_key
    blocks.remove_block(draft, key, by=world.author, now=NOW)
    bring_to(world, draft, "accepted")
    publishing.allow_exception(draft, "A brief sample.", by=world.editor, now=NOW)
    say(world, draft, change_note=DANGEROUS)
    assert (draft.exception_reason, draft.exception_by) == (None, None)


def test_the_agreement_of_a_closed_account_publishes_nothing(world, accepted):
    """Somebody with a stolen account agreed; the account was closed; the other country agrees."""
    publishing.publish(accepted, by=world.chiefs[0], now=NOW)
    accounts.disable(world.chiefs[0], by=make_user("country_admin"), now=NOW)
    assert publishing.publish(accepted, by=world.chiefs[1], now=NOW) is False
    assert accepted.state == "accepted"


@pytest.mark.parametrize("what", ["accept", "publish"])
def test_nobody_decides_by_a_page_that_shows_another_content(client, sign_in, world, what):
    version = bring_to(world, make_draft(world), "approved" if what == "accept" else "accepted")
    person = world.editor if what == "accept" else world.chiefs[0]
    before = version.state
    sign_in(client, user=person)
    path = f"/en/protocols/desk/{version.id}"
    shown = client.get(path)
    assert f'name="seen" value="{version.content_hash}"' in shown.text
    stale = {"csrf_token": token_of(shown), "seen": "0" * 64}
    answer = client.post(f"{path}/{what}", data=stale)
    assert (answer.status_code, "The content has changed meanwhile." in answer.text) == (422, True)
    assert version.state == before


def test_a_submitted_correction_puts_no_words_of_its_author_before_readers(client, world):
    version = make_published(world)
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    say(world, draft, change_type="correction", change_note=DANGEROUS, evidence_searched_on=NOW.date())
    block = next(b for b in list_blocks(draft.id) if b.kind == "dose")
    dose = BlockText("dosing", "dose", block.source_text, block.data | {"dose_max": 15})
    blocks.save_block(draft, block.block_key, dose, revision=1, by=world.author, now=NOW)
    decisions.submit(draft, by=world.author, now=NOW)
    assert find_standing(version.id, "concern").reason_code == "dose"
    page = client.get("/en/p/PR-0001/v/1.0")
    assert ("Notice of concern" in page.text, DANGEROUS in page.text) == (True, False)
    for path in ("/en/protocols/PR-0001/history", "/en/feeds/all.atom", "/api/v1/changes"):
        assert DANGEROUS not in client.get(path).text


def waiting(world, version, key, text, *, by):
    """A text that somebody saved and handed in; its revision."""
    latest = find_latest(version.protocol_id, key, "fa")
    revision = latest.revision if latest else 0
    translations.save_unit(version, key, "fa", text, revision=revision, by=by, now=NOW)
    return translations.submit_unit(version, key, "fa", by=by, now=NOW)


def test_the_hand_of_a_second_translator_frees_nobody_from_the_own_text(world):
    version, both = make_published(world), make_user("translator", "clinician")
    key = key_of(version, "steps")
    unit = translations.save_unit(version, key, "fa", "تحمل را بسنجید", revision=0, by=both, now=NOW)
    friend = world.translator
    translations.save_unit(version, key, "fa", "تحمل را بسنجید.", revision=unit.revision, by=friend, now=NOW)
    translations.submit_unit(version, key, "fa", by=friend, now=NOW)
    with pytest.raises(NotAllowed, match="own_translation"):
        translations.approve_unit(version, key, "fa", by=both, now=NOW)
    translations.approve_unit(version, key, "fa", by=world.clinician, now=NOW)


def test_a_text_that_was_exchanged_under_an_open_page_is_not_approved(client, sign_in, world):
    """A friend sends the text back, the translator hands another one in, the clinician presses the button."""
    version = make_published(world)
    key = key_of(version, "steps")
    waiting(world, version, key, "تحمل را بسنجید.", by=world.translator)
    sign_in(client, user=world.clinician)
    shown = client.get(BENCH)
    seen = next(view for view in list_views(version, "fa") if view.source.key == key).mark
    assert f'name="seen" value="{seen}"' in shown.text
    translations.return_unit(version, key, "fa", "Once more.", by=make_user("clinician"), now=NOW)
    waiting(world, version, key, "تحمل را نسنجید.", by=world.translator)
    fields = {"csrf_token": token_of(shown), "do": "approve", "seen": seen}
    answer = client.post(f"{BENCH}/unit/{key}", data=fields)
    assert (answer.status_code, "The content has changed meanwhile." in answer.text) == (422, True)
    assert find_latest(version.protocol_id, key, "fa").state == "needs_review"


def test_approving_all_leaves_what_came_after_the_page(client, sign_in, world):
    version = make_published(world)
    first, second = key_of(version, "steps"), key_of(version, "steps", 1)
    waiting(world, version, first, "تحمل را بسنجید.", by=world.translator)
    sign_in(client, user=world.clinician)
    shown = client.get(BENCH)
    last = re.search(r'approve".*?name="seen" value="(\d+)"', shown.text, re.DOTALL)[1]
    waiting(world, version, second, "فرد را ۲ ساعت رها کنید.", by=world.translator)
    client.post(f"{BENCH}/approve", data={"csrf_token": token_of(shown), "seen": last})
    states = [find_latest(version.protocol_id, key, "fa").state for key in (first, second)]
    assert states == ["approved", "needs_review"]


def test_an_editor_does_not_dismiss_a_complaint_about_the_own_translation(world):
    version, both = make_published(world), make_user("translator", "editor")
    key = key_of(version, "steps")
    waiting(world, version, key, "تحمل را بسنجید.", by=both)
    translations.approve_unit(version, key, "fa", by=world.clinician, now=NOW)
    said = complaints.complain(version, key, "fa", "It says the opposite.", by=make_user("member"), now=NOW)
    with pytest.raises(NotAllowed, match="own_translation"):
        complaints.dismiss_complaint(said, version, "It is fine.", by=both, now=NOW)
    assert said.state == "open"


def test_an_update_that_was_exchanged_under_an_open_page_is_not_signed(client, sign_in, app):
    desk = alert_world.make_desk()
    alert = alert_world.make_issued(desk)
    harmless = dict(alert.record, events="10-19")
    issued.propose(alert, harmless, seen=alert.revision, by=desk.editor, now=alert_world.NOW)
    sign_in(client, user=desk.judge)
    path = f"/en/alerts/desk/{alert.id}"
    shown, seen = client.get(path), mark_of(alert)
    assert f'name="seen" value="{seen}"' in shown.text
    alert.pending = dict(alert.record, naloxone="one_dose")
    app.extensions["sqlalchemy"].session.commit()
    answer = client.post(f"{path}/sign_update", data={"csrf_token": token_of(shown), "seen": seen})
    assert answer.status_code == 409
    assert (alert.version, alert.pending is not None) == (1, True)


def test_a_signal_that_was_rewritten_under_an_open_page_is_not_judged(app):
    desk = alert_world.make_desk()
    alert = alert_world.make_signal(desk)
    triage.take(alert, by=desk.editor, now=alert_world.NOW)
    seen = mark_of(alert)
    triage.edit(
        alert, dict(alert.record, events="1-4"), seen=alert.revision, by=desk.editor, now=alert_world.NOW
    )
    with pytest.raises(Conflict, match="changed_meanwhile"):
        judging.judge(alert, alert_world.GRAVE, "clinician", by=desk.judge, now=alert_world.NOW, seen=seen)


def test_a_short_text_that_was_exchanged_under_an_open_page_is_not_approved(app):
    desk = alert_world.make_desk()
    alert = alert_world.make_issued(desk, message="تنها نمانید.")
    translator, clinician = make_user("translator"), make_user("clinician")
    said = texts.save_text(alert, "message", "ru", "Не оставайтесь одни.", by=translator, now=NOW)
    seen = said.mark
    texts.save_text(alert, "message", "ru", "Оставайтесь одни.", by=translator, now=NOW)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        texts.approve_text(said, by=clinician, now=NOW, seen=seen)


@pytest.mark.parametrize("seen", ["x", "", "-1", "9" * 40, "۱"])
def test_the_form_of_a_warning_does_not_break_on_an_odd_revision(client, sign_in, app, seen):
    desk = alert_world.make_desk()
    alert = alert_world.make_signal(desk)
    sign_in(client, user=desk.editor)
    path = f"/en/alerts/desk/{alert.id}/record"
    assert send(client, path, seen=seen).status_code == 422


def test_two_clicks_of_two_chief_editors_publish_once(world, accepted):
    publishing.publish(accepted, by=world.chiefs[0], now=NOW)
    with pytest.raises(Conflict, match="already_agreed"):
        publishing.publish(accepted, by=world.chiefs[0], now=NOW)
    assert publishing.publish(accepted, by=world.chiefs[1], now=NOW) is True
    with pytest.raises((Conflict, InvalidTransition)):
        publishing.publish(accepted, by=world.chiefs[1], now=NOW)


def test_approvals_come_back_only_with_the_very_content(world, accepted):
    """The author changes a dose and undoes it: nothing was published in between, and the same text stands."""
    block = next(b for b in list_blocks(accepted.id) if b.kind == "dose")
    dose = BlockText("dosing", "dose", block.source_text, block.data | {"dose_max": 200})
    key, old = block.block_key, BlockText("dosing", "dose", block.source_text, dict(block.data))
    blocks.save_block(accepted, key, dose, revision=1, by=world.author, now=NOW)
    assert valid_approvals(accepted) == ()
    blocks.save_block(accepted, key, old, revision=2, by=world.author, now=NOW)
    assert accepted.state == "in_review"
    assert len(valid_approvals(accepted)) == 3


def test_who_wrote_a_part_and_left_the_centre_does_not_judge_it(world):
    """A colleague writes the dose, moves to another centre, and is asked for the review by a friend."""
    draft, writer = make_draft(world), world.colleague
    block = next(b for b in list_blocks(draft.id) if b.kind == "dose")
    dose = BlockText("dosing", "dose", block.source_text, block.data | {"dose_max": 200})
    blocks.save_block(draft, block.block_key, dose, revision=1, by=writer, now=NOW)
    bring_to(world, draft, "submitted")
    home = find_organisation(min(writer.organisation_ids))
    remove_staff(home, writer, by=SYSTEM)
    add_staff(make_organisation("IR"), writer, by=SYSTEM, now=NOW)
    first, second = writer, world.reviewers[1]
    panel = [(first, "clinical"), (second, "clinical"), (second, "dose_check")]
    with pytest.raises(NotAllowed, match="wrote_it"):
        assignments.start_review(draft, panel, by=world.editor, now=NOW)
    assert draft.state == "submitted"
