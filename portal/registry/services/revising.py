"""One change of an episode: judge the whole record, insert a revision, note warnings, record the event.

A change names the revision that its form showed. A later one is never overwritten unseen, and the same form
sent twice makes one revision.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from portal.core.audit import record
from portal.core.db import utcnow
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.programmes.models import Programme
from portal.programmes.queries import find_by_code, list_own
from portal.registry.dictionary import CURRENT, NOT_APPLICABLE, Dictionary, load
from portal.registry.importer.single import Fault, Judged, judge_values
from portal.registry.models import Episode, EpisodeSensitive, RuleResult
from portal.registry.policies import check_can_submit
from portal.registry.queries import find_episode, list_revisions, list_rule_results, values_of
from portal.registry.rules import all_rules
from portal.registry.rules.coding import decode
from portal.registry.rules.verdicts import reads
from portal.registry.services.submitting import context_of

CONFIRMATIONS: Final = ("notes", "patient", "will_correct")
KEPT: Final = (
    "programme_code", "row_key", "person_s", "has_token", "case_code", "dictionary_version",
    "admission_precision", "day_precision",
)  # fmt: skip

Values = Mapping[str, Any]
Confirmations = Mapping[str, str]
Change = Callable[[Episode], Values]


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes when, with which warnings confirmed, and which revision the form showed."""

    by: Actor
    now: datetime | None
    confirmations: Confirmations | None
    revision: int | None = None


class Judging:
    """What one verb does: who, when, for which programme, and which warnings were confirmed."""

    def __init__(self, programme: Programme, act: Act) -> None:
        self.programme, self.by, self.now = programme, act.by, act.now or utcnow()
        self.confirmations: Confirmations = act.confirmations or {}

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
        apart = sensitive_of(judged, load(episode.dictionary_version))
        db.session.add(EpisodeSensitive(episode_id=episode.id, **apart))
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


def change(number: int, changes: Change, event: str, act: Act) -> Episode:
    """Revise an episode by what `changes` says of its present revision."""
    episode, programme = _find(number, act.by)
    judging = Judging(programme, act)
    if act.revision is not None and act.revision != episode.revision:
        if _sent_twice(episode, act.revision, changes, judging):
            return episode
        changes(episode)  # its own refusal says more than the next line
        raise Conflict("episode_changed")
    return _revise(episode, changes(episode), event, judging)


def _sent_twice(episode: Episode, revision: int, changes: Change, judging: Judging) -> bool:
    """Whether this very form made the present revision already: a double tap is no second change."""
    if episode.revision != revision + 1 or episode.entered_by != judging.by.id:
        return False
    base = next((e for e in list_revisions(episode.number) if e.revision == revision), None)
    return base is not None and _judged(base, changes(base), judging).content_hash == episode.content_hash


def _judged(episode: Episode, changes: Values, judging: Judging) -> Judged:
    before = values_of(episode)
    values = {**_asked_again(before, load(episode.dictionary_version)), **changes}
    judging.confirmations = _carried(episode, before, {**before, **changes}) | dict(judging.confirmations)
    mapped = episode.admission_precision > 1
    return judging.judged(values, episode.person_s, version=episode.dictionary_version, profile=mapped)


def _asked_again(values: Values, dictionary: Dictionary) -> dict[str, Any]:
    """Without what the skip logic set: where a condition holds now, the question is put."""
    set_by = {n for n, v in values.items() if v == NOT_APPLICABLE and not dictionary[n].may_not_apply}
    return {name: None if name in set_by else value for name, value in values.items()}


def _carried(episode: Episode, before: Values, after: Values) -> dict[str, str]:
    """Confirmations of the revision before that still stand: nobody is asked twice about the same answers."""
    changed = {name for name in after if _text(after[name]) != _text(before.get(name))}
    looked_at = {rule.id: reads(rule) for rule in all_rules(episode.dictionary_version)}
    return {
        result.rule: result.confirmation
        for result in list_rule_results(episode)
        if result.confirmation and not changed.intersection(looked_at.get(result.rule, ()))
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _revise(episode: Episode, changes: Values, event: str, judging: Judging) -> Episode:
    judged = _judged(episode, changes, judging)
    revision = Episode(
        **{name: getattr(episode, name) for name in KEPT}, first_id=episode.number,
        revision=episode.revision + 1, content_hash=judged.content_hash, entered_by=judging.by.id,
        entered_at=judging.now, **columns_of(judged, load(episode.dictionary_version)),
    )  # fmt: skip
    judging.insert(revision, judged, event)
    episode.replaced_by = revision.id
    return revision


def _problem(fault: Fault) -> Problem:
    return Problem(fault.column, fault.code, {"severity": fault.severity})


def columns_of(judged: Judged, dictionary: Dictionary) -> dict[str, Any]:
    return {
        variable.name: None if (n := judged.answers.get(variable.name)) is None else decode(variable, n)
        for variable in dictionary.stored
        if not variable.sensitive
    }


def sensitive_of(judged: Judged, dictionary: Dictionary) -> dict[str, int | None]:
    return {v.name: judged.answers.get(v.name) for v in dictionary.stored if v.sensitive}
