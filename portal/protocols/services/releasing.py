"""Publication of translations: a person's act, for a version, by itself or in one moment with the source.

A withdrawal is another row with a reason; readers get the source until somebody publishes anew.
"""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import CURRENT, LANGUAGES, ChangeType, Freshness, State
from portal.protocols.models import JointRelease, ProtocolVersion, SourceChange, TranslationPublication
from portal.protocols.policies import check_can_release_translation
from portal.protocols.queries.releases import find_joint, list_joint
from portal.protocols.queries.translations import UnitView, list_pasts, list_releases, list_views
from portal.protocols.queries.versions import find_people
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.indexing import reindex
from portal.protocols.services.translation_news import tell_of_clinical_change, tell_of_publication
from portal.protocols.services.translations import check_language


@transaction
def publish_translation(
    version: ProtocolVersion, lang: str, *, by: Actor, now: datetime
) -> TranslationPublication:
    """Declare that the version reads well in a language, and pin the revisions that it has now.

    Raises InvalidTransition while title, summary, population, contraindications, steps, conditions of
    doses or monitoring have no approved text.
    """
    check_can_release_translation(by)
    check_language(version, lang)
    if version.state not in CURRENT:
        raise InvalidTransition("wrong_state", state=version.state, verb="publish_translation")
    return _publish(version, lang, _complete(version, lang), by=by, now=now)


@transaction
def withdraw_translation(
    version: ProtocolVersion, lang: str, reason: str, *, by: Actor, now: datetime
) -> TranslationPublication:
    """Take a published translation back, with a reason that readers see; they get the source at once."""
    check_can_release_translation(by)
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    if lang not in list_releases(version.id):
        raise InvalidTransition("translation_not_published")
    row = TranslationPublication(
        version_id=version.id, lang=lang, units={}, withdrawn=True, reason=reason.strip(),
        published_by=by.id, published_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    reindex(version.protocol)
    record("translation.withdrawn", by=by, target=("protocol", version.protocol.public_id),
           reason_text=reason.strip(), changes={"version": version.number, "lang": lang})  # fmt: skip
    return row


@transaction
def release_with_source(version: ProtocolVersion, lang: str, *, by: Actor, now: datetime) -> JointRelease:
    """Decide that the translation of an accepted version goes public in the moment when the source does."""
    check_can_release_translation(by)
    check_language(version, lang)
    if version.state != State.ACCEPTED:
        raise InvalidTransition("wrong_state", state=version.state, verb="release_with_source")
    _complete(version, lang)
    if find_joint(version.id, lang):
        raise Conflict("already_decided")
    decision = JointRelease(version_id=version.id, lang=lang, decided_by=by.id, decided_at=now)
    db.session.add(decision)
    record("translation.release_planned", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "lang": lang})  # fmt: skip
    return decision


@transaction
def release_alone(version: ProtocolVersion, lang: str, *, by: Actor) -> None:
    """Take that decision back: the translation is published by an act of its own, or not at all."""
    check_can_release_translation(by)
    decision = find_joint(version.id, lang)
    if decision is None:
        return
    db.session.delete(decision)
    record("translation.release_unplanned", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "lang": lang})  # fmt: skip


@transaction
def follow_source(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """A version has just been published: note which texts it left behind, and release what was decided.

    A clinical change or a correction is told at once; an editorial one appears in the weekly list alone.
    """
    for lang in LANGUAGES:
        if lang != version.protocol.source_lang:
            _note_left_behind(version, lang, by=by, now=now)
    for decision in list_joint(version.id):
        _release_jointly(version, decision, now=now)


def _note_left_behind(version: ProtocolVersion, lang: str, *, by: Actor, now: datetime) -> None:
    keys = _left_behind(version, lang)
    if not keys:
        return
    weighty = version.change_type in (ChangeType.CLINICAL, ChangeType.CORRECTION)
    kind = Freshness.STALE_CLINICAL if weighty else Freshness.STALE_EDITORIAL
    db.session.add(SourceChange(version_id=version.id, lang=lang, kind=kind, unit_keys=keys, created_at=now))
    if weighty:
        tell_of_clinical_change(version, lang, count=len(keys))
    record("translation.source_changed", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "lang": lang, "kind": str(kind), "units": keys})  # fmt: skip


def _left_behind(version: ProtocolVersion, lang: str) -> list[str]:
    """Texts with an approved translation whose source this very version changed."""
    history = list_pasts([version.protocol_id])[version.protocol_id]
    before = history[-2].hashes if len(history) > 1 else {}
    return [
        view.source.key
        for view in list_views(version, lang)
        if view.is_stale and before.get(view.source.key) not in (None, view.source.source_hash)
    ]


def _release_jointly(version: ProtocolVersion, decision: JointRelease, *, now: datetime) -> None:
    """In the name of who decided it. What fell back since the decision is not released."""
    by = find_people({decision.decided_by})[decision.decided_by]
    views = list_views(version, decision.lang)
    if not _missing(views):
        _publish(version, decision.lang, views, by=by, now=now)


def _complete(version: ProtocolVersion, lang: str) -> list[UnitView]:
    views = list_views(version, lang)
    missing = _missing(views)
    if missing:
        raise InvalidTransition("translation_incomplete", count=len(missing))
    return views


def _missing(views: list[UnitView]) -> list[str]:
    return [view.source.key for view in views if view.source.is_needed and view.approved is None]


def _publish(
    version: ProtocolVersion, lang: str, views: list[UnitView], *, by: Actor, now: datetime
) -> TranslationPublication:
    pins = {view.source.key: view.approved.id for view in views if view.approved}
    made = TranslationPublication(
        version_id=version.id, lang=lang, units=pins, published_by=by.id, published_at=now
    )
    db.session.add(made)
    db.session.flush()
    reindex(version.protocol)
    tell_of_publication(version, lang)
    record("translation.published", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "lang": lang, "units": len(pins)})  # fmt: skip
    return made
