"""Two published trials and an invented Russian side, from files and command lines to a published edition.

Nothing is inserted by hand: people, centres and programmes come from their services, every episode through
`portal import`, the edition through `portal edition`. The clock is the real one; the window of these
admissions closed long ago.
"""

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from factories import PASSWORD, make_organisation, make_programme, make_user
from registry_records import row, table

from portal.accounts.models import User
from portal.accounts.services import factor
from portal.cli import session
from portal.cli.main import portal
from portal.core.db import utcnow
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.models import Organisation, Programme
from portal.programmes.services import give_consent

NAME: Final = "trials"
CLOSING: Final = "2025-12-31"
IGNORED: Final = {
    "addicts": ["prison", "dose"],
    "ctn0027": [
        "site", "age_band", "male", "race", "injects", "cocaine_dx", "started", "completed", "days_pre",
        "days_post", "followed_up",
    ],
}  # fmt: skip
ARMS: Final = {"addicts": ("clinic", ("1", "2")), "ctn0027": ("arm", ("BUP", "MET"))}
MODALITIES: Final = {"addicts": "M20", "ctn0027": {"BUP": "M21", "MET": "M20"}}
RUSSIAN_PERSONS: Final = 60
RUSSIAN_PROGRAMMES: Final = 3

Rows = list[tuple[int, int]]
Answer = tuple[int, str, str]
Run = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class TrialWorld:
    """What was made: programme codes of the registry by arm, who imported, and what every command answered."""

    codes: dict[str, str]
    clinician: str
    answers: dict[str, Answer]

    def json(self, command: str) -> Any:
        """What a command printed."""
        return json.loads(self.answers[command][1])


def make_trial_world(run: Run, truth: Path, folder: Path) -> TrialWorld:
    """Programmes, both files and the Russian side by import, and the edition of all of them."""
    iran, russia = make_organisation("IR"), make_organisation("RU")
    by = {"IR": make_user("clinician", country="IR", organisation=iran).email,
          "RU": make_user("clinician", country="RU", organisation=russia).email}  # fmt: skip
    admins = {country: make_user("country_admin", country=country) for country in ("IR", "RU")}
    codes = {
        f"{name} {arm}": _programme("IR", iran, modality=("M20", "M21")).code
        for name, (_, arms) in ARMS.items()
        for arm in arms
    }
    russian = [_programme("RU", russia, modality="M40").code for _ in range(RUSSIAN_PROGRAMMES)]
    world = TrialWorld(codes, by["IR"], {})
    for name in ARMS:
        world.answers[f"import {name}"] = import_trial(run, truth, folder, name, world)
    for place, code in enumerate(russian):
        world.answers[f"import RU{place}"] = _import_russian(run, folder, code, place, by["RU"])
    world.answers.update(release(run, admins))
    return world


def _programme(country: str, organisation: Organisation, **more: Any) -> Programme:
    programme = make_programme(country, organisation=organisation, start_month="2015-01", **more)
    give_consent(programme, date(2024, 1, 1), named_publicly=False, by=SYSTEM, now=utcnow())
    return programme


def import_trial(run: Run, truth: Path, folder: Path, name: str, world: TrialWorld) -> Answer:
    """`portal import` of one file by the trial-like profile and a map."""
    path = folder / f"{name}.map.json"
    path.write_text(json.dumps(map_of(name, world.codes)), "utf-8")
    return run(
        "import", str(truth / f"{name}.csv"), "--profile", "trial-like", "--map", str(path), "--mode", "valid",
        "--as", world.clinician, "--json",
    )  # fmt: skip


def map_of(name: str, codes: dict[str, str]) -> dict[str, Any]:
    """What only the centre knows of a file: programmes, treatment, admission, substance."""
    column, arms = ARMS[name]
    modality = MODALITIES[name]
    return {
        "programme": {"column": column, "codes": {arm: codes[f"{name} {arm}"] for arm in arms}},
        "arm": modality if isinstance(modality, str) else {"column": column, "modality": modality},
        "constants": {"admission_month": "2025-01", "substance_1_code": 110},
        "ignored": IGNORED[name],
    }


def _import_russian(run: Run, folder: Path, code: str, place: int, by: str) -> Answer:
    path = folder / f"russian{place}.csv"
    path.write_bytes(table(list(_russian_rows(place))))
    return run("import", str(path), "--programme", code, "--mode", "valid", "--as", by, "--json")


