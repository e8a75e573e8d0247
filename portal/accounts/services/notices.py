"""What a person does with notices: read them, and choose how to be told. Each changes the own ones alone."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from portal.accounts import queries
from portal.core.db import bookkeeping
from portal.core.errors import NotFound
from portal.core.notify.kinds import BY_KEY, DIGEST, Rhythm, choosable
from portal.core.notify.tables import Notice, NoticeChoice
from portal.core.notify.unsubscribing import read_link_token
from portal.core.permissions import Actor
from portal.extensions import db

Choices = Mapping[str, tuple[str, bool]]  # rhythm of the mail, and whether it is shown on the site
_DIGESTS = (Rhythm.DAILY, Rhythm.WEEKLY)


@bookkeeping
def mark_read(notice_id: int, *, by: Actor, now: datetime) -> None:
    """Note that a notice was read; the first time counts. Raises NotFound for somebody else's."""
    notice = queries.find_notice(notice_id, by.id)
    if notice is None:
        raise NotFound("not_found")
    notice.read_at = notice.read_at or now


@bookkeeping
def mark_all_read(*, by: Actor, now: datetime) -> None:
    mine = sa.update(Notice).where(Notice.user_id == by.id, Notice.read_at.is_(None), Notice.on_site)
    db.session.execute(mine.values(read_at=now))


@bookkeeping
def choose(choices: Choices, *, by: Actor) -> None:
    """Keep how this person wants to be told. Kinds about the safety of the account are not asked about."""
    for kind in choosable():
        if kind.key in choices:
            _keep(by.id, kind.key, *choices[kind.key])


@bookkeeping
def unsubscribe(token: str) -> str:
    """End the mails that a link speaks of, without a login; returns their key. Raises NotFound."""
    found = read_link_token(token)
    if found is None:
        raise NotFound("link_used")
    user_id, key = found
    for name in _meant(user_id, key):
        _keep(user_id, name, Rhythm.NEVER, None)
    _drop_waiting(user_id, key)
    return key


def _meant(user_id: int, key: str) -> list[str]:
    """The kind of a letter; for a digest everything that comes in digests now."""
    if key != DIGEST:
        return [key] if key in BY_KEY else []
    chosen = queries.list_choices(user_id)
    mine = {k.key: chosen[k.key].rhythm if k.key in chosen else k.rhythm for k in choosable()}
    return [name for name, rhythm in mine.items() if rhythm in _DIGESTS]


def _keep(user_id: int, key: str, rhythm: str, on_site: bool | None) -> None:  # noqa: FBT001 # None: as it is
    known = queries.list_choices(user_id).get(key)
    choice = known or NoticeChoice(user_id=user_id, key=key, on_site=BY_KEY[key].site)
    choice.rhythm = Rhythm(rhythm)
    choice.on_site = choice.on_site if on_site is None else on_site
    db.session.add(choice)
    db.session.flush()


def _drop_waiting(user_id: int, key: str) -> None:
    """What waits for a digest stays on the site and is not mailed any more."""
    waiting = sa.update(Notice).where(Notice.user_id == user_id, Notice.mail_state == "waiting")
    waiting = waiting if key == DIGEST else waiting.where(Notice.key == key)
    db.session.execute(waiting.values(mail_state="none"))
