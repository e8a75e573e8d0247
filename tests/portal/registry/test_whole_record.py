"""Records of the second dictionary: bands, skip logic, what is derived, and the way into the store and back."""

import polars as pl
import pytest
import sqlalchemy as sa
from factories import make_programme, make_user
from registry_records import CONTEXT, DISCHARGED, WHOLE, row, table, whole_row

from portal.core.errors import Invalid
from portal.extensions import db
from portal.registry import queries
from portal.registry.dictionary import load
from portal.registry.importer.refusal import FileRefused
from portal.registry.models import Episode, EpisodeSensitive, ImportRow
from portal.registry.rules import judge
from portal.registry.rules.coding import encode, shown
from portal.registry.rules.preparing import derive
from portal.registry.services.episodes import (
    record_admission,
    record_discharge,
    record_follow_up,
    record_review,
)
from portal.registry.services.imports import VALID, import_file
from portal.registry.services.submitting import Submission

BOOK = load(2)
KEYS = {"source_key", "person_token"}
ITEMS = {k.removeprefix("start_"): v for k, v in WHOLE.items() if k.startswith("start_") and k != "start_day"}
DISCHARGE = {k: v for k, v in DISCHARGED.items() if k != "last_contact_day"} | {"last_contact_day": 200}


def judged(changes=None, context=None):
    values = WHOLE | (changes or {})
    frame = pl.DataFrame({k: pl.Series([v], dtype=pl.Int16) for k, v in values.items()})
    return judge(frame, version=2, context=CONTEXT | (context or {}))


def record(changes=None, context=None):
    return judged(changes, context).record.row(0, named=True)


def errors(changes=None, context=None):
    return {(p.code, p.column) for p in judged(changes, context).of("E")}


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme):
    return make_user("clinician", organisation=programme.organisation)


@pytest.fixture
def admit(programme, clinician):
    def run(**changes):
        answers = {k: v for k, v in whole_row(1, **changes).items() if k not in KEYS}
        return record_admission(answers, programme_id=programme.id, by=clinician, version=2)[0]

    return run


def test_a_complete_record_is_accepted():
    assert errors() == set()


@pytest.mark.parametrize(
    ("years", "band", "minor"), [(14, 1, 1), (16, 2, 1), (18, 2, 0), (30, 5, 0), (80, 12, 0)]
)
def test_the_age_becomes_a_band_and_is_gone(years, band, minor):
    made = record({"age_band": None, "age_years": years})
    assert (made["age_band"], made["under18"]) == (band, minor)
    assert "age_years" not in made


def test_ages_of_first_use_and_injection_become_bands():
    made = record({"age_years": 30, "substance_1_age_first_use": 17, "age_first_inject": 27})
    assert made["substance_1_age_first_use_band"] == 2
    assert made["substance_1_years_since_first_use"] == 4
    assert made["years_since_first_inject"] == 2
    assert not {"substance_1_age_first_use", "age_first_inject"} & set(made)


@pytest.mark.parametrize(("dose", "band"), [(599, 1), (600, 2), (1200, 2), (1201, 3), (None, None)])
def test_a_dose_becomes_a_band_of_its_medicine(dose, band):
    made = record({"modality_dose": dose})
    assert made["modality_dose_band"] == band
    assert "modality_dose" not in made


def test_four_weeks_become_one_answer_and_three_do_not():
    weeks = {f"start_d28_meth_w{n}": n for n in (1, 2, 3, 4)}
    assert record(weeks | {"start_d28_meth": None})["start_d28_meth"] == 10
    assert record(weeks)["start_d28_meth"] == 2  # what was entered is never changed
    lacking = weeks | {"start_d28_meth": None, "start_d28_meth_w3": None}
    assert ("EMPTY", "start_d28_meth") in errors(lacking)


def test_what_is_not_asked_does_not_apply():
    made = record({"education": 1, "completed_12y": None, "start_d28_inject": 0}, {"country": "RU"})
    assert made["start_share_28"] == -4  # nobody injected
    assert made["start_on_med_days28"] == 0  # entered all the same: rules judge it, nothing is overwritten
    assert (made["completed_12y"], made["pregnant"]) == (-4, -4)
    assert made["under18"] == 0
    assert record({"start_d28_opioid_illicit": 0, "start_d28_opium": None})["start_d28_opium"] == -4


