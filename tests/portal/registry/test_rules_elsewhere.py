"""Rules of exported rows, of instruments, of retired codes, and of what was normalised."""

import json
from types import SimpleNamespace

import polars as pl
import pytest
from factories import make_programme, make_user
from registry_records import table, token, whole_row

from portal.core.db import utcnow
from portal.extensions import db
from portal.registry.dictionary import CodeList, Item, Text
from portal.registry.models import Episode, RuleResult
from portal.registry.rules.coding import encode_month
from portal.registry.rules.elsewhere import broken_exports, judge_instrument
from portal.registry.rules.expanding import _retired
from portal.registry.rules.language import compile_rule
from portal.registry.services.checking import check_rows
from portal.registry.services.imports import VALID, import_file
from portal.registry.services.reports import report_of
from portal.registry.services.submitting import Submission

TEDS = {"EMPLOY": [4, 3, 3, -9], "DETNLF": [2, -9, 2, 2], "PSOURCE": [7, 7, 7, 1], "DETCRIM": [1, 1, 1, -9]}


def test_a_detail_without_its_main_answer_stops_an_export():
    (place,) = broken_exports(pl.DataFrame(TEDS))
    assert (place.code, place.rows.to_list()) == ("R19", [False, False, True, True])
    assert broken_exports(pl.DataFrame({name: values[:2] for name, values in TEDS.items()})) == ()


@pytest.mark.parametrize(
    ("instrument", "items", "permitted", "result"),
    [
        ("AUDIT", True, False, "pass"), ("WHOQOL-BREF", True, False, "fail"), ("EQ-5D", True, False, "fail"),
        ("nobody", True, True, "pass"), ("nobody", False, False, "pass"),
    ],
)  # fmt: skip
def test_items_of_an_instrument_need_a_licence(instrument, items, permitted, result):
    assert judge_instrument(instrument, items=items, permitted=permitted).result == result


def test_a_retired_code_is_wrong_after_its_month_and_right_before():
    words = Text("old", "old", "old")
    codes = CodeList("old", (Item(1, words, {"until": "2025-03"}), Item(2, words, {})), verified=True)
    dictionary = SimpleNamespace(answers=[SimpleNamespace(name="old", codes=codes)])
    months = [encode_month(m) for m in ("2025-03", "2025-04", "2025-04")]
    frame = pl.DataFrame({"old": [1, 1, 2], "admission_month": months})
    said = frame.select(compile_rule(_retired(dictionary), {}).alias("x"))["x"].to_list()
    assert said == [False, True, False]


@pytest.fixture
def programme(app):
    return make_programme("IR")


def checked(programme, *rows):
    clinician = make_user("clinician", organisation=programme.organisation)
    return check_rows(list(rows), programme.code, by=clinician, now=utcnow(), version=2)


def test_other_digits_are_noted_and_counted_but_not_kept_row_by_row(programme):
    plain, persian = checked(programme, whole_row(1), whole_row(2, substance_1_days28="۲۸", sex="مرد"))
    assert (plain.results["R49"], persian.results["R49"]) == ("pass", "fail")
    assert [(f.code, f.severity) for f in persian.faults if f.code == "R49"] == [("R49", "I")]
    clinician = make_user("clinician", organisation=programme.organisation)
    data = table([whole_row(2, substance_1_days28="۲۸", sex="مرد")])
    submission = Submission(data, programme=programme.code, version=2)
    batch = import_file(submission, mode=VALID, by=clinician)
    assert (batch.accepted, json.loads(batch.summary)["normalised"]) == (1, 2)
    assert "R49" not in {e.code for e in report_of(batch).warnings}


@pytest.mark.parametrize(("gap", "said"), [("", "fail"), ("-4", "fail"), ("30", "pass")])
def test_an_earlier_episode_in_the_file_asks_for_the_days_since(programme, gap, said):
    left = {"last_contact_day": 20, "discharge_day": 20, "discharge_reason": 31}
    one = whole_row(1, admission_month="2025-01", **left)
    two = whole_row(2, person_token=token(1, "person"), prev_exit_gap_days=gap)
    first, second = checked(programme, one, two)
    assert (first.results["R41"], second.results["R41"]) == ("pass", said)


def confirmation_of(rule):
    latest = db.session.query(Episode).filter(Episode.replaced_by.is_(None)).one()
    return db.session.get(RuleResult, (latest.id, rule)).confirmation


@pytest.mark.parametrize(
    ("changes", "kept"),
    [({"living_with": 4}, "notes"), ({"age_band": 10}, None), ({"labour": 3, "living_where": 2}, None)],
)
def test_a_confirmation_stands_while_the_answers_that_it_is_about_do(programme, changes, kept):
    clinician = make_user("clinician", organisation=programme.organisation)
    unusual = {"labour": 3, "age_band": 9, "living_with": 2}

    def send(**more):
        data = table([whole_row(1, **(unusual | more))])
        return import_file(Submission(data, programme=programme.code, version=2), mode=VALID, by=clinician)

    send()
    db.session.query(RuleResult).filter_by(rule="R45").one().confirmation = "notes"
    db.session.commit()
    assert send().unchanged == 1
    assert confirmation_of("R45") == "notes"
    assert send(**changes).accepted_changed == 1
    assert confirmation_of("R45") == kept
    assert send().accepted_changed == 1
    assert confirmation_of("R45") == "notes"
