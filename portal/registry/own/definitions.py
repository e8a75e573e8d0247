"""The programme's own outcomes by every definition that its records allow, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from analytics.outcomes.records import Records

SHOWN: Final = (
    "RET-F-28", "RET-F-90", "RET-F-180", "RET-F-365", "RET-12W",
    "CMP-TEDS", "CMP-PLANNED", "CMP-TEDS-TRANSFER", "CMP-DEP-FREE",
    "CMP-REP", "ABS-28", "ABS-28-ALL", "INJ-STOP",
)  # fmt: skip
"""Shares that version 1 of the dictionary can tell; the command line prints all definitions."""


@dataclass(frozen=True, slots=True)
class Defined:
    """One definition: of those known, and over all due, where the unknown counts as not reached."""

    id: str
    due: int
    known: int
    reached: int
    of_known: float | None
    of_due: float | None


def by_definition(records: "Records") -> list[Defined]:
    """Every shown definition that somebody is due for; one that lacks its columns is left out."""
    from analytics.side_by_side import side_by_side

    table = side_by_side(records, SHOWN).table
    rows = {(row["id"], row["variant"]): row for row in table.to_dict("records")}
    found = [_defined(name, rows) for name in SHOWN if (name, "known") in rows]
    return [each for each in found if each.due]


def _defined(name: str, rows: Mapping[Any, Mapping[Any, Any]]) -> Defined:
    known, due = rows[name, "known"], rows[name, "all_due"]
    reached = int(known["reached"])
    return Defined(
        name,
        int(due["due"]),
        int(known["known"]),
        reached,
        _share(reached, int(known["known"])),
        _share(reached, int(due["due"])),
    )


def _share(reached: int, whole: int) -> float | None:
    return reached / whole if whole else None
