"""Forms that are still being written: kept for their writer, shown to nobody else, and not for long."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.core import identifiers
from portal.core.db import bookkeeping
from portal.core.errors import Invalid
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.models import KeptForm
from portal.protocols.queries.keeping import count_kept, find_kept

KEPT: Final = timedelta(days=30)
MOST_FORMS: Final = 50
MOST_CHARACTERS: Final = 60_000
LONGEST_PLACE: Final = 80


@bookkeeping
def keep(place: str, fields: Mapping[str, Sequence[str]], *, by: Actor, now: datetime) -> None:
    """Keep what stands in a form. Raises Invalid for too much, and for what could never be saved."""
    db.session.execute(sa.delete(KeptForm).where(KeptForm.saved_at < now - KEPT))
    _check(place, fields)
    kept = find_kept(by, place)
    if kept is None:
        if count_kept(by) >= MOST_FORMS:
            raise Invalid("kept_too_much")
        kept = KeptForm(user_id=by.id, place=place)
        db.session.add(kept)
    kept.fields, kept.saved_at = {name: list(values) for name, values in fields.items()}, now


@bookkeeping
def forget(place: str, *, by: Actor) -> None:
    """The form was sent, or its writer threw it away."""
    db.session.execute(sa.delete(KeptForm).where(KeptForm.user_id == by.id, KeptForm.place == place))


def _check(place: str, fields: Mapping[str, Sequence[str]]) -> None:
    texts = [text for values in fields.values() for text in values]
    if len(place) > LONGEST_PLACE or sum(map(len, [*fields, *texts])) > MOST_CHARACTERS:
        raise Invalid("kept_too_much")
    if any(hit.level == "block" for text in texts for hit in identifiers.scan(text)):
        raise Invalid("kept_identifier")
