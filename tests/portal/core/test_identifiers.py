"""Detectors of personal identifiers. The vectors are judged where their file exists; small copies always."""

import json
import random
import time
from pathlib import Path

import pytest
import stdnum.luhn
import stdnum.ru.inn
from stdnum.iso7064 import mod_97_10

from portal.core.identifiers import (
    Level,
    checksums,
    column_rule,
    normalise,
    scan,
    scan_column,
    scan_header,
)
from portal.core.identifiers.kinds import LEVELS

FILE = Path(__file__).parents[4] / "shared" / "data" / "identifier_vectors.json"
VECTORS = json.loads(FILE.read_text("utf-8")) if FILE.exists() else None
vectors = pytest.mark.skipif(VECTORS is None, reason="the vector file is not on this machine")


def kinds(text, **kwargs):
    return {hit.kind for hit in scan(text, **kwargs)}


def level(text, kind, **kwargs):
    return next((hit.level for hit in scan(text, **kwargs) if hit.kind == kind), None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("９９９", "999"),
        ("9\u200c9\u200b9\u00ad0", "9990"),
        ("\u202e123\u202c", "123"),
        ("کـــد", "کد"),
        ("999–000—001", "999-000-001"),
        ("8\u00a0900\u202f000", "8 900 000"),
        ("علي كريم", "علی کریم"),
        ("\ufeff5", "5"),
        ("и\u0306", "й"),
    ],
)
def test_text_is_normalised_before_it_is_scanned(given, expected):
    assert normalise(given) == expected


@pytest.mark.parametrize(
    ("text", "kind", "patient", "in_text"),
    [
        ("کد ملی ۹۹۹۰۰۰۰۰۱۸ ثبت شد", "ir_national_code", "block", "block"),
        ("999-000001-8", "ir_national_code", "block", "warn"),
        ("کد ملی: 11111119", "ir_national_code_lost_zeros", "block", "warn"),
        ("+98 912 000 0000", "ir_mobile", "block", "warn"),
        ("+7 (900) 000-00-00", "ru_mobile", "block", "warn"),
        ("тел. 8 (495) 000-00-00", "ru_phone", "block", "warn"),
        ("998-877-665 52", "ru_snils", "block", "block"),
        ("ИНН 999900000160", "ru_inn_person", "block", "block"),
        ("ИНН 9999000006", "ru_inn_org", "warn", "allow"),
        ("паспорт 99 99 000001", "ru_passport", "block", "block"),
        ("99 99 000001", "ru_passport_shape", "block", "warn"),
        ("گذرنامه Z99000001", "ir_passport", "block", "block"),
        ("6037 9900 0000 0006", "bank_card_or_oms", "block", "block"),
        ("IR96 0009 9900 0000 0000 1234 56", "ir_iban", "block", "warn"),
        ("mail: nobody@example.org", "email", "block", "warn"),
        ("t.me/some_user1", "social_handle", "block", "warn"),
        ("متولد ۱۳۶۵/۱۲/۱۴", "full_date", "block", "allow"),
        ("Петров А. Б. выписан", "ru_name", "block", "warn"),
        ("ФИО: Тестов", "ru_name_label", "block", "warn"),
        ("آقای تستی نمونه مراجعه کرد", "fa_name", "block", "warn"),
        ("Mr. Sample Person", "en_name", "block", "warn"),
    ],
)
def test_each_kind_is_found_with_its_level(text, kind, patient, in_text):
    assert level(text, kind, patient_data=True) == patient
    assert level(text, kind) == in_text


@vectors
def test_every_vector_that_must_be_found_is_found():
    missed = [
        v["text"]
        for v in VECTORS["scan"]["must_find"]
        if level(v["text"], v["kind"], patient_data=True) != v["patient_data"]
        or level(v["text"], v["kind"]) != v["text_level"]
    ]
    assert missed == []


@vectors
def test_clinical_text_passes_in_silence():
    loud = {t: kinds(t) for t in VECTORS["scan"]["must_pass"] if scan(t)}
    assert loud == {}
    assert [t for t in VECTORS["scan"]["must_pass"] if scan(t, patient_data=True)] == []


@vectors
def test_wrong_check_digits_are_another_kind():
    for vector in VECTORS["scan"]["wrong_checksum"]:
        assert kinds(vector["text"]) == set(vector["kinds"]), vector["text"]
        assert kinds(vector["text"], patient_data=True) == set(vector["kinds"]), vector["text"]
    for vector in VECTORS["scan"]["known_false_alarm"]:
        assert kinds(vector["text"]) == set(vector["kinds"])
        assert level(vector["text"], "long_digit_run", patient_data=True) == vector["patient_data"]


@vectors
def test_levels_are_those_of_the_vectors():
    names = ("patient_data", "text", "text_with_context")
    ours = {kind: dict(zip(names, levels, strict=True)) for kind, levels in LEVELS.items()}
    assert ours == VECTORS["levels"]


@vectors
@pytest.mark.parametrize("kind", sorted(VECTORS["checksum"]) if VECTORS else [])
def test_check_digits_hold_on_the_vectors(kind):
    def valid(text):
        digits = "".join(c for c in normalise(text) if c.isdigit())
        return getattr(checksums, kind)(digits)

    assert [t for t in VECTORS["checksum"][kind]["valid"] if not valid(t)] == []
    assert [t for t in VECTORS["checksum"][kind]["invalid"] if valid(t)] == []


