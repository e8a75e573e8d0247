"""Judging a frame of records: faults of single answers and broken rules, in one result."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import CURRENT, load
from portal.registry.rules.catalogue import all_rules, field_messages
from portal.registry.rules.fields import check_fields, due_faults
from portal.registry.rules.preparing import prepare
from portal.registry.rules.presence import without_empty_groups
from portal.registry.rules.verdicts import verdicts_of

if TYPE_CHECKING:
    import polars as pl


SMALLEST, LARGEST = -32768, 32767
WORDS: Final = {True: "fail", False: "pass", None: "not_evaluable"}


@dataclass(frozen=True, slots=True)
class Place:
    """One fault or broken rule: its code, how grave, at which column, and in which rows."""

    code: str
    severity: str
    column: str
    rows: "pl.Series"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything found in a frame. `unknown` counts the rows in which a rule was not evaluable.

    `record` holds the answers as they are kept: what follows from others is added, what is not kept is gone.
    `verdicts` has a column for each rule: true where it is broken, null where it is not evaluable.
    """

    height: int
    places: tuple[Place, ...]
    unknown: Mapping[str, int]
    verdicts: "pl.DataFrame"
    record: "pl.DataFrame"

    def of(self, severity: str) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.severity == severity)

    def rejected(self) -> "pl.Series":
        """Rows with at least one error."""
        import polars as pl

        result = pl.repeat(value=False, n=self.height, eager=True, dtype=pl.Boolean)
        for place in self.of("E"):
            result |= place.rows
        return result

    def results(self) -> list[dict[str, str]]:
        """What every rule says of each record, in words."""
        return [
            {rule: WORDS[said] for rule, said in row.items()} for row in self.verdicts.iter_rows(named=True)
        ]


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one rule says of one record."""

    rule: str
    version: int
    severity: str
    scope: str
    fields: tuple[str, ...]
    result: str  # pass, fail, not_evaluable
    message_key: str


def judge(
    frame: "pl.DataFrame",
    *,
    version: int = CURRENT,
    context: Mapping[str, Any] | None = None,
    unreadable: Mapping[str, "pl.Series"] | None = None,
    profile: bool = False,
) -> Judgement:
    """Judge records in the coded form of `coding`, columns named as in the dictionary.

    `context` gives country, start_month, this_month, age_served and open_before, each a value or a Series;
    `unreadable` says by column which cells were filled but could not be read.
    """
    prepared = prepare(without_empty_groups(frame, version), version, context or {})
    frame, seen = prepared.frame, unreadable or {}
    faults = check_fields(frame, load(version), seen, profile=profile) | due_faults(prepared.due, seen)
    places = [Place(code, "E", column, rows) for (code, column), rows in faults.items()]
    verdicts = verdicts_of(frame, version, context or {})
    unknown = {}
    for rule in all_rules(version):
        column = verdicts[rule.id]
        unknown[rule.id] = column.null_count()
        if column.any():
            places.append(Place(rule.id, rule.severity, rule.fields[0], column.fill_null(value=False)))
    return Judgement(frame.height, tuple(places), unknown, verdicts, prepared.record)


def judge_one(
    values: Mapping[str, int | None], *, version: int = CURRENT, context: Mapping[str, Any] | None = None
) -> list[RuleVerdict]:
    """The verdict of every rule on one record in coded form."""
    import polars as pl

    columns = [pl.Series(name, [_small(value)], dtype=pl.Int16) for name, value in values.items()]
    prepared = prepare(pl.DataFrame(columns or {"nothing": [None]}), version, context or {})
    row = verdicts_of(prepared.frame, version, context or {}).row(0, named=True)
    return [
        RuleVerdict(r.id, r.version, r.severity, r.scope, r.fields, WORDS[row[r.id]], r.message_key)
        for r in all_rules(version)
    ]


def _small(value: int | None) -> int | None:
    """A number as records can hold it; what is larger is out of every range all the same."""
    return None if value is None else max(SMALLEST, min(LARGEST, value))


@functools.cache
def severities(version: int = CURRENT) -> Mapping[str, str]:
    """How grave each code is: rules, and faults of cells and files."""
    faults = {code: message.severity for code, message in field_messages().items()}
    return MappingProxyType(faults | {rule.id: rule.severity for rule in all_rules(version)})
