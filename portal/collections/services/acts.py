"""What the verbs share: the words that may be told, and the entry of the audit."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.collections.models import LANGUAGES, Collection
from portal.core import identifiers
from portal.core.audit import record
from portal.core.errors import Conflict, Problem
from portal.core.permissions import Actor
from portal.extensions import db

Words = Mapping[str, str]


def tidy(words: Words) -> dict[str, str]:
    """By language, what was written; an empty text is none."""
    return {lang: text.strip() for lang in LANGUAGES if (text := words.get(lang, "")).strip()}


def text_problems(field: str, words: Words, longest: int) -> list[Problem]:
    """Faults of texts that stand in fields called by their language: too long, or a person in them."""
    long = [lang for lang, text in words.items() if len(text) > longest]
    told = [lang for lang, text in words.items() if _is_about_somebody(text)]
    return [
        *(Problem(f"{field}_{lang}", "text_too_long", {"max": longest}) for lang in long),
        *(Problem(f"{field}_{lang}", "identifier_found") for lang in told),
    ]


def _is_about_somebody(text: str) -> bool:
    return any(hit.level == identifiers.Level.BLOCK for hit in identifiers.scan(text))


def mark_of(words: Words) -> str:
    """Names a sentence in its languages: a form that shows it sends the mark back."""
    return hashlib.sha256(json.dumps(sorted(words.items())).encode()).hexdigest()[:16]


def step(
    collection: Collection, *, now: datetime, seen: int | None = None, code: str = "changed_meanwhile"
) -> None:
    """Count the change. Raises Conflict where somebody else was there first: what `seen` says, or the row."""
    known = collection.revision if seen is None else seen
    mine = sa.update(Collection).where(Collection.id == collection.id, Collection.revision == known)
    moved = mine.values(revision=Collection.revision + 1, changed_at=now).returning(Collection.id)
    if db.session.execute(moved.execution_options(synchronize_session=False)).first() is None:
        raise Conflict(code)
    db.session.refresh(collection)


def note(event: str, collection: Collection, *, by: Actor, **changes: Any) -> None:
    record(event, by=by, target=("collection", collection.public_id), changes=changes)
