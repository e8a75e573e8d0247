"""ASK: the build is checked at once and computed by a job. Nobody waits before a page, none runs twice."""

from datetime import datetime
from typing import Any, Final

from portal.accounts.queries import find_user
from portal.core import jobs
from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.releases import queries
from portal.releases.policies import check_can_build
from portal.releases.services.building import build
from portal.releases.services.freezing import refuse_changed
from portal.releases.services.standing import standing_of
from portal.releases.services.store import destroy_key
from portal.releases.workflow import TRANSITIONS, check_name

JOB: Final = "edition.build"


@transaction
def ask_build(name: str, *, by: Actor, now: datetime) -> None:
    """Queue the build of an edition that both countries approved; while one waits or runs, nothing happens.

    Raises InvalidTransition as `build` does.
    """
    check_can_build(by)
    check_name(name)
    check(TRANSITIONS, standing_of(name, now=now), "build")
    frozen = queries.find_freeze(name)
    assert frozen is not None  # the state says so
    refuse_changed(frozen)
    waiting = jobs.find_job(_key(name))
    if waiting is not None and waiting.state != "failed":
        return
    jobs.enqueue(JOB, {"edition": name, "by": by.id}, queue="release", dedupe=_key(name))
    record("edition.build_asked", by=by, target=("edition", name), hash_after=frozen.digest)


def build_asked(args: dict[str, Any]) -> None:
    """Build as the person who asked. A job that comes a second time finds the edition and cleans up."""
    name = str(args["edition"])
    if queries.find_edition(name) is not None:
        destroy_key(name)
        return
    person = find_user(int(args["by"]))
    if person is None:
        raise NotFound("unknown_account")
    build(name, by=person, now=utcnow())


def find_build(name: str) -> jobs.Job | None:
    """The build that waits, runs or failed."""
    return jobs.find_job(_key(name))


def _key(name: str) -> str:
    return f"{JOB}:{name}"
