"""What the indicators are fed with: questions of each dictionary, marks of the rules, days of submission."""

from datetime import date

import pytest
from factories import make_organisation, make_programme, make_user
from registry_records import DISCHARGED, row, table

from portal.core.db import utcnow
from portal.core.errors import NotAllowed
from portal.registry.quality.questions import questions_of
from portal.registry.quality.reading import read_material
from portal.registry.quality.report import quality_of
from portal.registry.services.imports import DRY, VALID, import_file
from portal.registry.services.looking import look_at_quality
from portal.registry.services.submitting import Submission

ASKED = {question.name: question for question in questions_of([1])}
TODAY = date(2026, 11, 24)


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre, modality=("M20", "M22"))


@pytest.fixture
def clinician(centre):
    return make_user("clinician", organisation=centre)


@pytest.fixture
def send(programme, clinician):
    def run(rows, mode=VALID):
        return import_file(Submission(table(rows), programme=programme.code), mode=mode, by=clinician)

    return run


@pytest.mark.parametrize(
    ("name", "anchor", "mandatory"),
    [
        ("sex", "", True), ("substance_1_code", "", True), ("substance_2_route", "substance_2_code", True),
        ("start_d28_alcohol", "", True), ("start_day", "", False), ("review_1_d28_alcohol", "review_1_day", True),
        ("exit_d28_inject", "exit_day", True), ("exit_labour", "discharge_day", True),
        ("discharge_reason", "discharge_day", True), ("last_depot_day", "depot_interval_days", False),
        ("followup_180_days", "followup_180_status", False), ("legal_status", "", True),
    ],
)  # fmt: skip
def test_a_question_is_due_where_its_group_was_recorded(name, anchor, mandatory):
    assert (ASKED[name].anchor, ASKED[name].mandatory) == (anchor, mandatory)


def test_kinds_of_answers_are_told_apart():
    assert {name for name, asked in ASKED.items() if asked.is_text} == {
        "admission_month",
        "dx_icd10",
        "modality",
    }
    assert ASKED["sex"].has_unknown
    assert not ASKED["start_d28_opioid"].has_unknown
    assert ASKED["last_contact_day"].is_days
    assert not ASKED["start_d28_opioid"].is_days
    assert {asked.versions for asked in ASKED.values()} == {frozenset({1})}


def test_marks_of_the_rules_stand_beside_the_episodes(programme, send):
    send([row(1, substance_1_route=1, inject_status=4, start_d28_inject=5), row(2)])
    frame = read_material(programme, TODAY).records.episodes.set_index("number")
    assert frame["warnings"].sum() >= 1
    assert frame["errors"].sum() == 0
    assert frame["person"].nunique() == 2


def test_an_episode_was_handed_in_with_its_first_revision_and_its_discharge_with_the_first_that_has_one(
    programme, send
):
    send([row(1)])
    send([row(1, **DISCHARGED)])
    frame = read_material(programme, TODAY).records.episodes
    assert len(frame) == 1
    assert {str(day)[:10] for day in frame["submitted_admission"]} == {str(utcnow().date())}
    assert frame["submitted_discharge"].notna().all()


def test_files_count_for_the_rejected_and_a_dry_run_for_nothing(programme, send):
    send([row(1), row(2, sex=7)])
    send([row(3)], mode=DRY)
    material = read_material(programme, TODAY)
    assert material.imports.to_dict("records") == [
        {"submitted": 2, "accepted": 1, "rejected": 1, "ignored": 0}
    ]
    assert quality_of(programme, TODAY).line("DQ22").value == 0.5


def test_no_episodes_have_no_quality(programme):
    assert quality_of(programme, TODAY) is None


def test_only_clinicians_of_the_centre_look(programme):
    for somebody in (make_user("clinician"), make_user("country_admin"), make_user("system_admin")):
        with pytest.raises(NotAllowed):
            look_at_quality(programme, by=somebody)


def test_answers_are_those_that_the_dictionary_asks_at_each_step(programme, send):
    send([row(1), row(2, **DISCHARGED)])
    found = quality_of(programme, TODAY)
    assert found.line("DQ01").value == 1
    assert found.line("DQ02").value == 1
    assert found.line("DQ05").n == 0
    assert found.weakest == ()
    assert list(found.halves) == ["2025H1"]
