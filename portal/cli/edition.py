"""`portal edition freeze | discard | approve | build`: releasing an edition, scriptable, with an actor."""

import sys
from datetime import datetime
from typing import Any

import click

from portal.cli.session import acting, as_option, json_option, say, with_app


@click.group()
def edition() -> None:
    """Freeze, give up, approve and build editions."""


@edition.command()
@click.argument("name")
@click.option("--closing", required=True, metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@as_option
@json_option
@with_app
def freeze(name: str, closing: datetime, *, email: str, as_json: bool) -> None:
    """Write the snapshot of the eligible persons and its digest."""
    from portal.core.db import utcnow
    from portal.releases import services

    by = acting(email)
    frozen = services.freeze(name, closing.date(), by=by, now=utcnow())
    answer = {
        "edition": name,
        "closing_on": frozen.closing_on.isoformat(),
        "synthetic": frozen.synthetic,
        "digest": frozen.digest,
        "catalogue_version": frozen.catalogue_version,
        "parameter_hash": frozen.parameter_hash,
        **services.report_for(frozen, by).plain,
    }
    say(answer, as_json=as_json, text=_frozen_in_words)


@edition.command()
@click.argument("name")
@as_option
@json_option
@with_app
def discard(name: str, *, email: str, as_json: bool) -> None:
    """Give up what was frozen: its snapshot and its key are destroyed."""
    from portal.core.db import utcnow
    from portal.releases import services

    services.discard(name, by=acting(email), now=utcnow())
    say({"edition": name, "state": "discarded"}, as_json=as_json, text=_discarded_in_words)


@edition.command()
@click.argument("name")
@as_option
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")
@click.option("--code", metavar="DIGITS", help="Code of the authenticator; asked for when left out.")
@json_option
@with_app
def approve(name: str, *, email: str, password_stdin: bool, code: str | None, as_json: bool) -> None:
    """Approve what was frozen, as administrator of one's country, with password and code."""
    from portal.accounts.security.entry import verify_credentials
    from portal.core.db import utcnow
    from portal.releases import services

    password = (
        sys.stdin.readline().rstrip("\n") if password_stdin else click.prompt("Password", hide_input=True)
    )
    given = code or click.prompt("Code")
    person = verify_credentials(email, password, given)
    approval = services.approve(name, by=person, now=utcnow())
    answer = {
        "edition": name,
        "country": approval.country,
        "bound_to": approval.bound_to,
        "expires_at": approval.expires_at.isoformat(),
    }
    say(answer, as_json=as_json, text=_approved_in_words)


@edition.command()
@click.argument("name")
@as_option
@json_option
@with_app
def build(name: str, *, email: str, as_json: bool) -> None:
    """Compute, release and publish an edition that both countries approved."""
    from portal.core.db import utcnow
    from portal.releases import queries, services

    published = services.build(name, by=acting(email), now=utcnow())
    answer = {
        "edition": published.name,
        "published_on": published.published_at.date().isoformat(),
        "synthetic": published.synthetic,
        "edition_hash": published.edition_hash,
        "catalogue_version": published.catalogue_version,
        "parameter_hash": published.parameter_hash,
        "tables": len(queries.public_tables(published)),
        "results": queries.count_results(published),
        "programmes": len(queries.programmes_in(published)),
    }
    say(answer, as_json=as_json, text=_built_in_words)


def _frozen_in_words(answer: dict[str, Any]) -> str:
    countries = ", ".join(f"{country} {persons}" for country, persons in answer["countries"].items())
    left_out = ", ".join(f"{reason} {persons}" for reason, persons in answer["left_out"].items())
    lines = [
        f"{answer['edition']}: {answer['persons']} persons ({countries})",
        f"left out: {left_out}",
        f"digest {answer['digest']}",
        "now one administrator of each country approves: portal edition approve NAME --as EMAIL",
    ]
    return "\n".join(lines)


def _discarded_in_words(answer: dict[str, Any]) -> str:
    return f"{answer['edition']}: given up, snapshot and key destroyed"


def _approved_in_words(answer: dict[str, Any]) -> str:
    return f"{answer['edition']}: approved for {answer['country']} until {answer['expires_at']}"


def _built_in_words(answer: dict[str, Any]) -> str:
    return f"{answer['edition']}: published, {answer['tables']} tables and {answer['results']} results"
