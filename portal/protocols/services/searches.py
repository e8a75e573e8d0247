"""Searches: a log for editors that knows nobody, and searches that a person keeps and hears of.

The log holds only texts that found nothing or named nothing known, folded, on a day. A text in which anything
looks like a person is not kept; a text that few ask for is shown to nobody and goes after 30 days.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from portal.core import identifiers
from portal.core.db import bookkeeping
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols import search
from portal.protocols.models import SavedSearch, SearchQuery
from portal.protocols.queries import searches as read
from portal.protocols.queries.hiding import hidden_in
from portal.protocols.queries.versions import find_people
from portal.vocabulary.fold import fold

LONGEST: Final = 80
MOST_A_DAY: Final = 2000
KEPT: Final = timedelta(days=30)
MOST_SAVED: Final = 50
LOOKED_AT: Final = 50


@bookkeeping
def note_query(text: str, lang: str, *, now: datetime) -> bool:
    """Count a search that found nothing. False when the text is not kept."""
    clean, day = " ".join(fold(text).split()), now.date()
    if not clean or len(clean) > LONGEST or identifiers.scan(text):
        return False
    db.session.execute(sa.delete(SearchQuery).where(SearchQuery.day < day - KEPT))
    noted = read.find_noted(day, lang, clean)
    if noted is not None:
        noted.asked += 1
        return True
    if read.count_noted(day) >= MOST_A_DAY:
        return False
    db.session.add(SearchQuery(day=day, lang=lang, text=clean))
    return True


def note_quietly(text: str, lang: str, *, now: datetime) -> bool:
    """The same where others hold the database: a reader's answer is worth more than a count."""
    try:
        return note_query(text, lang, now=now)
    except OperationalError:
        return False


@bookkeeping
def save_search(text: str, filters: Mapping[str, Sequence[str]], *, by: Actor, now: datetime) -> SavedSearch:
    """Keep a search; what it finds anew is told from now on. Saving it twice is saving it once.

    Under `not` stand the concepts that the person took out of the words.
    """
    if not text.strip() and not filters.keys() - {"not"}:
        raise Invalid(problems=(Problem("text", "search_empty"),))
    if any(hit.level == identifiers.Level.BLOCK for hit in identifiers.scan(text)):
        raise Invalid(problems=(Problem("text", "identifier_found"),))
    kept = {name: sorted(values) for name, values in sorted(filters.items()) if values}
    key = hashlib.sha256(json.dumps([text.strip(), kept], ensure_ascii=False).encode()).hexdigest()
    found = read.find_saved(by.id, key)
    if found is not None:
        return found
    if len(read.list_saved(by.id)) >= MOST_SAVED:
        raise Conflict("searches_too_many")
    made = SavedSearch(user_id=by.id, key=key, text=text.strip(), filters=kept, created_at=now, told_at=now)
    db.session.add(made)
    return made


@bookkeeping
def forget_search(search_id: int, *, by: Actor) -> None:
    """Give a saved search up; others' searches do not exist for this person."""
    own = sa.delete(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.user_id == by.id)
    db.session.execute(own)


@bookkeeping
def tell_saved(*, now: datetime) -> int:
    """Once a day: what was published since the last time and answers a saved search. How many were told."""
    kept = read.list_every_saved()
    people = find_people({saved.user_id for saved in kept})
    told = 0
    for saved in kept:
        person = people.get(saved.user_id)
        if person is None or not person.active:
            continue
        hidden = hidden_in(person.country)
        numbers = [number for number in _new_answers(saved, person.language) if number not in hidden]
        if numbers:
            notify(person, "saved_search_found", {"text": saved.text, "numbers": numbers})
            told += 1
        saved.told_at = now
    return told


def _new_answers(saved: SavedSearch, lang: str) -> list[str]:
    """Protocols that were published since the person was last told."""
    narrowed = {name: values for name, values in saved.filters.items() if name != "not"}
    found = search.query(
        saved.text, lang=lang, filters=narrowed, without=saved.filters.get("not", ()), limit=LOOKED_AT,
        facets=False,
    )  # fmt: skip
    return [
        hit.public_id
        for hit in found.results
        if hit.published_at is not None and hit.published_at > saved.told_at
    ]
