"""What every text passes before it is stored, whoever calls: lengths, languages, identifiers, sanctions."""

from dataclasses import dataclass
from datetime import datetime

from portal.core import identifiers
from portal.core.errors import DomainError, Invalid, NotAllowed, Problem
from portal.core.identifiers import Level
from portal.core.permissions import Actor
from portal.discussion.dictionary import GONE, LANGUAGES
from portal.discussion.models import Post, Thread
from portal.discussion.policies import check_can_read, check_can_write
from portal.discussion.queries.people import find_sanction, has_posted_too_much
from portal.discussion.queries.posts import find_opening
from portal.discussion.rules import DATES, LONGEST_BODY


class TooMany(DomainError):
    """More posts in an hour than a person writes."""

    status = 429


@dataclass(frozen=True, slots=True)
class Said:
    """A text in its language. `once` marks the form: sent twice, it is one post. `signs_removed`: how many
    direction signs the form took out.
    """

    body: str
    lang: str
    once: str
    reply_to: int | None = None
    signs_removed: int = 0


def check_text(*, longest: int = LONGEST_BODY, **texts: str) -> None:
    """Refuse empty and too long texts, and certain identifiers. The fields are named by their keywords."""
    problems = []
    for name, text in texts.items():
        if not text.strip():
            problems.append(Problem(name, "text_missing"))
        elif len(text) > longest:
            problems.append(Problem(name, "text_too_long", {"max": longest}))
        elif any(hit.level == Level.BLOCK for hit in identifiers.scan(text, conversation=True)):
            problems.append(Problem(name, "identifier_found"))
    if problems:
        raise Invalid(problems=tuple(problems))


def check_no_dates(**texts: str) -> None:
    """A case holds no dates: with the day, two facts about a person are enough to know the person."""
    problems = [
        Problem(name, "date_in_case")
        for name, text in texts.items()
        if any(hit.kind in DATES for hit in identifiers.scan(text, conversation=True))
    ]
    if problems:
        raise Invalid(problems=tuple(problems))


def check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise Invalid(problems=(Problem("lang", "code_unknown"),))


def check_may_post(actor: Actor, *, now: datetime) -> None:
    """Raise NotAllowed during a sanction, TooMany above what a person writes in an hour."""
    check_can_write(actor)
    sanction = find_sanction(actor.id, now=now)
    if sanction is not None:
        raise NotAllowed("sanctioned", until=sanction.ends_at)
    if has_posted_too_much(actor.id, now=now):
        raise TooMany("too_many_posts")


def check_thread_open(thread: Thread, *, by: Actor) -> Post:
    """The first post of a thread that takes posts; who does not see it does not learn of it."""
    opening = find_opening(thread.id)
    assert opening is not None  # made with the thread
    if opening.state in GONE:
        raise NotAllowed("thread_closed")
    check_can_read(by, opening)
    return opening
