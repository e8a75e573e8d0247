"""Transitions as data. A feature's `workflow.py` is one table; its diagram is drawn from the same table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.errors import InvalidTransition
from portal.core.permissions import Permission

Guard = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: in any of `sources`, `verb` leads to `target`; each guard raises when it refuses."""

    verb: str
    sources: tuple[str, ...]
    target: str
    permission: Permission | None = None
    guards: tuple[Guard, ...] = ()
    event: str = ""


Table = Sequence[Transition]


def find(table: Table, state: str, verb: str) -> Transition:
    """The row for this state and verb; InvalidTransition when there is none."""
    for row in table:
        if row.verb == verb and state in row.sources:
            return row
    raise InvalidTransition("wrong_state", state=state, verb=verb)


def check(table: Table, thing: Any, verb: str) -> Transition:
    """Find the row for `thing.state` and let its guards judge the thing."""
    row = find(table, str(thing.state), verb)
    for guard in row.guards:
        guard(thing)
    return row


def verbs(table: Table, state: str) -> list[str]:
    return [row.verb for row in table if state in row.sources]


def to_mermaid(table: Table, initial: str) -> str:
    """State diagram of the table, as Mermaid text."""
    lines = ["stateDiagram-v2", f"    [*] --> {initial}"]
    lines += [f"    {source} --> {row.target}: {row.verb}" for row in table for source in row.sources]
    return "\n".join(lines) + "\n"
