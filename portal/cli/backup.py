"""`portal backup` and `portal restore`: sealed copies, and the way back with two people's word."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask_babel import lazy_gettext as _l

from portal.cli.session import json_option, say, with_app
from portal.core.sentences import register_messages

if TYPE_CHECKING:
    from portal.core.permissions import Actor

register_messages(
    {
        "audit_broken": _l("The chain of the audit does not hold in this backup. Take an earlier one."),
        "backup_incomplete": _l("Files of this backup are missing or changed. Take another one."),
        "backup_other_database": _l(
            "This backup is of another kind of database than PORTAL_DATABASE_URL names."
        ),
        "backup_unreadable": _l("%(file)s cannot be opened with this key, or was changed."),
        "database_damaged": _l("The database is damaged. Keep its file and restore the last good backup."),
        "database_missing": _l("There is no database yet: run `portal init` first."),
        "database_present": _l(
            "There is a database already. A restore needs an empty place: move the old one away first."
        ),
        "identity_unreadable": _l("%(file)s holds no private age key."),
        "keys_differ": _l(
            "The keys of this machine are not those of the backup (%(keys)s). Bring its key files first."
        ),
        "program_failed": _l("%(program)s failed (%(status)s)."),
        "program_missing": _l("%(program)s is not installed. Install the client tools of PostgreSQL."),
        "recipient_unreadable": _l("%(file)s holds a line that is no public age key."),
        "tombstones_old": _l(
            "These tombstones are older than the backup. Take the newest file of tombstones that there is."
        ),
        "recipients_missing": _l(
            "Write the public age keys of at least %(fewest)s people into %(file)s, one a line."
        ),
    }
)

_path = click.Path(path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_path)
@click.option("--tombstones-only", is_flag=True, help="Only the marks of people who withdrew; run it often.")
@json_option
@with_app
def backup(folder: Path, *, tombstones_only: bool, as_json: bool) -> int:
    """Seal a copy of the data into FOLDER, for the keys in `backup.recipients`.

    The keys of the portal are not in it: keep them elsewhere, see docs/operate.md.
    """
    from portal.cli.safekeeping.making import make_backup, make_tombstones
    from portal.config import from_environment

    config = from_environment()
    made = (make_tombstones(config, folder),) if tombstones_only else make_backup(config, folder)
    names = [str(path) for path in made]
    say({"files": names}, as_json=as_json, text=lambda _: "\n".join(names))
    return 0


@click.command()
@click.argument("file", type=_file)
@click.option("--tombstones", required=True, type=_file, help="The newest tombstones-….age that there is.")
@click.option("--identity", required=True, type=_file, help="Private age key of one of the recipients.")
@click.option("--as", "first", required=True, metavar="EMAIL", help="Administrator of the system.")
@click.option("--with", "second", required=True, metavar="EMAIL", help="Another administrator.")
@click.option("--answers-stdin", is_flag=True, help="Read password and code of both from four lines.")
@json_option
def restore(file: Path, *, as_json: bool, **given: Any) -> int:
    """Restore FILE into an instance without a database. Two administrators confirm by password and code.

    People who withdrew after the backup was made are forgotten again.
    """
    from portal.cli.safekeeping.restoring import Sealed
    from portal.cli.safekeeping.restoring import restore as bring_back
    from portal.cli.setup import make_folders
    from portal.config import from_environment

    config = from_environment()
    make_folders(config)
    sealed = Sealed(file, given["tombstones"], given["identity"])
    done = bring_back(config, sealed, lambda: _two(**given))
    answer = {
        "made_at": done.made_at,
        "tombstones_made_at": done.tombstones_made_at,
        "forgotten": done.forgotten,
    }
    say(answer, as_json=as_json, text=_in_words)
    return 0


def _two(*, first: str, second: str, answers_stdin: bool, **_: Any) -> "tuple[Actor, Actor]":
    return _person(first, from_stdin=answers_stdin), _person(second, from_stdin=answers_stdin)


def _person(email: str, *, from_stdin: bool) -> "Actor":
    from portal.accounts.security.entry import verify_credentials

    if from_stdin:
        password, code = (sys.stdin.readline().rstrip("\n") for _ in range(2))
    else:
        password = click.prompt(f"Password of {email}", hide_input=True)
        code = click.prompt("Code")
    return verify_credentials(email, password, code)


def _in_words(answer: dict[str, Any]) -> str:
    return (
        f"restored as of {answer['made_at']}; withdrawals as of {answer['tombstones_made_at']}: "
        f"{answer['forgotten']} persons forgotten again"
    )
