"""Flags and appeals of single posts: what is open, what somebody said before."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.discussion.dictionary import AppealState, FlagState
from portal.discussion.models import Appeal, Flag, Post, Sanction
from portal.extensions import db


def list_open_flags(post_id: int) -> Sequence[Flag]:
    return map_open_flags({post_id}).get(post_id, [])


def find_appeal(appeal_id: int) -> Appeal | None:
    return db.session.get(Appeal, appeal_id)


def find_last_flag(post_id: int, user_id: int) -> Flag | None:
    found = sa.select(Flag).where(Flag.post_id == post_id, Flag.flagged_by == user_id)
    return db.session.scalar(found.order_by(Flag.id.desc()).limit(1))


def count_hidden_since(user_id: int, since: datetime) -> int:
    """How many posts a person took out of sight by flags since then."""
    found = sa.select(sa.func.count()).select_from(Flag).where(Flag.flagged_by == user_id, Flag.hid)
    return db.session.scalar(found.where(Flag.flagged_at > since)) or 0


def find_appeal_after(subject: Post | Sanction, moment: datetime) -> Appeal | None:
    """The appeal against the decision that was made at this moment."""
    of = Appeal.post_id == subject.id if isinstance(subject, Post) else Appeal.sanction_id == subject.id
    return db.session.scalar(sa.select(Appeal).where(of, Appeal.made_at >= moment).limit(1))


def is_disputed(post_id: int) -> bool:
    """Whether somebody still has to judge the text of a post."""
    flags = sa.select(Flag.id).where(Flag.post_id == post_id, Flag.state == FlagState.OPEN)
    asked = sa.select(Appeal.id).where(Appeal.post_id == post_id, Appeal.state == AppealState.OPEN)
    return any(db.session.scalar(found.limit(1)) for found in (flags, asked))


def map_flaggers(post_ids: Collection[int | None]) -> dict[int, set[int]]:
    """Who flagged each of these posts, whatever was decided."""
    found = sa.select(Flag.post_id, Flag.flagged_by).where(Flag.post_id.in_([i for i in post_ids if i]))
    people: dict[int, set[int]] = {}
    for post_id, user_id in db.session.execute(found):
        people.setdefault(post_id, set()).add(user_id)
    return people


def map_open_flags(post_ids: Collection[int]) -> dict[int, list[Flag]]:
    found = sa.select(Flag).where(Flag.post_id.in_(post_ids), Flag.state == FlagState.OPEN)
    flags: dict[int, list[Flag]] = {}
    for flag in db.session.scalars(found.order_by(Flag.id)):
        flags.setdefault(flag.post_id, []).append(flag)
    return flags
