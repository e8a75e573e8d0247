"""What earlier editions showed: a programme's result is refreshed only by thirty newly known persons (P8)."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from analytics.disclosure import is_refreshed
from analytics.disclosure.shown import ShownPoints
from portal.releases import queries
from portal.releases.models import Edition

Key = tuple[str, str, str, str]

_NONE: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Carried:
    """Shown rows of the last edition by (kind, country, class, outcome) and the registry's programme code."""

    rows: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def fresh(self, key: Key, known: Mapping[str, int]) -> list[str]:
        """Programmes that are computed anew; the others stand as they were shown."""
        before = self.rows.get(key, _NONE)
        return [code for code in known if is_refreshed(known[code], shown_before=known_in(before.get(code)))]

    def was_shown(self, key: Key, code: str) -> bool:
        """Whether the last edition showed a number of the programme."""
        return known_in(self.rows.get(key, _NONE).get(code)) is not None

    def kept(self, key: Key, codes: Iterable[str]) -> list[Any]:
        """What the last edition showed of these programmes, under their codes in this one."""
        before = self.rows.get(key, _NONE)
        return [dataclasses.replace(before[code], programme=self.codes[code]) for code in codes]


def known_in(row: Any | None) -> int | None:
    """Known persons behind a shown row, None when it shows nothing."""
    if row is None or row.withheld is not None:
        return None
    if isinstance(row, ShownPoints):
        return max((point.known for point in row.points if point.known is not None), default=None)
    known: int | None = row.known
    return known


def carried_from(
    edition: Edition | None, codes: Mapping[str, str], *, name_of: Callable[[int], str | None]
) -> Carried:
    """Read back what the last edition showed; `codes` are today's codes by programme code of the registry."""
    if edition is None:
        return Carried({}, codes)
    named = {shown.code: name_of(shown.programme_id) for shown in queries.programmes_in(edition)}
    rows: dict[Key, dict[str, Any]] = {}
    for result in queries.approved_results(edition):
        key = (result.kind, result.country, result.klass, result.outcome)
        shown = result.released.value.programmes
        rows[key] = {code: row for row in shown if (code := named.get(row.programme)) is not None}
    return Carried(rows, codes)
