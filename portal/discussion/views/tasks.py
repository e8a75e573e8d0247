"""Jobs of the discussion: asking for a follow-up after 60 days, emptying what had to go."""

from typing import Any

from portal.core import jobs
from portal.discussion.services import cases, erasing


@jobs.task(cases.JOB)
def ask_for_follow_up(args: dict[str, Any]) -> None:
    cases.ask_due(args)


@jobs.task(erasing.JOB)
def erase(args: dict[str, Any]) -> None:
    erasing.erase_by_job(args)
