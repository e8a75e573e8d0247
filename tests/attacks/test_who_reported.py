"""Attacks on the people who report a danger: who warned, and which centre something went wrong at."""

import re

import alert_world
import pytest
from factories import make_user
from fate_world import events
from following_world import FIVE, accepted, make_followers, sent
from protocol_world import NOW

from portal.accounts.views import event_words
from portal.alerts.services import judging, signals, triage
from portal.core.errors import Invalid
from portal.extensions import db
from portal.protocols.services import reports
from portal.protocols.services.reports import Incident

NAME = "Unmistakable Reporter"
NOTE = "Only the editors may read this remark."
CENTRE = "Unmistakable Centre"
INCIDENT = Incident("overdose", "severe", "Sedation after the first dose.")


@pytest.fixture
def desk(app):
    desk = alert_world.make_desk()
    desk.reporter = make_user("clinician", name=NAME, email="unmistakable@example.org")
    return desk


def pages(client, paths):
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 400, path
        yield path, answer.text


def test_nobody_reads_in_the_audit_who_warned(client, sign_in, desk):
    alert = alert_world.make_signal(desk)
    signals_asked(alert, desk)
    for role in ("country_admin", "system_admin"):
        sign_in(client, role)
        for path, text in pages(client, ["/en/admin/audit", "/fa/admin/audit"]):
            rows = [row for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL) if about_warnings(row)]
            assert len(rows) == 2, (role, path)
            assert not [row for row in rows if NAME in row], (role, path)


def about_warnings(row):
    """Rows of the reporter's acts, whatever they are called in the language."""
    names = [str(event_words.EVENTS.get(code, code)) for code in event_words.NAMELESS]
    return any(name in row for name in (*names, *event_words.NAMELESS))


def signals_asked(alert, desk):
    triage.ask(alert, "Was a sample tested?", by=desk.editor, now=alert_world.NOW)
    signals.answer(alert, "No.", by=desk.reporter, now=alert_world.NOW)


@pytest.mark.parametrize("who", ["editor", "judge", "other"])
def test_the_desk_does_not_say_who_warned(client, sign_in, desk, who):
    alert = alert_world.make_judged(desk)
    sign_in(client, user=getattr(desk, who))
    for path, text in pages(client, ["/en/alerts/desk", f"/en/alerts/desk/{alert.id}", "/en/queue"]):
        assert NAME not in text, path
        assert "unmistakable@" not in text


def test_what_is_public_says_neither_who_warned_nor_what_was_told_in_confidence(client, desk):
    alert = signals.report(
        alert_world.RECORD | {"deaths": "none"}, NOTE, lang="en", by=desk.reporter, now=alert_world.NOW
    )
    carry_on(alert, desk)
    number = alert.public_id
    paths = [
        "/en/alerts", f"/en/alerts/{number}", f"/en/alerts/{number}/report",
        f"/en/alerts/{number}/report.json", "/en/feeds/alerts.atom", "/api/v1/changes", "/en/feeds/all.atom",
    ]  # fmt: skip
    for path, text in pages(client, paths):
        assert NAME not in text, path
        assert NOTE not in text, path
        assert "reporter" not in text.lower(), path
        assert f'"{desk.reporter.id}"' not in text, path


def carry_on(alert, desk):
    triage.take(alert, by=desk.editor, now=alert_world.NOW)
    judging.judge(alert, alert_world.GRAVE, "clinician", by=desk.judge, now=alert_world.NOW)
    judging.judge(alert, alert_world.GRAVE, "other_country", by=desk.other, now=alert_world.NOW)
    judging.sign(alert, by=desk.editor, now=alert_world.NOW)
    judging.sign(alert, by=desk.judge, now=alert_world.NOW)


@pytest.mark.parametrize("text", [
    "Продавец стоит у вокзала.", "We saw 3 people after 200 mg.", "It costs 5 $.", "A 19-year-old man died.",
    "Ask t.me/somebody.", "They cooked it at home.", "Позвоните: 112-233-445 95.",
    "۲۰۰ میلی‌گرم خورد.", "قیمت ۵۰۰ تومان",
])  # fmt: skip
@pytest.mark.parametrize("field", ["message", "advice", "unknown", "contact", "street_names"])
def test_no_text_of_a_warning_tells_a_price_a_dose_a_seller_or_a_person(client, sign_in, desk, field, text):
    alert = alert_world.make_signal(desk)
    with pytest.raises(Invalid):
        triage.edit(
            alert, alert.record | {field: text}, seen=alert.revision, by=desk.editor, now=alert_world.NOW
        )


@pytest.mark.parametrize("field", ["message", "advice", "unknown", "street_names"])
def test_only_the_contact_of_a_laboratory_may_be_an_address(desk, field):
    alert = alert_world.make_signal(desk)
    told = {"seen": alert.revision, "by": desk.editor, "now": alert_world.NOW}
    with pytest.raises(Invalid):
        triage.edit(alert, alert.record | {field: "mail me@example.org"}, **told)
    triage.edit(alert, alert.record | {"contact": "lab@example.org"}, **told)


@pytest.fixture
def followers(app):
    found = make_followers()
    found.clinician.name = NAME
    found.programme.organisation.name = CENTRE
    db.session.commit()
    return found


def test_author_and_editors_do_not_learn_who_reported_an_incident(client, sign_in, followers):
    report = sent(followers, incidents=[INCIDENT])
    assert "field_report.sent" in events("PR-0001")
    editor = make_user("editor", country="RU")
    for person in (followers.world.author, editor):
        sign_in(client, user=person)
        text = client.get("/en/protocols/PR-0001/history").text
        assert "Field report sent" in text
        assert NAME not in text
    sign_in(client, user=followers.world.author)
    assert client.get(f"/en/field-reports/{report.id}").status_code == 404


def test_an_accepted_report_names_neither_centre_nor_person(client, followers):
    report = accepted(followers, incidents=[INCIDENT], fidelity=FIVE)
    paths = [
        f"/en/field-reports/{report.id}", "/en/protocols/PR-0001/field-reports", "/en/p/PR-0001/v/1.0",
        "/en/protocols/PR-0001/history", "/en/feeds/all.atom", "/api/v1/changes",
        "/api/v1/protocols/PR-0001/versions/1.0", "/en/p/PR-0001/v/1.0.md",
    ]  # fmt: skip
    for path, text in pages(client, paths):
        assert NAME not in text, path
        assert CENTRE not in text, path


@pytest.mark.parametrize("state", ["sent", "returned", "withdrawn"])
def test_a_report_that_is_not_accepted_does_not_exist_for_others(client, sign_in, followers, state):
    report = sent(followers, incidents=[INCIDENT])
    if state == "returned":
        reports.return_report(report, "Say more.", by=followers.editor, now=NOW)
    if state == "withdrawn":
        reports.withdraw_report(report, by=followers.clinician, now=NOW)
    for person in (None, followers.russian_clinician, followers.world.author):
        if person is not None:
            sign_in(client, user=person)
        assert client.get(f"/en/field-reports/{report.id}").status_code == 404
        assert "Sedation after" not in client.get("/en/protocols/PR-0001/field-reports").text
        for path in (f"/en/field-reports/{report.id}/edit", f"/en/field-reports/{report.id}/withdraw"):
            answer = client.get(path)
            assert answer.status_code in (302, 403, 404, 405), path
