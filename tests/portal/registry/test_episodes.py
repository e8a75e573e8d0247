"""Episodes entered by hand: who may, what is judged, that nothing is overwritten and values stay out of the audit."""

import re

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from registry_records import row

from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.extensions import db
from portal.registry import queries
from portal.registry.models import Episode, EpisodeSensitive, Person, RuleResult
from portal.registry.services import episodes
from portal.registry.services.episodes import (
    correct_episode,
    record_admission,
    record_discharge,
    record_follow_up,
    record_review,
)

REVIEW = {
    "day": 90,
    "d28_alcohol": 0,
    "d28_opioid": 3,
    "d28_stimulant": 0,
    "d28_inject": 0,
    "d28_controlled_env": 0,
}
DISCHARGE = {"last_contact_day": 200, "discharge_day": 201, "discharge_reason": 31, "exit_labour": 4,
             "exit_living_where": 1}  # fmt: skip


def answers(**changes):
    return {k: v for k, v in (row(1) | changes).items() if k not in {"source_key", "person_token"}}


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme):
    return make_user("clinician", organisation=programme.organisation)


@pytest.fixture
def admit(programme, clinician):
    def run(by=clinician, confirmations=None, **changes):
        return record_admission(
            answers(**changes), programme_id=programme.id, by=by, confirmations=confirmations
        )

    return run


def problems(refused):
    return {(p.field, p.code) for p in refused.value.problems}


def test_admission_gives_a_case_code_to_note_in_the_chart(admit, programme):
    episode, code = admit()
    assert re.fullmatch(r"[2-9A-HJKMNP-RT-Z]{3}-[2-9A-HJKMNP-RT-Z]{3}", code)
    assert queries.find_by_case_code(code, [programme.code]).id == episode.id
    assert queries.find_by_case_code(code, ["OTHERPRG"]) is None


def test_case_codes_and_keys_are_random(admit):
    made = [admit() for _ in range(5)]
    assert len({code for _, code in made}) == len({e.row_key for e, _ in made}) == 5


def test_admission_is_a_person_of_its_own(admit):
    episode, _ = admit()
    assert (episode.has_token, episode.person_s) == (False, episode.row_key)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_answers_are_read_as_in_a_file(admit):
    episode, _ = admit(sex="مرد", admission_month="۱۴۰۳/۱۲", substance_1_days28="۲۰", modality="m20")
    assert (episode.sex, episode.admission_month, episode.modality) == (1, "2025-03", "M20")
    assert (episode.substance_1_days28, episode.start_day) == (20, 0)


def test_faulty_answers_are_refused_and_named(admit):
    with pytest.raises(Invalid) as refused:
        admit(sex=7, start_d28_alcohol=40, labour="", dx_icd10="X1")
    assert refused.value.code == "episode_invalid"
    assert problems(refused) == {("sex", "CODE"), ("start_d28_alcohol", "RANGE"), ("labour", "EMPTY"),
                                 ("dx_icd10", "CODE")}  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Episode)) == 0


def test_broken_rule_refuses(admit):
    with pytest.raises(Invalid) as refused:
        admit(substance_1_code=800, dx_icd10="F10.2")
    assert problems(refused) == {("modality", "R23")}


def test_identifier_in_an_answer_is_refused_without_its_value(admit):
    with pytest.raises(Invalid) as refused:
        admit(labour="Иванова Мария Петровна")
    assert problems(refused) == {("labour", "Q-PII")}
    assert "Мария" not in str(refused.value)


def test_unknown_answers_and_keys_are_refused(admit, programme, clinician):
    with pytest.raises(Invalid) as refused:
        record_admission(
            answers() | {"name": "x", "source_key": "a" * 26}, programme_id=programme.id, by=clinician
        )
    assert problems(refused) == {("name", "unknown_column"), ("source_key", "unknown_column")}


def test_warning_waits_for_a_coded_confirmation(admit):
    changes = {"substance_1_code": 900, "dx_icd10": "F19.2", "modality": "M40"}
    with pytest.raises(Invalid) as refused:
        admit(**changes)
    assert (refused.value.code, problems(refused)) == ("episode_unconfirmed", {("substance_1_code", "R15")})
    with pytest.raises(Invalid):
        admit(confirmations={"R15": "because"}, **changes)
    episode, _ = admit(confirmations={"R15": "notes"}, **changes)
    (result,) = queries.list_rule_results(episode)
    assert (result.rule, result.severity, result.confirmation) == ("R15", "W", "notes")


def test_note_needs_no_confirmation(admit):
    episode, _ = admit(start_d28_controlled_env=20)
    assert [(r.rule, r.severity) for r in queries.list_rule_results(episode)] == [("R35", "I")]


