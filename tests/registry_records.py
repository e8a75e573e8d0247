"""A good record in coded form, and frames of it."""

from portal.registry.rules.coding import encode_month

GOOD = {
    "admission_month": encode_month("2025-03"), "sex": 1, "age_band": 5, "labour": 4, "living_where": 1,
    "referral_source": 6, "legal_status": 1, "prior_treatment": 2, "dx_icd10": 11002, "inject_status": 2,
    "modality": 20, "substance_1_code": 151, "substance_1_route": 2, "substance_1_days28": 28,
    "start_day": 0, "start_d28_alcohol": 0, "start_d28_opioid": 28, "start_d28_stimulant": 0,
    "start_d28_inject": 0, "start_d28_controlled_env": 0,
}  # fmt: skip
DISCHARGED = {
    "last_contact_day": 200, "discharge_day": 200, "discharge_reason": 31, "exit_labour": 4,
    "exit_living_where": 1,
}  # fmt: skip
CONTEXT = {
    "country": "IR", "start_month": encode_month("2023-01"), "this_month": encode_month("2026-11"),
    "age_served": 3, "open_before": False,
}  # fmt: skip