@pytest.mark.parametrize(
    ("changes", "context", "due"),
    [
        ({"start_d28_inject": 3}, {}, "start_share_28"),
        ({"start_d28_opium": None}, {}, "start_d28_opium"),
        ({"age_band": 2}, {}, "under18"),
        ({"prior_agonist": None}, {}, "prior_agonist"),
        ({}, {"country": "RU"}, "start_d28_cathinone"),
        ({}, {"country": "RU"}, "ru_suffix"),
        ({"substance_1_code": 800, "start_binge_episodes_28": None}, {}, "start_binge_episodes_28"),
        (DISCHARGE | {"modality": 31}, {}, "last_depot_day"),
        ({"followup_90_status": 1} | DISCHARGE, {}, "followup_90_d28_alcohol"),
    ],
)
def test_what_is_asked_is_due(changes, context, due):
    assert ("EMPTY", due) in errors(changes, context)
    assert ("EMPTY", due) not in errors(changes | {due: 0 if due != "ru_suffix" else 72}, context)


def test_a_follow_up_that_reached_nobody_asks_nothing_more():
    assert not {column for _, column in errors({"followup_90_status": 3} | DISCHARGE) if "followup" in column}
    assert record({"followup_90_status": 3} | DISCHARGE)["followup_90_d28_alcohol"] == -4


def test_an_unknown_condition_makes_nothing_due():
    made = record({"start_d28_inject": -1})
    assert made.get("start_share_28") is None
    assert ("EMPTY", "start_share_28") not in errors({"start_d28_inject": -1})


def test_does_not_apply_is_refused_where_a_question_is_put_to_everybody():
    assert ("RANGE", "start_d28_alcohol") in errors({"start_d28_alcohol": -4})
    assert ("CODE", "pregnant") not in errors({"pregnant": -4})


def test_comparisons_read_the_same_answers_in_both_versions():
    made = record()
    assert (made["start_d28_opioid"], made["start_d28_stimulant"]) == (28, 2)
    unknown = record({"start_d28_opioid_illicit": -2, "start_d28_meth": -3, "start_d28_cocaine": None,
                      "start_d28_crack": -1})  # fmt: skip
    assert (unknown["start_d28_opioid"], unknown["start_d28_stimulant"]) == (-2, -3)
    assert record({"start_d28_meth": -3, "start_d28_cocaine": 4})["start_d28_stimulant"] == 4


def test_derived_answers_have_one_formula():
    values = WHOLE | DISCHARGE | {"age_band": 2, "under18": 0, "followup_90_days": 95}
    made = derive(values, version=2, context={"planned_duration_days": 180})
    assert made["age_coarse"] == 2
    assert (made["los_days"], made["planned_length_met"]) == (200, 1)
    assert (made["followup_90_due_day"], made["followup_90_day"]) == (290, 295)
    assert (made["substance_3_rank"], made["review_1_stage"], made["exit_stage"]) == (3, 2, 3)
    assert derive(values, version=2)["planned_length_met"] is None
    assert derive(WHOLE | {"age_band": -1}, version=2)["age_coarse"] is None
    assert derive(values, version=1) == {}


@pytest.mark.parametrize("text", ["6C43", "6C43.20", "6C4H.1", "6C40.0"])
def test_a_diagnosis_of_the_eleventh_revision_goes_and_comes_back(text):
    variable = BOOK["dx_icd11"]
    assert shown(variable, encode(variable, text)) == text


def test_an_admission_is_stored_and_read_back_with_what_is_kept_apart(admit, programme):
    episode = admit(
        dx_icd11="6c43.20", age_years="۳۰", age_band="", modality_2_code="M10", modality_2_start_day=3,
        modality_dose="80.5", substance_1_age_first_use=20,
    )  # fmt: skip
    db.session.expire_all()
    found = queries.values_of(queries.find_episode(episode.number, [programme.code]))
    assert (found["dx_icd11"], found["modality"], found["modality_2_code"]) == ("6C43.20", "M20", "M10")
    assert (found["age_band"], found["modality_dose_band"], found["substance_1_age_first_use_band"]) == (
        5,
        2,
        3,
    )
    assert (found["citizenship"], found["hiv_result"], found["start_share_28"]) == (1, 0, -4)
    apart = db.session.get(EpisodeSensitive, episode.id)
    assert (apart.citizenship, apart.hiv_result, apart.legal_status) == (1, 0, 1)
    assert not {v.name for v in BOOK.stored if v.sensitive} & set(Episode.__table__.columns.keys())
    assert (episode.start_d28_opioid, episode.start_d28_stimulant) == (28, 2)


