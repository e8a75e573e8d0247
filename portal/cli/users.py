"""`portal user create`: make an account, invite its person or set a password and a second factor at once."""

import sys
from typing import Any

import click

from portal.cli.session import json_option, say, with_app
from portal.core.errors import DomainError, Invalid, Problem


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, metavar="ROLE", help="Role; may be repeated.")
@click.option("--country", required=True, type=click.Choice(("IR", "RU")), help="Country of the account.")
@click.option("--name", default="", help="Name and family name; the address where absent.")
@click.option("--language", default="en", type=click.Choice(("en", "ru", "fa")), help="Language of mails.")
@click.option("--centre", default="", help="Centre (organisation) whose staff a clinician joins.")
@click.option("--password-stdin", is_flag=True, help="Read a password from the first line of standard input.")
@click.option("--as", "as_email", default="", metavar="EMAIL", help="Account that acts (audit).")
@json_option
@with_app
def create(**given: Any) -> int:
    """Make the account EMAIL. Without --as only the very first administrator can be made."""
    from portal.core.db import utcnow
    from portal.programmes.services import add_staff

    now = utcnow()
    by, centre = _actor(given), _centre(given)
    made, answer = _make(given, by=by, now=now)
    if centre:
        add_staff(centre, made, by=by, now=now)
    say(answer, as_json=given["as_json"], text=_in_words)
    return 0


def _actor(given: dict[str, Any]) -> Any:
    """The account of --as; the system only for the first administrator."""
    from portal.accounts.queries import count_administrators
    from portal.cli.session import acting
    from portal.core.permissions import SYSTEM

    if given["as_email"]:
        return acting(given["as_email"])
    if given["roles"] == ("country_admin",) and count_administrators() == 0:
        return SYSTEM
    raise click.UsageError("--as EMAIL is needed: an administrator of the country acts")


def _make(given: dict[str, Any], *, by: Any, now: Any) -> tuple[Any, dict[str, Any]]:
    from portal.accounts.services import accounts, factor

    secret = factor.new_secret() if given["password_stdin"] else None
    new = accounts.NewAccount(
        email=given["email"], name=given["name"] or given["email"].split("@")[0], country=given["country"],
        language=given["language"], roles=_roles(given["roles"]), totp_secret=secret,
        password_hash=_password(given) if given["password_stdin"] else None,
    )  # fmt: skip
    made = accounts.create_account(new, by=by, now=now)
    answer: dict[str, Any] = {"id": made.id, "email": made.email, "country": made.country}
    answer["roles"] = sorted(held.name for held in made.roles)
    answer["waiting_for_second_administrator"] = sorted(new.roles - made.role_codes)
    if secret:
        return made, answer | {"totp_secret": secret}
    return made, answer | {"link": _link(accounts.invite(made, by=by, now=now), made.language)}


def _roles(names: tuple[str, ...]) -> frozenset[Any]:
    from portal.core.permissions import Role

    for name in names:
        if name not in set(Role):
            raise click.UsageError(f"unknown role {name!r}; one of: {', '.join(Role)}")
    return frozenset(Role(name) for name in names)


def _password(given: dict[str, Any]) -> str:
    """The hash of the password on standard input, judged by the same rules as on the page."""
    from portal.accounts.rules import password_fault
    from portal.accounts.security.passwords import hash_password

    password = sys.stdin.readline().rstrip("\n")
    fault = password_fault(password, email=given["email"], name=given["name"])
    if fault:
        raise Invalid(fault, problems=(Problem("password", fault),))
    return hash_password(password)


def _link(token: str, language: str) -> str:
    from flask import current_app

    return f"{current_app.config['BASE_URL']}/{language}/password/{token}"


def _centre(given: dict[str, Any]) -> Any:
    """The centre that is named, found before anything is made."""
    from portal.programmes.queries import list_organisations

    found = [o for o in list_organisations(given["country"]) if o.name == given["centre"]]
    if given["centre"] and not found:
        raise DomainError("unknown_centre", centre=given["centre"])
    if given["centre"] and "clinician" not in given["roles"]:
        raise click.UsageError("only a clinician joins the staff of a centre: add --role clinician")
    return found[0] if given["centre"] else None


def _in_words(answer: dict[str, Any]) -> str:
    lines = [f"made {answer['email']} ({answer['country']}): {', '.join(answer['roles']) or 'member'}"]
    if answer["waiting_for_second_administrator"]:
        lines.append(
            "waits for a second administrator: " + ", ".join(answer["waiting_for_second_administrator"])
        )
    if "totp_secret" in answer:
        lines.append(f"key of the second factor (shown once): {answer['totp_secret']}")
    if "link" in answer:
        lines.append(f"link to choose a password (works once, seven days): {answer['link']}")
    return "\n".join(lines)
