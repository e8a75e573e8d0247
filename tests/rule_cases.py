"""For every rule a record that keeps it and one that breaks it, in coded form, by version of the dictionary.

Each is a good record with changes; one that breaks a rule of warnings breaks no rule of errors. `context` is of
both. What a door cannot show is in `EXCEPTIONS`, with the reason.
"""

from dataclasses import dataclass, field
from typing import Any

from registry_records import DISCHARGED, GOOD

from portal.registry.rules.coding import encode_month

NOTHING = {"start_d28_opioid": 0}
EXIT = {"exit_day": 200, "exit_d28_alcohol": 0, "exit_d28_opioid": 0, "exit_d28_stimulant": 0, "exit_d28_inject": 0,
        "exit_d28_controlled_env": 0}  # fmt: skip
REVIEW = {"review_1_day": 180, "review_1_d28_alcohol": 0, "review_1_d28_opioid": 28, "review_1_d28_stimulant": 0,
          "review_1_d28_inject": 0, "review_1_d28_controlled_env": 0, "last_contact_day": 190}  # fmt: skip
SECOND = {name.replace("review_1", "review_2"): value for name, value in REVIEW.items()}
ENDED = DISCHARGED | EXIT
DEATH = DISCHARGED | {"discharge_reason": 51}
HEROIN = {"substance_2_code": 110, "substance_2_route": 2, "substance_2_days28": 1}
ALCOHOL = {"substance_2_code": 800, "substance_2_route": 3, "substance_2_days28": 1}
THIRD = {f"substance_3_{what}": ALCOHOL[f"substance_2_{what}"] for what in ("code", "route", "days28")}
DRINKER = {"substance_1_code": 800, "substance_1_route": 3, "dx_icd10": 10002}


@dataclass(frozen=True)
class Case:
    """`keeps` and `breaks` are changes of a good record; `context` what the programme is like in both."""

    keeps: dict[str, Any]
    breaks: dict[str, Any]
    context: dict[str, Any] = field(default_factory=dict)


V1 = {
    "R01": Case(DISCHARGED, DISCHARGED | {"last_contact_day": 201}),
    "R02": Case(DISCHARGED | REVIEW, DISCHARGED | REVIEW | {"review_1_day": 201}),
    "R03": Case({"age_band": 3}, {"age_band": 1}, {"age_served": 1}),
    "R06": Case({"inject_status": 0}, {"inject_status": 0, "start_d28_inject": 3}),
    "R07": Case({"substance_1_route": 1, "inject_status": 4}, {"substance_1_route": 1}),
    "R08": Case({"start_d28_inject": 5, "substance_1_route": 1, "inject_status": 4}, {"start_d28_inject": 5}),
    "R10": Case(HEROIN, HEROIN | {"substance_2_code": 151}),
    "R11": Case(HEROIN | THIRD, THIRD),
    "R12": Case(ALCOHOL, ALCOHOL | {"substance_2_route": 2}),
    "R14": Case({"substance_1_code": 999, "referral_source": 1, "modality": 40},
                {"substance_1_code": 999, "modality": 40}),
    "R15": Case({}, {"substance_1_code": 900, "modality": 40}),
    "R15E": Case(ALCOHOL | {"substance_2_code": 950}, {"substance_1_code": 950, "modality": 40}),
    "R16": Case({"modality": 40}, {}, {"country": "RU"}),
    "R17": Case({"modality": 60, "legal_status": 3}, {"modality": 60}),
    "R20": Case({"dx_icd10": 19002}, {"dx_icd10": 10002}),
    "R21": Case({"dx_icd10": 11122}, {"dx_icd10": 11123}),
    "R23": Case(DRINKER | HEROIN, DRINKER),
    "R25": Case({"modality": 10} | DISCHARGED | {"discharge_day": 90, "last_contact_day": 90},
                {"modality": 10} | DISCHARGED),
    "R26": Case(DISCHARGED, DISCHARGED | {"last_contact_day": 0}),
    "R27": Case({"modality": 51} | DISCHARGED, {"modality": 50} | DISCHARGED),
    "R28": Case(ENDED | {"discharge_reason": 11}, ENDED | {"discharge_reason": 11, "exit_d28_opioid": 2}),
    "R29": Case(ENDED | {"discharge_reason": 12, "exit_d28_alcohol": 2},
                ENDED | {"discharge_reason": 12, "exit_d28_opioid": 2}),
    "R31": Case(DEATH | {"followup_90_status": 4}, DEATH | {"followup_90_status": 1}),
    "R35": Case({"start_d28_controlled_env": 13}, {"start_d28_controlled_env": 14}),
    "R36": Case(ENDED, ENDED | {"exit_day": 185}),
    "R37": Case(REVIEW | {"review_1_d28_opioid": 3}, REVIEW),
    "R38": Case({}, NOTHING),
    "R41": Case({}, {}, {"open_before": True}),
    "R42": Case(DISCHARGED | {"discharge_day": 204}, DISCHARGED | {"discharge_day": 203}),
    "R45": Case({"labour": 3}, {"labour": 3, "age_band": 9}),
    "R50": Case({}, {"admission_month": encode_month("2026-12")}),
    "R51": Case({"modality": 32, "last_depot_day": 190, "depot_interval_days": 28} | DISCHARGED,
                {"modality": 32, "depot_interval_days": 28} | DISCHARGED),
    "R52": Case(REVIEW | {"admission_month": encode_month("2026-10"), "review_1_day": 62, "last_contact_day": 62},
                REVIEW | {"admission_month": encode_month("2026-10"), "review_1_day": 63, "last_contact_day": 62}),
    "R53": Case(REVIEW | SECOND | {"review_2_day": 181}, REVIEW | SECOND),
}  # fmt: skip

