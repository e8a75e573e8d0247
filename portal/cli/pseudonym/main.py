"""The command line `portal-pseudonym`: key, check, one, table, rotate, verify."""

from __future__ import annotations

import argparse
import getpass
import hashlib
import hmac
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portal.cli.pseudonym import keys, tables
from portal.core.pseudonyms.making import TYPES, pseudonym
from portal.core.pseudonyms.refusing import Refused
from portal.core.pseudonyms.words import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFUSED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when done, 1 with one sentence on the error output when refused."""
    told = _parser().parse_args(arguments)
    try:
        text = told.verb(told)
    except Refused as refusal:
        print(say(told.lang, refusal.code, **refusal.values), file=sys.stderr)
        return REFUSED
    print(text)
    return 0


def _key(told: argparse.Namespace) -> str:
    return say(told.lang, "key_made", path=told.key, checksum=keys.checksum(keys.make(told.key)))


def _check(told: argparse.Namespace) -> str:
    return say(told.lang, "key_sound", checksum=keys.checksum(keys.read(told.key)))


def _one(told: argparse.Namespace) -> str:
    key = keys.read(told.key)
    raw = getpass.getpass(say(told.lang, "ask")) if sys.stdin.isatty() else sys.stdin.readline()
    return pseudonym(key, told.type, raw.rstrip("\r\n"))


def _table(told: argparse.Namespace) -> str:
    key, columns = keys.read(told.key), [tables.Replaced.of(text) for text in told.column]
    rows = tables.replace(tables.read(told.table, told.encoding), columns, key)
    tables.write(told.output, rows)
    return say(told.lang, "written", rows=len(rows) - 1, path=told.output)


def _rotate(told: argparse.Namespace) -> str:
    old, new = keys.read(told.key), keys.read(told.new_key)
    rows = list(
        tables.pairs(tables.read(told.table, told.encoding), tables.Replaced.of(told.column[0]), old, new)
    )
    tables.write(told.output, rows)
    return say(told.lang, "written", rows=len(rows) - 1, path=told.output)


def _verify(told: argparse.Namespace) -> str:
    try:
        found = hashlib.sha256(told.file.read_bytes()).hexdigest()
    except OSError:
        raise Refused("table_unreadable") from None
    if not hmac.compare_digest(found.encode(), told.sha256.strip().lower().encode()):
        raise Refused("another_file")
    return say(told.lang, "same_file")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal-pseudonym", description=__doc__)
    spoken = os.environ.get("LANG", "en")[:2]
    parser.add_argument("--lang", choices=LANGUAGES, default=spoken if spoken in LANGUAGES else "en")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, "key", _key, "make a new key in the file KEY")
    _verb(verbs, "check", _check, "check a key file against its checksum")
    one = _verb(verbs, "one", _one, "the pseudonym of one identifier, read from the keyboard")
    one.add_argument("--type", choices=TYPES, required=True)
    for name, run, does in (
        ("table", _table, "replace columns of a CSV file"),
        ("rotate", _rotate, "pairs of old and new pseudonyms"),
    ):
        _reads_a_table(_verb(verbs, name, run, does), rotates=name == "rotate")
    verify = verbs.add_parser("verify", help="compare a file with its published SHA-256")
    verify.add_argument("file", type=Path)
    verify.add_argument("sha256")
    verify.set_defaults(verb=_verify)
    return parser


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], str],
    does: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=does)
    parser.add_argument("key", type=Path, metavar="KEY")
    parser.set_defaults(verb=run)
    return parser


def _reads_a_table(parser: argparse.ArgumentParser, *, rotates: bool) -> None:
    if rotates:
        parser.add_argument("new_key", type=Path, metavar="NEW_KEY")
    parser.add_argument("table", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--column", action="append", required=True, metavar="NAME=TYPE:TARGET")
    parser.add_argument("--encoding", choices=tables.ENCODINGS, default="utf-8-sig")


if __name__ == "__main__":
    sys.exit(main())