def _russian_rows(place: int) -> Iterable[dict[str, str]]:
    rng = np.random.default_rng(100 + place)
    for number in range(RUSSIAN_PERSONS):
        days = int(rng.integers(10, 300))
        yield row(
            1000 * (place + 1) + number, admission_month=f"2024-{1 + number % 12:02d}", modality="M40",
            dx_icd10="F10.2", substance_1_code=800, substance_1_route=3, start_d28_alcohol=20,
            start_d28_opioid=0, inject_status=0, start_d28_inject=0, age_band=int(rng.integers(3, 12)), sex=int(rng.choice([1, 2])),
            last_contact_day=days, discharge_day=days, discharge_reason=int(rng.choice([11, 31, 32])),
            exit_labour=4, exit_living_where=1,
        )  # fmt: skip


def release(run: Run, admins: dict[str, User]) -> dict[str, Answer]:
    """`portal edition freeze`, `approve` by one administrator of each country, `build`."""
    answers = {
        "freeze": run("edition", "freeze", NAME, "--closing", CLOSING, "--as", admins["IR"].email, "--json")
    }
    answers["early build"] = run("edition", "build", NAME, "--as", admins["RU"].email, "--json")
    for country, person in admins.items():
        code = factor.current_code(person, now=utcnow())
        answers[f"approve {country}"] = run(
            "edition", "approve", NAME, "--as", person.email, "--password-stdin", "--code", code, "--json",
            stdin=PASSWORD + "\n",
        )  # fmt: skip
    answers["build"] = run("edition", "build", NAME, "--as", admins["RU"].email, "--json")
    return answers


def runner(app: Any) -> Run:
    """Run a command line as a shell would: status, stdout, stderr."""

    def call(*arguments: str, stdin: str = "") -> Answer:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(session, "_factories", [lambda _config: app])
            patch.setattr(sys, "argv", ["portal", *arguments])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            status = session.told(portal)
        db.session.rollback()  # the command had a session of its own; read afresh
        return status, out.getvalue(), err.getvalue()

    return call


def rows_of(truth: Path, arm: str) -> Rows:
    """(days, event) of one arm as the file has them."""
    name, value = arm.split()
    column = ARMS[name][0]
    with (truth / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [(int(r["time"]), int(r["status"])) for r in csv.DictReader(stream) if r[column] == value]


def weekly(rows: Rows) -> Rows:
    """The same persons with the time 7·ceil(day/7), in weeks."""
    return [(math.ceil(days / 7), event) for days, event in rows]


def kaplan_meier(rows: Rows, until: int) -> list[tuple[float, float, float, int]]:
    """Survival, log-log limits at 95 % and number at risk at 0, 1, …, `until`, by the plainest loop."""
    times, events = (np.array(column) for column in zip(*rows, strict=True))
    survival, greenwood, curve = 1.0, 0.0, []
    for time in range(until + 1):
        at_risk = int((times >= time).sum())
        left = int(((times == time) & (events == 1)).sum())
        if left:
            survival *= 1 - left / at_risk
            greenwood += left / (at_risk * (at_risk - left)) if left < at_risk else math.inf
        curve.append((survival, *_limits(survival, greenwood), at_risk))
    return curve


def _limits(survival: float, greenwood: float) -> tuple[float, float]:
    if survival in {0.0, 1.0}:
        return survival, survival
    spread = 1.959963984540054 * math.sqrt(greenwood) / abs(math.log(survival))
    return survival ** math.exp(spread), survival ** math.exp(-spread)


def mean_until(rows: Rows, tau: int) -> tuple[float, float]:
    """Restricted mean and its standard error, leavers at mid-week: every week is a trapezium."""
    values = [point[0] for point in kaplan_meier(rows, tau)]
    areas = [0.0, *((before + after) / 2 for before, after in pairwise(values))]
    variance = 0.0
    for time in range(1, tau + 1):
        at_risk = sum(end >= time for end, _ in rows)
        left = sum(end == time and event for end, event in rows)
        if left and at_risk > left:
            after = values[time] / 2 + sum(areas[time + 1 :])
            variance += after**2 * left / (at_risk * (at_risk - left))
    return sum(areas), math.sqrt(variance)
