"""The daily work on the job table, the languages of its mails, and two clicks at the same moment."""

import threading

import pytest
from fate_world import in_review, later, mails, task_of
from protocol_world import NOW, make_published

from portal.core import jobs, notify
from portal.extensions import db
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.versions import find_protocol, find_version
from portal.protocols.services import drafts, reminders
from portal.protocols.services.interests import Interests, declare_as_reviewer

KEYS = (
    "version_appeal_decided", "appeal_lodged", "approval_lost", "concern_closed", "concern_ending", "currency_due",
    "draft_resting", "interests_declared", "invitation_expired", "protocol_abandoned", "protocol_rejected",
    "protocol_returned", "protocol_submitted", "review_again", "review_closed", "review_declined",
    "review_opened", "review_reminder", "review_started", "version_concern", "version_published",
    "version_retired", "version_withdrawn", "withdrawal_proposed",
)  # fmt: skip
VALUES = {
    "public_id": "PR-0001", "number": "1.0", "version_id": 1, "days": 30, "late": True,
    "due_on": "2026-11-22", "ends_on": "2026-11-22", "until": "2026-11-22",
}  # fmt: skip


def test_daily_work_stands_on_the_calendar_and_runs_once_a_day(world):
    version = in_review(world)
    assert jobs.CALENDAR["protocols"].task == reminders.TASK
    for hour in (0, 1, 2):
        jobs.tick(now=later(8 + hour / 24))
    jobs.run_until_idle(("default",))  # by the real clock, weeks after the invitation
    assert task_of(version, world.reviewers[0]).state == "expired"


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", KEYS)
def test_every_mail_is_written_in_the_language_of_its_reader(app, key, lang):
    message = notify.compose("person@example.org", lang, key, VALUES)
    text = message.get_body(("plain",)).get_content()
    assert "PR-0001" in message["Subject"]
    assert f"/{lang}/" in text or "/p/PR-0001" in text
    if lang == "fa" and key in ("review_reminder", "concern_ending", "currency_due", "draft_resting"):
        assert "۱۴۰۵" in text


def test_19_12_a_reminder_is_in_the_reviewers_language(world):
    version, reviewer = in_review(world), world.reviewers[1]
    reviewer.language = "ru"
    db.session.commit()
    declare_as_reviewer(task_of(version, reviewer), Interests(), by=reviewer, now=NOW)
    reminders.run_daily(now=later(18))
    sent = db.session.query(jobs.Job).filter_by(name="mail").order_by(jobs.Job.id.desc()).first()
    assert ('"review_reminder"' in sent.args, '"ru"' in sent.args) == (True, True)
    assert ("review_reminder", reviewer.email) in mails()


def test_19_7_two_new_version_clicks_at_the_same_moment_give_one_draft(app, world):
    version = make_published(world)
    author, protocol = world.author.id, version.protocol.public_id
    db.session.commit()
    gate, made = threading.Barrier(2), []

    def click():
        with app.app_context():
            from portal.accounts.queries import find_user

            by, of = find_user(author), find_protocol(protocol)
            gate.wait()
            made.append(drafts.new_version(of, by=by, now=NOW).id)
            db.session.remove()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert len(made) == 2
    assert len(set(made)) == 1
    assert find_version(made[0]).state == "draft"
    assert db.session.query(ProtocolVersion).count() == 2
