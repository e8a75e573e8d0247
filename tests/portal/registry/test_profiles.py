"""Mapping profiles: trials and TEDS-D; maps that say what only the centre knows; real published files."""

import csv
import json

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user

from portal.extensions import db
from portal.registry import queries
from portal.registry.importer.refusal import FileRefused
from portal.registry.models import Episode
from portal.registry.profiles import MapFault, load_profile, read_map
from portal.registry.services.imports import VALID, counts_of, import_file
from portal.registry.services.reports import errors_csv, report_of
from portal.registry.services.submitting import Submission

CONSTANTS = {"admission_month": "2024-01", "substance_1_code": 110}
SUB_HEAD = "SUB1,SUB2,SUB3,ROUTE1,ROUTE2,ROUTE3,FREQ1,FREQ2,FREQ3"
TEDS_HEAD = (
    "CASEID,ADMYR,AGE,GENDER,EMPLOY,DETNLF,LIVARAG,PSOURCE,NOPRIOR,"
    + SUB_HEAD
    + ",SERVICES,REASON,LOS,EMPLOY_D,LIVARAG_D,RACE"
)


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def clinician(centre):
    return make_user("clinician", organisation=centre)


@pytest.fixture
def programmes(centre):
    return [
        make_programme("IR", organisation=centre, start_month="2015-01", modality=("M20", "M21", "M32"))
        for _ in range(2)
    ]


@pytest.fixture
def submit(clinician):
    def run(data, file_map, profile="trial-like"):
        text = file_map if isinstance(file_map, str) else json.dumps(file_map)
        return import_file(Submission(data, profile=profile, file_map=text), mode=VALID, by=clinician)

    return run


def arms(programmes, **changes):
    codes = {"a": programmes[0].code, "b": programmes[1].code}
    return {
        "programme": {"column": "clinic", "codes": codes}, "arm": "M20", "constants": CONSTANTS, **changes,
    }  # fmt: skip


def current(programme):
    return sorted(queries.list_episodes(programme.code, limit=5000), key=lambda e: e.line)


def test_trial_rows_become_episodes_of_their_programmes(submit, programmes):
    batch = submit(b"id,clinic,time,status\n1,a,10,1\n2,b,20,0\n", arms(programmes))
    assert batch.accepted == 2
    (left,), (stays,) = current(programmes[0]), current(programmes[1])
    assert (left.last_contact_day, left.discharge_day, left.discharge_reason) == (10, 10, 31)
    assert (stays.last_contact_day, stays.discharge_day, stays.discharge_reason) == (20, None, None)
    assert (left.modality, left.substance_1_code, left.sex, left.start_day) == ("M20", 110, -5, None)
    assert (left.admission_precision, left.has_token) == (3, False)


def test_same_trial_file_again_is_unchanged_in_any_order(submit, programmes):
    submit(b"id,clinic,time,status\n1,a,10,1\n2,b,20,0\n", arms(programmes))
    batch = submit(b"clinic,id,status,time\nb,2,0,20\na,1,1,10\n", arms(programmes))
    assert batch.unchanged == 2


def test_file_without_ids_is_known_again_by_its_rows(submit, programmes):
    data = b"clinic,days,status\na,10,1\na,10,1\nb,5,0\n"
    assert submit(data, arms(programmes)).accepted_new == 3
    assert submit(data, arms(programmes)).unchanged == 3
    assert submit(data + b"b,6,0\n", arms(programmes)).accepted_new == 4


def test_arm_decides_the_treatment(submit, programmes):
    file_map = arms(programmes, arm={"column": "arm", "modality": {"MET": "M20", "BUP": "M21"}})
    submit(b"id,clinic,arm,time,status\n1,a,MET,10,1\n2,a,BUP,20,0\n3,a,XXX,5,0\n", file_map)
    assert [e.modality for e in current(programmes[0])] == ["M20", "M21"]


def test_other_values_of_a_column_are_told_apart(submit, programmes):
    batch = submit(b"id,clinic,time,status\n1,a,10,1\n2,z,20,0\n3,a,x,0\n4,a,5,7\n", arms(programmes))
    found = {(e.line, e.column, e.code) for e in report_of(batch).errors}
    assert found == {
        (3, "clinic", "REF"),
        (4, "time", "TYPE"),
        (4, "time", "EMPTY"),
        (5, "status", "CODE"),
    } - {(4, "time", "EMPTY")}


