"""Collections at a state, for tests: words in three languages, protocols, and an editor who makes them."""

from typing import Any

import sqlalchemy as sa
from factories import make_user
from fork_world import Adopted, publish_next
from protocol_world import NOW, World, make_published

from portal.collections.models import Collection
from portal.collections.queries import list_items
from portal.collections.services import fate, items, making
from portal.collections.services.making import Written
from portal.extensions import db
from portal.protocols.services.bookmarks import save_protocol
from portal.protocols.services.concerns import Reason
from portal.protocols.services.endings import withdraw_by_order

TITLES = {"en": "Opioid agonists", "ru": "Агонисты опиоидов", "fa": "آگونیست‌های اپیوئیدی"}
INTRODUCTIONS = {
    "en": "Read in this order.", "ru": "Читайте в этом порядке.", "fa": "به همین ترتیب بخوانید.",
}  # fmt: skip
NOTE = {"en": "Start here.", "ru": "Начните с этого.", "fa": "از این‌جا آغاز کنید."}
WORDS = Written(TITLES, INTRODUCTIONS)


def make_collection(editor: Any, *versions: Any, words: Written = WORDS) -> Collection:
    """A draft that holds the protocols of these versions, the first with a sentence."""
    collection = making.begin(words, by=editor, now=NOW)
    for version in versions:
        items.add_item(collection, version.protocol.public_id, by=editor, now=NOW)
    return collection


def make_public(world: World, *versions: Any) -> Collection:
    collection = make_collection(world.editor, *versions)
    fate.move(collection, "publish", by=world.editor, now=NOW)
    return collection


def make_shown(world: World, published: Any, *, reader: Any) -> dict[str, Any]:
    """A published collection in which one protocol was withdrawn, a draft, and what a reader saved: one that
    has a newer version now, one that was withdrawn.
    """
    newer, gone = make_published(world), make_published(world)
    collection = make_public(world, published, newer, gone)
    items.say_about(collection, list_items(collection.id)[0].id, NOTE, by=world.editor, now=NOW)
    make_collection(world.editor, newer, words=Written({"fa": TITLES["fa"]}, {}))
    for version in (gone, published, newer):
        save_protocol(version.protocol, by=reader, now=NOW)
    publish_next(Adopted(world, world.author, newer, newer), resources="A physician and two nurses.")
    withdraw_by_order(
        gone, Reason("legal_order", "By order of a court."), by=make_user("country_admin"), now=NOW
    )
    return {"collection": collection.public_id}


def count_queries(call: Any) -> int:
    """How many statements a call sends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)