ASKED = {
    "d28_alcohol": 0, "d28_opioid_illicit": 28, "d28_opium": 28, "d28_heroin": 0, "d28_rx_opioid": 0, "d28_meth": 0,
    "d28_cannabis": 0, "d28_inject": 0, "d28_controlled_env": 0, "psych_0_20": 8, "phys_0_20": 9, "qol_0_20": 7,
    "d28_paid_work": 0, "d28_education": 0, "housing_acute": 0, "eviction_risk": 0, "overdose_since_last": 0,
    "on_med_days28": 0, "share_28": -4, "mode": 1,
}  # fmt: skip
USED = ("d28_opioid_illicit", "d28_opium", "d28_inject", "on_med_days28")


def asked(group, **changes):
    """The items of an assessment of version 2."""
    return {f"{group}_{name}": value for name, value in (ASKED | changes).items()}


WHOLE = {
    **{name: value for name, value in GOOD.items() if not name.startswith("start_d28")}, **asked("start"),
    "education": 2, "completed_12y": 0, "living_with": 2, "citizenship": 1, "prior_episodes_n": 1, "prior_agonist": 1,
    "years_since_first_agonist": 3, "polydrug": 0, "pregnant": -4, "sharing": 0, "years_since_first_inject": 2,
    "hiv_test": 3, "hiv_result": 0, "hcv_test": 0, "hcv_result": -4, "hbv_test": 0, "hbv_result": -4,
    "modality_start_day": 0, "prev_exit_gap_days": 400,
}  # fmt: skip
"""A good record of version 2."""

CLEAN = asked("exit", **dict.fromkeys(USED, 0)) | {"exit_day": 200}
LEFT = DISCHARGED | CLEAN
REVIEWED = asked("review_1", d28_opioid_illicit=2, d28_opium=2) | {
    "review_1_day": 90,
    "last_contact_day": 190,
}
AGAIN = asked("review_2", d28_opioid_illicit=1, d28_opium=1) | {"review_2_day": 180, "last_contact_day": 190}
FOLLOWED = {"followup_90_status": 3}
NALTREXONE = {"modality": 30, "days_since_last_opioid": 10}
RUSSIAN = {"country": "RU"}
WEEKS = {f"start_d28_opioid_illicit_w{week}": 7 for week in (1, 2, 3, 4)}
ISOLATED = {"living_with": 5, "living_where": 3, "start_d28_controlled_env": 0}
PLAIN = {"modality": 40}

