"""Reads of collections: lists, one with its protocols, what a feed tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.collections.models import (
    LANGUAGES,
    PUBLIC,
    Collection,
    CollectionItem,
    CollectionText,
    State,
)
from portal.extensions import db
from portal.protocols.queries.lists import Facts, find_facts
from portal.protocols.queries.page import Text
from portal.protocols.queries.standing import Head, find_heads


@dataclass(frozen=True, slots=True)
class Named:
    """A collection with its words for one reader, and how many of its protocols can be read."""

    collection: Collection
    title: Text
    introduction: Text
    readable: int


@dataclass(frozen=True, slots=True)
class Line:
    """A protocol of a collection; `note` is None where nothing is said about it."""

    item: CollectionItem
    head: Head
    note: Text | None
    facts: Facts | None


def find_collection(public_id: str) -> Collection | None:
    return db.session.scalar(sa.select(Collection).where(Collection.public_id == public_id))


def next_number() -> int:
    """Collections are never deleted, so the next number is one above the last."""
    return (db.session.scalar(sa.select(sa.func.max(Collection.id))) or 0) + 1


def list_collections(lang: str, *, drafts: bool = False) -> list[Named]:
    """Published ones, then retired ones; with `drafts` the open ones first. The latest first."""
    states = [*([State.DRAFT] if drafts else []), *PUBLIC]
    order = sa.case(*[(Collection.state == state, place) for place, state in enumerate(states)])
    found = sa.select(Collection).where(Collection.state.in_(states))
    return name_all(db.session.scalars(found.order_by(order, Collection.id.desc())).all(), lang)


def name_all(collections: Sequence[Collection], lang: str) -> list[Named]:
    """With the words of a reader, in a fixed number of queries."""
    ids = [collection.id for collection in collections]
    rows = db.session.scalars(sa.select(CollectionText).where(CollectionText.collection_id.in_(ids))).all()
    words = {(row.collection_id, row.lang): row for row in rows}
    items = db.session.scalars(sa.select(CollectionItem).where(CollectionItem.collection_id.in_(ids))).all()
    heads = find_heads({item.protocol_id for item in items}, lang)
    readable = [
        i.collection_id for i in items if (head := heads.get(i.protocol_id)) and not head.is_withdrawn
    ]
    return [
        Named(
            collection,
            _text({tag: row.title for (held, tag), row in words.items() if held == collection.id}, lang),
            _text(
                {tag: row.introduction for (held, tag), row in words.items() if held == collection.id}, lang
            ),
            readable.count(collection.id),
        )
        for collection in collections
    ]


def find_words(collection_id: int) -> dict[str, CollectionText]:
    """Title and introduction by language."""
    found = sa.select(CollectionText).where(CollectionText.collection_id == collection_id)
    return {row.lang: row for row in db.session.scalars(found)}


def list_items(collection_id: int) -> Sequence[CollectionItem]:
    """In the order that its editors gave."""
    found = sa.select(CollectionItem).where(CollectionItem.collection_id == collection_id)
    return db.session.scalars(found.order_by(CollectionItem.position, CollectionItem.id)).all()


def find_item(collection_id: int, item_id: int) -> CollectionItem | None:
    of = CollectionItem.id == item_id, CollectionItem.collection_id == collection_id
    return db.session.scalar(sa.select(CollectionItem).where(*of))


def list_lines(collection_id: int, lang: str, *, today: date) -> list[Line]:
    """Its protocols with what they have come to, in a fixed number of queries. Nothing is left out: a reader
    learns that a protocol was withdrawn.
    """
    items = list_items(collection_id)
    heads = find_heads([item.protocol_id for item in items], lang)
    facts = find_facts([head.public_id for head in heads.values()], lang, today=today)
    return [
        Line(item, head, _note(item, lang), facts.get(head.public_id))
        for item in items
        if (head := heads.get(item.protocol_id)) is not None
    ]


def count_readable(collection_id: int) -> int:
    heads = find_heads([item.protocol_id for item in list_items(collection_id)], LANGUAGES[0])
    return sum(1 for head in heads.values() if not head.is_withdrawn)


def _note(item: CollectionItem, lang: str) -> Text | None:
    return _text(item.words, lang) if item.words else None


def _text(texts: dict[str, str], lang: str) -> Text:
    """In the reader's language; an editor's draft may have another one only, which is then marked."""
    if texts.get(lang):
        return Text(texts[lang], lang)
    held = next((tag for tag in LANGUAGES if texts.get(tag)), lang)
    return Text(texts.get(held, ""), held, is_fallback=held != lang)
