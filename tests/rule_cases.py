"""For every rule a record that keeps it and one that breaks it, in coded form, by version of the dictionary.

Each is a good record with changes; one that breaks a rule of warnings breaks no rule of errors. `context` is of
both. What a door cannot show is in `EXCEPTIONS`, with the reason.
"""

from dataclasses import dataclass, field
from typing import Any

from registry_records import DISCHARGED

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
CASES = {1: V1}

# (version, rule, door): why the door cannot show a broken rule
EXCEPTIONS = {
    (1, "R41", "form"): "a form gives every episode a person of its own",
    (1, "R42", "form"): "the scope is a file; a form holds one record",
}
