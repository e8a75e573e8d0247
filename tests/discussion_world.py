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


def on_stage(protocol: Any, *, clinician: Any, moderator: Any) -> dict[str, Any]:
    """A conversation in two languages, a case, a removed post, a sanction and a full queue; their numbers."""
    from portal.core.db import utcnow
    from portal.discussion.services import appealing, flagging, judging, sanctions

    now, other = utcnow(), make_user("moderator", country="RU")
    colleague = make_user("clinician", country="RU", name="Анна Соколова")
    opening = begin(clinician, protocol, now=now)
    other_post = answer(opening, colleague, "Два часа, если толерантность **известна**.", lang="ru", now=now)
    answer(opening, colleague, "پیش از رفتن، خواب‌آلودگی سنجیده می‌شود: [[2–4 mg]]", lang="fa", now=now)
    writing.edit(opening, "How long do you observe, and who?", "en", by=clinician, now=now)
    case = begin(clinician, title="Methadone does not hold", now=now)
    cases.ask(thread_of(case), by=moderator, now=now)
    removed = answer(opening, clinician, "Something off topic.", now=now)
    flagging.flag(removed, "off_topic", by=colleague, now=now)
    judging.decide_flags(removed, "agree", "off_topic", "Please stay on topic.", by=other, now=now)
    appealed = answer(opening, colleague, "Another thing.", now=now)
    flagging.flag(appealed, "insult", by=clinician, now=now)
    judging.decide_flags(appealed, "agree", "insult", by=other, now=now)
    appealing.appeal(appealed, "Это не было оскорблением.", "ru", by=colleague, now=now)
    flagging.flag(answer(opening, colleague, "Twice the dose.", now=now), "dangerous", by=clinician, now=now)
    answer(opening, make_user("member", name="زهرا احمدی"), "I am new here.", now=now)
    fined = make_user("clinician")
    given = sanctions.sanction(fined, "insult", "Three insults in a day.", days=3, by=other, now=now)
    return {
        "thread": opening.thread_id, "own_post": opening.id, "other_post": other_post.id, "removed": removed.id,
        "case": case.thread_id, "sanction": given.id, "fined": fined.id,
    }  # fmt: skip
