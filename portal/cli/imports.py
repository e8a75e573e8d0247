"""`portal import`: hand in a file for a programme, or by a profile and a map; JSON for scripts."""

import sys
from pathlib import Path
from typing import Any

import click

from portal.cli.session import ALL_WELL, SOME_REJECTED, acting, as_option, json_option, say, with_app

SHOWN = 20
dictionary_option = click.option(
    "--dictionary",
    type=int,
    metavar="VERSION",
    help="Dictionary that the columns follow; found by them if left out.",
)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", metavar="CODE", default="", help="Programme that the whole file is of.")
@click.option("--profile", metavar="NAME", default="template", help="trial-like or teds-d-like; needs --map.")
@click.option(
    "--map", "map_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option("--mode", type=click.Choice(["dry", "valid", "all"]), default="dry", show_default=True)
@click.option("--encoding", default="utf-8", show_default=True, help="utf-8, windows-1251 or windows-1256.")
@click.option("--corrects", type=int, metavar="IMPORT_ID", help="The import whose error file this is.")
@click.option(
    "--errors-to", type=click.Path(path_type=Path), metavar="FILE", help="Write the rows to correct."
)
@click.option("--language", type=click.Choice(["en", "ru", "fa"]), default="en", show_default=True)
@dictionary_option
@as_option
@json_option
@with_app
def import_(file: Path, email: str, *, as_json: bool, **options: Any) -> int:
    """Import FILE. dry: read and judge only; valid: accept valid rows; all: accept all rows or none.

    Exit status: 0 all well, 1 some rows rejected, 2 refused.
    """
    from portal.registry.services.imports import import_file
    from portal.registry.services.reports import report_of

    submission = submission_of(file, options)
    by = acting(email)
    batch = import_file(submission, mode=options["mode"], by=by, progress=_progress)
    report = report_of(batch)
    _write_errors(batch.id, options, by)
    say(report.as_dict(), as_json=as_json, text=lambda _: _for_people(report, options["language"]))
    return SOME_REJECTED if batch.rejected else ALL_WELL


def submission_of(file: Path, options: dict[str, Any], *, data: bytes | None = None) -> Any:
    """What is handed in; `data` where the file itself is no table."""
    from portal.registry.importer.source import COMMAND_LINE
    from portal.registry.services.submitting import Submission

    if options["profile"] != "template" and options["map_file"] is None:
        raise click.UsageError("--profile needs --map FILE.json")
    if options["profile"] == "template" and not options["programme"]:
        raise click.UsageError("say which programme: --programme CODE, or --profile NAME --map FILE.json")
    file_map = options["map_file"].read_text("utf-8") if options["map_file"] else ""
    return Submission(
        file if data is None else data, programme=options["programme"], profile=options["profile"],
        file_map=file_map,
        encoding=options["encoding"], limits=COMMAND_LINE, corrects=options["corrects"],
        version=options["dictionary"] or 0,
    )  # fmt: skip


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows:,} rows", nl=False, err=True)


def _write_errors(batch_id: int, options: dict[str, Any], by: Any) -> None:
    from portal.registry.services.reports import errors_csv

    if options["errors_to"] is not None:
        with options["errors_to"].open("w", encoding="utf-8", newline="") as file:
            file.writelines(errors_csv(batch_id, options["language"], by=by))


def _for_people(report: Any, language: str) -> str:
    from portal.registry.importer.report import said

    batch = report.batch
    lines = [
        f"import {batch.id} ({batch.mode}): {batch.submitted} submitted = {batch.accepted} accepted"
        f" + {batch.rejected} rejected + {batch.ignored} ignored"
    ]
    for error in report.errors[:SHOWN]:
        message, hint = said(error.code, error.column, language, version=error.version)
        lines.append(f"line {error.line}, {error.column or '-'}, {error.code}: {message} {hint}")
    if len(report.errors) > SHOWN:
        lines.append(f"and {len(report.errors) - SHOWN} more; --json or --errors-to FILE for all")
    return "\n".join(lines)
