"""Steps of a centre in the browser: answers of an admission, and a file with errors that is corrected."""

import csv
import io

from registry_records import row, table

RADIOS = {
    "sex": 1, "labour": 4, "living_where": 1, "legal_status": 1, "prior_treatment": 0, "inject_status": 2,
    "substance_1_route": 2,
}  # fmt: skip
SELECTS = {
    "age_band": "5",
    "referral_source": "6",
    "substance_1_code": "151",
    "dx_icd10": "11",
    "dx_icd10-state": "2",
}
NUMBERS = {
    "substance_1_days28": "۲۸", "start_d28_alcohol": "۰", "start_d28_opioid": "۲۸", "start_d28_stimulant": "0",
    "start_d28_inject": "0", "start_d28_controlled_env": "0",
}  # fmt: skip
MAIN_BUTTON = "main form[method=post] .btn-primary"
UPLOAD = "form[data-upload] .btn-primary"
MIXED = [row(1), row(2, sex=7), row(3), row(4, age_band="many")]
CSV = "text/csv"


def press(page, button=MAIN_BUTTON):
    """Press the last button that matches, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(button).last.click()


def answer(page, *, radios=None, selects=None, numbers=None):
    for name, value in (radios or {}).items():
        page.locator(f"input[name={name}][value='{value}']").check()
    for name, value in (selects or {}).items():
        page.locator(f"select#{name}").select_option(value)
    for name, value in (numbers or {}).items():
        page.locator(f"input#{name}").fill(value)


def choose(page, data, name="episodes.csv"):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": CSV, "buffer": data})


def corrected(page):
    """Download the rows to correct and correct them, as in a spreadsheet."""
    with page.expect_download() as coming:
        page.locator("a[href$='errors.csv']").click()
    text = coming.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [each["_line"] for each in rows] == ["3", "5"]
    rows[0]["sex"], rows[1]["age_band"] = "2", "5"
    return table(rows)


def admit(page):
    """A patient's episode from the work list to its case code, on a phone. Gives back the code."""
    page.locator("a.btn-primary[href$='/episodes/new']").click()
    answer(page, radios=RADIOS, selects=SELECTS, numbers=NUMBERS)
    press(page)
    return page.locator(".casecode bdi").inner_text()


def import_and_correct(page):
    """A file with two bad rows: read the report, correct the rows, send them again, accept."""
    page.locator("a[href$='/programme/imports']").first.click()
    page.locator("a[href$='/imports/new']").first.click()
    choose(page, table(MIXED))
    press(page, UPLOAD)
    assert page.locator("table#errors tbody tr").count() == 2
    choose(page, corrected(page), "corrected.csv")
    press(page, UPLOAD)
    press(page, "form[action$='/accept'] button")
