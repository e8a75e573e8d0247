"""What a translator or a reviewer of a language has to do, over all protocols."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import UnitState
from portal.protocols.models import Protocol, TranslationUnit, UnitSample


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A text that a person began. `remark`: why a reviewer or an editor sent it back."""

    unit: TranslationUnit
    protocol: Protocol

    @property
    def is_returned(self) -> bool:
        return bool(self.unit.remark)


def list_own_drafts(actor: Actor, lang: str | None = None, limit: int = 100) -> list[OwnDraft]:
    """Drafts of this person, newest revisions only; those that came back first, then the oldest."""
    unit = TranslationUnit
    found = sa.select(unit, Protocol).join(Protocol, Protocol.id == unit.protocol_id)
    found = found.where(unit.translated_by == actor.id, unit.state == UnitState.DRAFT, _is_newest())
    found = found.where(unit.lang == lang) if lang else found
    rows = db.session.execute(found.order_by(unit.remark == "", unit.id).limit(limit))
    return [OwnDraft(row[0], row[1]) for row in rows]


def _is_newest() -> sa.ColumnElement[bool]:
    unit, later = TranslationUnit, aliased(TranslationUnit)
    return ~sa.exists().where(
        later.protocol_id == unit.protocol_id,
        later.unit_key == unit.unit_key,
        later.lang == unit.lang,
        later.revision > unit.revision,
    )


def list_returned_since(actor: Actor) -> Sequence[datetime]:
    """Since when each text that came back waits for its translator."""
    return [draft.unit.created_at for draft in list_own_drafts(actor) if draft.is_returned]


def list_samples_since(actor: Actor) -> Sequence[datetime]:
    """Since when each text waits that this person neither wrote nor approved."""
    unit = TranslationUnit
    found = sa.select(UnitSample.drawn_at).join(unit, unit.id == UnitSample.unit_id)
    found = found.where(
        UnitSample.verdict == "", unit.translated_by != actor.id, unit.reviewed_by != actor.id
    )
    return db.session.scalars(found).all()
