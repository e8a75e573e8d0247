"""The dictionary: complete in three languages, equal to the columns of the store, never changed in silence."""

import re

import pytest

from portal.registry import dictionary
from portal.registry.dictionary import LANGUAGES
from portal.registry.models import Episode, EpisodeSensitive

BOOK = dictionary.load()
ADMISSION = [
    "admission_month", "sex", "age_band", "labour", "living_where", "referral_source", "legal_status",
    "prior_treatment", "dx_icd10", "inject_status", "modality", "substance_1_code", "substance_1_route",
    "substance_1_days28", "start_d28_alcohol", "start_d28_opioid", "start_d28_stimulant", "start_d28_inject",
    "start_d28_controlled_env",
]  # fmt: skip


def texts():
    for variable in BOOK.variables:
        yield variable.label
        if variable.help:
            yield variable.help
    for group in BOOK.groups:
        yield group.title
    for codes in BOOK.lists.values():
        yield from (item.label for item in codes.items)
    yield from (item.label for item in BOOK.missing)


def test_nineteen_answers_are_asked_at_admission():
    asked = [v.name for v in BOOK.variables if v.required == "Am" and v.kind != "key"]
    further = {f"substance_{n}_{v}" for n in (2, 3, 4) for v in ("code", "route", "days28")}
    assert [name for name in asked if name not in further] == ADMISSION


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language(language):
    assert all(text[language].strip() for text in texts())


def test_persian_has_persian_letters_only():
    assert not [t.fa for t in texts() if re.search("[\u064a\u0643]", t.fa)]
    assert not [t.ru for t in texts() if re.search("[\u0600-\u06ff]", t.ru)]


def test_every_answer_has_a_column_in_the_store():
    columns = set(Episode.__table__.columns.keys()) | set(EpisodeSensitive.__table__.columns.keys())
    assert {v.name for v in BOOK.answers} <= columns


def test_sensitive_answers_are_not_columns_of_the_episode():
    sensitive = {v.name for v in BOOK.answers if v.sensitive}
    assert sensitive == {"legal_status"}
    assert not sensitive & set(Episode.__table__.columns.keys())


def test_age_bands_nest_in_the_released_levels():
    coarse = [item.facts["coarse"] for item in BOOK.lists["age_band"].items]
    assert coarse == sorted(coarse)
    assert set(coarse) == set(BOOK.lists["age_coarse"].codes)


def test_codes_of_a_list_are_unique():
    assert all(len(set(codes.codes)) == len(codes.codes) for codes in BOOK.lists.values())


def test_agonists_are_not_offered_in_russia():
    offered = [i.code for i in BOOK.lists["modality"].items if i.offered_in("RU")]
    assert not set(offered) & {"M13", "M20", "M21", "M22", "M23", "M24"}
    assert {"M30", "M32", "M40"} <= set(offered)


def test_codes_of_mapped_files_are_never_offered():
    reasons = BOOK.lists["discharge_reason"]
    assert not reasons[10].offered_in("IR")
    assert reasons[11].offered_in("IR")


def test_missing_codes_are_outside_every_range():
    missing = {item.code for item in BOOK.missing}
    answers = [v for v in BOOK.answers if v.allows_missing and v.low is not None]
    assert not [v.name for v in answers if any(v.low <= code <= v.high for code in missing)]


def test_reviews_and_exit_repeat_the_items_of_the_start():
    bases = [
        [v.base for v in BOOK.group(name).variables] for name in ("start", "review_1", "review_2", "exit")
    ]
    assert all(base == bases[0] for base in bases)


def test_unknown_version_is_refused():
    with pytest.raises(KeyError):
        dictionary.load(99)


def test_loading_twice_gives_the_same_object():
    assert dictionary.load() is dictionary.load(1)
    assert len(BOOK.sha256) == 64
