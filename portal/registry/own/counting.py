"""Counts of a programme's own episodes: completeness, fixed cohorts, completion, reasons, admission years."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics import outcomes
from portal.registry.own.reading import Stay

DAYS: Final = (28, 90, 180, 365)
SETTLING_DAYS: Final = 30
"""A day is asked about when it has passed for the whole admission month, and one more month to enter it."""

Answer = bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """Part of those known, with the 95 % interval; `due` counts the unknown as well."""

    due: int
    known: int
    reached: int
    value: float | None
    lower: float | None
    upper: float | None

    @property
    def known_share(self) -> float | None:
        return self.known / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Retained:
    """Fixed-cohort retention on a day; transfers before it are no part of the cohort and counted apart."""

    day: int
    share: Share
    transferred: int


@dataclass(frozen=True, slots=True)
class Year:
    """Episodes admitted in one year."""

    year: str
    episodes: int
    persons: int
    open: int
    retained: Share
    completed: Share


def retention_on(stays: Sequence[Stay], day: int, today: date) -> Retained:
    """RET-F: of those admitted long enough ago, who stayed at least `day` days."""
    latest = today - timedelta(day + SETTLING_DAYS)
    cohort = [stay for stay in stays if stay.began and stay.admitted_by <= latest]
    judged = [stay for stay in cohort if outcomes.judged(stay.los, stay.reason, day=day)]
    answers = (outcomes.retained(stay.los, stay.reason, day=day) for stay in judged)
    return Retained(day, share_of(answers), len(cohort) - len(judged))


def completion(stays: Iterable[Stay], *, planned: bool = False) -> Share:
    """CMP-TEDS, or CMP-PLANNED, of all who were discharged; an unknown reason is unknown."""
    ended = (stay for stay in stays if stay.reason is not None and stay.began)
    return share_of(
        outcomes.completed(stay.los, stay.reason, day=stay.los, planned=planned) for stay in ended
    )


def reasons(stays: Iterable[Stay]) -> list[tuple[int, int]]:
    """(reason, discharges), the commonest first."""
    counted = Counter(stay.reason for stay in stays if stay.reason is not None)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def by_year(stays: Sequence[Stay], today: date) -> list[Year]:
    """The programme year of admission by year of admission, the latest first."""
    years = sorted({stay.year for stay in stays}, reverse=True)
    return [_year(year, [stay for stay in stays if stay.year == year], today) for year in years]


def persons(stays: Iterable[Stay]) -> int:
    return len({stay.person for stay in stays})


def share_of(answers: Iterable[Answer]) -> Share:
    """Count yes, no and unknown, with the limits of Wilson."""
    counted = Counter(answers)
    reached, known = counted[True], counted[True] + counted[False]
    if not known:
        return Share(known + counted[None], 0, 0, None, None, None)
    from analytics.intervals import proportion_ci

    row = proportion_ci([reached], [known]).table.iloc[0]
    limits = float(row["lower"]), float(row["upper"])
    return Share(known + counted[None], known, reached, reached / known, *limits)


def _year(year: str, stays: Sequence[Stay], today: date) -> Year:
    retained = retention_on(stays, outcomes.RETENTION_DAY, today).share
    still = sum(stay.reason is None for stay in stays)
    return Year(year, len(stays), persons(stays), still, retained, completion(stays))
