"""Journeys: episodes of one person that follow each other within 21 days are one course of treatment (R43).

The gap is `prev_exit_gap_days`, counted at the centre. Where it is not collected nothing is joined: the month
of admission alone cannot tell 21 days. Months do for the 182 days of a return, with a caution.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from analytics.outcomes.records import Flags, Floats, Records

SAME_JOURNEY: Final = 21
ENDINGS: Final = ("last_contact_day", "discharge_day", "last_depot_day")
CARRIED: Final = ("discharge_reason", "depot_interval_days")


class Following(NamedTuple):
    """The next episode of the same person: its place (-1 none) and the days between (NaN not known)."""

    place: np.ndarray[tuple[int], np.dtype[np.int64]]
    gap: Floats


def joined(records: Records) -> Records:
    """Records with one row per journey; the first episode's row, with the ends of the last.

    Parameters
    ----------
    records : Records
        With `person` and `prev_exit_gap_days`; otherwise they come back unchanged.

    Returns
    -------
    Records
        Days count from the first admission.

    Examples
    --------
    >>> import pandas as pd
    >>> from analytics.outcomes.records import Records
    >>> rows = {"person": ["a", "a"], "admission_month": ["2025-01", "2025-03"]}
    >>> rows |= {"prev_exit_gap_days": [-4, 10], "discharge_day": [50, 100], "discharge_reason": [21, 31]}
    >>> joined(Records(episodes=pd.DataFrame(rows))).episodes["discharge_day"].tolist()
    [160.0]
    """
    columns = records.episodes.columns
    if "person" not in columns or "prev_exit_gap_days" not in columns:
        return records
    next_one = following(records)
    continues = (next_one.place >= 0) & (next_one.gap <= SAME_JOURNEY)
    if not continues.any():
        return records
    return _merged(records, next_one, continues)


def following(records: Records) -> Following:
    """The next episode of each person, and the gap to it in days, exact where it was collected."""
    persons, about = records.texts("person"), records.admitted_about()
    order = np.lexsort((np.arange(len(records)), about, persons.astype(str)))
    place, gap = np.full(len(records), -1, dtype=np.int64), np.full(len(records), np.nan)
    exact, ends = records.values("prev_exit_gap_days"), _ends(records)
    for earlier, later in pairwise(order.tolist()):
        if persons[earlier] and persons[earlier] == persons[later]:
            place[earlier] = later
            months = float((about[later] - about[earlier]).astype(np.int64)) - ends[earlier]
            gap[earlier] = months if np.isnan(exact[later]) else exact[later]
    return Following(place, gap)


def has_exact_gaps(records: Records) -> bool:
    """Whether the days between two episodes were counted at the centre."""
    return "prev_exit_gap_days" in records.episodes.columns


def _ends(records: Records) -> Floats:
    """Day of discharge; NaN while open, so that nothing follows an open episode."""
    return records.values("discharge_day")


def _merged(records: Records, next_one: Following, continues: Flags) -> Records:
    columns = [name for name in (*ENDINGS, *CARRIED) if name in records.episodes.columns]
    values = {name: records.values(name) for name in columns}
    for first in _backwards(next_one, continues):
        later = int(next_one.place[first])
        offset = values["discharge_day"][first] + next_one.gap[first]
        for name in columns:
            shift = offset if name in ENDINGS else 0.0
            values[name][first] = values[name][later] + shift
    inside = np.zeros(len(records), dtype=bool)
    inside[next_one.place[continues]] = True
    frame = records.episodes.assign(**values)[~inside].reset_index(drop=True)
    return replace(records, episodes=frame)


def _backwards(next_one: Following, continues: Flags) -> list[int]:
    """Episodes that continue, the last of each chain first."""
    starts = [int(place) for place in np.flatnonzero(continues)]
    done: list[int] = []
    waiting = set(starts)
    while waiting:
        ready = [place for place in waiting if int(next_one.place[place]) not in waiting]
        done += ready
        waiting -= set(ready)
    return done
