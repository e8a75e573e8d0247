"""Reads of searches: what many people did not find, and what a person keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.models import SavedSearch, SearchQuery

LEAST_ASKED = 5
LEAST_DAYS = 2
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Unfound:
    """A text that found nothing, and how often."""

    text: str
    lang: str
    asked: int


def list_unfound(*, today: date, limit: int = 200) -> list[Unfound]:
    """Texts asked at least five times on at least two days; what fewer asked is shown to nobody."""
    asked = sa.func.sum(SearchQuery.asked)
    found = (
        sa.select(SearchQuery.text, SearchQuery.lang, asked.label("asked"))
        .where(SearchQuery.day > today - timedelta(days=SHOWN_DAYS))
        .group_by(SearchQuery.text, SearchQuery.lang)
        .having(asked >= LEAST_ASKED, sa.func.count() >= LEAST_DAYS)
        .order_by(asked.desc(), SearchQuery.text)
        .limit(limit)
    )
    return [Unfound(row.text, row.lang, int(row.asked)) for row in db.session.execute(found)]


def count_noted(day: date) -> int:
    found = sa.select(sa.func.count()).select_from(SearchQuery).where(SearchQuery.day == day)
    return db.session.scalar(found) or 0


def find_noted(day: date, lang: str, text: str) -> SearchQuery | None:
    of = SearchQuery.day == day, SearchQuery.lang == lang, SearchQuery.text == text
    return db.session.scalar(sa.select(SearchQuery).where(*of))


def list_saved(user_id: int) -> Sequence[SavedSearch]:
    """A person's own searches, the latest first."""
    found = sa.select(SavedSearch).where(SavedSearch.user_id == user_id)
    return db.session.scalars(found.order_by(SavedSearch.id.desc())).all()


def find_saved(user_id: int, key: str) -> SavedSearch | None:
    of = SavedSearch.user_id == user_id, SavedSearch.key == key
    return db.session.scalar(sa.select(SavedSearch).where(*of))


def list_every_saved() -> Sequence[SavedSearch]:
    return db.session.scalars(sa.select(SavedSearch).order_by(SavedSearch.id)).all()