def test_event_may_have_another_value(submit, programmes):
    submit(b"id,clinic,time,status\n1,a,10,left\n2,a,20,0\n", arms(programmes, event="left"))
    assert [e.discharge_reason for e in current(programmes[0])] == [31, None]


def test_further_columns_are_mapped_or_confirmed_as_ignored(submit, programmes):
    data = b"id,clinic,time,status,male,dose\n1,a,10,1,0,50\n"
    with pytest.raises(FileRefused) as refused:
        submit(data, arms(programmes))
    assert (refused.value.code, refused.value.column) == ("unknown_column", "male")
    recode = {"male": {"target": "sex", "recode": {"1": 1, "0": 2}}}
    submit(data, arms(programmes, columns=recode, ignored=["dose"]))
    assert [e.sex for e in current(programmes[0])] == [2]


def test_ignored_columns_are_searched_for_identifiers(submit, programmes):
    data = "id,clinic,time,status,note\n1,a,10,1,Иванова Мария Петровна\n".encode()
    with pytest.raises(FileRefused) as refused:
        submit(data, arms(programmes, ignored=["note"]))
    assert (refused.value.code, refused.value.column, refused.value.line) == ("Q-PII", "note", 2)


def test_words_of_the_map_are_kept_with_rejected_rows_and_other_words_are_not(submit, programmes):
    arm = {"column": "arm", "modality": {"methadone": "M20", "*": "M60"}}
    data = b"id,clinic,time,status,arm\n1,a,10,7,methadone\n2,a,10,7,Petrov Sergei\n3,Moscow,10,1,methadone\n"
    batch = submit(data, arms(programmes, arm=arm))
    assert [r.cells.split("\x1f")[1:] for r in queries.list_waiting(batch.id)] == [
        ["a", "10", "7", "methadone"], ["a", "10", "7", ""], ["", "10", "1", "methadone"],
    ]  # fmt: skip


def test_names_of_ignored_columns_are_kept_nowhere(submit, programmes, clinician):
    data = b"id,clinic,time,status,_Ivanov_Sergei\n1,a,10,7,5\n"
    with pytest.raises(FileRefused):
        submit(data, arms(programmes))
    batch = submit(data, arms(programmes, ignored=["_Ivanov_Sergei"]))
    assert "Ivanov" not in batch.header + batch.summary
    lines = "".join(errors_csv(batch.id, "en", by=clinician)).removeprefix("\ufeff").splitlines()
    assert next(csv.reader(lines)) == ["id", "clinic", "time", "status", "_line", "_codes", "_messages"]
    assert next(csv.reader(lines[1:]))[:5] == ["", "a", "10", "7", "2"]


def test_ids_that_are_identifiers_are_refused(submit, programmes):
    with pytest.raises(FileRefused) as refused:
        submit(b"id,clinic,time,status\n9990000018,a,10,1\n", arms(programmes))
    assert refused.value.code == "Q-PII"


@pytest.mark.parametrize(
    ("change", "what"),
    [({"constants": {"admission_month": "2024-01"}}, "substance_1_code"), ({"constants": {"name": "x"}}, "constants 'name'"),
     ({"programme": None}, "programme"), ({"programme": {"column": "clinic"}}, "programme.codes"), ({"arm": "M99"}, "arm"),
     ({"arm": {"column": "arm", "modality": {"a": "X"}}}, "arm.modality 'a'"), ({"typo": 1}, "typo"),
     ({"ignored": "dose"}, "ignored"), ({"columns": {"x": {"target": "y"}}}, "columns 'x'")],
)  # fmt: skip
def test_maps_that_say_too_little_or_too_much_are_refused(submit, programmes, change, what):
    with pytest.raises(FileRefused) as refused:
        submit(b"id,clinic,time,status\n1,a,10,1\n", arms(programmes, **change))
    assert refused.value.code == "mapping"
    assert what in refused.value.values["what"]


def test_map_that_is_no_json_is_refused_with_its_line():
    with pytest.raises(MapFault) as fault:
        read_map('{\n"programme": }', load_profile("trial-like"))
    assert fault.value.what == "JSON, line 2"
    with pytest.raises(MapFault):
        read_map("[]", load_profile("trial-like"))


