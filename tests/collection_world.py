"""Collections at a state, for tests: words in three languages, protocols, and an editor who makes them."""

from typing import Any

import sqlalchemy as sa
from protocol_world import NOW, World

from portal.collections.models import Collection
from portal.collections.services import fate, items, making
from portal.collections.services.making import Written
from portal.extensions import db

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
