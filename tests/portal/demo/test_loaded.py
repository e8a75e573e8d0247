"""The whole demonstration as `portal init` loads it, in a process of its own, and what readers find in it."""

import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from dataclasses import dataclass

import pytest

from portal.cli.demo.plan import PROGRAMMES
from portal.extensions import db
from portal.programmes.queries import find_programme
from portal.releases import queries

EDITION = "2026-H1"
RUN = "from portal.app import main; main()"


@pytest.fixture(scope="session")
def instance(tmp_path_factory):
    """Folder and environment of an instance that was set up once."""
    folder = tmp_path_factory.mktemp("demonstration")
    left_out = ("PORTAL_", "PYTHONDONTWRITE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    environment = kept | {
        "PORTAL_DATA_DIR": str(folder), "PORTAL_DEMONSTRATION": "1", "PORTAL_PASSWORD_MEMORY_KIB": "64",
        "PYTHONWARNINGS": "error", "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }  # fmt: skip
    done = portal(environment, "init")
    assert done.returncode == 0, done.stderr[-2000:]
    return folder, environment


def portal(environment, *arguments, stdin=""):
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Read:
    """What readers of the edition find, taken out of the database once."""

    synthetic: bool
    closing_on: str
    regions: list
    tables: dict
    results: list
    plans: dict


@pytest.fixture(scope="session")
def released(instance, prepared, folder):
    """The edition of the instance, read by the application of the tests."""
    source = sqlite3.connect(instance[0] / "demonstration.db")
    source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source.close()
    with prepared[0].app_context():
        db.session.remove()
        db.engine.dispose()
        for end in ("", "-wal", "-shm"):
            (folder / f"portal.db{end}").unlink(missing_ok=True)
        shutil.copy(instance[0] / "demonstration.db", folder / "portal.db")
        read = _read()
        db.session.remove()
        db.engine.dispose()
    return read


def _read():
    edition = queries.find_edition(EDITION)
    names = {shown.code: find_programme(shown.programme_id).name for shown in queries.programmes_in(edition)}
    plans = {plan.name: plan for plan in PROGRAMMES}
    return Read(
        edition.synthetic, str(edition.closing_on), json.loads(edition.levels)["region"],
        queries.public_tables(edition), queries.approved_results(edition),
        {code: plans[name] for code, name in names.items()},
    )  # fmt: skip


def results(released, kind, country=None, klass=None, outcome=None):
    wanted = (kind, country, klass, outcome)
    return [
        r.released.value
        for r in released.results
        if all(
            w is None or w == h for w, h in zip(wanted, (r.kind, r.country, r.klass, r.outcome), strict=True)
        )
    ]


def shown(value):
    return [row for row in value.programmes if row.withheld is None]


def test_edition_is_published_and_synthetic(released):
    assert released.synthetic
    assert released.closing_on == "2026-07-31"
    assert len(released.plans) == 24


def test_every_episode_was_accepted(instance):
    with sqlite3.connect(instance[0] / "demonstration.db") as connection:
        count = "SELECT sum(submitted), sum(accepted_new), sum(rejected), count(*) FROM import_batch"
        assert connection.execute(count).fetchone() == (20_000, 20_000, 0, 24)
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (16_000,)
        assert connection.execute("SELECT count(*) FROM programme WHERE NOT synthetic").fetchone() == (0,)


@pytest.mark.parametrize("kind", ["completeness", "curves", "points", "comparison"])
@pytest.mark.parametrize("country", ["IR", "RU"])
def test_each_kind_of_result_shows_something_in_each_country(released, kind, country):
    assert any(shown(value) for value in results(released, kind, country))


def test_every_class_says_whose_outcomes_are_known(released):
    for value in results(released, "completeness"):
        assert value.programmes
    assert len(results(released, "completeness")) == 6


def test_planned_completion_is_refused_where_fewer_than_three_programmes_stand_beside_each_other(released):
    found = results(released, "completion")
    assert [value.refused for value in found] == ["P10"] * 3


@pytest.mark.parametrize(
    ("country", "klass", "form"),
    [("IR", "agonist", "funnel"), ("RU", "outpatient_psychosocial", "funnel"), ("RU", "antagonist", "table")],
)
def test_funnel_stands_from_five_programmes_on_and_a_table_below(released, country, klass, form):
    (value,) = results(released, "comparison", country, klass, "RET-F-180")
    assert (value.form, value.refused) == (form, None)


@pytest.mark.parametrize(("country", "klass"), [("IR", "agonist"), ("RU", "outpatient_psychosocial")])
def test_planted_programmes_are_found_and_the_easy_case_mix_is_not(released, country, klass):
    plans = released.plans
    (value,) = results(released, "comparison", country, klass, "RET-F-180")
    sides = {
        plans[row.programme].effect: (row.outside, row.side)
        for row in shown(value)
        if plans[row.programme].effect
    }
    assert sides == {0.5: (0.998, "above"), -0.5: (0.998, "below")}
    easy = [row.outside for row in shown(value) if plans[row.programme].easy]
    assert easy == [None]
    others = [row.outside for row in shown(value) if not plans[row.programme].effect]
    assert 0.998 not in others


def test_nobody_is_flagged_at_the_review_and_the_share_judged_is_said(released):
    rows = [row for value in results(released, "comparison", outcome="ABS-28") for row in shown(value)]
    assert {row.outside for row in rows} == {None}
    least, most = (edge(row.judged.value for row in rows) for edge in (min, max))
    assert 0.15 < least < 0.35 < most < 0.75


def test_red_warning_of_assessments_is_said_on_the_page_of_completeness(released):
    for value in results(released, "completeness"):
        closed = {r.programme for r in value.programmes if released.plans[r.programme].assessed[1] < 0.8}
        red = {n.programme for n in value.notices if (n.code, n.level, n.about) == ("W1", "red", "assessed")}
        assert closed <= red
        assert ("" in red) == bool(closed)


def test_easy_case_mix_is_not_mistaken_in_any_comparison(released):
    plans = released.plans
    rows = [
        row for value in results(released, "comparison") for row in shown(value) if plans[row.programme].easy
    ]
    assert len(rows) == 4
    assert all(row.outside is None for row in rows)


def test_programme_with_24_known_persons_is_hidden_everywhere(released):
    plans = released.plans
    for kind in ("curves", "points", "comparison", "completion"):
        rows = [
            row for value in results(released, kind) for row in value.programmes if plans[row.programme].small
        ]
        assert all(row.withheld in {"P1", "gate"} for row in rows)
    known = [
        row.withheld
        for v in results(released, "comparison", outcome="RET-F-180")
        for row in v.programmes
        if plans[row.programme].small
    ]
    assert known == ["P1", "P1"]


def test_closed_gate_says_which_indicators_fail(released):
    plans = released.plans
    closed = {}
    for value in results(released, "completeness"):
        for row in value.programmes:
            if plans[row.programme].assessed[1] < 0.8:
                closed[plans[row.programme].country] = (set(row.failing), set(row.failing_assessed))
    assert closed["IR"] == ({"DQ11"}, {"DQ11", "DQ03", "DQ05"})
    assert closed["RU"] == (set(), {"DQ03", "DQ05"})
    for value in results(released, "comparison", outcome="ABS-28"):
        rows = [row for row in value.programmes if plans[row.programme].assessed[1] < 0.8]
        assert all(row.withheld == "gate" for row in rows)


def test_public_tables_have_counts_to_show(released):
    assert set(released.tables) == {"total", "region", "sex", "age", "sub", "out", "prot", "half"}


def test_regions_are_two_for_each_country(released):
    assert released.regions == ["IR-1", "IR-2", "RU-2", "RU-5"]


def test_second_start_changes_nothing_and_takes_less_than_five_seconds_of_work(instance):
    folder, environment = instance
    before = (folder / "demonstration.db").stat().st_size
    started = os.times()
    assert portal(environment, "init").returncode == 0
    ended = os.times()
    work = ended.children_user - started.children_user + ended.children_system - started.children_system
    assert work < 5
    assert (folder / "demonstration.db").stat().st_size == before


def test_audit_chain_of_the_demonstration_holds(instance):
    done = portal(instance[1], "audit", "verify", "--json")
    assert json.loads(done.stdout)["ok"]


def test_code_of_an_account_is_printed(instance):
    done = portal(instance[1], "demo", "code", "researcher.ru@demo.example")
    assert re.fullmatch(r"\d{6}\n", done.stdout)


def test_code_of_an_unknown_account_is_refused(instance):
    done = portal(instance[1], "demo", "code", "nobody@demo.example")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "unknown_account" in done.stderr


def test_code_is_refused_outside_a_demonstration(tmp_path, instance):
    environment = instance[1] | {
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_DEMONSTRATION": "0",
        "PORTAL_KEYS_DIR": str(tmp_path),
    }
    done = portal(environment, "demo", "code", "researcher.ru@demo.example")
    assert done.returncode == 2


def test_unknown_protocol_language_is_named(instance):
    done = portal(instance[1], "demo", "--protocol-languages", "en,de")
    assert done.returncode == 2
    assert "de" in done.stderr


def test_key_files_are_closed(instance):
    keys = instance[0] / "keys"
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.glob("*.key")} == {0o400}
    assert not list((keys / "release").glob("*"))
