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