def test_an_episode_goes_through_four_reviews_to_its_follow_up(admit, programme, clinician):
    number = admit().number
    for day in (90, 180, 270, 360):
        record_review(number, ITEMS | {"day": day, "d28_opioid_illicit": 0, "d28_opium": ""}, by=clinician)
    record_discharge(
        number,
        DISCHARGE | {"discharge_day": 365, "last_contact_day": 365, "discharge_reason": 61},
        by=clinician,
    )
    record_follow_up(number, ITEMS | {"due": 90, "status": 1, "days": 92, "labour": 2, "living_where": 1,
                                      "vital_status": 1}, by=clinician)  # fmt: skip
    found = queries.values_of(queries.find_episode(number, [programme.code]))
    assert (found["review_4_day"], found["review_4_d28_opium"], found["followup_90_labour"]) == (360, -4, 2)
    assert found["labour"] == 4


def test_a_file_of_the_second_template_is_taken_and_nothing_transient_stays(programme, clinician):
    rows = [
        whole_row(1, age_years=36, age_band=""),
        whole_row(2, age_years=107),
        whole_row(3, sex=2, pregnant=1, modality="M20"),
    ]
    data = table([{k: r.get(k, "") for k in {**rows[0], "pregnant": ""}} for r in rows])
    batch = import_file(
        Submission(data, programme=programme.code, version=2), mode=VALID, by=clinician
    )  # fmt: skip
    assert (batch.accepted_new, batch.rejected, batch.dictionary_version) == (2, 1, 2)
    assert sorted(db.session.scalars(sa.select(Episode.age_band))) == [5, 6]
    assert sorted(db.session.scalars(sa.select(EpisodeSensitive.pregnant))) == [-4, 1]
    waiting = db.session.scalar(sa.select(ImportRow))
    assert "RANGE:age_years" in waiting.codes
    assert "107" not in waiting.cells.split("\x1f")
    again = import_file(Submission(data, programme=programme.code, version=2), mode=VALID, by=clinician)
    assert (again.unchanged, again.accepted_new) == (2, 0)


def test_a_record_of_the_first_dictionary_may_be_replaced_by_one_of_the_second(programme, clinician):
    import_file(Submission(table([row(1)]), programme=programme.code), mode=VALID, by=clinician)
    second = Submission(table([whole_row(1)]), programme=programme.code, version=2)
    assert import_file(second, mode=VALID, by=clinician).accepted_changed == 1
    versions = db.session.execute(
        sa.select(Episode.revision, Episode.dictionary_version).order_by(Episode.id)
    )
    assert [tuple(v) for v in versions] == [(1, 1), (2, 2)]


def test_derived_and_portal_columns_cannot_be_sent(programme, clinician):
    for name in ("start_d28_opioid", "age_coarse", "admission_precision"):
        data = table([whole_row(1, **{name: 1})])
        with pytest.raises(FileRefused, match="unknown_column"):
            import_file(Submission(data, programme=programme.code, version=2), mode=VALID, by=clinician)


def test_a_file_that_names_no_version_follows_the_one_that_knows_its_columns(programme, clinician):
    def taken(rows):
        submission = Submission(table(rows), programme=programme.code)
        return import_file(submission, mode=VALID, by=clinician).dictionary_version

    assert taken([row(1)]) == 1
    assert taken([whole_row(2)]) == 2
    with pytest.raises(FileRefused, match="unknown_column"):
        taken([whole_row(3, shoe_size=44)])


def test_a_file_of_the_first_template_has_no_more_room_than_before(programme, clinician):
    wide = row(1) | {f"c{n}": "" for n in range(100)}
    with pytest.raises(FileRefused, match="too_many_columns"):
        import_file(Submission(table([wide]), programme=programme.code), mode=VALID, by=clinician)


def test_an_unknown_dictionary_is_refused(programme, clinician):
    with pytest.raises(Invalid, match="unknown_dictionary"):
        import_file(
            Submission(table([row(1)]), programme=programme.code, version=9), mode=VALID, by=clinician
        )
