"""`portal registry`: judge a file without handing it in, and write the rules out for other programs."""

import json
from pathlib import Path
from typing import Any

import click

from portal.cli.imports import dictionary_option, submission_of
from portal.cli.session import ALL_WELL, SOME_REJECTED, acting, as_option, json_option, say, with_app

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 50


@click.group()
def registry() -> None:
    """The outcomes registry."""


@registry.command()
@click.argument("file", type=FILE)
@click.option("--programme", metavar="CODE", default="", help="Programme that the whole file is of.")
@click.option("--profile", metavar="NAME", default="template", help="trial-like or teds-d-like; needs --map.")
@click.option("--map", "map_file", type=FILE, metavar="FILE")
@click.option("--encoding", default="utf-8", show_default=True, help="utf-8, windows-1251 or windows-1256.")
@click.option("--language", type=click.Choice(["en", "ru", "fa"]), default="en", show_default=True)
@dictionary_option
@as_option
@json_option
@with_app
def check(file: Path, email: str, *, as_json: bool, **options: Any) -> int:
    """Judge FILE by every rule and keep nothing: CSV, or JSON with a list of records.

    Exit status: 0 all well, 1 some rows would be rejected, 2 refused.
    """
    from portal.core.db import utcnow
    from portal.registry.services.checking import check_file

    submission = submission_of(file, options | {"corrects": None}, data=_records(file, options["dictionary"]))
    rows = list(check_file(submission, by=acting(email), now=utcnow()))
    told = {"rows": [_told(row, options["language"]) for row in rows]}
    say(told, as_json=as_json, text=lambda _: _for_people(rows, options["language"]))
    return ALL_WELL if all(row.accepted for row in rows) else SOME_REJECTED


@registry.command()
@click.option(
    "--version", type=int, default=None, help="Version of the dictionary; the present one if left out."
)
def rules(version: int | None) -> int:
    """Print the rules as JSON: expressions and texts in three languages, to be run elsewhere."""
    from portal.registry.dictionary import CURRENT
    from portal.registry.rules.exporting import as_data

    click.echo(json.dumps(as_data(version or CURRENT), ensure_ascii=False, indent=1))
    return ALL_WELL


def _records(file: Path, version: int | None) -> bytes | None:
    """A file of JSON as the bytes of a table; None for a table."""
    from portal.registry.dictionary import CURRENT, load
    from portal.registry.services.checking import as_table

    if file.suffix != ".json":
        return None
    given = json.loads(file.read_text("utf-8"))
    records = given.get("records") if isinstance(given, dict) else given
    if not isinstance(records, list) or not records or not all(isinstance(r, dict) for r in records):
        raise click.UsageError("the file holds no list of records")
    return as_table(records, load(version or CURRENT))


def _told(row: Any, language: str) -> dict[str, Any]:
    from portal.registry.importer.report import said

    names = ("message", "hint")
    faults = [
        {"code": fault.code, "column": fault.column, "severity": fault.severity}
        | dict(zip(names, said(fault.code, fault.column, language, version=fault.version), strict=True))
        for fault in row.faults
    ]
    return {"line": row.line, "accepted": row.accepted, "faults": faults, "rules": dict(row.results)}


def _for_people(rows: list[Any], language: str) -> str:
    from portal.registry.importer.report import said

    accepted = sum(row.accepted for row in rows)
    lines = [
        f"{len(rows)} rows: {accepted} would be accepted, {len(rows) - accepted} rejected; nothing is kept"
    ]
    faults = [fault for row in rows for fault in row.faults]
    for fault in faults[:SHOWN]:
        message, hint = said(fault.code, fault.column, language, version=fault.version)
        lines.append(
            f"line {fault.line}, {fault.column or '-'}, {fault.code} ({fault.severity}): {message} {hint}"
        )
    if len(faults) > SHOWN:
        lines.append(f"and {len(faults) - SHOWN} more; --json for all")
    return "\n".join(lines)
