"""Good records for tests of the registry: in coded form, and as rows of a file."""

import base64
import csv
import hashlib
import io

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


def token(number: int, kind: str = "row") -> str:
    """A pseudonym as a centre's tool makes it."""
    digest = hashlib.sha256(f"{kind} {number}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:26]


def row(number: int, **changes: object) -> dict[str, str]:
    """A good row of the template, as text."""
    texts = {k: str(v) for k, v in GOOD.items()}
    texts |= {"admission_month": "2025-03", "modality": "M20", "dx_icd10": "F11.2"}
    texts |= {"source_key": token(number), "person_token": token(number, "person")}
    return texts | {k: str(v) for k, v in changes.items()}


def table(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    """Rows as the bytes of a CSV file."""
    names = list(dict.fromkeys(name for r in rows for name in r))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, delimiter=delimiter, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


WHOLE = {k: v for k, v in GOOD.items() if k not in {"start_d28_opioid", "start_d28_stimulant"}} | {
    "education": 2, "completed_12y": 1, "polydrug": 0, "prior_agonist": 0, "hiv_test": 3, "hiv_result": 0,
    "citizenship": 1, "days_since_last_opioid": -4, "start_mode": 1, "start_d28_opioid_illicit": 28,
    "start_d28_opium": 28, "start_d28_heroin": 0, "start_d28_rx_opioid": 0, "start_d28_crack": 0,
    "start_d28_cocaine": 0, "start_d28_meth": 2, "start_d28_cannabis": 0, "start_psych_0_20": 8,
    "start_phys_0_20": 9, "start_qol_0_20": 7, "start_d28_paid_work": 4, "start_d28_education": 0,
    "start_housing_acute": 0, "start_eviction_risk": 0, "start_overdose_since_last": 0,
    "start_on_med_days28": 0,
}  # fmt: skip
"""A record of the second dictionary in coded form, complete at admission."""


def whole_row(number: int, **changes: object) -> dict[str, str]:
    """A good row of the second template, as text."""
    texts = {k: str(v) for k, v in WHOLE.items()}
    texts |= {"admission_month": "2025-03", "modality": "M20", "dx_icd10": "F11.2"}
    texts |= {"source_key": token(number), "person_token": token(number, "person")}
    return texts | {k: str(v) for k, v in changes.items()}
