"""Who enters an edition: the first episode of each person whose window has closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from analytics.outcomes import REASON_NOT_STARTED
from portal.extensions import db
from portal.programmes.models import Programme
from portal.registry.models import Episode, Person
from portal.registry.queries import visible
from portal.releases.catalogue import last_admission

CONTINUED: Final = (1, 3)
"""Prior treatment in the same programme, or continued: without a token the person may count twice."""

COLUMNS: Final = (
    Episode.id, Episode.programme_code, Episode.person_s, Episode.has_token, Episode.admission_month,
    Episode.admission_precision, Episode.sex, Episode.age_band, Episode.prior_treatment,
    Episode.inject_status,
    Episode.modality, Episode.substance_1_code, Episode.start_day, Episode.depot_interval_days,
    Episode.last_depot_day, Episode.last_contact_day, Episode.discharge_day, Episode.discharge_reason,
    Episode.day_precision, Episode.exit_day,
    *(
        getattr(Episode, f"review_{number}_{item}")
        for number in (1, 2)
        for item in (
            "day", "d28_alcohol", "d28_opioid", "d28_stimulant", "d28_controlled_env",
        )
    ),
)  # fmt: skip

EpisodeRow = sa.RowMapping


@dataclass(frozen=True, slots=True)
class Eligible:
    """Episodes that represent a person each, and how many persons were left out and why."""

    episodes: list[EpisodeRow]
    left_out: dict[str, int]


def find_eligible(programmes: Iterable[Programme], closing_on: date) -> Eligible:
    """The first closed episode of every person of these programmes who is in no earlier edition."""
    codes = [programme.code for programme in programmes]
    first: dict[tuple[str, bytes], EpisodeRow] = {}
    left_out = dict.fromkeys(("may_count_twice", "window_open", "in_earlier_edition"), 0)
    latest = f"{last_admission(closing_on):%Y-%m}"
    released = _released_persons(codes)
    for row in _episodes(codes):
        person = (row["programme_code"], row["person_s"])
        if person in first:
            continue
        first[person] = row
    episodes = []
    for person, row in first.items():
        reason = _why_not(row, latest, is_released=person in released)
        if reason is None:
            episodes.append(row)
        else:
            left_out[reason] += 1
    return Eligible(episodes, left_out)


def _why_not(row: EpisodeRow, latest: str, *, is_released: bool) -> str | None:
    if is_released:
        return "in_earlier_edition"
    if row["admission_month"] > latest:
        return "window_open"
    if not row["has_token"] and row["prior_treatment"] in CONTINUED:
        return "may_count_twice"
    return None


def _episodes(codes: list[str]) -> Iterable[EpisodeRow]:
    """Visible current revisions that began, earliest first."""
    found = (
        sa.select(*COLUMNS)
        .where(
            Episode.programme_code.in_(codes),
            visible(),
            sa.or_(Episode.discharge_reason.is_(None), Episode.discharge_reason != REASON_NOT_STARTED),
        )
        .order_by(Episode.admission_month, Episode.id)
    )
    return (row._mapping for row in db.session.execute(found))  # noqa: SLF001 # SQLAlchemy's public name


def _released_persons(codes: list[str]) -> set[tuple[str, bytes]]:
    found = sa.select(Person.programme_code, Person.s)
    rows = db.session.execute(found.where(Person.programme_code.in_(codes), Person.edition.is_not(None)))
    return {(row.programme_code, row.s) for row in rows}
