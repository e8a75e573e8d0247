"""From a signal to the archive: who may, what is told to whom, what stays."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from alert_world import GRAVE, MILD, NOW, RECORD, make_desk, make_issued, make_judged, make_signal
from factories import make_user

from portal.accounts.services.subscriptions import follow
from portal.alerts import queries
from portal.alerts.exports import HEADINGS, art13
from portal.alerts.models import AlertVersion
from portal.alerts.services import issued, judging, signals, texts, triage
from portal.core import audit, jobs
from portal.core.errors import Conflict, DomainError, Invalid, InvalidTransition, NotAllowed
from portal.core.notify.tables import Notice
from portal.core.permissions import SYSTEM
from portal.extensions import db


@pytest.fixture
def desk(app):
    return make_desk()


def told(key, *, what=None):
    rows = db.session.scalars(sa.select(Notice).where(Notice.key == key))
    return {row.user_id for row in rows if what is None or row.values.get("what") == what}


def refused(call, *args, **more):
    with pytest.raises(DomainError) as refusal:
        call(*args, **more)
    return refusal.value.code


def test_a_signal_reaches_the_duty_editors_of_its_country_alone(desk):
    elsewhere = make_user("editor", country="RU")
    alert = make_signal(desk)
    assert (alert.state, alert.country, alert.public_id) == ("signal", "IR", None)
    assert told("alert_task", what="signal") == {desk.editor.id}
    assert refused(triage.take, alert, by=elsewhere, now=NOW) == "permission_missing"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"form": "cake"}, "form"), ({"route": ["oral", "x"]}, "route"), ({"region": "RU1"}, "region"), ({"region": "Tehran"}, "region"),
        ({"events": "3"}, "events"), ({"substances": ["sub-nothing"]}, "substances"), ({"first_seen": "2027-01-01"}, "first_seen"),
        ({"street_names": "5 mg each"}, "street_names"), ({"protocols": ["PR-9999"]}, "protocols"), ({"reporter": "me"}, "reporter"),
    ],
)  # fmt: skip
def test_a_signal_holds_known_codes_regions_and_bands_only(desk, more, field):
    with pytest.raises(Invalid) as refusal:
        make_signal(desk, **more)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_only_clinicians_report_and_nobody_decides_about_the_own_signal(desk):
    with pytest.raises(NotAllowed):
        signals.report(RECORD, "", lang="fa", by=make_user(), now=NOW)
    both = make_user("clinician", "editor", "alert_panel")
    alert = signals.report(RECORD, "", lang="fa", by=both, now=NOW)
    assert refused(triage.take, alert, by=both, now=NOW) == "own_signal"
    assert refused(judging.sign, alert, by=both, now=NOW) == "own_signal"


def test_the_editor_asks_and_the_reporter_answers(desk):
    alert = make_signal(desk)
    triage.ask(alert, "Was it analysed?", by=desk.editor, now=NOW)
    assert (alert.state, told("alert_task", what="asked")) == ("asked", {desk.reporter.id})
    assert refused(signals.answer, alert, "Yes.", by=desk.editor, now=NOW) == "permission_missing"
    signals.answer(alert, "Yes, by the laboratory.", by=desk.reporter, now=NOW)
    assert (alert.state, told("alert_task", what="answered")) == ("signal", {desk.editor.id})


def test_a_duplicate_is_joined_and_a_weak_signal_closed_with_a_reason(desk):
    first, second, third = (make_signal(desk) for _ in range(3))
    triage.merge(second, first, by=desk.editor, now=NOW)
    triage.close(third, "too_little", by=desk.editor, now=NOW)
    assert (second.state, second.merged_into_id, third.close_reason) == ("merged", first.id, "too_little")
    with pytest.raises(Invalid):
        triage.close(first, "boring", by=desk.editor, now=NOW)
    with pytest.raises(InvalidTransition):
        triage.take(second, by=desk.editor, now=NOW)


def test_two_of_the_panel_judge_in_two_capacities(desk):
    alert = make_signal(desk)
    triage.take(alert, by=desk.editor, now=NOW)
    assert told("alert_task", what="assess") == {desk.judge.id, desk.other.id}
    assert refused(judging.judge, alert, GRAVE, "clinician", by=desk.editor, now=NOW) == "permission_missing"
    assert (
        refused(judging.judge, alert, GRAVE, "other_country", by=desk.judge, now=NOW)
        == "seat_of_other_country"
    )
    judging.judge(alert, GRAVE, "clinician", by=desk.judge, now=NOW)
    assert refused(judging.judge, alert, GRAVE, "toxicologist", by=desk.judge, now=NOW) == "judged_already"
    assert refused(judging.sign, alert, by=desk.editor, now=NOW) == "judgements_missing"


def test_editor_and_panel_sign_and_the_second_signature_issues(desk):
    alert = make_judged(desk)
    assert judging.sign(alert, by=desk.editor, now=NOW) is False
    assert refused(judging.sign, alert, by=desk.editor, now=NOW) == "signed_already"
    assert judging.sign(alert, by=desk.judge, now=NOW) is True
    assert (alert.state, alert.public_id, alert.level) == ("issued", "AL-2026-001", "alert")
    assert (alert.valid_until, alert.second_due_at) == (date(2026, 12, 24), None)
    assert make_issued(desk, MILD, MILD).public_id == "AL-2026-002"


def test_a_change_of_the_content_voids_judgements_and_signatures(desk):
    alert = make_judged(desk)
    judging.sign(alert, by=desk.editor, now=NOW)
    triage.edit(alert, RECORD | {"colour": "white"}, seen=alert.revision, by=desk.editor, now=NOW)
    assert refused(judging.sign, alert, by=desk.judge, now=NOW) == "judgements_missing"
    judging.judge(alert, GRAVE, "clinician", by=desk.judge, now=NOW)


def test_two_editors_at_once_lose_nothing(desk):
    alert = make_signal(desk)
    seen = alert.revision
    triage.edit(alert, RECORD | {"colour": "white"}, seen=seen, by=desk.editor, now=NOW)
    with pytest.raises(Conflict):
        triage.edit(alert, RECORD | {"colour": "black"}, seen=seen, by=desk.editor, now=NOW)
    assert alert.record["colour"] == "white"


def test_a_confirmed_cluster_of_deaths_is_issued_by_one_and_confirmed_by_a_second(desk):
    alert = make_judged(desk, deaths="5-9")
    assert judging.sign(alert, by=desk.judge, now=NOW) is True
    assert alert.second_due_at == NOW + timedelta(hours=24)
    assert told("alert_task", what="second") == {desk.editor.id, desk.judge.id, desk.other.id}
    assert refused(judging.confirm, alert, by=desk.judge, now=NOW) == "signed_already"
    judging.confirm(alert, by=desk.editor, now=NOW)
    assert alert.second_due_at is None


def test_followers_of_country_substance_and_everything_are_told_once_and_never_who_reported(desk):
    people = [make_user() for _ in range(4)]
    for person, kind, target in zip(
        people, ("alerts", "alerts", "concept", "alerts"), ("IR", "all", "sub-methadone", "RU"), strict=True
    ):
        follow(kind, target, by=person, now=NOW)
    follow("concept", "sub-methadone", by=people[0], now=NOW)
    alert = make_issued(desk)
    assert told("alert_issued") == {person.id for person in people[:3]}
    notice = db.session.scalars(sa.select(Notice).where(Notice.key == "alert_issued")).first()
    assert (notice.values["number"], notice.rhythm) == (alert.public_id, "at_once")
    assert set(notice.values) == {"number", "level", "region", "toxidrome", "substances"}


def test_an_update_is_proposed_by_one_signed_by_the_other_and_numbered(desk):
    alert = make_issued(desk)
    changed = RECORD | {"events": "10-19", "naloxone": "repeat"}
    issued.propose(alert, changed, seen=alert.revision, by=desk.editor, now=NOW)
    assert (alert.version, alert.record["events"]) == (1, "5-9")
    assert refused(issued.sign_update, alert, by=desk.editor, now=NOW) == "signed_already"
    issued.sign_update(alert, by=desk.other, now=NOW + timedelta(days=10))
    assert (alert.version, alert.record["events"], alert.pending) == (2, "10-19", None)
    assert alert.valid_until == date(2027, 1, 3)
    assert [v.record["events"] for v in queries.list_versions(alert.id)] == ["5-9", "10-19"]


def test_an_update_that_changes_nothing_is_refused(desk):
    alert = make_issued(desk)
    assert (
        refused(issued.propose, alert, RECORD, seen=alert.revision, by=desk.editor, now=NOW)
        == "signed_already"
    )


def test_what_was_issued_can_be_neither_changed_nor_removed(desk):
    make_issued(desk)
    for statement in (sa.update(AlertVersion).values(level="information"), sa.delete(AlertVersion)):
        with pytest.raises(sa.exc.IntegrityError, match="immutable"):
            db.session.execute(statement)
        db.session.rollback()


def test_a_warning_ends_by_itself_after_its_last_day_and_stays_in_the_archive(desk):
    alert = make_issued(desk)
    assert issued.expire_due(by=SYSTEM, now=NOW + timedelta(days=30)) == 0
    assert issued.expire_due(by=SYSTEM, now=NOW + timedelta(days=31)) == 1
    assert queries.list_current_for("en", concepts=["sub-methadone"]) == []
    assert [p.alert.public_id for p in queries.list_public_alerts("en", current=False)] == [alert.public_id]
    assert jobs.CALENDAR["alerts-expire"].task in jobs.TASKS


def test_whoever_was_told_is_told_of_the_retraction_though_not_following_any_more(desk):
    from portal.accounts.services.subscriptions import unfollow

    reader, late = make_user(), make_user()
    follow("alerts", "all", by=reader, now=NOW)
    alert = make_issued(desk)
    unfollow("alerts", "all", by=reader)
    follow("alerts", "IR", by=late, now=NOW)
    assert refused(issued.retract, alert, "wrong_substance", by=desk.editor, now=NOW) == "permission_missing"
    issued.retract(alert, "wrong_substance", by=desk.judge, now=NOW)
    assert told("alert_retracted") == {reader.id, late.id}
    assert queries.find_public(alert.public_id).retraction_reason == "wrong_substance"
    assert refused(issued.retract, alert, "wrong_place", by=desk.judge, now=NOW) == "wrong_state"


def test_a_short_text_is_shown_in_another_language_once_a_clinician_approved_it(desk):
    translator, clinician = make_user("translator"), make_user("clinician")
    alert = make_issued(desk, message="تنها نمانید.")
    text = texts.save_text(alert, "message", "ru", "Не оставайтесь одни.", by=translator, now=NOW)
    assert queries.in_public([alert], "ru")[0].texts["message"].lang == "fa"
    assert refused(texts.approve_text, text, by=translator, now=NOW) == "permission_missing"
    texts.approve_text(text, by=clinician, now=NOW)
    shown = queries.in_public([alert], "ru")[0].texts["message"]
    assert (shown.text, shown.lang) == ("Не оставайтесь одни.", "ru")
    changed = dict(alert.record, message="تنها نمانید و کمک بخواهید.")
    issued.propose(alert, changed, seen=alert.revision, by=desk.editor, now=NOW)
    issued.sign_update(alert, by=desk.judge, now=NOW)
    assert queries.in_public([alert], "ru")[0].texts["message"].lang == "fa"
    assert refused(texts.approve_text, text, by=clinician, now=NOW) == "source_changed"


def test_nobody_approves_the_own_translation_and_no_text_tells_an_amount(desk):
    both = make_user("translator", "clinician")
    alert = make_issued(desk, message="تنها نمانید.")
    text = texts.save_text(alert, "message", "en", "Do not stay alone.", by=both, now=NOW)
    assert refused(texts.approve_text, text, by=both, now=NOW) == "own_translation"
    with pytest.raises(Invalid):
        texts.save_text(alert, "message", "en", "Take 5 mg less.", by=both, now=NOW)


def test_the_export_has_every_heading_and_nothing_about_who_reported(desk):
    alert = make_issued(desk)
    export = art13(alert, queries.list_versions(alert.id)[-1])
    assert list(export["headings"]) == list("abcdefghij") == list(HEADINGS)
    assert (export["identifier"], export["headings"]["b"]["region"]) == (alert.public_id, "IR1")
    assert "reporter" not in str(export)
    assert "note" not in str(export)


def test_the_panels_reading_takes_a_fixed_number_of_queries(desk):
    counted = []
    for number in (1, 3):
        for _ in range(number):
            make_issued(desk)
        db.session.expire_all()
        counted.append(_count(lambda: queries.list_public_alerts("fa", limit=50)))
    assert counted[0] == counted[1]


def _count(call):
    seen = []
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        call()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)


def test_every_step_leaves_an_entry_and_the_chain_holds(desk):
    alert = make_issued(desk)
    issued.retract(alert, "wrong_place", by=desk.judge, now=NOW)
    events = db.session.scalars(
        sa.select(audit.AuditEvent.event).where(audit.AuditEvent.object_type == "alert")
    ).all()
    assert list(events) == [
        "alert.reported", "alert.taken", "alert.judged", "alert.judged", "alert.signed", "alert.signed", "alert.issued", "alert.retracted",
    ]  # fmt: skip
    assert audit.verify() is None
