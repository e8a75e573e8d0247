"""Verbs of translation: save, hand in with the number check, approve, return, confirm, publish.

A unit is never changed: each act writes the next revision, bound to the hash of the text it translates.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotFound, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.protocols.dictionary import CURRENT, LANGUAGES, ORIGINS, State
from portal.protocols.models import ProtocolVersion, TranslationPublication, TranslationUnit
from portal.protocols.policies import (
    check_can_approve_unit,
    check_can_release_translation,
    check_can_return_unit,
    check_can_translate,
)
from portal.protocols.queries.translations import (
    SourceUnit,
    find_latest,
    find_source,
    list_sources,
    list_units,
    list_views,
)
from portal.protocols.queries.versions import find_people
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.indexing import reindex
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
    _check_language(version, lang)
    known = _Known(version, lang)
    saved = []
    for key, (text, revision) in texts.items():
        source, latest = known.source(key), known.latest.get(key)
        if (latest.revision if latest else 0) != revision:
            raise Conflict("unit_changed", key=key, mine=text, theirs=latest.text if latest else "")
        _check_text(text, origin)
        state = find(UNIT_TRANSITIONS, latest.state if latest else "untranslated", "save").target
        unit = TranslationUnit(
            protocol_id=version.protocol_id, unit_key=key, lang=lang, revision=revision + 1,
            source_hash=source.source_hash, source_text=source.text, text=marked(text.strip()), state=state,
            origin=origin, translated_by=by.id, created_by=by.id, created_at=now,
        )  # fmt: skip
        saved.append(unit)
    db.session.add_all(saved)
    _record("translation.saved", version, saved, by=by)
    return saved


@transaction
def save_and_submit(
    version: ProtocolVersion, key: str, lang: str, text: str, *, revision: int, by: Actor, now: datetime,
    reason: str = "",
) -> TranslationUnit:  # fmt: skip
    """Save a text and hand it in, both or neither."""
    latest = find_latest(version.protocol_id, key, lang)
    source = find_source(version, key)
    unchanged = latest is not None and (latest.text, latest.state) == (marked(text.strip()), "draft")
    if not unchanged or latest is None or latest.source_hash != source.source_hash:
        save_unit(version, key, lang, text, revision=revision, by=by, now=now)
        db.session.flush()
    return submit_unit(version, key, lang, by=by, now=now, reason=reason)


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
    for key, reason in reasons.items():
        source, unit = known.source(key), known.written(key)
        row = find(UNIT_TRANSITIONS, unit.state, "submit")
        _refuse_outdated(source, unit)
        checked = _numbers_checked(source.text, unit.text, reason)
        handed.append(_next(unit, state=row.target, by=by, now=now, **checked))
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
        row = find(UNIT_TRANSITIONS, unit.state, "approve")
        _refuse_outdated(source, unit)
        approved.append(_next(unit, state=row.target, by=by, now=now, reviewed_by=by.id, reviewed_at=now))
    db.session.flush()
    reindex(version.protocol)
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
    unit = _latest(version, key, lang)
    check_can_return_unit(by, unit)
    if not remark.strip():
        raise Invalid("reason_missing", problems=(Problem("remark", "reason_missing"),))
    refuse_identifiers(remark=remark)
    row = find(UNIT_TRANSITIONS, unit.state, "return")
    returned = _next(unit, state=row.target, by=by, now=now, remark=remark.strip())
    translator = find_people({unit.translated_by})[unit.translated_by]
    notify(translator, "translation_returned", {"public_id": version.protocol.public_id, "target": lang})
    _record(row.event, version, [returned], by=by, reason_text=remark.strip())
    return returned


@transaction
def confirm_unit(
    version: ProtocolVersion, key: str, lang: str, *, by: Actor, now: datetime, reason: str = ""
) -> TranslationUnit:
    """Say that an approved text still holds although its source changed."""
    source, unit = find_source(version, key), _latest(version, key, lang)
    check_can_approve_unit(by, unit, clinical=source.is_clinical)
    row = find(UNIT_TRANSITIONS, unit.state, "confirm")
    if unit.source_hash == source.source_hash:
        raise InvalidTransition("unit_not_stale")
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
def publish_translation(
    version: ProtocolVersion, lang: str, *, by: Actor, now: datetime
) -> TranslationPublication:
    """Declare that the version reads well in a language, and pin the revisions that it has now.

    Raises InvalidTransition while title, summary, population, contraindications, steps, conditions of
    doses or monitoring have no approved text.
    """
    check_can_release_translation(by)
    _check_language(version, lang)
    if version.state not in CURRENT:
        raise InvalidTransition("wrong_state", state=version.state, verb="publish_translation")
    views = list_views(version, lang)
    missing = [view.source for view in views if view.source.is_needed and view.approved is None]
    if missing:
        raise InvalidTransition("translation_incomplete", count=len(missing))
    pins = {view.source.key: view.approved.id for view in views if view.approved}
    made = TranslationPublication(
        version_id=version.id, lang=lang, units=pins, published_by=by.id, published_at=now
    )
    db.session.add(made)
    record("translation.published", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "lang": lang, "units": len(pins)})  # fmt: skip
    return made


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
    """Sources and newest revisions of a version in one language, read once for a verb."""

    def __init__(self, version: ProtocolVersion, lang: str) -> None:
        self.sources = {unit.key: unit for unit in list_sources([version])[version.id]}
        self.latest = {unit.unit_key: unit for unit in list_units(version.protocol_id, lang)}

    def source(self, key: str) -> SourceUnit:
        if key not in self.sources:
            raise NotFound("not_found")
        return self.sources[key]

    def written(self, key: str) -> TranslationUnit:
        if key not in self.latest:
            raise InvalidTransition("unit_untranslated")
        return self.latest[key]


def _latest(version: ProtocolVersion, key: str, lang: str) -> TranslationUnit:
    unit = find_latest(version.protocol_id, key, lang)
    if unit is None:
        raise InvalidTransition("unit_untranslated")
    return unit


def _numbers_checked(source: str, target: str, reason: str) -> dict[str, str]:
    """The verdict of the number check, or Invalid where it fails without a reason."""
    faults = text_faults(source, target)
    if not faults:
        return {"number_check": "ok", "number_reason": ""}
    if not reason.strip():
        problem = Problem("text", "numbers_differ", {"faults": ", ".join(faults)})
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


def _check_language(version: ProtocolVersion, lang: str) -> None:
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
