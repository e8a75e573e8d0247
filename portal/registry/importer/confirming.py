"""Confirmations that outlive a revision: a warning is the same while the answers that it looked at are.

They are found again by record, rule and those answers, so that handing in the same values asks nobody twice.
"""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from portal.registry.dictionary import load
from portal.registry.rules import all_rules
from portal.registry.rules.verdicts import reads

CARRY: Final = """
    UPDATE rule_result SET confirmation = (
        SELECT o.confirmation FROM episode n
        JOIN episode e ON e.row_key = n.row_key AND e.revision < n.revision
        JOIN rule_result o ON o.episode_id = e.id AND o.rule = :rule AND o.confirmation IS NOT NULL
        WHERE n.id = rule_result.episode_id AND {same}
        AND (e.import_batch_id IS NULL OR e.import_batch_id IN (SELECT id FROM import_batch WHERE visible))
        ORDER BY e.revision DESC LIMIT 1)
    WHERE rule = :rule AND confirmation IS NULL
    AND episode_id IN (SELECT id FROM episode WHERE import_batch_id = :batch AND first_id IS NOT NULL)
"""


def carry_confirmations(batch_id: int, version: int, connection: sa.Connection) -> None:
    """Give the changed rows of an import the confirmations of their earlier revisions that still stand."""
    for rule, columns in _warnings(version):
        same = " AND ".join(f"n.{name} IS NOT DISTINCT FROM e.{name}" for name in columns)
        connection.execute(sa.text(CARRY.format(same=same)), {"rule": rule, "batch": batch_id})


def _warnings(version: int) -> Iterator[tuple[str, list[str]]]:
    """Rules of warnings, each with the stored answers that it looks at, where none of them is kept apart."""
    kept = {v.name: v for v in load(version).stored}
    for rule in all_rules(version):
        names = sorted(name for name in reads(rule) if name in kept)
        if rule.severity == "W" and names and not any(kept[name].sensitive for name in names):
            yield rule.id, names
