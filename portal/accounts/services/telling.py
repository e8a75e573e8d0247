"""Telling everybody who follows a thing, each once and as soon as each wants to know."""

from collections.abc import Collection, Iterable
from typing import Any

from portal.accounts.models import User
from portal.accounts.queries import list_followers
from portal.core.notify import notify

RANK = {"at_once": 0, "daily": 1, "weekly": 2}


def tell_followers(
    things: Iterable[tuple[str, str]],
    key: str,
    values: dict[str, Any],
    *,
    but: Collection[int] = (),
    besides: Iterable[User] = (),
) -> int:
    """Tell the followers of any of these things (kind, target), inside the caller's transaction.

    Who follows several is told once, in the soonest of the rhythms chosen for them. `but` are people who know
    already, such as who acts; `besides` are told as well. Returns how many were told.
    """
    found: dict[int, tuple[User, str]] = {person.id: (person, "weekly") for person in besides}
    for kind, target in things:
        for person, rhythm in list_followers(kind, target):
            known = found.get(person.id)
            if known is None or RANK[rhythm] < RANK[known[1]]:
                found[person.id] = (person, rhythm)
    told = [pair for number, pair in found.items() if number not in but]
    for person, rhythm in told:
        notify(person, key, values, rhythm=rhythm)
    return len(told)
