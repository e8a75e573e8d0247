"""What tests of the entry pages share: good answers, and sending a form as a browser does."""

import re

from web.journey import token_of

ADMISSION = {
    "admission_month": ["3", "2025"], "sex": "1", "age_band": "5", "labour": "4", "living_where": "1",
    "referral_source": "6", "legal_status": "1", "prior_treatment": "2", "dx_icd10": ["11", "2", ""],
    "inject_status": "2", "modality": "M20", "substance_1_code": "151", "substance_1_route": "2",
    "substance_1_days28": ["28", ""], "start_d28_alcohol": ["0", ""], "start_d28_opioid": ["28", ""],
    "start_d28_stimulant": ["0", ""], "start_d28_inject": ["0", ""], "start_d28_controlled_env": ["0", ""],
}  # fmt: skip
REVIEW = {
    "review_1_day": "90", "review_1_d28_alcohol": ["0", ""], "review_1_d28_opioid": ["3", ""],
    "review_1_d28_stimulant": ["", "-1"], "review_1_d28_inject": ["0", ""],
    "review_1_d28_controlled_env": ["0", ""],
}  # fmt: skip
DISCHARGE = {
    "last_contact_day": ["۲۰۰", ""], "discharge_day": "۲۰۱", "discharge_reason": "31", "exit_labour": "4",
    "exit_living_where": "1",
}  # fmt: skip


def hidden_of(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"no {name} on the page (status {page.status_code})"
    return found[1]


def form_of(page):
    """The hidden values of a form, as a browser sends them back."""
    return {"csrf_token": token_of(page)} | {n: hidden_of(page, n) for n in ("send_key", "revision")}


def post(client, path, answers, **changes):
    return client.post(path, data=form_of(client.get(path)) | answers | changes)


def new_at(programme, lang="en"):
    return f"/{lang}/programme/{programme.code}/episodes/new"


def entered(client, programme, **changes):
    """Enter a good episode; the address of its page."""
    answer = post(client, new_at(programme), ADMISSION, **changes)
    assert answer.status_code == 302, answer.text
    return answer.location.partition("?")[0]
