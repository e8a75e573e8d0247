"""Tables of the registry. Rows carry the random programme code only; names of programmes live elsewhere.

One course of treatment is one row of `episode`: the answers at admission, up to four substances, the start
assessment, two reviews, discharge, the exit assessment and the follow-ups are columns of it. A million rows
then enter the store with one statement each, where a table per record type would take eight. The meaning is
that of the record types of the dictionary: the columns `review_1_…` are the review assessment number one, and
so on; a group whose columns are all empty was never recorded.

Rows are never overwritten. A correction, a review or a discharge inserts the next revision, which names the
first one in `first_id`, and marks its predecessor `replaced_by`. A row counts when `replaced_by` is empty and
its import, if it came by one, is visible: read through `portal.registry.queries.visible` only.
"""

from portal.registry.models.episodes import Episode, EpisodeSensitive, RuleResult
from portal.registry.models.imports import BatchState, ImportBatch, ImportRow, RowStatus
from portal.registry.models.people import TRIGGERS, Person, Tombstone
from portal.registry.models.snapshots import Snapshot, SnapshotMember

__all__ = [
    "TRIGGERS",
    "BatchState",
    "Episode",
    "EpisodeSensitive",
    "ImportBatch",
    "ImportRow",
    "Person",
    "RowStatus",
    "RuleResult",
    "Snapshot",
    "SnapshotMember",
    "Tombstone",
]
