"""The fast lane of short texts: one translator, one clinician who is somebody else."""

from datetime import datetime

from portal.alerts.dictionary import TEXTS
from portal.alerts.models import Alert, AlertText
from portal.alerts.policies import check_can_approve_text, check_can_translate
from portal.alerts.queries import list_texts
from portal.alerts.rules import record_hash
from portal.alerts.services.records import check_text
from portal.alerts.services.steps import note
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import Actor
from portal.extensions import db

LANGUAGES = ("en", "ru", "fa")
LONGEST = 800


@transaction
def save_text(alert: Alert, field: str, lang: str, text: str, *, by: Actor, now: datetime) -> AlertText:
    """Write a translation of the present text. A clinician approves it before anybody reads it."""
    check_can_translate(by)
    if field not in TEXTS or lang not in LANGUAGES or lang == alert.source_lang:
        raise Invalid(problems=(Problem(field, "code_unknown"),))
    if not text.strip() or len(text) > LONGEST or not alert.record.get(field):
        raise Invalid(problems=(Problem(field, "text_missing"),))
    check_text(field, text)
    held = list_texts(alert.id).get((field, lang)) or AlertText(alert_id=alert.id, field=field, lang=lang)
    held.text, held.translated_by, held.translated_at = text, by.id, now
    held.source_hash = record_hash({"text": alert.record[field]})
    held.approved_by = held.approved_at = None
    db.session.add(held)
    db.session.flush()
    note("alert.text_translated", alert, by=by, changes={"field": field, "lang": lang})
    return held


@transaction
def approve_text(text: AlertText, *, by: Actor, now: datetime, seen: str = "") -> None:
    """A clinician's yes to a translation of the present text, as it stood on the page."""
    check_can_approve_text(by, text)
    if seen and seen != text.mark:
        raise Conflict("changed_meanwhile")
    alert = db.session.get_one(Alert, text.alert_id)
    if text.source_hash != record_hash({"text": alert.record.get(text.field, "")}):
        raise Conflict("source_changed")
    text.approved_by, text.approved_at = by.id, now
    note("alert.text_approved", alert, by=by, changes={"field": text.field, "lang": text.lang})
