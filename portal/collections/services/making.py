"""Beginning a collection, and changing its words."""

from dataclasses import dataclass
from datetime import datetime

from portal.collections.models import (
    LANGUAGES,
    LONGEST_INTRODUCTION,
    LONGEST_TITLE,
    Collection,
    CollectionText,
    State,
)
from portal.collections.policies import check_can_curate
from portal.collections.queries import find_words, next_number
from portal.collections.services.acts import Words, note, step, text_problems, tidy
from portal.core.db import transaction
from portal.core.errors import Invalid, Problem
from portal.core.permissions import Actor
from portal.extensions import db


@dataclass(frozen=True, slots=True)
class Written:
    """Titles and introductions by language."""

    titles: Words
    introductions: Words


@transaction
def begin(written: Written, *, by: Actor, now: datetime, demonstration: bool = False) -> Collection:
    """An editor begins a collection; a title in one language is enough. Records `collection.begun`."""
    check_can_curate(by)
    _check(written, complete=False)
    collection = Collection(
        public_id=f"CO-{next_number():04d}", created_by=by.id, created_at=now, changed_at=now,
        demonstration=demonstration, state=State.DRAFT,
    )  # fmt: skip
    db.session.add(collection)
    db.session.flush()
    _write(collection, written)
    note("collection.begun", collection, by=by)
    return collection


@transaction
def change_words(collection: Collection, written: Written, *, seen: int, by: Actor, now: datetime) -> None:
    """New words. `seen` is the revision that the page showed: another editor's words are not overwritten.

    What readers see stays whole: in all languages once it is public. Records `collection.words_changed`.
    """
    check_can_curate(by)
    _check(written, complete=collection.state != State.DRAFT)
    step(collection, now=now, seen=seen, code="words_changed_meanwhile")
    changed = _write(collection, written)
    note("collection.words_changed", collection, by=by, langs=changed)


def _check(written: Written, *, complete: bool) -> None:
    titles, introductions = tidy(written.titles), tidy(written.introductions)
    problems = [
        *text_problems("title", titles, LONGEST_TITLE),
        *text_problems("introduction", introductions, LONGEST_INTRODUCTION),
    ]
    if not titles:
        problems.append(Problem(f"title_{LANGUAGES[0]}", "text_missing"))
    elif complete:
        problems += [Problem(f"title_{lang}", "text_missing") for lang in LANGUAGES if lang not in titles]
        problems += [
            Problem(f"introduction_{lang}", "text_missing") for lang in LANGUAGES if lang not in introductions
        ]
    if problems:
        raise Invalid(problems=tuple(problems))


def _write(collection: Collection, written: Written) -> list[str]:
    """Write every language; returns those that changed."""
    titles, introductions = tidy(written.titles), tidy(written.introductions)
    held, changed = find_words(collection.id), []
    for lang in LANGUAGES:
        row = held.get(lang) or CollectionText(
            collection_id=collection.id, lang=lang, title="", introduction=""
        )
        new = titles.get(lang, ""), introductions.get(lang, "")
        if (row.title, row.introduction) != new:
            row.title, row.introduction = new
            changed.append(lang)
            db.session.add(row)
    return changed
