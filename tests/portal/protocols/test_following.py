"""Declarations D1 to D6: who, when, what the database refuses, and who hears of it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from following_world import (
    FIVE,
    NEXT,
    NOW,
    THIS,
    confirmed,
    declared,
    dose_key,
    mails,
    make_followers,
    next_major,
    said,
)

from portal.core.audit import AuditEvent, verify
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols.catalogue.quarters import coming, is_quarter, past, quarter_of, shifted
from portal.protocols.models import ProgrammeProtocol
from portal.protocols.queries import following as read
from portal.protocols.services import closing, followers, following, publishing


@pytest.fixture
def world(app):
    return make_followers()


def test_quarters_count_over_years():
    assert quarter_of(NOW.date()) == THIS
    assert [shifted(THIS, n) for n in (-4, -1, 0, 1)] == ["2025Q4", "2026Q3", THIS, NEXT]
    assert coming(NOW.date(), 2) == [THIS, NEXT]
    assert past(NOW.date(), 2) == [THIS, "2026Q3"]
    assert [is_quarter(text) for text in (THIS, "2026Q5", "2026-4", "", "۲۰۲۶Q1")] == [True] + [False] * 4


def test_a_programme_declares_and_an_editor_of_its_country_confirms(world):
    row = declared(world, local_changes=[(dose_key(world.version), "شروع با ۱۵ میلی‌گرم")])
    assert (row.state, row.fidelity.answers, row.fidelity.total) == ("declared", list(FIVE), 7)
    assert [to for to, _ in mails("declaration_made")] == [
        u.email for u in read.list_editors("IR", without=frozenset())
    ]
    following.confirm(row, by=world.editor, now=NOW)
    assert (row.state, row.decided_by) == ("confirmed", world.editor.id)
    assert [to for to, _ in mails("declaration_confirmed")] == [world.clinician.email]
    assert [to for to, _ in mails("outcome_linked")] == [world.world.author.email]
    assert read.list_followers(world.version.protocol_id, today=NOW.date()) == [row]
    assert verify() is None


# O1
def test_o1_a_russian_programme_cannot_declare_what_russia_prohibits(world):
    given = said(modality="M40")
    with pytest.raises(InvalidTransition, match="protocol_prohibited") as refusal:
        following.declare(world.russian, world.version, given, by=world.russian_clinician, now=NOW)
    assert refusal.value.values == {"country": "RU", "drug": ""}


def test_a_main_drug_that_a_country_forbids_stops_a_declaration_whatever_the_badge_says(world):
    from portal.protocols.services.publishing import LegalText

    text = LegalText("RU", "leg-unknown", checked_on=NOW.date())
    publishing.set_legal_status(world.version.protocol, text, by=world.world.editor, now=NOW)
    with pytest.raises(InvalidTransition, match="drug_prohibited") as refusal:
        following.declare(
            world.russian, world.version, said(modality="M40"), by=world.russian_clinician, now=NOW
        )
    assert refusal.value.values["drug"] == "sub-methadone"


# O2
def test_o2_the_database_refuses_two_overlapping_declarations_of_a_modality(world):
    row = confirmed(world)
    with pytest.raises(Conflict, match="modality_declared"):
        declared(world)
    copy = "INSERT INTO programme_protocol (programme_id, protocol_id, version_id, modality, from_quarter, sections, local_changes, lang, state, declared_by, declared_at, reason_code, reason_text, end_reason, to_quarter) SELECT programme_id, protocol_id, version_id, modality, :q, sections, local_changes, lang, 'declared', declared_by, declared_at, '', '', :why, :until FROM programme_protocol WHERE id = :id"
    for quarter, until in ((NEXT, None), ("2026Q1", None), ("2026Q1", THIS), (THIS, THIS)):
        values = {"q": quarter, "until": until, "why": "stopped" if until else "", "id": row.id}
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.text(copy), values)
        db.session.rollback()
    db.session.execute(sa.text(copy), {"q": "2026Q1", "until": "2026Q3", "why": "stopped", "id": row.id})
    db.session.rollback()


# O2
def test_o2_a_back_dated_declaration_is_refused_with_the_reason(world):
    with pytest.raises(InvalidTransition, match="back_dated") as refusal:
        declared(world, from_quarter="2026Q3")
    assert refusal.value.values == {"quarter": THIS}
    assert declared(world, from_quarter=NEXT).from_quarter == NEXT


def test_only_invented_programmes_date_back_and_only_for_demonstration_protocols(world):
    facts = read.following_of(world.programme, world.version, "M20", "2024Q1", today=NOW.date())
    assert facts.earliest == THIS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"modality": "M42"}, "modality_not_offered"),
        ({"fidelity": (2, 2)}, "invalid"),
        ({"fidelity": (2, 2, 2, 2, 3)}, "invalid"),
        ({"sections": ("poetry",)}, "invalid"),
        ({"from_quarter": "soon"}, "invalid"),
        ({"local_changes": [("no-such-block", "x")]}, "invalid"),
    ],
)
def test_a_declaration_must_say_what_holds(world, change, code):
    with pytest.raises((Invalid, InvalidTransition), match=code):
        declared(world, **change)


def test_words_of_a_declaration_identify_nobody(world):
    text = "СНИЛС 112-233-445 95"
    with pytest.raises(Invalid):
        declared(world, local_changes=[(dose_key(world.version), text)])


def test_only_clinicians_of_the_centre_declare(world):
    for person in (world.world.author, world.editor, world.russian_clinician):
        with pytest.raises(NotAllowed):
            following.declare(world.programme, world.version, said(), by=person, now=NOW)


def test_an_editor_of_another_country_or_of_the_centre_does_not_confirm(world):
    row = declared(world)
    own = make_user("editor", "clinician", country="IR", organisation=world.programme.organisation)
    for person in (own, world.world.editor, world.clinician):
        with pytest.raises(NotAllowed):
            following.confirm(row, by=person, now=NOW)
    assert read.list_waiting(own) == []
    assert read.list_waiting(world.editor) == [row]


def test_a_refusal_needs_a_listed_reason_and_a_sentence(world):
    row = declared(world)
    for code, text in (("bad_mood", "No."), ("law", " ")):
        with pytest.raises(Invalid):
            following.refuse(row, code, text, by=world.editor, now=NOW)
    following.refuse(row, "too_different", "Half of the steps are missing.", by=world.editor, now=NOW)
    assert (row.state, row.reason_code) == ("refused", "too_different")
    assert declared(world).state == "declared"  # what was refused stands in nobody's way


@pytest.mark.parametrize(
    "change",
    ["from_quarter = '2020Q1'", "version_id = version_id + 1", "local_changes = '[1]'", "modality = 'M40'",
     "declared_by = declared_by + 1"],
)  # fmt: skip
def test_a_confirmed_declaration_is_never_edited(world, change):
    row = confirmed(world)
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text(f"UPDATE programme_protocol SET {change} WHERE id = {row.id}"))
    db.session.rollback()


def test_an_end_is_set_once_and_nothing_is_deleted(world):
    row = confirmed(world)
    following.end(row, "stopped", by=world.clinician, now=NOW)
    for change in ("UPDATE programme_protocol SET to_quarter = '2027Q4'", "DELETE FROM programme_protocol",
                   "DELETE FROM fidelity_check"):  # fmt: skip
        with pytest.raises(sa.exc.IntegrityError, match="immutable"):
            db.session.execute(sa.text(change))
        db.session.rollback()


def test_moving_ends_one_row_and_begins_the_next(world):
    row = confirmed(world)
    newer = next_major(world)
    with pytest.raises(InvalidTransition, match="moves_later"):
        following.move(row, newer, said(), by=world.clinician, now=NOW)
    made = following.move(row, newer, said(from_quarter=NEXT), by=world.clinician, now=NOW)
    assert (row.state, row.to_quarter, row.end_reason) == ("ended", THIS, "moved")
    assert (made.state, made.from_quarter, made.version_id) == ("declared", NEXT, newer.id)
    assert read.list_followers(row.protocol_id, today=NOW.date()) == [row]  # still in force this quarter


def test_a_programme_stops_or_takes_back(world):
    row = declared(world, from_quarter=NEXT)
    following.end(row, "stopped", by=world.clinician, now=NOW)
    assert (row.state, row.end_reason, row.to_quarter) == ("ended", "taken_back", THIS)
    row = confirmed(world)
    following.end(row, "stopped", by=world.clinician, now=NOW)
    assert (row.state, row.end_reason, row.to_quarter) == ("ended", "stopped", THIS)


def test_closing_a_programme_ends_everything_that_it_follows(world):
    row = confirmed(world)
    assert following.end_all(world.programme, by=SYSTEM, now=NOW) == 1
    assert (row.state, row.end_reason) == ("ended", "closed")


def test_an_administrator_closes_a_programme_with_all_that_it_declared(world):
    row, later = confirmed(world), NOW + timedelta(days=1)
    admin = make_user("country_admin", country="IR")
    assert closing.close_programme(world.programme, date(2026, 11, 20), by=admin, now=later) == 1
    assert (world.programme.closed_on, world.programme.closed_by) == (date(2026, 11, 20), admin.id)
    assert (row.state, row.end_reason, row.to_quarter, row.ended_by) == ("ended", "closed", THIS, admin.id)
    ended = {to for to, _ in mails("declaration_ended")}
    assert {world.clinician.email, world.editor.email} <= ended
    events = db.session.scalars(sa.select(AuditEvent.event).order_by(AuditEvent.seq.desc()).limit(2)).all()
    assert set(events) == {"programme.closed", "declaration.closed"}


def test_a_closed_programme_is_not_closed_again_and_declares_nothing(world):
    admin = make_user("country_admin", country="IR")
    assert closing.close_programme(world.programme, NOW.date(), by=admin, now=NOW) == 0
    with pytest.raises(Conflict, match="programme_closed"):
        closing.close_programme(world.programme, NOW.date(), by=admin, now=NOW)
    with pytest.raises(InvalidTransition, match="programme_closed"):
        declared(world)


@pytest.mark.parametrize(
    ("on", "code"), [(date(2026, 11, 25), "date_in_future"), (date(2019, 1, 1), "closed_before_start")]
)
def test_a_programme_closes_on_a_day_that_it_worked(world, on, code):
    row, admin = confirmed(world), make_user("country_admin", country="IR")
    with pytest.raises(Invalid) as refused:
        closing.close_programme(world.programme, on, by=admin, now=NOW)
    assert [(p.field, p.code) for p in refused.value.problems] == [("closed_on", code)]
    assert row.state == "confirmed"


@pytest.mark.parametrize(
    ("role", "country"),
    [("country_admin", "RU"), ("clinician", "IR"), ("chief_editor", "IR"), ("system_admin", "IR")],
)
def test_only_an_administrator_of_the_country_closes_it(world, role, country):
    row = confirmed(world)
    with pytest.raises(NotAllowed):
        closing.close_programme(world.programme, NOW.date(), by=make_user(role, country=country), now=NOW)
    assert (world.programme.closed_on, row.state) == (None, "confirmed")


def test_a_report_may_question_a_declaration_which_is_then_settled_or_ended(world):
    row = confirmed(world)
    following.question(row, "field_report", "It says that doses differ.", by=world.editor, now=NOW)
    assert row.state == "questioned"
    assert [to for to, _ in mails("declaration_questioned")] == [world.clinician.email]
    following.settle(row, by=world.editor, now=NOW)
    assert (row.state, row.reason_code) == ("confirmed", "")
    following.question(row, "incident", "Again.", by=world.editor, now=NOW)
    following.end(row, "contradicted", by=world.editor, now=NOW)
    assert (row.state, row.end_reason) == ("ended", "contradicted")


def test_the_self_check_is_renewed_and_the_earlier_one_stays(world):
    row = confirmed(world)
    following.renew_check(row, (2, 2, 2, 2, 2), by=world.clinician, now=NOW)
    assert [check.total for check in row.checks] == [7, 10]
    with pytest.raises(Invalid):
        following.renew_check(row, (9,), by=world.clinician, now=NOW)


# O9
def test_o9_a_new_major_version_tells_every_programme_that_follows_an_earlier_one(world):
    confirmed(world)
    other = make_programme("IR", modality="M20", organisation=make_organisation("IR"))
    far = make_user("clinician", organisation=other.organisation)
    following.declare(other, world.version, said(), by=far, now=NOW)
    newer = next_major(world)
    told = mails("followed_version_changed")
    assert {to for to, _ in told} == {world.clinician.email, far.email}
    assert {(v["number"], v["new"], tuple(v["sections"])) for _, v in told} == {("1.0", "2.0", ("dosing",))}
    row = read.list_declarations(world.programme.id)[0]
    assert (row.version.number, row.state) == ("1.0", "confirmed")  # nobody is moved by a publication
    assert [each.id for each in read.list_to_answer(world.clinician)] == [row.id]
    assert read.find_newer(row).changed == ("dosing",)
    assert newer.number == "2.0"


def test_three_answers_to_a_new_version(world):
    row = confirmed(world)
    newer = next_major(world)
    following.answer(row, newer, "later", by=world.clinician, now=NOW)
    assert read.find_newer(row).asks
    with pytest.raises(Invalid):
        following.answer(row, newer, "stay", " ", by=world.clinician, now=NOW)
    following.answer(row, newer, "stay", "Supply lasts until spring.", by=world.clinician, now=NOW)
    assert not read.find_newer(row).asks
    assert read.list_to_answer(world.clinician) == []


def test_concern_and_withdrawal_are_told_at_once_and_silence_is_questioned(world):
    from datetime import timedelta

    row = confirmed(world)
    followers.tell_concern(world.version)
    followers.tell_withdrawn(world.version, now=NOW)
    db.session.commit()
    assert [to for to, _ in mails("followed_concern")] == [world.clinician.email]
    assert [to for to, _ in mails("followed_withdrawn")] == [world.clinician.email]
    assert followers.question_unanswered(now=NOW + timedelta(days=30)) == 0
    assert followers.question_unanswered(now=NOW + timedelta(days=31)) == 1
    assert (row.state, row.reason_code) == ("questioned", "withdrawn_version")


def test_every_state_of_a_declaration_is_reached_by_the_table_alone(world):
    row = declared(world)
    with pytest.raises(InvalidTransition, match="wrong_state"):
        following.settle(row, by=world.editor, now=NOW)
    with pytest.raises(InvalidTransition, match="wrong_state"):
        following.question(row, "other", "Why?", by=world.editor, now=NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgrammeProtocol)) == 1
