"""Forms that a person began and did not send."""

import sqlalchemy as sa

from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.models import KeptForm


def find_kept(actor: Actor, place: str) -> KeptForm | None:
    """What this person was writing at a place."""
    return db.session.scalar(sa.select(KeptForm).where(KeptForm.user_id == actor.id, KeptForm.place == place))


def list_kept(actor: Actor, before: str) -> dict[str, KeptForm]:
    """The same for every place that begins so, by the rest of its name."""
    rows = db.session.scalars(
        sa.select(KeptForm).where(
            KeptForm.user_id == actor.id, KeptForm.place.startswith(before, autoescape=True)
        )
    )
    return {row.place.removeprefix(before): row for row in rows}


def count_kept(actor: Actor) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(KeptForm.user_id == actor.id)) or 0