V2 = {
    "R01": V1["R01"],
    "R02": Case(DISCHARGED | REVIEWED | {"modality_end_day": 199}, DISCHARGED | {"modality_end_day": 201}),
    "R03": Case({"age_band": 2, "under18": 1}, {"age_band": 3, "under18": 1}),
    "R04": Case({"substance_1_age_first_use_band": 5}, {"substance_1_age_first_use_band": 6}),
    "R05": Case({"age_first_inject": 30, "substance_1_route": 1, "inject_status": 4, "substance_1_age_first_use": 30},
                {"age_first_inject": 29, "substance_1_route": 1, "inject_status": 4, "substance_1_age_first_use": 30}),
    "R06": Case({"inject_status": 0, "years_since_first_inject": -4, "sharing": -4},
                {"inject_status": 0, "years_since_first_inject": -4, "sharing": 1}),
    "R07": V1["R07"],
    "R08": Case({"start_d28_inject": 5, "start_share_28": 0, "substance_1_route": 1, "inject_status": 4},
                {"start_d28_inject": 5, "start_share_28": 0}),
    "R09": Case({"start_share_28": 1, "start_d28_inject": 5, "inject_status": 4, "substance_1_route": 1},
                {"start_share_28": 1}),
    "R10": V1["R10"],
    "R11": V1["R11"],
    "R12": V1["R12"],
    "R13": Case({"polydrug": 1} | HEROIN, {"polydrug": 1}),
    "R14": V1["R14"],
    "R15": V1["R15"],
    "R15E": V1["R15E"],
    "R16": Case(PLAIN | {"modality_2_code": 30, "modality_2_start_day": 3},
                PLAIN | {"modality_2_code": 21, "modality_2_start_day": 3}, RUSSIAN),
    "R17": V1["R17"],
    "R18": Case({"sex": 2, "pregnant": 1}, {"sex": 1, "pregnant": 0}),
    "R19": Case({"EMPLOY": 4, "DETNLF": 2, "PSOURCE": 7, "DETCRIM": 3},
                {"EMPLOY": 3, "DETNLF": 2, "PSOURCE": 7, "DETCRIM": 3}),
    "R20": V1["R20"],
    "R21": V1["R21"],
    "R22": Case(PLAIN | {"ru_suffix": 72}, PLAIN | {"ru_suffix": -9}, RUSSIAN),
    "R23": V1["R23"],
    "R23W": Case({"modality": 21, "modality_dose": 320}, {"modality": 21, "modality_dose": 3}),
    "R24": Case(NALTREXONE, NALTREXONE | {"days_since_last_opioid": 6}),
    "R25": V1["R25"],
    "R26": V1["R26"],
    "R27": V1["R27"],
    "R28": Case(LEFT | {"discharge_reason": 11, "exit_d28_cannabis": 2},
                LEFT | {"discharge_reason": 11, "exit_d28_opioid_illicit": 2, "exit_d28_opium": 2}),
    "R29": Case(LEFT | {"discharge_reason": 12, "exit_d28_alcohol": 2},
                LEFT | {"discharge_reason": 12, "exit_d28_crack": 2}),
    "R30": Case(LEFT | {"discharge_reason": 11}, LEFT | {"discharge_reason": 11, "exit_on_med_days28": 3}),
    "R31": V1["R31"],
    "R32": Case(DISCHARGED | {"followup_90_status": 4, "followup_90_days": 1},
                DISCHARGED | {"followup_90_status": 4, "followup_90_days": 0}),
    "R33": Case(WEEKS, WEEKS | {"start_d28_opioid_illicit_w1": 6}),
    "R34": Case({}, {"start_d28_heroin": 3, "start_d28_opioid_illicit": 2, "start_d28_opium": 2}),
    "R35": V1["R35"],
    "R36": Case(LEFT, LEFT | {"exit_day": 185}),
    "R37": Case(REVIEWED | asked("review_1", qol_0_20=8), REVIEWED | asked("review_1")),
    "R38": Case({}, {"start_d28_opioid_illicit": 0, "start_d28_opium": 0}),
    "R39": Case({}, {"hiv_test": 0, "hiv_result": 1}),
    "R40": Case({}, {"prior_treatment": 0, "prior_episodes_n": 1}),
    "R41": V1["R41"],
    "R42": V1["R42"],
    "R43": Case({"prev_exit_gap_days": 22}, {"prev_exit_gap_days": 21}),
    "R44": Case({"education": 3}, {"education": 3, "age_band": 2, "under18": 0}),
    "R45": V1["R45"],
    "R46": Case(ISOLATED, ISOLATED | {"living_with": 2}),
    "R47": Case({}, {}),
    "R48": Case({}, {}),
    "R49": Case({}, {}),
    "R50": V1["R50"],
    "R51": V1["R51"],
    "R52": Case(REVIEWED | {"admission_month": encode_month("2026-10"), "review_1_day": 62, "last_contact_day": 62},
                REVIEWED | {"admission_month": encode_month("2026-10"), "review_1_day": 63, "last_contact_day": 62}),
    "R53": Case(REVIEWED | AGAIN, REVIEWED | AGAIN | {"review_2_day": 90}),
    "Q-PII": Case({}, {}),
}  # fmt: skip
CASES = {1: V1, 2: V2}
GOODS = {1: GOOD, 2: WHOLE}

# What is told beside the record, where the two examples differ in it alone.
TOLD = {
    "R41": ({"open_before": False}, {"open_before": True}),
    "R47": ({"instrument_items": True, "instrument_allowed": True},
            {"instrument_items": True, "instrument_allowed": False}),
    "R49": ({"normalised": 0}, {"normalised": 2}),
    "Q-PII": ({"identifier_found": False}, {"identifier_found": True}),
}  # fmt: skip

# (version, rule, door): why the door cannot show a broken rule
EXCEPTIONS = {
    (1, "R41", "form"): "a form gives every episode a person of its own",
    (1, "R42", "form"): "the scope is a file; a form holds one record",
    (2, "R41", "form"): "a form gives every episode a person of its own",
    (2, "R42", "form"): "the scope is a file; a form holds one record",
    (
        2,
        "R05",
        "form",
    ): "the form asks the years since the first injection; the age is a column of files only",
    (2, "R23W", "form"): "the form asks the band of the dose; the dose is a column of files only",
    (2, "R33", "form"): "the form asks the sum; the weeks are columns of files only",
    (2, "R19", "every"): "judges rows that leave the portal: see the tests of exports",
    (2, "R47", "every"): "judges results of instruments, which are no columns of an episode",
    (2, "R48", "every"): "no code of this version is retired yet: tested with a list in which one is",
    (2, "R49", "every"): "an import counts what it normalised for the whole file",
    (2, "Q-PII", "every"): "the detectors refuse the whole file before a row is judged: tested beside this",
}
