"""The rows behind what waits for moderators: everything that is needed to decide on the spot."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal.discussion import rules
from portal.discussion.dictionary import Waits
from portal.discussion.models import Appeal, CaseForm, Flag, Post, Sanction, Thread
from portal.discussion.queries.flags import map_flaggers, map_open_flags
from portal.discussion.queries.queue import Mark
from portal.extensions import db

Rows = Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that waits. `person_id`: whose text, sanction or case it is; `first`: who decided before;
    `flaggers`: whoever flagged the post of an appeal.
    """

    mark: Mark
    person_id: int
    thread: Thread | None = None
    post: Post | None = None
    flags: Sequence[Flag] = ()
    appeal: Appeal | None = None
    sanction: Sanction | None = None
    case: CaseForm | None = None
    first: int = 0
    flaggers: Collection[int] = ()

    @property
    def doubts_protocol(self) -> bool:
        """Whether one of the flags may put the protocol of the conversation under concern."""
        about = self.thread is not None and self.thread.protocol_id is not None
        return about and any(rules.doubts_protocol(flag.reason, hid=flag.hid) for flag in self.flags)

    @property
    def ids(self) -> set[int]:
        """Everybody whose name the item shows."""
        return {self.person_id, *(flag.flagged_by for flag in self.flags), *({self.first} - {0})}


def load_items(marks: Sequence[Mark]) -> list[Item]:
    """Items in the order of their marks, in a fixed number of queries."""
    appeals = _rows(Appeal, _ids(marks, Waits.APPEAL, Waits.SANCTION_APPEAL))
    sanctions = _rows(Sanction, {a.sanction_id for a in appeals.values()})
    waiting, cases = _ids(marks, Waits.HELD, Waits.FLAG, Waits.SAFETY), _ids(marks, Waits.FOLLOW_UP)
    posts = _rows(Post, waiting | {a.post_id for a in appeals.values()})
    threads = _rows(Thread, {p.thread_id for p in posts.values()} | cases)
    forms = _rows(CaseForm, cases, key="thread_id")
    flags, flaggers = map_open_flags(waiting), map_flaggers({a.post_id for a in appeals.values()})
    items = []
    for mark in marks:
        if mark.kind in (Waits.APPEAL, Waits.SANCTION_APPEAL):
            item = _appealed(mark, appeals[mark.id], posts, sanctions=sanctions, threads=threads)
            items.append(replace(item, flaggers=flaggers.get(item.post.id, ()) if item.post else ()))
        elif mark.kind == Waits.FOLLOW_UP:
            thread = threads[mark.id]
            items.append(Item(mark, thread.author_id, thread, case=forms[mark.id]))
        else:
            post = posts[mark.id]
            thread = threads[post.thread_id]
            items.append(Item(mark, post.author_id, thread, post, flags.get(post.id, ())))
    return items


def _appealed(mark: Mark, appeal: Appeal, posts: Rows, *, sanctions: Rows, threads: Rows) -> Item:
    if appeal.post_id:
        post = posts[appeal.post_id]
        return Item(
            mark, appeal.made_by, threads[post.thread_id], post, appeal=appeal, first=post.decided_by or 0
        )
    sanction = sanctions[appeal.sanction_id or 0]
    return Item(mark, appeal.made_by, appeal=appeal, sanction=sanction, first=sanction.issued_by)


def _ids(marks: Iterable[Mark], *kinds: Waits) -> set[int]:
    return {mark.id for mark in marks if mark.kind in kinds}


def _rows(model: type[Any], ids: set[int | None] | set[int], key: str = "id") -> dict[int, Any]:
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    found = sa.select(model).where(getattr(model, key).in_(wanted))
    return {getattr(row, key): row for row in db.session.scalars(found)}
