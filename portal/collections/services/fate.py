"""Publishing a collection, retiring it, publishing it again."""

from datetime import datetime

from portal.collections.models import Collection, State
from portal.collections.policies import check_can_curate
from portal.collections.queries import count_readable, find_words
from portal.collections.services.acts import note, step
from portal.collections.workflow import TRANSITIONS, Standing
from portal.core.db import transaction
from portal.core.permissions import Actor
from portal.core.workflow import check


@transaction
def move(collection: Collection, verb: str, *, by: Actor, now: datetime, seen: int | None = None) -> None:
    """`publish`, `retire` or `reopen`, by the table. `seen` is the revision that the page showed.

    Records the event of the table; raises InvalidTransition where words or protocols are missing.
    """
    check_can_curate(by)
    row = check(TRANSITIONS, find_standing(collection), verb)
    step(collection, now=now, seen=seen)
    collection.state = row.target
    if row.target == State.PUBLISHED and collection.published_at is None:
        collection.published_at = now
    note(row.event, collection, by=by)


def find_standing(collection: Collection) -> Standing:
    words = find_words(collection.id)
    return Standing(
        state=collection.state,
        titles={lang: row.title for lang, row in words.items()},
        introductions={lang: row.introduction for lang, row in words.items()},
        readable=count_readable(collection.id),
    )
