"""Case questions: asked with a fixed, de-identified form; 60 days later the asker says what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.accounts.queries import find_user
from portal.core import jobs
from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.errors import Invalid, InvalidTransition, NotFound, Problem
from portal.core.permissions import Actor, Permission, check
from portal.discussion import rules
from portal.discussion.dictionary import AgeBand, Kind, Outcome, Sex
from portal.discussion.models import CaseForm, Post, Thread
from portal.discussion.policies import check_can_follow_up
from portal.discussion.queries.posts import find_once
from portal.discussion.queries.threads import find_case, find_thread
from portal.discussion.services.checking import (
    Said,
    check_may_post,
    check_no_dates,
    check_text,
    check_thread_open,
)
from portal.discussion.services.telling import ask_for_follow_up
from portal.discussion.services.writing import NOTHING, NewThread, Target, start_thread, write
from portal.extensions import db
from portal.protocols.units import marked

JOB = "case_follow_up"


@dataclass(frozen=True, slots=True)
class CaseText:
    """What is told of a person: bands and concepts, and what was tried; never a date, never a place."""

    age_band: str
    sex: str
    substances: Sequence[str]
    setting: str
    tried: str


@transaction
def start_case(
    title: str, said: Said, told: CaseText, target: Target = NOTHING, *, by: Actor, now: datetime
) -> Post:
    """Ask about a case. The follow-up is asked for by itself after 60 days. Returns the first post."""
    known = find_once(by.id, said.once)
    if known is not None:
        return known
    check_text(tried=told.tried)
    check_no_dates(title=title, body=said.body, tried=told.tried)
    _check_bands(told)
    post = start_thread(NewThread(Kind.CASE, title, said), target, by=by, now=now)
    due = now + rules.FOLLOW_UP_AFTER
    db.session.add(
        CaseForm(
            thread_id=post.thread_id, age_band=told.age_band, sex=told.sex, setting=told.setting,
            substances=sorted(told.substances), tried=marked(told.tried.strip()), due_on=due.date(),
        )
    )  # fmt: skip
    _ask_later(post.thread_id, due, by=by)
    record("case.asked", by=by, target=("thread", post.thread_id), changes={"due_on": due.date()})
    return post


@transaction
def follow_up(thread: Thread, outcome: str, said: Said, *, by: Actor, now: datetime) -> Post:
    """Who asked says what became of the case; this closes it. Raises InvalidTransition the second time."""
    known = find_once(by.id, said.once)
    if known is not None:
        return known
    check_can_follow_up(by, thread)
    check_may_post(by, now=now)
    check_thread_open(thread, by=by)
    case = _case_of(thread)
    if case.followed_at is not None:
        raise InvalidTransition("followed_up_already")
    if outcome not in set(Outcome):
        raise Invalid(problems=(Problem("outcome", "code_unknown"),))
    check_no_dates(body=said.body)
    post = write(thread, said, by=by, now=now)
    thread.last_post_at = now
    thread.settled_at, thread.settled_by = now, by.id
    case.outcome, case.followed_at, case.follow_up_post_id = outcome, now, post.id
    record("case.followed_up", by=by, target=thread, changes={"outcome": outcome, "post": post.id})
    return post


@transaction
def ask(thread: Thread, *, by: Actor, now: datetime) -> None:
    """Ask for the follow-up: by itself after 60 days (`by` is who asked the question), or by a moderator."""
    if by.id != thread.author_id:
        check(by, Permission.MODERATE)
    case = _case_of(thread)
    if case.followed_at is not None:
        raise InvalidTransition("followed_up_already")
    case.asked_at = now
    ask_for_follow_up(case, thread)
    record("case.follow_up_asked", by=by, target=thread)


def ask_due(args: dict[str, Any]) -> None:
    """The job. However often it runs, it asks once."""
    thread = find_thread(int(args["thread"]))
    person = find_user(thread.author_id) if thread else None
    if thread is None or person is None:
        raise NotFound("not_found")
    case = _case_of(thread)
    if case.asked_at is None and case.followed_at is None and person.active:
        ask(thread, by=person, now=utcnow())


def _ask_later(thread_id: int, when: datetime, *, by: Actor) -> None:
    key = f"{JOB}:{thread_id}"
    jobs.enqueue(JOB, {"thread": thread_id, "by": by.id}, dedupe=key)
    job = jobs.find_job(key)
    assert job is not None  # just queued
    job.run_at = when


def _case_of(thread: Thread) -> CaseForm:
    case = find_case(thread.id)
    if case is None:
        raise NotFound("not_found")
    return case


def _check_bands(told: CaseText) -> None:
    known: dict[str, set[str]] = {"age_band": {*AgeBand}, "sex": {*Sex}}
    problems = [
        Problem(name, "code_unknown") for name, codes in known.items() if getattr(told, name) not in codes
    ]
    if not told.substances:
        problems.append(Problem("substances", "code_unknown"))
    if problems:
        raise Invalid(problems=tuple(problems))
