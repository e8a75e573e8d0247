"""`portal audit verify`: walk the hash chain and name the first entry at which it breaks."""

from typing import Any

import click

from portal.cli.session import REFUSED, json_option, say, with_app


def _in_words(answer: dict[str, Any]) -> str:
    broken = f"broken at entry {answer['broken_at']}: {answer['reason']}"
    return "the chain holds" if answer["ok"] else broken


@click.group()
def audit() -> None:
    """The chained record of what people did."""


@audit.command()
@json_option
@with_app
def verify(*, as_json: bool) -> int:
    """Check every entry and the head."""
    from portal.core.audit import verify as walk

    found = walk()
    answer = {"ok": not found, "broken_at": found and found.seq, "reason": found and found.reason}
    say(answer, as_json=as_json, text=_in_words)
    return REFUSED if found else 0