def test_missing_columns_of_the_profile_are_named(submit, programmes):
    with pytest.raises(FileRefused) as refused:
        submit(b"id,clinic,status\n1,a,1\n", arms(programmes))
    assert (refused.value.code, refused.value.column) == ("MAP", "days")


def teds(programmes, *rows):
    data = "\n".join([TEDS_HEAD, *rows]).encode()
    return data, {"programme": programmes[0].code}


def test_teds_rows_become_episodes(submit, programmes):
    data, file_map = teds(
        programmes,
        "101,2019,4,1,4,2,3,1,0,5,-9,2,4,-9,1,3,-9,1,7,1,25,1,3,4",
        "102,2019,12,2,1,-9,1,7,2,2,4,-9,1,2,-9,2,3,-9,4,2,33,-9,-9,4",
    )
    batch = submit(data, file_map, "teds-d-like")
    assert (batch.accepted, report_of(batch).errors) == (2, [])
    first, second = current(programmes[0])
    assert (first.admission_month, first.age_band, first.sex, first.labour) == ("2019-01", 3, 1, 3)
    assert (first.substance_1_code, first.substance_2_code, first.substance_2_route) == (110, 800, 3)
    assert (first.modality, first.discharge_reason, first.last_contact_day) == ("M40", 10, 24)
    assert (first.day_precision, second.day_precision, second.last_contact_day) == (1, 2, 61)
    assert (second.prior_treatment, second.substance_2_days28, second.substance_1_days28) == (8, 28, -5)
    assert (second.exit_labour, second.exit_living_where, second.substance_3_code) == (-5, -5, None)


def test_published_files_load_through_the_trial_profile(truth, submit, programmes, centre):
    third, fourth = (make_programme("IR", organisation=centre, start_month="2015-01") for _ in range(2))
    codes = {"1": programmes[0].code, "2": programmes[1].code}
    clinics = arms(programmes, programme={"column": "clinic", "codes": codes}, ignored=["prison", "dose"])
    batch = submit(truth / "addicts.csv", clinics)
    assert (batch.submitted, batch.accepted, batch.rejected) == (238, 238, 0)
    assert sum(e.last_contact_day for p in programmes for e in current(p)) == 95_812
    by_arm = {
        "programme": {"column": "arm", "codes": {"BUP": third.code, "MET": fourth.code}},
        "arm": {"column": "arm", "modality": {"BUP": "M21", "MET": "M20"}}, "constants": CONSTANTS,
        "ignored": ["site", "age_band", "male", "race", "injects", "cocaine_dx", "started", "completed",
                    "days_pre", "days_post", "followed_up"],
    }  # fmt: skip
    batch = submit(truth / "ctn0027.csv", by_arm)
    assert (batch.submitted, batch.accepted, batch.rejected) == (1269, 1269, 0)
    assert (queries.count_episodes(third.code), queries.count_episodes(fourth.code)) == (740, 529)


def test_trial_like_sample_is_accepted_whole_and_then_unchanged(shared, submit, programmes):
    modality = {
        "Methadone": "M20",
        "Outpatient BUP": "M21",
        "Inpatient BUP": "M22",
        "Inpatient NR-NTX": "M32",
    }
    file_map = {
        "programme": programmes[0].code, "arm": {"column": "arm", "modality": modality}, "ignored": ["site"],
        "constants": CONSTANTS | {"substance_1_code": 150},
    }  # fmt: skip
    path = shared / "data" / "ctn0094" / "trial_like_sample.csv"
    first, again = submit(path, file_map), submit(path, file_map)
    assert (first.submitted, first.accepted) == (1839, 1839)
    assert counts_of(again)["unchanged"] == 1839
    golden = json.loads((shared / "data" / "registry_golden.json").read_text())["trial_like"]["arms"]
    for arm, code in modality.items():
        found = sa.select(Episode.last_contact_day, Episode.discharge_reason).where(Episode.modality == code)
        days, reasons = zip(*db.session.execute(found), strict=True)
        assert (len(days), reasons.count(31)) == (golden[arm]["n"], golden[arm]["events"])
        for day in (28, 56, 84, 112, 140, 168):
            share = sum(d >= day for d in days) / len(days)
            assert share == pytest.approx(golden[arm][str(day)], abs=0.001)
