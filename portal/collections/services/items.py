"""The protocols of a collection: adding, removing, their order, a sentence about each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from portal.collections.models import (
    LANGUAGES,
    LONGEST_NOTE,
    Collection,
    CollectionItem,
    CollectionNote,
    State,
)
from portal.collections.policies import check_can_curate
from portal.collections.queries import count_readable, find_item, list_items
from portal.collections.services.acts import Words, mark_of, note, step, text_problems, tidy
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.queries.versions import find_current, find_protocol

MOST: Final = 50


@transaction
def add_item(collection: Collection, public_id: str, *, by: Actor, now: datetime) -> CollectionItem:
    """Put a protocol that is read at the end. Records `collection.item_added`."""
    check_can_curate(by)
    protocol = find_protocol(public_id)
    if protocol is None or find_current(protocol.id) is None:
        raise NotFound("not_found")
    items = list_items(collection.id)
    if protocol.id in {item.protocol_id for item in items}:
        raise Conflict("protocol_collected_already")
    if len(items) >= MOST:
        raise Conflict("collection_full")
    step(collection, now=now)
    place = items[-1].position + 1 if items else 1
    item = CollectionItem(collection_id=collection.id, protocol_id=protocol.id, position=place, added_at=now)
    db.session.add(item)
    db.session.flush()
    note("collection.item_added", collection, by=by, protocol=protocol.public_id)
    return item


@transaction
def remove_item(collection: Collection, item_id: int, *, by: Actor, now: datetime) -> None:
    """Take a protocol out. What is published is never left empty. Records `collection.item_removed`."""
    check_can_curate(by)
    item = _item(collection, item_id)
    step(collection, now=now)
    db.session.delete(item)
    db.session.flush()
    if collection.state == State.PUBLISHED and not count_readable(collection.id):
        raise Conflict("collection_empty")
    note("collection.item_removed", collection, by=by, protocol_id=item.protocol_id)


@transaction
def move_item(collection: Collection, item_id: int, *, up: bool, by: Actor, now: datetime) -> None:
    """One place up or down; at the end nothing happens but an entry. Records `collection.item_moved`."""
    check_can_curate(by)
    item = _item(collection, item_id)
    step(collection, now=now)
    order = _exchanged(list_items(collection.id), item, up=up)
    for place, held in enumerate(order, 1):
        held.position = place
    note("collection.item_moved", collection, by=by, protocol_id=item.protocol_id, place=item.position)


@transaction
def say_about(
    collection: Collection, item_id: int, words: Words, *, by: Actor, now: datetime, seen: str | None = None
) -> None:
    """A sentence about a protocol: in every language or in none, so that each reader reads the same.

    `seen` is the mark of the sentence that the page showed: another editor's sentence is not overwritten.
    Records `collection.item_noted`.
    """
    check_can_curate(by)
    item, said = _item(collection, item_id), tidy(words)
    problems = text_problems("note", said, LONGEST_NOTE)
    if said:
        problems += [
            Problem(f"note_{lang}", "note_in_every_language") for lang in LANGUAGES if lang not in said
        ]
    if problems:
        raise Invalid(problems=tuple(problems))
    if seen is not None and seen != mark_of(item.words):
        raise Conflict("words_changed_meanwhile")
    step(collection, now=now, code="words_changed_meanwhile")
    held = {row.lang: row for row in item.notes}
    item.notes = [_noted(held.get(lang), lang, text) for lang, text in said.items()]
    note("collection.item_noted", collection, by=by, protocol_id=item.protocol_id)


def _noted(held: CollectionNote | None, lang: str, text: str) -> CollectionNote:
    row = held or CollectionNote(lang=lang)
    row.text = text
    return row


def _item(collection: Collection, item_id: int) -> CollectionItem:
    item = find_item(collection.id, item_id)
    if item is None:
        raise NotFound("not_found")
    return item


def _exchanged(items: Sequence[CollectionItem], item: CollectionItem, *, up: bool) -> list[CollectionItem]:
    order = list(items)
    place = order.index(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order
