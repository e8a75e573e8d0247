"""Verbs of translation: save, hand in with the number check, approve, return, confirm, reopen.

A unit is never changed: each act writes the next revision, bound to the hash of the text it translates.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotFound, Problem
from portal.core.permissions import Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.protocols.dictionary import CURRENT, LANGUAGES, ORIGINS, State, UnitState
from portal.protocols.models import ProtocolVersion, TranslationUnit
from portal.protocols.policies import (
    check_can_approve_unit,
    check_can_judge_complaint,
    check_can_return_unit,
    check_can_translate,
)
from portal.protocols.queries.translations import (
    SourceUnit,
    UnitView,
    find_latest,
    find_source,
    list_views,
)
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.indexing import reindex
from portal.protocols.services.translation_news import tell_reviewers, tell_translators
from portal.protocols.units import marked, number_faults
from portal.protocols.workflow import UNIT_TRANSITIONS
from portal.vocabulary import thesaurus

_COPIED: Final = ("protocol_id", "unit_key", "lang", "source_hash", "source_text", "text", "origin",
                  "translated_by", "number_check", "number_reason")  # fmt: skip
_TRANSLATABLE: Final = (*CURRENT, State.ACCEPTED)


def save_unit(
    version: ProtocolVersion, key: str, lang: str, text: str, *, revision: int, by: Actor, now: datetime,
    origin: str = "human",
) -> TranslationUnit:  # fmt: skip
    """A translator saves one text that was read at `revision` (0: none yet)."""
    return save_units(version, lang, {key: (text, revision)}, by=by, now=now, origin=origin)[0]


@transaction
def save_units(
    version: ProtocolVersion, lang: str, texts: Mapping[str, tuple[str, int]], *, by: Actor, now: datetime,
    origin: str = "human",
) -> list[TranslationUnit]:  # fmt: skip
    """A translator saves texts by unit, each with the revision at which it was read.

    Raises Conflict with both texts when somebody saved one meanwhile.
    """
    check_can_translate(by)
    check_language(version, lang)
    known = _Known(version, lang)
    saved = []
    for key, (text, revision) in texts.items():
        view = known.view(key)
        _refuse_overwriting(view, text, revision)
        _check_text(text, origin)
        unit = TranslationUnit(
            protocol_id=version.protocol_id, unit_key=key, lang=lang, revision=revision + 1,
            source_hash=view.source.source_hash, source_text=view.source.text, text=marked(text.strip()),
            state=find(UNIT_TRANSITIONS, view.standing, "save").target, origin=origin,
            translated_by=by.id, created_by=by.id, created_at=now,
        )  # fmt: skip
        saved.append(unit)
    db.session.add_all(saved)
    _record("translation.saved", version, saved, by=by)
    return saved


@dataclass(frozen=True, slots=True)
class Typed:
    """What a translator typed at `revision` (0: no text yet), why numbers differ, where the text is from."""

    text: str
    revision: int
    reason: str = ""
    origin: str = "human"


@transaction
def save_and_submit(
    version: ProtocolVersion, key: str, lang: str, typed: Typed, *, by: Actor, now: datetime
) -> TranslationUnit:
    """Save a text and hand it in, both or neither."""
    latest = find_latest(version.protocol_id, key, lang)
    source = find_source(version, key)
    unchanged = latest is not None and (latest.text, latest.state) == (marked(typed.text.strip()), "draft")
    if not unchanged or latest is None or latest.source_hash != source.source_hash:
        text, origin = typed.text, typed.origin
        save_unit(version, key, lang, text, revision=typed.revision, by=by, now=now, origin=origin)
        db.session.flush()
    return submit_unit(version, key, lang, by=by, now=now, reason=typed.reason)


def submit_unit(
    version: ProtocolVersion, key: str, lang: str, *, by: Actor, now: datetime, reason: str = ""
) -> TranslationUnit:
    """Hand one text in for review."""
    return submit_units(version, lang, {key: reason}, by=by, now=now)[0]


@transaction
def submit_units(
    version: ProtocolVersion, lang: str, reasons: Mapping[str, str], *, by: Actor, now: datetime
) -> list[TranslationUnit]:
    """Hand texts in for review. Numbers, units, codes and drug names must be those of the source.

    Raises Invalid with what differs, unless a reason is given for that text, which the reviewer sees.
    """
    check_can_translate(by)
    known, handed = _Known(version, lang), []
    first = not known.waits()
    for key, reason in reasons.items():
        source, unit = known.source(key), known.written(key)
        row = find(UNIT_TRANSITIONS, known.view(key).standing, "submit")
        _refuse_outdated(source, unit)
        checked = _numbers_checked(source.text, unit.text, reason)
        handed.append(_next(unit, state=row.target, by=by, now=now, **checked))
    if first:
        tell_reviewers(version, lang)
    _record("translation.submitted", version, handed, by=by)
    return handed


@transaction
def approve_units(
    version: ProtocolVersion, keys: Sequence[str], lang: str, *, by: Actor, now: datetime
) -> list[TranslationUnit]:
    """Approve texts of other people; clinical ones as a clinician. Search learns of them at once."""
    known, approved = _Known(version, lang), []
    for key in keys:
        source, unit = known.source(key), known.written(key)
        check_can_approve_unit(by, unit, clinical=source.is_clinical)
        row = find(UNIT_TRANSITIONS, known.view(key).standing, "approve")
        _refuse_outdated(source, unit)
        approved.append(_next(unit, state=row.target, by=by, now=now, reviewed_by=by.id, reviewed_at=now))
    db.session.flush()
    reindex(version.protocol)
    tell_translators(version, approved, "translation_approved", unless=known.waiting_of(keys))
    _record("translation.approved", version, approved, by=by)
    return approved


def approve_unit(
    version: ProtocolVersion, key: str, lang: str, *, by: Actor, now: datetime
) -> TranslationUnit:
    """Approve one text of another person."""
    return approve_units(version, [key], lang, by=by, now=now)[0]


@transaction
def return_unit(
    version: ProtocolVersion, key: str, lang: str, remark: str, *, by: Actor, now: datetime
) -> TranslationUnit:
    """Send a text back to its translator with a remark."""
    known = _Known(version, lang)
    unit = known.written(key)
    check_can_return_unit(by, unit)
    if not remark.strip():
        raise Invalid("reason_missing", problems=(Problem("remark", "reason_missing"),))
    refuse_identifiers(remark=remark)
    row = find(UNIT_TRANSITIONS, known.view(key).standing, "return")
    returned = _next(unit, state=row.target, by=by, now=now, remark=remark.strip())
    tell_translators(version, [unit], "translation_returned")
    _record(row.event, version, [returned], by=by, reason_text=remark.strip())
    return returned


@transaction
def confirm_unit(
    version: ProtocolVersion, key: str, lang: str, *, by: Actor, now: datetime, reason: str = ""
) -> TranslationUnit:
    """Say that an approved text still holds although its source changed."""
    known = _Known(version, lang)
    source, unit = known.source(key), known.written(key)
    check_can_approve_unit(by, unit, clinical=source.is_clinical)
    if unit.source_hash == source.source_hash:
        raise InvalidTransition("unit_not_stale")
    row = find(UNIT_TRANSITIONS, known.view(key).standing, "confirm")
    checked = _numbers_checked(source.text, unit.text, reason)
    revision = _next(
        unit, state=row.target, by=by, now=now, reviewed_by=by.id, reviewed_at=now,
        source_hash=source.source_hash, source_text=source.text, **checked,
    )  # fmt: skip
    db.session.flush()
    reindex(version.protocol)
    _record(row.event, version, [revision], by=by)
    return revision


@transaction
def reopen_unit(
    version: ProtocolVersion, key: str, lang: str, reason: str, *, by: Actor, now: datetime
) -> TranslationUnit:
    """An editor sends any text back to draft: from now on readers get the source in its place."""
    check_can_judge_complaint(by)
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    known = _Known(version, lang)
    unit, row = known.written(key), find(UNIT_TRANSITIONS, known.view(key).standing, "reopen")
    reopened = _next(unit, state=row.target, by=by, now=now, remark=reason.strip(), reopened=True)
    db.session.flush()
    reindex(version.protocol)
    tell_translators(version, [unit], "translation_reopened")
    _record(row.event, version, [reopened], by=by, reason_text=reason.strip())
    return reopened


def text_faults(source: str, target: str) -> tuple[str, ...]:
    """Numbers, units, codes and names of substances that source and target do not share."""
    return (*number_faults(source, target), *_name_faults(source, target))


def _name_faults(source: str, target: str) -> list[str]:
    """Drugs that the source names and the target does not."""
    known = thesaurus.current()
    before, after = _substances(known, source, shortest=_SHORTEST_NAME), _substances(known, target)
    return [f"-{known.label(concept, 'en')}" for concept in sorted(before - after)]


def _substances(known: thesaurus.Thesaurus, text: str, *, shortest: int = 0) -> set[str]:
    tokens = thesaurus.tokens(text)
    return {
        match.concepts[0]
        for match in known.match(tokens, everyday=False)
        if len(match.concepts) == 1
        and match.concepts[0].startswith("sub-")
        and match.concepts[0] not in _GENERIC
        and len(tokens[match.first].form) >= shortest
    }


# Short forms are abbreviations that everyday words look like ("end" and "ENDS").
_SHORTEST_NAME: Final = 5
# Groups of substances are paraphrased in translation; single drugs are not.
_GENERIC: Final = frozenset({"sub-psychoactive", "sub-opioids", "sub-stimulants", "sub-sedatives"})


class _Known:
    """Texts of a version in one language with where they stand, read once for a verb."""

    def __init__(self, version: ProtocolVersion, lang: str) -> None:
        self.views = {view.source.key: view for view in list_views(version, lang)}

    def view(self, key: str) -> UnitView:
        if key not in self.views:
            raise NotFound("not_found")
        return self.views[key]

    def source(self, key: str) -> SourceUnit:
        return self.view(key).source

    def written(self, key: str) -> TranslationUnit:
        unit = self.view(key).latest
        if unit is None:
            raise InvalidTransition("unit_untranslated")
        return unit

    def waits(self) -> bool:
        """Whether a text of this language waits for its review already."""
        return any(view.standing == UnitState.NEEDS_REVIEW for view in self.views.values())

    def waiting_of(self, besides: Collection[str]) -> set[int]:
        """Translators of whom other texts still wait."""
        return {
            view.latest.translated_by
            for key, view in self.views.items()
            if view.latest and view.standing == UnitState.NEEDS_REVIEW and key not in besides
        }


def _refuse_overwriting(view: UnitView, text: str, revision: int) -> None:
    latest = view.latest
    newest = latest.revision if latest else 0
    if newest != revision:
        theirs = latest.text if latest else ""
        raise Conflict("unit_changed", key=view.source.key, mine=text, theirs=theirs, revision=newest)


def _numbers_checked(source: str, target: str, reason: str) -> dict[str, str]:
    """The verdict of the number check, or Invalid where it fails without a reason."""
    faults = text_faults(source, target)
    if not faults:
        return {"number_check": "ok", "number_reason": ""}
    if not reason.strip():
        problem = Problem("body", "numbers_differ", {"faults": ", ".join(faults)})
        raise Invalid("numbers_differ", problems=(problem,), faults=", ".join(faults))
    refuse_identifiers(reason=reason)
    return {"number_check": "waived", "number_reason": reason.strip()}


def _next(unit: TranslationUnit, *, state: str, by: Actor, now: datetime, **values: Any) -> TranslationUnit:
    kept = {name: getattr(unit, name) for name in _COPIED}
    revision = TranslationUnit(
        **(kept | values), revision=unit.revision + 1, state=state, created_by=by.id, created_at=now
    )
    db.session.add(revision)
    return revision


def _record(
    event: str, version: ProtocolVersion, units: Sequence[TranslationUnit], *, by: Actor, **details: str
) -> None:
    changes = {
        "version": version.number,
        "lang": units[0].lang if units else "",
        "units": [[unit.unit_key, unit.revision] for unit in units],
        "waived": [unit.unit_key for unit in units if unit.number_check == "waived"],
    }
    record(event, by=by, target=("protocol", version.protocol.public_id), changes=changes, **details)


def check_language(version: ProtocolVersion, lang: str) -> None:
    if lang not in LANGUAGES or lang == version.protocol.source_lang:
        raise Invalid("language_unknown", problems=(Problem("lang", "language_unknown"),))
    if version.state not in _TRANSLATABLE:
        raise InvalidTransition("wrong_state", state=version.state, verb="translate")


def _check_text(text: str, origin: str) -> None:
    if not text.strip():
        raise Invalid(problems=(Problem("text", "text_missing"),))
    refuse_identifiers(body=text)
    if origin not in ORIGINS:
        raise Invalid(problems=(Problem("origin", "code_unknown"),))


def _refuse_outdated(source: SourceUnit, unit: TranslationUnit) -> None:
    """A text goes on only against the source that stands now."""
    if unit.source_hash != source.source_hash:
        raise Conflict("source_changed")
