"""`portal init`, and what a start prints: makes an instance ready, with the demonstration when asked for."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.setup import prepare, refuse_mixture
from portal.config import Config, from_environment

if TYPE_CHECKING:
    from flask import Flask


@click.command()
def init() -> int:
    """Make this instance ready to serve: keys, database, catalogues, vocabulary."""
    config = from_environment()
    app = prepare(config)
    if config.demonstration:
        fill(config, app)
    else:
        with app.app_context():
            refuse_mixture()
    return 0


def fill(config: Config, app: "Flask", *, languages: Sequence[str] = ("en", "ru", "fa")) -> bool:
    """Load the demonstration if it is not there, anew if a load was cut off. True when it was loaded."""
    from portal.cli.demo.loading import is_begun, is_loaded, load_demonstration

    with app.app_context():
        cut_off = is_begun() and not is_loaded()
    if cut_off:
        app = prepare(config, reset=True)
    with app.app_context():
        return load_demonstration(languages=languages)


def greeting(config: Config) -> str:
    """What the start prints: where the portal is, and how to get in."""
    if config.demonstration:
        return _demonstration_greeting(config)
    from portal.cli.session import application

    with application(config).app_context():
        return f"Treatment Exchange: {config.base_url}\n{_first_link(config)}".rstrip()


def _first_link(config: Config) -> str:
    """A single-use link while there is no administrator."""
    from portal.accounts.queries import count_administrators
    from portal.accounts.services.registration import first_administrator_token
    from portal.core.db import utcnow

    if count_administrators():
        return ""
    token = first_administrator_token(now=utcnow())
    return f"The first administrator registers here (works once): {config.base_url}/en/first/{token}"


def _demonstration_greeting(config: Config) -> str:
    from portal.cli.demo.accounts import everyone, password_of

    people = list(everyone())
    width = max(len(person.email) for person in people)
    command = Path(sys.executable).parent / "portal"
    shown = command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command
    lines = [
        f"Treatment Exchange, demonstration with SYNTHETIC data: {config.base_url}",
        "",
        *(f"  {person.email:<{width}}  {person.role}, {person.country}" for person in people),
        "",
        f"  password of every account: {password_of((config.keys / 'field.key').read_bytes())}",
        f"  code of the second factor: {shown} demo code {people[1].email}",
        "",
    ]
    return "\n".join(lines)