@vectors
def test_normalisation_holds_on_the_vectors():
    assert [v for v in VECTORS["normalisation"]["vectors"] if normalise(v["in"]) != v["out"]] == []


@vectors
def test_column_rule_holds_on_the_vectors():
    for v in VECTORS["column_rule"]["vectors"]:
        good = [
            f"{code:010d}" for code in range(9990000000, 9990009999) if checksums.ir_national_code(str(code))
        ]
        bad = [
            f"{code:010d}"
            for code in range(9990000000, 9990009999)
            if not checksums.ir_national_code(str(code))
        ]
        values = good[: v["passing"]] + bad[: v["values"] - v["passing"]]
        assert column_rule(values) is v["block"], v


@vectors
def test_numbers_as_a_spreadsheet_writes_them_are_found():
    for v in VECTORS["numeric_cells"]:
        assert v["kind"] in {hit.kind for hit in scan_column([v["cell"]], v.get("header", ""))}


@pytest.mark.parametrize("patient_data", [True, False])
@pytest.mark.parametrize(
    ("unit", "repeat"),
    [("1 ", 50_000), ("a@", 50_000), ("А", 100_000), ("9-", 50_000), ("Абвг ", 20_000), ("a", 100_000),
     ("12 ", 33_000), ("а", 100_000), ("IR9", 30_000), ("1-1-", 25_000), ("999 ", 25_000), ("a.", 50_000)],
)  # fmt: skip
def test_hostile_text_is_scanned_within_a_second(unit, repeat, patient_data):
    start = time.process_time()
    scan(unit * repeat, patient_data=patient_data)
    assert time.process_time() - start < 1.0


def test_two_numbers_side_by_side_are_both_found():
    hits = [h for h in scan("9990000018 9990000026", patient_data=True) if h.kind == "ir_national_code"]
    assert [(h.start, h.end) for h in hits] == [(0, 10), (11, 21)]


def test_places_are_those_of_the_text_as_given():
    text = "کـــد ملی ۹\u200c۹۹۰۰۰۰۰۱۸ ثبت"
    (hit,) = (h for h in scan(text) if h.kind == "ir_national_code")
    assert text[hit.start : hit.end] == "۹\u200c۹۹۰۰۰۰۰۱۸"


def test_hits_never_hold_the_value():
    assert "9990000018" not in repr(scan("کد ملی 9990000018", patient_data=True))


def test_registers_of_trials_are_no_long_runs():
    assert scan("ISRCTN123456789") == []
    assert kinds("123456789") == {"long_digit_run"}


def test_tokens_and_short_codes_of_a_column_are_skipped():
    assert scan_column(["a" * 26, "F11.20", "M20", "-9", "12", "150"], "person_token") == []


def test_header_makes_short_digits_a_national_code():
    assert scan_column(["11111119"], "days") == []
    (hit,) = scan_column(["5", "11111119"], "کد ملی")
    assert (hit.kind, hit.level, hit.index) == ("ir_national_code_lost_zeros", Level.BLOCK, 1)


@pytest.mark.parametrize(
    "header", ["ФИО", "Name", "PATNAM", "نام", "نام و نام خانوادگی", "Фамилия", "patient name"]
)
def test_columns_that_ask_for_a_name_are_refused(header):
    assert {hit.kind for hit in scan_header(header)} == {"name_column"}


@pytest.mark.parametrize("header", ["admission_month", "substance_1_code", "site", "arm", "programme"])
def test_headers_of_codes_pass(header):
    assert scan_header(header) == []


def test_check_digits_agree_with_an_independent_library():
    draw = random.Random(7)
    for _ in range(3000):
        ten, twelve, card = (str(draw.randrange(10**n, 10 ** (n + 1))) for n in (9, 11, 15))
        assert checksums.ru_inn_org(ten) == stdnum.ru.inn.is_valid(ten) or len(set(ten)) == 1
        assert checksums.ru_inn_person(twelve) == stdnum.ru.inn.is_valid(twelve)
        if card[0] not in "01":
            assert checksums.bank_card_or_oms(card) == stdnum.luhn.is_valid(card)
    for end in range(100):
        account = "0009990000000000123456"
        assert checksums.ir_iban(f"{end:02d}{account}") == mod_97_10.is_valid(f"{account}IR{end:02d}")


def test_one_random_code_in_ten_passes_the_iranian_test():
    draw = random.Random(11)
    trials = 20_000
    passed = sum(checksums.ir_national_code(f"{draw.randrange(10**10):010d}") for _ in range(trials))
    assert passed / trials == pytest.approx(0.1005, abs=0.01)


@pytest.mark.parametrize(
    "doi", ["10.1016/S0140-6736(10)60832-9", "10.1000/4539148803436467", "10.1056/1122334459"]
)
def test_the_digits_of_a_doi_are_no_number_of_a_person(doi):
    assert scan(f"Lancet. https://doi.org/{doi}") == []
    assert level(f"doi:{doi} СНИЛС 112-233-445 95", "ru_snils") == "block"
    assert kinds("4539148803436467") == {"bank_card_or_oms"}
