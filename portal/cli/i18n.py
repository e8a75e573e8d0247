"""`portal i18n update | check`: extract the strings, update and judge the catalogues."""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from portal.cli.session import REFUSED
from portal.config import ROOT

FOLDER: Final = ROOT / "translations"
TEMPLATE: Final = FOLDER / "messages.pot"
LANGUAGES: Final = ("ru", "fa")
EXTRACT: Final = (
    "extract", "-F", "pyproject.toml", "-k", "_l", "-k", "pgettext:1c,2", "-k", "lazy_pgettext:1c,2",
    "--no-location", "--sort-output",
    "--ignore-dirs", ".?* node_modules var",  # Babel alone would leave out _components
    "--add-comments=TRANSLATORS:", "--strip-comments", "--project=Treatment Exchange", "--copyright-holder=",
)  # fmt: skip


@click.group()
def i18n() -> None:
    """Catalogues of the interface."""


@i18n.command()
def update() -> None:
    """Extract every string and bring both catalogues up to date; new ones stay empty until translated."""
    _babel(*EXTRACT, "-o", str(TEMPLATE), ".")
    for language in LANGUAGES:
        target = catalogue(language)
        verb = "update" if target.exists() else "init"
        extra = ("--no-fuzzy-matching", "--ignore-obsolete") if verb == "update" else ()
        target.parent.mkdir(parents=True, exist_ok=True)
        _babel(verb, "-i", str(TEMPLATE), "-o", str(target), "-l", language, *extra)


@i18n.command()
def check() -> int:
    """Fail unless the template is current and both catalogues are complete."""
    found = list(every_fault())
    for line in found[:40]:
        click.echo(line, err=True)
    click.echo(f"strings: {len(found)} faults" if found else "strings: complete in ru and fa")
    return REFUSED if found else 0


def catalogue(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def every_fault() -> Iterator[str]:
    """One line per fault: missing, fuzzy, wrong placeholder, Arabic letter, stale template."""
    fresh = _read(io.BytesIO(_extracted()))
    if _keys(fresh) != _keys(_read(io.BytesIO(TEMPLATE.read_bytes()))):
        yield "messages.pot is not current: run make strings"
    for language in LANGUAGES:
        with catalogue(language).open("rb") as file:
            yield from (
                f"{language}: {what}: {key[0][:70]!r}" for key, what in faults(fresh, _read(file), language)
            )


def faults(template: Any, have: Any, language: str) -> Iterator[tuple[tuple[str, str | None], str]]:
    """(key, fault) for each message of the catalogue that a reader would notice."""
    for message in (m for m in have if m.id):
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not all(texts):
            yield _key(message), "missing"
        if message.fuzzy:
            yield _key(message), "fuzzy"
        if language == "fa" and any(c in (t or "") for t in texts for c in "يك"):
            yield _key(message), "Arabic letter"
        yield from ((_key(message), str(error)) for error in message.check(have))
    yield from ((key, "not in the catalogue") for key in _keys(template) - _keys(have))
    yield from ((key, "no longer in the source") for key in _keys(have) - _keys(template))


def compile_all() -> None:
    """Make .mo files where the .po is newer."""
    from babel.messages.mofile import write_mo

    for language in LANGUAGES:
        source = catalogue(language)
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as file, target.open("wb") as out:
                write_mo(out, _read(file))


def _extracted() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "fresh.pot"
        _babel(*EXTRACT, "-o", str(target), ".")
        return target.read_bytes()


def _babel(*arguments: str) -> None:
    subprocess.run([_tool(), "-q", *arguments], cwd=ROOT, check=True)  # noqa: S603 # our own tool


def _tool() -> str:
    return str(Path(sys.executable).parent / "pybabel")


def _read(file: Any) -> Any:
    from babel.messages.pofile import read_po

    return read_po(file)


def _key(message: Any) -> tuple[str, str | None]:
    singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return singular, message.context


def _keys(entries: Any) -> set[tuple[str, str | None]]:
    return {_key(m) for m in entries if m.id}
