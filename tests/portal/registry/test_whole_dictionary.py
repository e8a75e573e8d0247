"""The dictionaries as files: complete in three languages, sound, and without a variable of the specification lost."""

import ast
import re
import tomllib

import pytest

from portal.cli.docs import dictionary as generated
from portal.registry.dictionary import DATA, DERIVED, LANGUAGES, TRANSIENT, load, versions
from portal.registry.exports.codebook import chapters, unverified_values
from portal.registry.exports.codebook.coverage import coverage
from portal.registry.rules.evaluating import compiled
from portal.registry.rules.language import names_in
from portal.registry.rules.symbols import CONTEXT, symbols_of

FIRST = "5c23484512e83760b0a921b99da90ad1be1f00f25b90f366fcca3af03449ea56"
BOOK = load(2)
SPECIFIED = {
    "programme": """
        programme_id country admin1_group centre_type ownership licensing_body legal_regime sex_served age_served
        capacity_band planned_duration_days services uds_policy uds_per_month client_fee protocol_id
        protocol_version start_month units_existing units_reporting""",
    "episode": """
        modality modality_start_day modality_end_day modality_dose depot_interval_days last_depot_day
        modality_4_code modality_4_start_day modality_4_end_day modality_4_dose modality_4_depot_interval_days
        modality_4_last_depot_day episode_id source_key person_token admission_month admission_precision
        first_contact_to_admission_days sex age_years age_band under18 age_coarse citizenship education
        completed_12y labour living_with living_children living_where marital referral_source legal_status
        prior_treatment prior_episodes_n prev_exit_gap_days prior_agonist years_since_first_agonist dx_icd10
        dx_icd11 ru_suffix ru_stage psych_comorbidity polydrug pregnant days_since_last_opioid self_help_30d
        protocol_arm last_contact_day inject_status years_since_first_inject age_first_inject sharing hiv_test
        hcv_test hbv_test hiv_result hcv_result hbv_result review_1_on_art exit_hcv_treated substance_4_rank
        substance_4_code substance_4_route substance_4_days28 substance_4_age_first_use
        substance_4_age_first_use_band substance_4_band_scheme substance_4_years_since_first_use
        substance_4_problem discharge_reason discharge_day exit_labour exit_living_where exit_med naloxone_given
        exit_self_help_30d day_precision los_days planned_length_met""",
    "urine": """
        uds_day uds_planned uds_collected uds_opiates uds_methadone uds_buprenorphine uds_amphetamine
        uds_methamphetamine uds_cathinones uds_benzodiazepines uds_cannabis uds_cocaine uds_ethanol uds_temp_ok""",
    "instrument": """
        instrument instrument_version instrument_language translation_status instrument_day instrument_items
        score subscores n_valid rule_version""",
}
ITEMS = """
    stage mode d28_alcohol amt_alcohol_g d28_opioid_illicit d28_opium d28_heroin d28_rx_opioid d28_crack d28_cocaine
    d28_meth d28_cathinone d28_cannabis d28_sedative d28_gabapentinoid d28_other binge_episodes_28 d28_inject
    share_28 d28_controlled_env psych_0_20 phys_0_20 qol_0_20 d28_paid_work d28_education housing_acute
    eviction_risk craving_0_10 overdose_since_last on_med_days28 self_help_days28 day
"""
FOLLOW_UP = """
    due_day status days readmitted readmit_day remission_state vital_status death_offset_band labour living_where
"""
STAGES = ("start", "review_1", "review_2", "review_3", "review_4", "exit", "followup_90", "followup_180",
          "followup_365")  # fmt: skip


def everything(book):
    return [v for groups in book.records.values() for g in groups for v in (*g.variables, *g.others)]


def texts(book):
    for variable in everything(book):
        yield variable.name, variable.label
        if variable.help or book.version > 1:
            yield variable.name, variable.help
    for name, codes in book.lists.items():
        yield from ((f"{name} {item.code}", item.label) for item in codes.items)
    yield from ((str(item.code), item.label) for item in book.missing)
    yield from ((group.name, group.title) for groups in book.records.values() for group in groups)


def test_no_variable_of_the_specification_is_lost():
    names = {record: {v.name for g in groups for v in (*g.variables, *g.others)}
             for record, groups in BOOK.records.items()}  # fmt: skip
    for record, wanted in SPECIFIED.items():
        assert set(wanted.split()) - names[record] == set()
    asked = {f"{stage}_{item}" for stage in STAGES for item in ITEMS.split()}
    asked |= {f"followup_{days}_{item}" for days in (90, 180, 365) for item in FOLLOW_UP.split()}
    assert asked - names["episode"] == set()


def test_every_variable_of_the_first_dictionary_is_in_the_second():
    assert {v.name for v in load(1).variables} - {v.name for v in (*BOOK.variables, *BOOK.stored)} == set()


def test_the_generated_table_leaves_nothing_out():
    rows = coverage(2, asked=(), published=())
    covered = {name for row in rows for name in row.columns}
    assert covered == {v.name for v in everything(BOOK) if not v.is_week}
    assert all(row.entered and row.checked and row.handed_on for row in rows)
    text = generated()
    assert all(f"`{row.columns[0]}`" in text for row in rows)


def test_the_first_dictionary_is_unchanged():
    assert load(1).sha256 == FIRST


@pytest.mark.parametrize("version", versions())
def test_everything_speaks_three_languages(version):
    for name, text in texts(load(version)):
        assert text is not None, name
        assert all(text[language].strip() for language in LANGUAGES), name


