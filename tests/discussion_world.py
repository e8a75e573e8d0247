"""People who discuss, for tests: a new member, clinicians of both countries, two moderators, and their posts."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import protocol_world
from factories import make_user

from portal.discussion.dictionary import About, Kind
from portal.discussion.models import Post, Thread
from portal.discussion.queries.threads import find_thread
from portal.discussion.services import cases, writing
from portal.discussion.services.cases import CaseText
from portal.discussion.services.checking import Said
from portal.discussion.services.writing import NewThread, Target

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
TOLD = CaseText("35_44", "female", ("sub-methadone",), "set-oat-clinic", "Nothing yet.")
_mark = itertools.count(1)


@dataclass
class Talkers:
    """Who acts in a test."""

    member: Any = field(default_factory=lambda: make_user("member", totp_secret=None))
    clinician: Any = field(default_factory=lambda: make_user("clinician"))
    colleague: Any = field(default_factory=lambda: make_user("clinician", country="RU"))
    moderator: Any = field(default_factory=lambda: make_user("moderator"))
    other: Any = field(default_factory=lambda: make_user("moderator", country="RU"))


def said(body: str = "How long do you observe?", lang: str = "en", **more: Any) -> Said:
    return Said(body, lang, more.pop("once", f"mark-{next(_mark):08d}"), **more)


def make_protocol() -> Any:
    """A published protocol without any talk about it."""
    return protocol_world.make_published(protocol_world.make_world()).protocol


def begin(by: Any, protocol: Any = None, **more: Any) -> Post:
    """A thread about a protocol, or a case that hangs on nothing; returns its first post."""
    now, kind = more.pop("now", NOW), more.pop("kind", Kind.QUESTION)
    title = more.pop("title", "How long after the first dose?")
    if protocol is None:
        return cases.start_case(title, said(**more), TOLD, by=by, now=now)
    new = NewThread(kind, title, said(**more))
    return writing.start_thread(new, Target(About.PROTOCOL, protocol.id), by=by, now=now)


def answer(post: Post, by: Any, body: str = "Two hours.", **more: Any) -> Post:
    now = more.pop("now", NOW)
    return writing.reply(thread_of(post), said(body, **more), by=by, now=now)


def thread_of(post: Post) -> Thread:
    thread = find_thread(post.thread_id)
    assert thread is not None
    return thread
