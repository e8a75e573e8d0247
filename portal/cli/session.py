"""What every command shares: the application, the actor of `--as`, JSON output, exit statuses."""

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from portal.core.errors import DomainError

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Config

ALL_WELL: Final = 0
SOME_REJECTED: Final = 1
REFUSED: Final = 2
OWNER_ONLY: Final = 0o077
F = TypeVar("F", bound=Callable[..., Any])
_factories: list[Callable[..., "Flask"]] = []


def use(factory: Callable[..., "Flask"]) -> None:
    """Told by the factory's module: commands make the application through it, never import it."""
    _factories[:] = [factory]


def application(config: "Config | None" = None) -> "Flask":
    """The application, made by the factory. What the process writes from now on is for its owner only."""
    os.umask(OWNER_ONLY)
    return _factories[0](config)


def with_app(command: F) -> F:
    """Run the command inside the application's context."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with application().app_context():
            return command(*args, **kwargs)

    return run  # type: ignore[return-value] # same signature


def acting(email: str) -> Any:
    """The account that acts; refused when unknown or not active."""
    from portal.accounts.queries import find_active_by_email

    user = find_active_by_email(email)
    if user is None:
        raise DomainError("unknown_account")
    return user


def say(value: Any, *, as_json: bool, text: Callable[[Any], str] | None = None) -> None:
    """Print the result: JSON for scripts, else the text for people."""
    if as_json or text is None:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        click.echo(text(value))


def told(group: click.Group) -> int:
    """Run a group and turn every refusal into a sentence and a status."""
    try:
        result = group.main(standalone_mode=False)
    except DomainError as refusal:
        click.echo(f"refused: {_sentence(refusal)}", err=True)
        return REFUSED
    except click.ClickException as fault:
        fault.show(file=sys.stderr)
        return REFUSED
    except click.exceptions.Abort:
        return REFUSED
    except UnicodeError:
        click.echo("refused: an argument or a file is not text in UTF-8", err=True)
        return REFUSED
    except (ValueError, RuntimeError, OSError) as fault:
        click.echo(f"refused: {fault}", err=True)
        return REFUSED
    return result if isinstance(result, int) else ALL_WELL


def _sentence(refusal: DomainError) -> str:
    """The English sentence where one is registered; code and values otherwise."""
    from portal.core.sentences import MESSAGES

    text = getattr(MESSAGES.get(refusal.code), "_args", (None,))[0]
    return f"{text % refusal.values} [{refusal.code}]" if text else str(refusal)


as_option = click.option("--as", "email", required=True, metavar="EMAIL", help="Account that acts (audit).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
