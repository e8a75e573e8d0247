"""Mistakes that readers report, remarks on texts, and the monthly second review."""

import pytest
import sqlalchemy as sa
from factories import make_user
from protocol_world import NOW, translate
from translation_world import STEPS, key_of, translate_whole

from portal.accounts.models import User
from portal.core import jobs
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from portal.core.notify.tables import Notice
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols.models import TranslationUnit, UnitComplaint, UnitSample
from portal.protocols.queries.complaints import list_open_complaints, list_unit_comments
from portal.protocols.queries.memory import suggest
from portal.protocols.queries.page import find_page
from portal.protocols.queries.sampling import list_drawn, list_error_rates
from portal.protocols.queries.translations import find_latest, list_views
from portal.protocols.services import complaints, sampling, translations
from portal.protocols.services.indexing import document_of


@pytest.fixture
def reader(app):
    return make_user("member")


def mails(key):
    found = sa.select(User).join(Notice, Notice.user_id == User.id).where(Notice.key == key)
    return [person.email for person in db.session.scalars(found.order_by(Notice.id)).unique()]


def shown(key, lang="fa"):
    page = find_page("PR-0001", lang, today=NOW.date())
    return page.title if key == "title" else page.summary


def test_a_complaint_that_an_editor_accepts_sends_the_text_to_draft_and_tells_its_translator(
    world, version, reader
):
    translate(world, version, "title", "درمان با متادون")
    said = complaints.complain(version, "title", "fa", "It says something else.", by=reader, now=NOW)
    assert shown("title").lang == "fa"
    complaints.accept_complaint(said, version, by=world.editor, now=NOW)
    unit = find_latest(version.protocol_id, "title", "fa")
    assert (unit.state, unit.reopened, unit.remark) == ("draft", True, "It says something else.")
    assert (shown("title").lang, shown("title").is_stale) == ("en", False)
    assert "fa" not in document_of(version).titles
    assert mails("translation_reopened") == [world.translator.email]
    assert mails("complaint_decided") == [reader.email]
    assert suggest(["Methadone maintenance"], "en", "fa") == [[]]


def test_a_text_approved_after_a_complaint_is_shown_again(world, version, reader):
    translate(world, version, "title", "درمان با متادون")
    said = complaints.complain(version, "title", "fa", "Wrong.", by=reader, now=NOW)
    complaints.accept_complaint(said, version, by=world.editor, now=NOW)
    translate(world, version, "title", "درمان نگهدارنده با متادون")
    assert shown("title").text == "درمان نگهدارنده با متادون"


def test_a_dismissed_complaint_leaves_the_text_and_gives_a_reason(world, version, reader):
    translate(world, version, "title", "درمان با متادون")
    said = complaints.complain(version, "title", "fa", "I do not like it.", by=reader, now=NOW)
    with pytest.raises(Invalid):
        complaints.dismiss_complaint(said, version, " ", by=world.editor, now=NOW)
    complaints.dismiss_complaint(said, version, "It is the usual term.", by=world.editor, now=NOW)
    assert (shown("title").lang, said.answer) == ("fa", "It is the usual term.")
    with pytest.raises(Conflict, match="already_decided"):
        complaints.accept_complaint(said, version, by=world.editor, now=NOW)


def test_who_may_complain_about_what(world, version, reader):
    with pytest.raises(InvalidTransition, match="unit_untranslated"):
        complaints.complain(version, "title", "fa", "Missing.", by=reader, now=NOW)
    with pytest.raises(NotFound):
        complaints.complain(version, "nothing", "fa", "Missing.", by=reader, now=NOW)
    translate(world, version, "title", "درمان با متادون")
    with pytest.raises(NotAllowed):
        complaints.complain(version, "title", "fa", "Wrong.", by=SYSTEM, now=NOW)
    said = complaints.complain(version, "title", "fa", "Wrong.", by=reader, now=NOW)
    with pytest.raises(Conflict, match="already_complained"):
        complaints.complain(version, "title", "fa", "Still wrong.", by=reader, now=NOW)
    with pytest.raises(NotAllowed):
        complaints.accept_complaint(said, version, by=world.translator, now=NOW)
    with pytest.raises(NotAllowed):
        translations.reopen_unit(version, "title", "fa", "Wrong.", by=reader, now=NOW)
    with pytest.raises(Invalid):
        translations.reopen_unit(version, "title", "fa", " ", by=world.editor, now=NOW)


def test_the_second_of_two_accepted_complaints_does_not_undo_the_correction(world, version, reader):
    translate(world, version, "title", "درمان با متادون")
    first = complaints.complain(version, "title", "fa", "Wrong.", by=reader, now=NOW)
    second = complaints.complain(version, "title", "fa", "Wrong indeed.", by=make_user(), now=NOW)
    complaints.accept_complaint(first, version, by=world.editor, now=NOW)
    translate(world, version, "title", "درمان نگهدارنده با متادون")
    complaints.accept_complaint(second, version, by=world.editor, now=NOW)
    assert shown("title").text == "درمان نگهدارنده با متادون"
    assert list_open_complaints(version.protocol_id, "fa") == {}