def test_whole_course_keeps_one_number_and_every_revision(admit, clinician):
    first, code = admit()
    number = first.number
    record_review(number, REVIEW, by=clinician)
    record_review(number, REVIEW | {"day": 180, "d28_opioid": 1}, by=clinician)
    record_discharge(number, DISCHARGE, by=clinician)
    last = record_follow_up(number, {"due": 180, "status": 1, "days": 182}, by=clinician)
    assert (last.number, last.revision, last.case_code) == (number, 5, code)
    assert (last.review_1_day, last.review_2_day, last.review_2_d28_opioid) == (90, 180, 1)
    assert (last.discharge_reason, last.followup_180_status) == (31, 1)
    assert [e.revision for e in queries.list_revisions(number)] == [5, 4, 3, 2, 1]
    assert queries.count_episodes(last.programme_code) == 1
    assert queries.find_episode(number, [last.programme_code]).id == last.id
    assert queries.legal_status_of(last) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EpisodeSensitive)) == 5


def test_earlier_revisions_are_not_found_by_their_own_ids(admit, clinician):
    first, _ = admit()
    second = record_review(first.number, REVIEW, by=clinician)
    assert queries.find_episode(second.id, [second.programme_code]) is None


def test_review_moves_the_last_contact(admit, clinician):
    episode, _ = admit()
    assert record_review(episode.number, REVIEW, by=clinician).last_contact_day == 90


@pytest.mark.parametrize("day", ["", "x", 0])
def test_review_without_a_day_is_refused(admit, clinician, day):
    episode, _ = admit()
    with pytest.raises(Invalid) as refused:
        record_review(episode.number, REVIEW | {"day": day}, by=clinician)
    assert "review_1_day" in {p.field for p in refused.value.problems}


def test_third_review_finds_no_place(admit, clinician):
    episode, _ = admit()
    for day in (90, 180):
        record_review(episode.number, REVIEW | {"day": day}, by=clinician)
    with pytest.raises(Conflict):
        record_review(episode.number, REVIEW, by=clinician)


def test_closed_episode_takes_no_review_and_no_second_discharge(admit, clinician):
    episode, _ = admit()
    record_discharge(episode.number, DISCHARGE, by=clinician)
    with pytest.raises(Conflict):
        record_review(episode.number, REVIEW, by=clinician)
    with pytest.raises(Conflict):
        record_discharge(episode.number, DISCHARGE, by=clinician)


def test_open_episode_takes_no_follow_up(admit, clinician):
    episode, _ = admit()
    with pytest.raises(Conflict):
        record_follow_up(episode.number, {"due": 90, "status": 1}, by=clinician)


def test_follow_up_is_due_on_three_days_only(admit, clinician):
    episode, _ = admit()
    record_discharge(episode.number, DISCHARGE, by=clinician)
    with pytest.raises(Invalid) as refused:
        record_follow_up(episode.number, {"due": 100, "status": 1}, by=clinician)
    assert problems(refused) == {("due", "CODE")}


def test_discharge_before_the_last_contact_is_refused(admit, clinician):
    episode, _ = admit()
    with pytest.raises(Invalid) as refused:
        record_discharge(episode.number, DISCHARGE | {"last_contact_day": 300}, by=clinician)
    assert problems(refused) == {("last_contact_day", "R01")}


def test_correction_replaces_answers_and_keeps_the_old(admit, clinician):
    episode, _ = admit()
    corrected = correct_episode(episode.number, {"sex": 2, "legal_status": 2}, by=clinician)
    assert (corrected.sex, corrected.revision, queries.legal_status_of(corrected)) == (2, 2, 2)
    assert queries.values_of(corrected)["legal_status"] == 2
    assert db.session.get(Episode, episode.id).sex == 1


def test_colleague_of_another_centre_finds_nothing(admit, programme):
    episode, _ = admit()
    stranger = make_user("clinician", organisation=make_organisation("IR"))
    with pytest.raises(NotFound):
        record_admission(answers(), programme_id=programme.id, by=stranger)
    for verb in (record_review, record_discharge, record_follow_up, correct_episode):
        with pytest.raises(NotFound):
            verb(episode.number, {}, by=stranger)


def test_staff_who_lost_the_role_may_not_enter(admit, clinician):
    episode, _ = admit()
    clinician.roles.clear()
    db.session.commit()
    with pytest.raises(NotAllowed):
        admit()
    with pytest.raises(NotAllowed):
        record_discharge(episode.number, DISCHARGE, by=clinician)


def test_audit_names_the_episode_and_no_answer(admit, clinician):
    episode, code = admit()
    record_discharge(episode.number, DISCHARGE, by=clinician)
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.object_type == "episode")).all()
    assert [(e.event, e.object_id) for e in events] == [
        ("episode.admitted", str(episode.number)), ("episode.discharged", str(episode.number)),
    ]  # fmt: skip
    assert not [e for e in events if code in e.changes or "2025-03" in e.changes]


def test_taken_case_code_is_drawn_again(admit, monkeypatch):
    _, code = admit()
    drawn = iter(code.replace("-", "") + "222333")
    monkeypatch.setattr(episodes.secrets, "choice", lambda _: next(drawn))
    assert admit()[1] == "222-333"


def test_list_goes_on_before_the_last_seen(admit, programme):
    made = [admit()[0].id for _ in range(5)]
    first = queries.list_episodes(programme.code, limit=2)
    rest = queries.list_episodes(programme.code, before_id=first[-1].id)
    assert [e.id for e in (*first, *rest)] == made[::-1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RuleResult)) == 0