@pytest.mark.parametrize("version", versions())
def test_letters_belong_to_their_language(version):
    for name, text in texts(load(version)):
        assert not re.search("[\u064a\u0643\u0660-\u0669]", text.fa), name
        assert not re.search("[\u0600-\u06ff]", text.ru + text.en), name
        assert not re.search("[а-яё]", text.fa + text.en), name
        assert "\u200c\u200c" not in text.fa, name


@pytest.mark.parametrize("version", versions())
def test_names_and_codes_come_once(version):
    book = load(version)
    names = [v.name for v in everything(book)]
    assert len(names) == len(set(names))
    for codes in book.lists.values():
        numbers = [item.number for item in codes.items if codes.name != "region"]
        assert len(numbers) == len(set(numbers)) or not _in_records(book, codes)
        assert len(codes.codes) == len(set(codes.codes))


def _in_records(book, codes):
    return any(v.codes is codes for v in book.index.values())


@pytest.mark.parametrize("version", versions())
def test_codes_and_ranges_never_meet_the_missing_codes(version):
    book = load(version)
    missing = {item.number for item in book.missing}
    for variable in book.index.values():
        if variable.allows_missing:
            assert not missing & set(range(variable.low or 0, (variable.high or 0) + 1))
            assert not variable.codes or not missing & {item.number for item in variable.codes.items}


def test_since_and_until_are_sane():
    since = [load(version).since for version in versions()]
    assert since == sorted(since)
    for codes in BOOK.lists.values():
        for item in codes.items:
            begin, end = item.facts.get("since", "2000-01"), item.facts.get("until", "2999-12")
            assert re.fullmatch(r"\d{4}-\d{2}", begin)
            assert begin < end
    assert all(1 <= e.since <= 2 for c in chapters(2) for e in c.entries)


def test_conditions_and_formulas_name_columns_and_can_be_run():
    known = {*BOOK.every, *CONTEXT, *symbols_of(2)}
    for variable in BOOK.every.values():
        said = [variable.asked, variable.otherwise, variable.formula if variable.source == DERIVED else ""]
        for text in filter(None, said):
            assert names_in(ast.parse(text, mode="eval").body) <= known, variable.name
            assert compiled(2, text) is not None
        if variable.source == TRANSIENT:
            assert variable.into in BOOK.every
        if variable.kind not in {"key", "month"}:
            assert variable.codes or variable.low is not None or variable.kind.startswith("icd")


def test_no_condition_asks_an_answer_that_is_kept_apart_of_one_that_is_not():
    """What does not apply would tell the answer that must stay apart."""
    for variable in BOOK.index.values():
        asked = ast.dump(ast.parse(variable.asked or "0"))
        apart = [v.name for v in BOOK.index.values() if v.sensitive and f"'{v.name}'" in asked]
        assert not apart or variable.sensitive, variable.name


def test_what_is_never_kept_is_no_column():
    from portal.registry.models import Episode, EpisodeSensitive

    columns = {*Episode.__table__.columns.keys(), *EpisodeSensitive.__table__.columns.keys()}
    assert not {v.name for v in BOOK.of(TRANSIENT)} & columns
    assert all(v.source == TRANSIENT for v in everything(BOOK) if v.klass == "D")
    assert {v.name for v in BOOK.stored} <= columns


def test_sensitive_answers_are_those_of_the_decision():
    apart = {v.base for v in BOOK.stored if v.sensitive}
    assert apart == {
        "legal_status", "citizenship", "pregnant", "hiv_result", "hcv_result", "hbv_result", "on_art", "hcv_treated"
    }  # fmt: skip


def test_every_doubt_is_in_the_register_and_has_a_way_out():
    doubts = unverified_values()
    assert {key for v in everything(BOOK) for key in v.unverified} <= set(doubts)
    assert all(doubt.settles and doubt.used_in for doubt in doubts.values())


def test_the_crosswalk_names_variables_and_their_codes():
    entries = tomllib.loads((DATA / "crosswalk_v2.toml").read_text("utf-8"))["crosswalk"]
    by_name = {v.name: v for v in everything(BOOK)} | {v.base: v for v in everything(BOOK)}
    by_name |= {f"substance_{v.base}": v for v in BOOK.group("substance_1").variables}
    by_name["substance_age_first_use"] = BOOK["substance_1_age_first_use"]
    missing = {str(item.code) for item in BOOK.missing}
    for entry in entries:
        variable = by_name[entry["variable"]]
        assert {"map", "bands", "rule"} & set(entry)
        if variable.codes:
            codes = {str(code) for code in variable.codes.codes} | missing | {"*"}
            assert set(entry.get("map", {})) <= codes, entry["variable"]


def test_lists_carry_the_targets_of_other_systems():
    substances, treatments = BOOK.lists["substance"], BOOK.lists["modality"]
    assert substances[112].facts["tdi"] == "1.1"
    assert (substances[330].facts["icd11"], substances[441].facts["teds"]) == ("6C4C", "16")
    assert all({"icd11"} <= set(item.facts) for item in substances.items)
    assert treatments["M13"].facts["teds_service"] == "{1,2,8}"
    assert treatments["M20"].facts["dose_range"] == [10, 4000]
    assert BOOK.lists["discharge_reason"][71].facts["event"] == "competing"


def test_lists_that_programmes_use_are_the_same_there():
    for name in ("region", "centre_type", "ownership"):
        there = tomllib.loads(
            (DATA.parents[1] / "programmes" / "data" / "descriptors.toml").read_text("utf-8")
        )
        assert [(i.code, i.label.fa) for i in BOOK.lists[name].items] == [
            (c["code"], c["fa"]) for c in there[name]["codes"]
        ]
