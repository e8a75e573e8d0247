"""Episodes entered by hand: admission, review, discharge, follow-up, correction.

A clinician of the programme's organisation may. Every verb judges the whole record by the rule engine,
inserts a revision, keeps the warnings with the confirmation, and records one event without a value in it.
Invalid("episode_invalid") names the faults; Invalid("episode_unconfirmed") the warnings that need an answer.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.programmes.models import Programme
from portal.programmes.queries import find_by_code, find_programme, list_own
from portal.registry.dictionary import CURRENT, Dictionary, load
from portal.registry.importer.single import Fault, Judged, judge_values
from portal.registry.models import Episode, EpisodeSensitive, Person, RuleResult
from portal.registry.policies import check_can_submit
from portal.registry.queries import find_episode, values_of
from portal.registry.rules.coding import decode
from portal.registry.services.submitting import context_of

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRTUVWXYZ"  # no 0 O, 1 I L, 5-like S
CONFIRMATIONS: Final = ("notes", "patient", "will_correct")
FOLLOWUPS: Final = (90, 180, 365)
REVIEWS: Final = (1, 2)
KEPT: Final = (
    "programme_code", "row_key", "person_s", "has_token", "case_code", "dictionary_version",
    "admission_precision", "day_precision",
)  # fmt: skip

Values = Mapping[str, Any]
Confirmations = Mapping[str, str]


@transaction
def record_admission(
    values: Values,
    *,
    programme_id: int,
    by: Actor,
    now: datetime | None = None,
    confirmations: Confirmations | None = None,
) -> tuple[Episode, str]:
    """Enter a new episode, with a random case code to note in the chart: nothing else ties it to a person."""
    now = now or utcnow()
    programme = find_programme(programme_id)
    if programme is None or programme.organisation_id not in by.organisation_ids:
        raise NotFound("unknown_programme")
    check_can_submit(by, programme)
    key = secrets.token_bytes(32)
    act = _Act(programme, by, now, confirmations)
    judged = act.judged(values, key)
    case_code = _new_case_code(programme.code)
    episode = Episode(
        programme_code=programme.code, row_key=key, person_s=key, case_code=case_code,
        content_hash=judged.content_hash, dictionary_version=CURRENT, entered_by=by.id, entered_at=now,
        **_columns(judged, load(CURRENT)),
    )  # fmt: skip
    db.session.add(Person(programme_code=programme.code, s=key))
    act.insert(episode, judged, "episode.admitted")
    return episode, case_code


@transaction
def record_review(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None,
) -> Episode:  # fmt: skip
    """Add a review: `day` and the `d28_…` answers; `last_contact_day` and depot answers may come with it."""
    episode, programme = _find(number, by)
    free = next((n for n in REVIEWS if getattr(episode, f"review_{n}_day") is None), None)
    if free is None:
        raise Conflict("no_free_review")
    if episode.discharge_day is not None:
        raise Conflict("already_discharged")
    changes = _prefixed(values, f"review_{free}")
    day = values.get("day")
    changes.setdefault("last_contact_day", _later(episode.last_contact_day, day))
    return _revise(episode, changes, "episode.reviewed", _Act(programme, by, now, confirmations))


@transaction
def record_discharge(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None,
) -> Episode:  # fmt: skip
    """Close an episode: last contact, day, reason, work and living; the exit assessment if it was made."""
    episode, programme = _find(number, by)
    if episode.discharge_day is not None:
        raise Conflict("already_discharged")
    return _revise(episode, values, "episode.discharged", _Act(programme, by, now, confirmations))


@transaction
def record_follow_up(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None,
) -> Episode:  # fmt: skip
    """Add what became of the patient: `due` 90, 180 or 365 days after discharge, `status`, `days`."""
    episode, programme = _find(number, by)
    if episode.discharge_day is None:
        raise Conflict("not_discharged")
    due = str(values.get("due", ""))
    if due not in {str(n) for n in FOLLOWUPS}:
        raise Invalid("episode_invalid", problems=(Problem("due", "CODE", {"severity": "E"}),))
    changes = _prefixed({k: v for k, v in values.items() if k != "due"}, f"followup_{due}")
    return _revise(episode, changes, "episode.followed_up", _Act(programme, by, now, confirmations))


@transaction
def correct_episode(
    number: int, values: Values, *, by: Actor, now: datetime | None = None,
    confirmations: Confirmations | None = None,
) -> Episode:  # fmt: skip
    """Replace answers of an episode by their right values; the old revision is kept."""
    episode, programme = _find(number, by)
    return _revise(episode, values, "episode.corrected", _Act(programme, by, now, confirmations))


class _Act:
    """What one verb does: who, when, for which programme, and which warnings were confirmed."""

    def __init__(
        self, programme: Programme, by: Actor, now: datetime | None, confirmations: Confirmations | None
    ) -> None:
        self.programme, self.by, self.now = programme, by, now or utcnow()
        self.confirmations = confirmations or {}

    def judged(
        self, values: Values, person_s: bytes, *, version: int = CURRENT, profile: bool = False
    ) -> Judged:
        """Read and judge the whole record; Invalid when it has errors or unconfirmed warnings."""
        dictionary = load(version)
        unknown = [name for name in values if name not in dictionary or dictionary[name].kind == "key"]
        if unknown:
            raise Invalid("episode_invalid", problems=tuple(Problem(n, "unknown_column") for n in unknown))
        context = context_of(self.programme, self.now)
        judged = judge_values(values, person_s, context, version=version, profile=profile)
        if errors := judged.of("E"):
            raise Invalid("episode_invalid", problems=tuple(_problem(fault) for fault in errors))
        open_ = [f for f in judged.of("W") if self.confirmations.get(f.code) not in CONFIRMATIONS]
        if open_:
            raise Invalid("episode_unconfirmed", problems=tuple(_problem(fault) for fault in open_))
        return judged

    def insert(self, episode: Episode, judged: Judged, event: str) -> None:
        """Insert a revision with what belongs to it, and record the event."""
        db.session.add(episode)
        db.session.flush()
        legal = judged.answers.get("legal_status")
        db.session.add(EpisodeSensitive(episode_id=episode.id, legal_status=legal))
        for fault in judged.of("W") + judged.of("I"):
            confirmed = self.confirmations.get(fault.code) if fault.severity == "W" else None
            db.session.add(
                RuleResult(
                    episode_id=episode.id, rule=fault.code, severity=fault.severity, confirmation=confirmed
                )
            )
        changes = {"revision": episode.revision, "warnings": len(judged.of("W"))}
        country = self.programme.country
        record(event, by=self.by, target=("episode", episode.number), changes=changes, country=country)


def _find(number: int, by: Actor) -> tuple[Episode, Programme]:
    """The episode and its programme; those of other organisations do not exist."""
    episode = find_episode(number, [programme.code for programme in list_own(by)])
    programme = find_by_code(episode.programme_code) if episode else None
    if episode is None or programme is None:
        raise NotFound("unknown_episode")
    check_can_submit(by, programme)
    return episode, programme


def _revise(episode: Episode, changes: Values, event: str, act: _Act) -> Episode:
    version = episode.dictionary_version
    mapped = episode.admission_precision > 1
    values = {**values_of(episode), **changes}
    judged = act.judged(values, episode.person_s, version=version, profile=mapped)
    revision = Episode(
        **{name: getattr(episode, name) for name in KEPT}, first_id=episode.number,
        revision=episode.revision + 1, content_hash=judged.content_hash, entered_by=act.by.id,
        entered_at=act.now, **_columns(judged, load(version)),
    )  # fmt: skip
    act.insert(revision, judged, event)
    episode.replaced_by = revision.id
    return revision


def _problem(fault: Fault) -> Problem:
    return Problem(fault.column, fault.code, {"severity": fault.severity})


def _columns(judged: Judged, dictionary: Dictionary) -> dict[str, Any]:
    return {
        variable.name: None if (n := judged.answers.get(variable.name)) is None else decode(variable, n)
        for variable in dictionary.answers
        if not variable.sensitive
    }


def _new_case_code(programme_code: str) -> str:
    while True:
        letters = [secrets.choice(ALPHABET) for _ in range(6)]
        code = "".join(letters[:3]) + "-" + "".join(letters[3:])
        taken = sa.select(Episode.id).where(
            Episode.programme_code == programme_code, Episode.case_code == code
        )
        if db.session.scalar(taken) is None:
            return code


def _prefixed(values: Values, prefix: str) -> dict[str, Any]:
    own = ("day", "d28_", "status", "days")
    return {(f"{prefix}_{k}" if k.startswith(own) else k): v for k, v in values.items()}


def _later(known: int | None, day: Any) -> Any:
    try:
        return max(known or 0, int(day))
    except (TypeError, ValueError):
        return known
