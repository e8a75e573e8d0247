"""`portal user create`: who may make whom, what is printed, exit statuses."""

import json

import click
import pytest
from click.testing import CliRunner
from factories import PASSWORD, make_organisation, make_user

from portal.accounts import queries
from portal.accounts.services import factor
from portal.cli import session, users
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.permissions import Role
from portal.extensions import db


@pytest.fixture
def run(app, monkeypatch):
    """Run `portal user create` on the test's database; refusals are raised."""
    monkeypatch.setattr(session, "_factories", [lambda _config=None: app])

    def call(*arguments, typed=""):
        result = CliRunner().invoke(users.user, ["create", *arguments], input=typed, standalone_mode=False)
        db.session.rollback()
        if result.exception:
            raise result.exception
        return result

    return call


def test_an_administrator_makes_a_clinician_of_the_own_country(run):
    admin = make_user("country_admin")
    centre = make_organisation(name="Centre One")
    done = run("c@example.org", "--role", "clinician", "--country", "IR", "--as", admin.email,
               "--centre", "Centre One", "--json")  # fmt: skip
    answer = json.loads(done.output)
    made = queries.find_by_email("c@example.org")
    assert answer["roles"] == ["clinician"]
    assert "/en/password/" in answer["link"]
    assert made.organisation_ids == {centre.id}


def test_the_other_countrys_account_is_refused(run):
    admin = make_user("country_admin")
    make_user("country_admin", country="RU")
    with pytest.raises(DomainError, match="permission_missing"):
        run("c@example.org", "--role", "clinician", "--country", "RU", "--as", admin.email)
    assert queries.find_by_email("c@example.org") is None


def test_the_very_first_administrator_needs_no_actor(run):
    run("a@example.org", "--role", "country_admin", "--country", "IR")
    assert queries.count_administrators("IR") == 1
    with pytest.raises(Exception, match="--as EMAIL"):
        run("b@example.org", "--role", "country_admin", "--country", "IR")


def test_without_actor_no_other_role_is_made(run):
    with pytest.raises(Exception, match="--as EMAIL"):
        run("a@example.org", "--role", "clinician", "--country", "IR")


def test_a_weighty_role_is_said_to_wait(run):
    admin = make_user("country_admin")
    done = run("m@example.org", "--role", "moderator", "--country", "IR", "--as", admin.email, "--json")
    assert json.loads(done.output)["waiting_for_second_administrator"] == ["moderator"]
    assert Role.MODERATOR not in queries.find_by_email("m@example.org").role_codes


def test_password_and_key_are_ready_for_a_script(run):
    done = run("a@example.org", "--role", "country_admin", "--country", "IR", "--password-stdin", "--json",
               typed=PASSWORD + "\n")  # fmt: skip
    from portal.accounts.security.entry import verify_credentials

    made, now = queries.find_by_email("a@example.org"), utcnow()
    assert json.loads(done.output)["totp_secret"] == made.totp_secret
    code = factor.current_code(made, now=now)
    assert verify_credentials("a@example.org", PASSWORD, code, now=now).id == made.id


def test_a_weak_password_is_refused(run):
    with pytest.raises(DomainError, match="password_short"):
        run(
            "a@example.org", "--role", "country_admin", "--country", "IR", "--password-stdin", typed="short\n"
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", "boss", "--country", "IR"), "unknown role"),
        (("--role", "editor", "--country", "DE"), "DE"),
    ],
)
def test_unknown_values_are_named(run, arguments, said):
    admin = make_user("country_admin")
    with pytest.raises(Exception, match=said):
        run("a@example.org", *arguments, "--as", admin.email)


def test_an_unknown_centre_is_named_and_nothing_is_made(run):
    admin = make_user("country_admin")
    with pytest.raises(DomainError, match="unknown_centre"):
        run(
            "a@example.org",
            "--role",
            "clinician",
            "--country",
            "IR",
            "--as",
            admin.email,
            "--centre",
            "Nowhere",
        )
    assert queries.find_by_email("a@example.org") is None


def test_an_unknown_actor_is_refused(run):
    with pytest.raises(DomainError, match="unknown_account"):
        run("a@example.org", "--role", "clinician", "--country", "IR", "--as", "nobody@example.org")


def test_people_read_lines(run):
    said = run("a@example.org", "--role", "country_admin", "--country", "IR").output
    assert said.startswith("made a@example.org (IR): country_admin\nlink to choose a password")


def test_an_address_that_is_no_text_is_refused_with_a_sentence(app, monkeypatch, capsys):
    monkeypatch.setattr(session, "_factories", [lambda _config=None: app])
    group = click.Group(commands={"user": users.user})
    address = b"\xff@example.org".decode(errors="surrogateescape")
    monkeypatch.setattr(
        "sys.argv",
        ["portal", "user", "create", "a@b.cc", "--role", "editor", "--country", "IR", "--as", address],
    )
    assert session.told(group) == session.REFUSED
    assert capsys.readouterr().err.splitlines()[-1] == "refused: an argument or a file is not text in UTF-8"
