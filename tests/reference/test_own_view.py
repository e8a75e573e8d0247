"""A programme's own live figures equal the published numbers of the files that it imported."""

import json
from datetime import date

import pytest
from factories import make_organisation, make_programme, make_user

from portal.registry.own.curve import curve_of
from portal.registry.own.live import live_figures
from portal.registry.own.reading import read_stays
from portal.registry.services.imports import VALID, import_file
from portal.registry.services.submitting import Submission

from . import truth

pytestmark = [pytest.mark.truth, truth.with_truth]

TODAY = date(2026, 11, 24)
GIVEN = {"admission_month": "2024-01", "substance_1_code": "150"}
FILES = {
    "addicts": ("clinic", {"1": "M20", "2": "M20"}, ["prison", "dose"]),
    "ctn0027": (
        "arm",
        {"BUP": "M21", "MET": "M20"},
        ["site", "age_band", "male", "race", "injects", "cocaine_dx", "started", "completed", "days_pre", "days_post",
         "followed_up"],
    ),
}  # fmt: skip
AT = {"addicts": (90, 180, 365, 730), "ctn0027": (28, 84, 160)}
HORIZONS = {"addicts": (365, 730), "ctn0027": (168,)}


def _map(column, codes, arms, ignored):
    arm = {"column": column, "modality": arms}
    programme = {"column": column, "codes": codes}
    return json.dumps({"programme": programme, "arm": arm, "constants": GIVEN, "ignored": ignored})


@pytest.fixture
def imported(app):
    """Both files, each arm a programme of one centre; programme codes by file and arm."""
    centre = make_organisation("IR")
    clinician = make_user("clinician", organisation=centre)
    codes = {}
    for name, (column, arms, ignored) in FILES.items():
        mine = {
            arm: make_programme(
                "IR", organisation=centre, modality=("M20", "M21"), start_month="2023-01"
            ).code
            for arm in arms
        }
        file_map = _map(column, mine, arms, ignored)
        path = truth.TRUTH / f"{name}.csv"
        submission = Submission(path.read_bytes(), profile="trial-like", file_map=file_map)
        batch = import_file(submission, mode=VALID, by=clinician)
        assert batch.submitted == batch.accepted_new > 0
        codes |= {(name, arm): code for arm, code in mine.items()}
    return codes


def _keys(name, arm, curve):
    """Every number of an arm's curve under the key of the truth data."""
    label = f"clinic{arm}" if name == "addicts" else arm
    found = {}
    for point in curve.points:
        parts = {
            "S": point.survival,
            "seS": point.error,
            "lo": point.lower,
            "hi": point.upper,
            "nrisk": point.at_risk,
        }
        found |= {f"{kind}.{label}.t{point.day}": value for kind, value in parts.items()}
    for mean in curve.means:
        found |= {f"rmst{mean.horizon}.{label}": mean.value, f"se_rmst{mean.horizon}.{label}": mean.error}
    medians = {"median": curve.median, "median_lo": curve.median_lower, "median_hi": curve.median_upper}
    return found | {f"{kind}.{label}": value for kind, value in medians.items()}


def test_own_curves_equal_the_published_ones(imported):
    compared = 0
    for (name, arm), code in imported.items():
        curve = curve_of(read_stays(code, TODAY), days=AT[name], horizons=HORIZONS[name])
        for key, value in _keys(name, arm, curve).items():
            if key in truth.expected(name):
                expected = truth.wanted(truth.expected(name)[key])
                assert value == pytest.approx(expected, abs=truth.tolerance(key), rel=truth.tolerance(key)), (
                    key
                )
                compared += 1
    assert compared > 60


def test_every_day_of_the_own_curve_equals_the_command_line(imported):
    days = [1, 17, 28, 90, 180, 365]
    command = "python -m analytics retention addicts.csv --time time --event status --group clinic --at {} --tau 180 --json"
    answer = truth.answer(command.format(" ".join(map(str, days))))
    for arm in ("1", "2"):
        live = live_figures(imported["addicts", arm], TODAY)
        group = answer["groups"][arm]
        assert (live.curve.n, live.curve.events) == (group["n"], group["events"])
        by_day = {0: 1.0} | {step.day: step.survival for step in live.curve.steps}
        for day in days:
            step = max(d for d in by_day if d <= day)
            assert by_day[step] == pytest.approx(group["at"][str(day)]["survival"], abs=1e-12)
        means = {mean.horizon: mean.value for mean in live.curve.means}
        assert means[180] == pytest.approx(group["rmst"]["value"], abs=1e-9)


def test_the_page_shows_the_published_shares(imported, client, sign_in):
    from portal.programmes.queries import find_by_code

    programme = find_by_code(imported["addicts", "1"])
    sign_in(client, "clinician", user=make_user("clinician", organisation=programme.organisation))
    page = client.get(f"/en/programme/live?programme={programme.code}")
    assert page.status_code == 200
    for day in (90, 180, 365):
        share = truth.wanted(truth.expected("addicts")[f"S.clinic1.t{day}"])
        assert f"{100 * share:.1f}%" in page.text
    assert f"{truth.wanted(truth.expected('addicts')['median.clinic1']):.0f}" in page.text
