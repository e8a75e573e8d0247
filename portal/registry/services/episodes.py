"""Episodes entered by hand: admission, review, medication, discharge, follow-up, correction.

A clinician of the programme's organisation may. Every verb judges the whole record by the rule engine,
inserts a revision, keeps the warnings with the confirmation, and records one event without a value in it.
Invalid("episode_invalid") names the faults; Invalid("episode_unconfirmed") the warnings that need an answer.
"""

import hmac
import secrets
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db, keys
from portal.programmes.models import Programme
from portal.programmes.queries import find_programme
from portal.registry.dictionary import CURRENT, TRANSIENT, load
from portal.registry.importer.single import Judged
from portal.registry.models import Episode, Person
from portal.registry.policies import check_can_submit
from portal.registry.queries import find_first
from portal.registry.services.revising import Act, Confirmations, Judging, Values, change, columns_of

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRTUVWXYZ"  # no 0 O, 1 I L, 5-like S
FOLLOWUPS: Final = (90, 180, 365)


@transaction
def record_admission(
    values: Values,
    *,
    programme_id: int,
    by: Actor,
    now: datetime | None = None,
    confirmations: Confirmations | None = None,
    form_key: str = "",
    version: int = CURRENT,
) -> tuple[Episode, str]:
    """Enter a new episode, with a random case code to note in the chart: nothing else ties it to a person.

    The same answers under the same `form_key` are one episode, however often they arrive.
    """
    programme = find_programme(programme_id)
    if programme is None or programme.organisation_id not in by.organisation_ids:
        raise NotFound("unknown_programme")
    check_can_submit(by, programme)
    judging = Judging(programme, Act(by, now, confirmations))
    key = _row_key(programme, by, form_key)
    judged = judging.judged(values, key, version=version)
    if form_key and (earlier := find_first(programme.code, key)):
        return _repeated(earlier, judged)
    case_code = _new_case_code(programme.code)
    episode = Episode(
        programme_code=programme.code, row_key=key, person_s=key, case_code=case_code,
        content_hash=judged.content_hash, dictionary_version=version, entered_by=by.id,
        entered_at=judging.now, **columns_of(judged, load(version)),
    )  # fmt: skip
    db.session.add(Person(programme_code=programme.code, s=key))
    judging.insert(episode, judged, "episode.admitted")
    return episode, case_code


@transaction
def record_review(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None, revision: int | None = None,
) -> Episode:  # fmt: skip
    """Add a review: `day` and the `d28_…` answers; `last_contact_day` and depot answers may come with it."""
    act = Act(by, now, confirmations, revision)
    return change(number, lambda episode: _review(episode, values), "episode.reviewed", act)


@transaction
def record_discharge(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None, revision: int | None = None,
) -> Episode:  # fmt: skip
    """Close an episode: last contact, day, reason, work and living; the exit assessment if it was made."""
    act = Act(by, now, confirmations, revision)
    return change(number, lambda episode: _discharge(episode, values), "episode.discharged", act)


@transaction
def record_medication(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None, revision: int | None = None,
) -> Episode:  # fmt: skip
    """Note a dose of a depot medication: its day, the days that it covers, the contact."""
    act = Act(by, now, confirmations, revision)
    return change(number, lambda episode: _dose(episode, values), "episode.medicated", act)


@transaction
def record_follow_up(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None, revision: int | None = None,
) -> Episode:  # fmt: skip
    """Add what became of the patient: `due` 90, 180 or 365 days after discharge, `status`, `days`."""
    act = Act(by, now, confirmations, revision)
    return change(number, lambda episode: _follow_up(episode, values), "episode.followed_up", act)


@transaction
def correct_episode(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None, revision: int | None = None,
) -> Episode:  # fmt: skip
    """Replace answers of an episode by their right values; the old revision is kept."""
    act = Act(by, now, confirmations, revision)
    return change(number, lambda _episode: values, "episode.corrected", act)


def _needed(values: Values, *names: str, prefix: str = "") -> None:
    """What makes the act: without it nothing has happened, and nothing is recorded."""
    missing = [name for name in names if str(values.get(name) or "").strip() == ""]
    if missing:
        problems = (Problem(f"{prefix}{name}", "EMPTY", {"severity": "E"}) for name in missing)
        raise Invalid("episode_invalid", problems=tuple(problems))


def _review(episode: Episode, values: Values) -> Values:
    _open(episode, values)
    groups = [g for g in load(episode.dictionary_version).groups if g.base == "review"]
    free = next((g.number for g in groups if getattr(episode, f"{g.name}_day") is None), None)
    if free is None:
        raise Conflict("no_free_review")
    _needed(values, "day", prefix=f"review_{free}_")
    changes = _prefixed(values, episode, f"review_{free}")
    changes.setdefault("last_contact_day", _later(episode.last_contact_day, values.get("day")))
    return changes


def _discharge(episode: Episode, values: Values) -> Values:
    _open(episode, values)
    _needed(values, "discharge_day", "discharge_reason")
    return values


def _dose(episode: Episode, values: Values) -> Values:
    _open(episode, values)
    _needed(values, "last_depot_day")
    day = values.get("last_depot_day")
    return {"last_contact_day": _later(episode.last_contact_day, day)} | dict(values)


def _open(episode: Episode, values: Values) -> Values:
    if episode.discharge_day is not None:
        raise Conflict("already_discharged")
    return values


def _follow_up(episode: Episode, values: Values) -> Values:
    if episode.discharge_day is None:
        raise Conflict("not_discharged")
    due = str(values.get("due", ""))
    if due not in {str(n) for n in FOLLOWUPS}:
        raise Invalid("episode_invalid", problems=(Problem("due", "CODE", {"severity": "E"}),))
    _needed(values, "status", prefix=f"followup_{due}_")
    return _prefixed({k: v for k, v in values.items() if k != "due"}, episode, f"followup_{due}")


def _row_key(programme: Programme, by: Actor, form_key: str) -> bytes:
    """Random, or made of the random key of a form, so that a form sent twice has one key for both."""
    if not form_key:
        return secrets.token_bytes(32)
    said = "\x1f".join(("form", programme.code, str(by.id), form_key))
    return hmac.digest(keys.pepper, said.encode(), "sha256")


def _repeated(first: Episode, judged: Judged) -> tuple[Episode, str]:
    """The episode that this form made already; other answers under its key are a mistake."""
    code = first.case_code or ""
    if first.content_hash != judged.content_hash:
        raise Conflict("form_sent", case_code=code)
    return first, code


def _new_case_code(programme_code: str) -> str:
    while True:
        letters = [secrets.choice(ALPHABET) for _ in range(6)]
        code = "".join(letters[:3]) + "-" + "".join(letters[3:])
        taken = sa.select(Episode.id).where(
            Episode.programme_code == programme_code, Episode.case_code == code
        )
        if db.session.scalar(taken) is None:
            return code


def _prefixed(values: Values, episode: Episode, name: str) -> dict[str, Any]:
    """Short names of a group's answers written out; others stand for themselves."""
    group = load(episode.dictionary_version).group(name)
    own = {v.base: v.name for v in (*group.variables, *group.of(TRANSIENT))}
    return {own.get(k, k): v for k, v in values.items()}


def _later(known: int | None, day: Any) -> Any:
    try:
        return max(known or 0, int(day))
    except (TypeError, ValueError):
        return known
