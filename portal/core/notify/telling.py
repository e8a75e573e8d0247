"""The act of telling: a row and, unless its reader wants none, a mail, both in the transaction of the act."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app

from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.notify.addresses import Recipient
from portal.core.notify.kinds import DIGEST, Kind, Rhythm, kind_of
from portal.core.notify.letters import Way, compose, compose_digest
from portal.core.notify.relay import AddressRefused, deliver
from portal.core.notify.tables import Notice, NoticeChoice
from portal.extensions import db

MAIL: Final = "mail"


def notify(
    recipient: Recipient, key: str, values: dict[str, Any] | None = None, *, rhythm: str = ""
) -> Notice:
    """Tell one person, inside the caller's transaction.

    `values` fill the words of `email/<key>.txt`: codes, numbers, dates as text. `rhythm` is how soon this
    person wants to hear of the thing it is about; a choice for the kind goes before it, and a kind that is
    urgent by itself is not slowed down by it.
    """
    kind, given = kind_of(key), values or {}
    user_id = recipient.id
    how, on_site = _wanted(kind, user_id, rhythm)
    notice = Notice(
        user_id=user_id, key=key, values={} if kind.safe else given, created_at=utcnow(), on_site=on_site,
        rhythm=how, mail_state=_first_state(how),
    )  # fmt: skip
    db.session.add(notice)
    db.session.flush()
    if how == Rhythm.AT_ONCE:
        args = {"to": recipient.email, "language": recipient.language, "key": key, "values": given}
        jobs.enqueue(MAIL, args | {"user": user_id, "notices": [notice.id]}, queue=MAIL)
    return notice


def post_digest(recipient: Recipient, notices: Sequence[Notice], rhythm: str) -> None:
    """Queue one letter about several notices, inside the caller's transaction."""
    for notice in notices:
        notice.mail_state = "queued"
    args = {"to": recipient.email, "language": recipient.language, "key": DIGEST, "rhythm": rhythm}
    jobs.enqueue(MAIL, args | {"user": recipient.id, "notices": [n.id for n in notices]}, queue=MAIL)


@jobs.task(MAIL)
def send(args: dict[str, Any]) -> None:
    """Send one letter. A job that comes again after its letter went out sends nothing."""
    told = _list_notices(args.get("notices", ()))
    if told and all(notice.mail_state == "sent" for notice in told):
        return
    ids = [notice.id for notice in told]
    try:
        deliver(_letter(args, told))
    except (AddressRefused, OSError) as fault:  # SMTP's own faults are OSErrors
        if isinstance(fault, AddressRefused) or jobs.is_last_attempt():
            _note(ids, "failed")
        raise
    _note(ids, "sent")


def _letter(args: dict[str, Any], told: Sequence[Notice]) -> Any:
    to, language, key = args["to"], args["language"], args["key"]
    way, mark = Way(args.get("user"), key), _mark(jobs.running())
    if key == DIGEST:
        items = [(notice.key, notice.values) for notice in told]
        return compose_digest(to, language, args["rhythm"], items, way=way, mark=mark)
    return compose(to, language, key, args["values"], way=way, mark=mark)


def _wanted(kind: Kind, user_id: int | None, rhythm: str) -> tuple[Rhythm, bool]:
    """How soon by mail, and whether on the site."""
    if kind.safe or user_id is None:
        return kind.rhythm, kind.site and user_id is not None
    mine = sa.select(NoticeChoice).where(NoticeChoice.user_id == user_id, NoticeChoice.key == kind.key)
    choice = db.session.scalar(mine)
    if choice is not None:
        return Rhythm(choice.rhythm), choice.on_site and kind.site
    urgent = kind.rhythm == Rhythm.AT_ONCE
    return (kind.rhythm if urgent or not rhythm else Rhythm(rhythm)), kind.site


def _first_state(rhythm: Rhythm) -> str:
    return {Rhythm.AT_ONCE: "queued", Rhythm.NEVER: "none"}.get(rhythm, "waiting")


def _list_notices(ids: Sequence[int]) -> Sequence[Notice]:
    return db.session.scalars(sa.select(Notice).where(Notice.id.in_(ids)).order_by(Notice.id)).all()


@bookkeeping
def _note(ids: Sequence[int], state: str) -> None:
    """What became of the mail. One that was sent stays sent."""
    those = sa.update(Notice).where(Notice.id.in_(ids), Notice.mail_state != "sent")
    db.session.execute(those.values(mail_state=state, mailed_at=utcnow()))


def _mark(job_id: int | None) -> str:
    """The same for every attempt of a job, and for no job of another portal."""
    if job_id is None:
        return ""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return f"job-{job_id}-" + hmac.new(secret, f"mail:{job_id}".encode(), hashlib.sha256).hexdigest()[:16]
