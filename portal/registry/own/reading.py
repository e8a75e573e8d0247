"""Episodes of one programme as its own figures see them, and how many answers of each question are known."""

import calendar
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from analytics import outcomes
from portal.extensions import db
from portal.registry.dictionary import CURRENT, NOT_APPLICABLE, Variable, load
from portal.registry.models import Episode, EpisodeSensitive
from portal.registry.queries import visible

REFUSED: Final = -2
"""A person who was asked and would not answer: the question was put, so the answer counts as known."""

UNKNOWN: Final = (99, 999)
EXACT: Final = 1
COLUMNS: Final = (
    Episode.person_s, Episode.admission_month, Episode.admission_precision, Episode.modality,
    Episode.last_contact_day, Episode.last_depot_day, Episode.depot_interval_days, Episode.discharge_day,
    Episode.discharge_reason, Episode.day_precision,
)  # fmt: skip


class Stay(NamedTuple):
    """One episode, judged: how long it lasted and how it ended."""

    person: bytes
    admission_month: str
    admitted_by: date
    modality: str
    los: int
    reason: int | None
    has_exact_days: bool

    @property
    def year(self) -> str:
        return self.admission_month[:4]

    @property
    def has_curve(self) -> bool:
        """Maintenance without a planned end, with days that are days and not bands."""
        return self.modality in outcomes.OPEN_ENDED and self.has_exact_days

    @property
    def began(self) -> bool:
        return self.reason != outcomes.REASON_NOT_STARTED


@dataclass(frozen=True, slots=True)
class Item:
    """How often a question was due, and how often its answer is known."""

    name: str
    due: int
    known: int


def read_stays(programme_code: str, today: date) -> list[Stay]:
    """Every current episode of the programme that counts."""
    found = sa.select(*COLUMNS).where(Episode.programme_code == programme_code, visible())
    return [_stay(row, today) for row in db.session.execute(found.order_by(Episode.id))]


def read_items(programme_code: str) -> list[Item]:
    """Answers known of every question that is put at admission to everybody."""
    asked = _questions()
    sums = [part for variable in asked for part in _counted(variable)]
    found = (
        sa.select(*sums)
        .select_from(Episode)
        .outerjoin(EpisodeSensitive, EpisodeSensitive.episode_id == Episode.id)
        .where(Episode.programme_code == programme_code, visible())
    )
    counts = [int(value or 0) for value in db.session.execute(found).one()]
    return [
        Item(variable.name, due, known)
        for variable, due, known in zip(asked, counts[::2], counts[1::2], strict=True)
    ]


def _questions() -> Sequence[Variable]:
    dictionary = load(CURRENT)
    return [
        variable
        for variable in dictionary.answers
        if variable.mandatory and dictionary.group(variable.group).always and _may_be_unknown(variable)
    ]


def _may_be_unknown(variable: Variable) -> bool:
    return variable.allows_missing or _has_unknown(variable)


def _has_unknown(variable: Variable) -> bool:
    return variable.codes is not None and any(code in UNKNOWN for code in variable.codes.codes)


def _counted(variable: Variable) -> tuple[Any, Any]:
    """Sums of due and known. What was never recorded is due; what does not apply is not."""
    owner = EpisodeSensitive if variable.sensitive else Episode
    column = getattr(owner, variable.name)
    if variable.kind == "icd10":
        known = sa.and_(column.is_not(None), column.not_like("-%"))
        return sa.func.count(Episode.id), sa.func.sum(sa.case((known, 1), else_=0))
    said = sa.and_(column >= 0, column.not_in(UNKNOWN)) if _has_unknown(variable) else column >= 0
    due = sa.case((column == NOT_APPLICABLE, 0), else_=1)
    return sa.func.sum(due), sa.func.sum(sa.case((sa.or_(said, column == REFUSED), 1), else_=0))


def _stay(row: Any, today: date) -> Stay:
    first, last = _month(row.admission_month)
    exact = row.admission_precision == EXACT
    return Stay(
        person=row.person_s,
        admission_month=row.admission_month,
        admitted_by=last,
        modality=row.modality,
        los=_length(row, (today - first).days if exact else None),
        reason=row.discharge_reason,
        has_exact_days=row.day_precision == EXACT,
    )


@functools.lru_cache(maxsize=1000)
def _month(text: str) -> tuple[date, date]:
    """First and last day of a month."""
    year, month = int(text[:4]), int(text[5:7])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _length(row: Any, longest: int | None) -> int:
    """Length of stay by the definitions of the edition; a dose that still works reaches to today at most."""
    depot = row.modality in outcomes.DEPOT_MODALITIES
    los = outcomes.length_of_stay(
        _answer(row.last_contact_day) or 0,
        last_depot_day=_answer(row.last_depot_day) if depot else None,
        depot_interval_days=_answer(row.depot_interval_days) if depot else None,
        discharge_day=_answer(row.discharge_day),
        reason=row.discharge_reason,
    )
    return los if longest is None or row.discharge_reason is not None else min(los, max(longest, 0))


def _answer(value: int | None) -> int | None:
    return value if value is not None and value >= 0 else None
