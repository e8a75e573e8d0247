"""`portal edition`: JSON for scripts, sentences for people, statuses 0 and 2, approval only with both factors."""

import io
import json
import sys
from datetime import UTC, datetime

import edition_world as world_of
import pytest
from factories import PASSWORD

from portal.accounts.services import factor
from portal.cli.main import portal
from portal.cli.session import told
from portal.extensions import db
from portal.releases import queries


def today():
    """A day after the closing, and after the codes that were used when the accounts were made."""
    return max(world_of.NOW, datetime.now(UTC))


@pytest.fixture
def run(app, monkeypatch, capsys):
    """Run a command line as a shell would: status, stdout, stderr."""

    def call(*arguments, stdin="", now=None):
        moment = now or today()
        monkeypatch.setattr("portal.cli.session._factories", [lambda _config: app])
        monkeypatch.setattr("portal.core.db.utcnow", lambda: moment)
        monkeypatch.setattr(sys, "argv", ["portal", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = told(portal)
        db.session.rollback()  # the command had a session of its own; read afresh
        out, err = capsys.readouterr()
        return status, out, err

    return call


def sign(run, world, country, **changes):
    person = world.administrators[country]
    now = today()
    given = {"password": PASSWORD, "code": factor.current_code(person, now=now)} | changes
    return run(
        "edition", "approve", "2026H1", "--as", person.email, "--password-stdin", "--code", given["code"], "--json",
        stdin=given["password"] + "\n", now=now,
    )  # fmt: skip


def freeze(run, world, *arguments):
    email = world.administrators["IR"].email
    return run("edition", "freeze", "2026H1", "--closing", "2026-07-31", "--as", email, *arguments)


def test_whole_way_by_command_line(run, world):
    status, out, _ = freeze(run, world, "--json")
    frozen = json.loads(out)
    assert (status, frozen["edition"], frozen["persons"]) == (0, "2026H1", "about 2030")
    assert frozen["countries"] == {"IR": 1144, "RU": "about 890"}
    assert frozen["digest"] == queries.find_freeze("2026H1").digest
    for country in ("IR", "RU"):
        status, out, err = sign(run, world, country)
        assert (status, err) == (0, "")
        assert json.loads(out)["country"] == country
    email = world.administrators["RU"].email
    status, out, _ = run("edition", "build", "2026H1", "--as", email, "--json")
    assert (status, json.loads(out)["tables"]) == (0, 8)
    assert queries.latest_edition().name == "2026H1"


def test_people_read_sentences(run, world):
    status, out, _ = freeze(run, world)
    assert status == 0
    assert "about 2030 persons (IR 1144, RU about 890)" in out
    person = world.administrators["IR"]
    now = today()
    code = factor.current_code(person, now=now)
    _, out, _ = run(
        "edition",
        "approve",
        "2026H1",
        "--as",
        person.email,
        "--password-stdin",
        "--code",
        code,
        stdin=PASSWORD + "\n",
        now=now,
    )
    assert out.startswith("2026H1: approved for IR until")


@pytest.mark.parametrize("changes", [{"password": "not the password at all"}, {"code": "000000"}])
def test_wrong_password_or_code_approves_nothing(run, world, changes):
    freeze(run, world)
    status, out, err = sign(run, world, "IR", **changes)
    assert (status, out) == (2, "")
    assert "wrong" in err


def test_refusals_are_sentences_on_stderr_with_status_two(run, world):
    status, out, err = run("edition", "build", "2026H1", "--as", world.administrators["IR"].email)
    assert (status, out) == (2, "")
    assert err.startswith("refused: ")
    status, _, err = run(
        "edition", "freeze", "a b", "--closing", "2026-07-31", "--as", world.administrators["IR"].email
    )
    assert (status, "1 to 20 Latin letters" in err) == (2, True)
    status, _, err = run(
        "edition", "freeze", "2026H1", "--closing", "31.07.2026", "--as", world.administrators["IR"].email
    )
    assert (status, "closing" in err) == (2, True)
    status, _, _ = run("edition", "freeze", "2026H1", "--closing", "2026-07-31", "--as", "nobody@example.org")
    assert status == 2


def test_parameters_are_no_options(run, world):
    status, _, err = freeze(run, world, "--sigma", "0")
    assert (status, "sigma" in err) == (2, True)


def test_built_edition_in_words(run, approved):
    email = approved.administrators["IR"].email
    status, out, _ = run("edition", "build", "2026H1", "--as", email, now=world_of.NOW)
    assert (status, out.startswith("2026H1: published, 8 tables")) == (0, True)


def test_a_freeze_is_given_up_by_command_line(run, world):
    freeze(run, world)
    email = world.administrators["RU"].email
    _, _, err = run("edition", "freeze", "2026H2", "--closing", "2026-07-31", "--as", email)
    assert "Edition 2026H1 is frozen and waits for publication" in err
    status, out, _ = run("edition", "discard", "2026H1", "--as", email, "--json")
    assert (status, json.loads(out)) == (0, {"edition": "2026H1", "state": "discarded"})
    status, _, err = run("edition", "discard", "2026H1", "--as", email)
    assert (status, err.startswith("refused: ")) == (2, True)
    status, out, _ = run("edition", "freeze", "2026H2", "--closing", "2026-07-31", "--as", email)
    assert (status, out.startswith("2026H2: about")) == (0, True)
