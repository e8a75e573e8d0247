"""`portal audit verify`: walk the hash chain and name the first entry at which it breaks."""

import click

from portal.cli.session import REFUSED, json_option, say, with_app


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
    say({"ok": not found, "broken_at": found and found.seq, "reason": found and found.reason}, as_json=as_json,
        text=lambda v: "the chain holds" if v["ok"] else f"broken at entry {v['broken_at']}: {v['reason']}")  # fmt: skip
    return REFUSED if found else 0