def test_remarks_are_anchored_to_a_text_and_its_words_and_can_be_settled(world, version):
    key = key_of(version, "steps")
    translations.save_unit(version, key, "fa", STEPS[0], revision=0, by=world.translator, now=NOW)
    words = " تحمل  را "
    complaints.comment(version, key, "fa", "Which tolerance?", quote=words, by=world.clinician, now=NOW)
    [said] = list_unit_comments(version.protocol_id, "fa")[key]
    assert (said.revision, said.quote) == (1, "تحمل را")
    complaints.settle_comment(said, version, by=world.translator, now=NOW)
    with pytest.raises(Conflict):
        complaints.settle_comment(said, version, by=world.translator, now=NOW)
    with pytest.raises(NotAllowed):
        complaints.comment(version, key, "fa", "Hello.", by=make_user("researcher"), now=NOW)
    with pytest.raises(Invalid):
        complaints.comment(version, key, "fa", " ", by=world.clinician, now=NOW)


def test_at_least_ten_texts_or_five_percent_are_drawn_and_the_same_ones_each_time():
    units = [TranslationUnit(protocol_id=n, unit_key="title", lang="fa") for n in range(400)]
    drawn = sampling.choose("2026-11", units)
    assert len(drawn) == 20
    assert drawn == sampling.choose("2026-11", list(reversed(units)))
    assert drawn != sampling.choose("2026-12", units)
    assert len(sampling.choose("2026-11", units[:30])) == 10
    assert len(sampling.choose("2026-11", units[:3])) == 3


def test_a_month_is_drawn_once(world, version):
    assert sampling.draw_samples("2026-10", by=SYSTEM, now=NOW) == 0
    translate_whole(world, version)
    assert sampling.draw_samples("2026-11", by=SYSTEM, now=NOW) == 8
    assert sampling.draw_samples("2026-11", by=SYSTEM, now=NOW) == 0
    assert sampling.draw_samples("2026-12", by=SYSTEM, now=NOW) == 8


def test_the_daily_job_draws_once_a_month(world, version):
    translate_whole(world, version)
    for _ in range(2):
        jobs.enqueue(sampling.TASK, {})
        db.session.commit()
        jobs.run_until_idle(("default",))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UnitSample)) == 8


def test_a_second_reviewer_judges_and_a_wrong_text_becomes_a_complaint(world, version):
    translate(world, version, "title", "درمان با متادون")
    translate(world, version, "summary", "متادون روزانه.")
    sampling.draw_samples("2026-11", by=SYSTEM, now=NOW)
    second = make_user("language_reviewer")
    by_key = {drawn.section: drawn.sample for drawn in list_drawn()}
    judge = sampling.judge_sample
    with pytest.raises(NotAllowed, match="own_approval"):
        judge(by_key["title"], version, "right", "", by=world.language_reviewer, now=NOW)
    with pytest.raises(NotAllowed, match="own_translation"):
        judge(by_key["title"], version, "right", "", by=world.translator, now=NOW)
    with pytest.raises(Invalid):
        judge(by_key["title"], version, "wrong", "", by=second, now=NOW)
    with pytest.raises(Invalid):
        judge(by_key["title"], version, "bad", "", by=second, now=NOW)
    judge(by_key["title"], version, "wrong", "It is another drug.", by=second, now=NOW)
    judge(by_key["summary"], version, "right", "", by=second, now=NOW)
    with pytest.raises(Conflict):
        judge(by_key["summary"], version, "right", "", by=second, now=NOW)
    [rate] = list_error_rates()
    assert (rate.lang, rate.judged, rate.wrong, rate.share, rate.waiting) == ("fa", 2, 1, 0.5, 0)
    said = db.session.scalars(sa.select(UnitComplaint)).one()
    assert (said.unit_key, said.state, said.body) == ("title", "open", "It is another drug.")


def test_clinical_texts_are_judged_again_by_clinicians_only(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    sampling.draw_samples("2026-11", by=SYSTEM, now=NOW)
    [drawn] = list_drawn()
    assert drawn.is_clinical
    with pytest.raises(NotAllowed, match="clinician_needed"):
        sampling.judge_sample(drawn.sample, version, "right", "", by=make_user("language_reviewer"), now=NOW)
    sampling.judge_sample(drawn.sample, version, "right", "", by=make_user("clinician"), now=NOW)
    assert db.session.scalars(sa.select(UnitSample.verdict)).all() == ["right"]


def test_texts_that_changed_since_are_not_drawn(world, version):
    translate(world, version, "title", "درمان با متادون")
    translations.reopen_unit(version, "title", "fa", "Wrong.", by=world.editor, now=NOW)
    assert sampling.draw_samples("2026-11", by=SYSTEM, now=NOW) == 0
    assert [view.approved for view in list_views(version, "fa") if view.source.key == "title"] == [None]
