"""Reads of early warnings: the work of editors and panel, and what everybody may see once it is issued."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.alerts.dictionary import CONCEPTS, PUBLIC, TEXTS, State
from portal.alerts.models import Alert, AlertOpinion, AlertSignature, AlertText, AlertVersion
from portal.alerts.rules import record_hash
from portal.core.permissions import Actor
from portal.extensions import db
from portal.vocabulary.queries import find_labels

OPEN = (State.SIGNAL, State.ASKED, State.ASSESSMENT)


@dataclass(frozen=True, slots=True)
class Told:
    """A short text as a reader gets it: in the reader's language, or in its own and said so."""

    text: str
    lang: str
    is_translated: bool


@dataclass(frozen=True, slots=True)
class PublicAlert:
    """An issued warning without anything about who reported it. `labels` name the concepts of `record`."""

    alert: Alert
    version: AlertVersion
    labels: dict[str, str]
    texts: dict[str, Told]

    @property
    def is_current(self) -> bool:
        return self.alert.state == State.ISSUED


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A warning as it was issued, updated or taken back. Of one that was taken back nothing older is told."""

    kind: str
    at: datetime
    alert: Alert
    version: AlertVersion
    labels: dict[str, str]


def find_alert(alert_id: int) -> Alert | None:
    return db.session.get(Alert, alert_id)


def find_public(public_id: str) -> Alert | None:
    """A warning that was issued, whatever became of it."""
    found = sa.select(Alert).where(Alert.public_id == public_id, Alert.state.in_(PUBLIC))
    return db.session.scalar(found)


def list_versions(alert_id: int) -> Sequence[AlertVersion]:
    found = sa.select(AlertVersion).where(AlertVersion.alert_id == alert_id)
    return db.session.scalars(found.order_by(AlertVersion.number)).all()


def list_public_alerts(
    lang: str = "en", *, limit: int = 50, current: bool | None = None, country: str = ""
) -> list[PublicAlert]:
    """Issued warnings, the latest change first. `current`: only those in force, or only the archive."""
    found = sa.select(Alert).where(Alert.state.in_(PUBLIC))
    if current is not None:
        found = found.where((Alert.state == State.ISSUED) == current)
    found = found.where(Alert.country == country) if country else found
    alerts = db.session.scalars(found.order_by(Alert.updated_at.desc(), Alert.id.desc()).limit(limit)).all()
    return in_public(alerts, lang)


def list_public_events(lang: str, *, country: str = "", limit: int = 50) -> list[PublicEvent]:
    """What was told about warnings, the latest first."""
    shown = {held.alert.id: held for held in list_public_alerts(lang, limit=limit, country=country)}
    versions = _list_told(list(shown))
    labels = find_labels({c for v in versions for name in CONCEPTS for c in v.record.get(name, ())}, lang)
    events = [
        PublicEvent(
            "issued" if version.number == 1 else "updated", version.issued_at,
            shown[version.alert_id].alert, version, labels,
        )
        for version in versions
        if shown[version.alert_id].alert.state != State.RETRACTED
    ]  # fmt: skip
    events += [
        PublicEvent("retracted", held.alert.retracted_at, held.alert, held.version, held.labels)
        for held in shown.values()
        if held.alert.state == State.RETRACTED and held.alert.retracted_at
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:limit]


def list_current_for(lang: str, *, protocol: str = "", concepts: Collection[str] = ()) -> list[PublicAlert]:
    """Warnings in force that name this protocol or one of these concepts: for the banner of a page."""
    issued = sa.select(Alert).where(Alert.state == State.ISSUED).order_by(Alert.updated_at.desc())
    wanted = set(concepts)
    alerts = [
        alert
        for alert in db.session.scalars(issued)
        if (protocol and protocol in alert.record.get("protocols", ()))
        or wanted & {concept for name in CONCEPTS for concept in alert.record.get(name, ())}
    ]
    return in_public(alerts, lang) if alerts else []


def in_public(alerts: Sequence[Alert], lang: str) -> list[PublicAlert]:
    """Warnings with their last version, labels and texts, in a fixed number of queries."""
    ids = [alert.id for alert in alerts]
    versions = _last_versions(ids)
    named = {c for v in versions.values() for name in CONCEPTS for c in v.record.get(name, ())}
    labels, texts = find_labels(named, lang), _approved_texts(ids, lang)
    return [
        PublicAlert(alert, versions[alert.id], labels, _told(alert, versions[alert.id], texts, lang))
        for alert in alerts
    ]


def labels_of(record: dict[str, object], lang: str) -> dict[str, str]:
    named = {concept for name in CONCEPTS for concept in record.get(name) or ()}  # type: ignore[attr-defined] # lists
    return find_labels(named, lang)


def _last_versions(ids: Collection[int]) -> dict[int, AlertVersion]:
    return {version.alert_id: version for version in _list_told(ids)}


def _list_told(ids: Collection[int]) -> Sequence[AlertVersion]:
    """Every version of these warnings, the first of each before its updates."""
    found = sa.select(AlertVersion).where(AlertVersion.alert_id.in_(ids))
    return db.session.scalars(found.order_by(AlertVersion.number, AlertVersion.id)).all()


def _approved_texts(ids: Collection[int], lang: str) -> dict[tuple[int, str], AlertText]:
    found = sa.select(AlertText).where(AlertText.alert_id.in_(ids), AlertText.lang == lang)
    rows = db.session.scalars(found.where(AlertText.approved_at.is_not(None)))
    return {(text.alert_id, text.field): text for text in rows}


def _told(
    alert: Alert, version: AlertVersion, texts: dict[tuple[int, str], AlertText], lang: str
) -> dict[str, Told]:
    told = {}
    for field in TEXTS:
        source = version.record.get(field, "")
        own = texts.get((alert.id, field))
        if source and own and own.source_hash == record_hash({"text": source}):
            told[field] = Told(own.text, lang, is_translated=True)
        elif source:
            told[field] = Told(source, alert.source_lang, is_translated=alert.source_lang == lang)
    return told


def list_signatures(alert: Alert, content_hash: str) -> Sequence[AlertSignature]:
    """Who signed exactly this content."""
    signed = sa.select(AlertSignature).where(AlertSignature.alert_id == alert.id)
    return db.session.scalars(signed.where(AlertSignature.content_hash == content_hash)).all()


def list_opinions(alert: Alert) -> Sequence[AlertOpinion]:
    """Judgements about the present content; after the first issue those that it was issued by."""
    found = sa.select(AlertOpinion).where(AlertOpinion.alert_id == alert.id).order_by(AlertOpinion.id)
    rows = db.session.scalars(found).all()
    if alert.version:
        first = record_hash(list_versions(alert.id)[0].record)
        return [row for row in rows if row.content_hash == first]
    return [row for row in rows if row.content_hash == record_hash(alert.record)]


def list_open(actor: Actor, *, panel: bool) -> Sequence[Alert]:
    """Signals of the editor's own country, or, for the panel, what is being assessed anywhere."""
    found = sa.select(Alert).where(Alert.state.in_(OPEN)).order_by(Alert.reported_at)
    seen = Alert.state == State.ASSESSMENT if panel else Alert.country == actor.country
    return db.session.scalars(found.where(seen)).all()


