"""Field reports: one for each centre, version and period; incidents are told; deviations are shown."""

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_user
from following_world import FIVE, NOW, accepted, confirmed, dose_key, found, mails, make_followers, sent

from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.extensions import db
from portal.protocols.policies import can_read_report
from portal.protocols.queries.reports import find_experience, list_accepted, list_held, list_returned
from portal.protocols.services import reports
from portal.protocols.services.reports import Incident


@pytest.fixture
def world(app):
    return make_followers()


def test_a_report_waits_for_an_editor_of_another_centre(world):
    report = sent(world)
    assert report.state == "held"
    assert list_held(world.editor) == [report]
    assert not can_read_report(None, report)
    reports.accept_report(report, by=world.editor, now=NOW)
    assert can_read_report(None, report)
    assert list_accepted(world.version.protocol_id) == [report]
    assert [to for to, _ in mails("field_report_accepted")] == [world.clinician.email]


def test_one_report_of_a_centre_on_a_version_and_period(world):
    report = sent(world)
    with pytest.raises(Conflict, match="reported_already"):
        sent(world)
    with pytest.raises(Conflict, match="reported_already"):
        sent(world, from_quarter="2026Q3", to_quarter="2026Q4")  # the same people would count twice
    copy = (
        "INSERT INTO field_report SELECT id + 1, protocol_id, version_id, organisation_id, country, setting,"
        " from_quarter, to_quarter, started_band, fidelity, changes, barriers, barriers_text, incidents,"
        " recommendation, lang, state, created_by, created_at, changed_at, sent_at, decided_by, decided_at,"
        " reason FROM field_report"
    )
    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
        db.session.execute(sa.text(copy))
    db.session.rollback()
    reports.withdraw_report(report, by=world.clinician, now=NOW)
    assert sent(world).state == "held"


def test_an_incident_is_told_to_the_author_and_the_editors_before_any_decision(world):
    incident = Incident("dose_error", "moderate", "A double dose; the person was observed.")
    sent(world, incidents=(incident,))
    told = {to for to, _ in mails("field_report_incident")}
    assert told >= {world.world.author.email, world.editor.email}
    values = mails("field_report_incident")[0][1]
    assert "double" not in str(values)  # the mail says where, never what


def test_texts_of_incidents_barriers_and_changes_identify_nobody(world):
    number = "СНИЛС 112-233-445 95"
    for more in (
        {"incidents": (Incident("other", "mild", number),)},
        {"barriers_text": number},
        {"changes": [(dose_key(world.version), number)]},
    ):
        with pytest.raises(Invalid):
            sent(world, **more)


@pytest.mark.parametrize(
    "more",
    [
        {"to_quarter": "2027Q1"},
        {"from_quarter": "2026Q4"},
        {"from_quarter": "2020Q1"},
        {"from_quarter": "long ago"},
        {"started_band": "7"},
        {"recommendation": "perhaps"},
        {"barriers": ("weather",)},
        {"incidents": (Incident("party", "mild"),)},
        {"setting": "sub-methadone"},
        {"fidelity": (1, 2, 3)},
    ],
)
def test_a_report_must_fit_its_lists(world, more):
    with pytest.raises(Invalid):
        sent(world, **more)


def test_a_returned_report_is_written_again(world):
    report = sent(world)
    with pytest.raises(Invalid):
        reports.return_report(report, " ", by=world.editor, now=NOW)
    reports.return_report(report, "Which quarter?", by=world.editor, now=NOW)
    assert list_returned(world.clinician) == [report]
    reports.file_again(report, found(recommendation="adopt"), by=world.clinician, now=NOW)
    assert (report.state, report.recommendation, report.reason) == ("held", "adopt", "")


def test_an_accepted_report_is_sealed_by_the_database(world):
    accepted(world)
    for change in ("UPDATE field_report SET recommendation = 'adopt'", "DELETE FROM field_report"):
        with pytest.raises(sa.exc.IntegrityError, match="immutable"):
            db.session.execute(sa.text(change))
        db.session.rollback()


def test_nobody_decides_about_the_own_report_or_reports_for_another_centre(world):
    report = sent(world)
    own = make_user("editor", "clinician", organisation=world.programme.organisation)
    with pytest.raises(NotAllowed, match="own_report"):
        reports.accept_report(report, by=own, now=NOW)
    with pytest.raises(NotAllowed):
        reports.accept_report(report, by=world.russian_clinician, now=NOW)
    with pytest.raises(NotAllowed):
        reports.file_report(make_organisation("IR"), world.version, found(), by=world.clinician, now=NOW)


def test_an_accepted_report_is_not_accepted_again(world):
    report = accepted(world)
    with pytest.raises(InvalidTransition, match="wrong_state"):
        reports.accept_report(report, by=world.editor, now=NOW)


def test_experience_counts_what_reports_say(world):
    key = dose_key(world.version)
    accepted(world, changes=[(key, "شروع با ۲۰ تا ۴۵ میلی‌گرم")], barriers=("staff", "law"),
             incidents=(Incident("overdose", "severe"),))  # fmt: skip
    sent(world, from_quarter="2026Q4", to_quarter="2026Q4")  # held: not counted
    seen = find_experience(world.version.protocol_id)
    assert (seen.count, seen.incidents, seen.fidelity) == (1, 1, sum(FIVE) / 10)
    assert dict(seen.recommendations) == {"adopt": 0, "adopt_with_changes": 1, "do_not_adopt": 0}
    assert seen.barriers == [("law", 1), ("staff", 1)]
    assert seen.changed_blocks == [(key, 1)]
    assert [d.text for d in seen.deviations[key]] == ["شروع با ۲۰ تا ۴۵ میلی‌گرم"]


def test_local_changes_of_a_confirmed_declaration_stand_beside_the_block_too(world):
    key = dose_key(world.version)
    row = confirmed(world, local_changes=[(key, "Twice a day.")])
    seen = find_experience(world.version.protocol_id, [row])
    assert [(d.text, d.report_id) for d in seen.deviations[key]] == [("Twice a day.", None)]