def list_unconfirmed() -> Sequence[Alert]:
    """Issued by one person alone; a second one has to confirm."""
    found = sa.select(Alert).where(Alert.state == State.ISSUED, Alert.second_due_at.is_not(None))
    return db.session.scalars(found.order_by(Alert.second_due_at)).all()


def list_pending() -> Sequence[Alert]:
    """Issued, with an update that waits for its second signature."""
    found = sa.select(Alert).where(Alert.state == State.ISSUED, Alert.pending.is_not(None))
    return db.session.scalars(found.order_by(Alert.id)).all()


def list_reported(actor: Actor) -> Sequence[Alert]:
    found = sa.select(Alert).where(Alert.reporter_id == actor.id).order_by(Alert.id.desc())
    return db.session.scalars(found).all()


def list_mergeable(alert: Alert) -> Sequence[Alert]:
    """What a signal may be a duplicate of: other open or issued warnings, the latest first."""
    found = sa.select(Alert).where(Alert.id != alert.id, Alert.state.in_((*OPEN, State.ISSUED)))
    return db.session.scalars(found.order_by(Alert.id.desc()).limit(30)).all()


def list_due(today: date) -> Sequence[Alert]:
    """In force beyond their last day."""
    return db.session.scalars(
        sa.select(Alert).where(Alert.state == State.ISSUED, Alert.valid_until < today)
    ).all()


def list_texts(alert_id: int) -> dict[tuple[str, str], AlertText]:
    """Texts in other languages, by field and language."""
    rows = db.session.scalars(sa.select(AlertText).where(AlertText.alert_id == alert_id))
    return {(row.field, row.lang): row for row in rows}


def last_number(year: int) -> int:
    """The highest number given in a year; 0 when there is none."""
    pattern = f"AL-{year}-%"
    found = sa.select(sa.func.max(Alert.public_id)).where(Alert.public_id.like(pattern))
    last = db.session.scalar(found)
    return int(last.rsplit("-", 1)[1]) if last else 0


def country_of(region: str) -> str:
    return region[:2]
