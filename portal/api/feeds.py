"""Feeds of change as entries of Atom: what happened, in a sentence, and where to read it.

Titles come in whatever language fits, so each stands in its own isolate: a Persian title never turns the
sentence around it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.alerts.dictionary import State
from portal.alerts.forms import words
from portal.alerts.queries import PublicEvent
from portal.api.schemas.texts import plain
from portal.collections.queries import Line
from portal.core.i18n import LRI, PDI, RLI, current, day, direction, language_name, plain_tokens
from portal.protocols.forms.labels import COUNTRIES
from portal.protocols.queries.changes import Change
from portal.protocols.queries.page import Text

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without entries was last updated."""
_NAMESPACE: Final = uuid.UUID("a0f3c2de-8a0f-4a53-9a39-0e1a0f6f6d4b")
GONE: Final = "protocol.withdrawn"
SENTENCES: Final[Mapping[str, Any]] = {
    "protocol.published": _l("%(title)s: version %(version)s is published"),
    "protocol.legal_set": _l("%(title)s: legal status checked, %(country)s"),
    "translation.published": _l("%(title)s: translation published, %(language)s"),
    "protocol.concern_raised": _l(
        "%(title)s: a concern about version %(version)s. Read the notice before use"
    ),
    "protocol.concern_closed": _l("%(title)s: the concern about version %(version)s is settled"),
    "protocol.concern_expired": _l("%(title)s: the concern about version %(version)s has run out"),
    "protocol.retired": _l("%(title)s: version %(version)s is retired. Do not begin with it"),
    "protocol.withdrawn": _l("%(title)s: version %(version)s is withdrawn. Do not use it"),
}
ALERT_SENTENCES: Final[Mapping[str, Any]] = {
    "issued": _l("%(level)s: %(title)s"),
    "updated": _l("%(level)s, updated: %(title)s"),
    "retracted": _l("Withdrawn, do not act on it: %(title)s"),
}
ALERT_FIELDS: Final = ("identification", "signs", "naloxone", "protocols")
NAMES: Final[Mapping[str, Any]] = {
    "all": _l("Protocols: what is new"),
    "concept": _l("What is new on: %(name)s"),
    "country": _l("Protocols and law: %(name)s"),
    "alerts": _l("Early-warning alerts"),
    "collection": _l("Collection: %(name)s"),
    "translations": _l("New translations: %(name)s"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `body` is a text in its own language, or nothing."""

    urn: str
    at: datetime
    title: str
    path: str
    kind: str
    body: Text | None = None


def entry_of(change: Change, path: str) -> Entry:
    """A change as an entry, in the language in force. Of a withdrawn version nothing is quoted."""
    body = None
    if change.event == "protocol.published" and change.version.state != "withdrawn":
        said = change.note if change.note.text else change.summary
        body = Text(plain(said.text, said.lang), said.lang) if said.text else None
    return Entry(change.urn, change.at, _sentence(change), path, change.event, body)


def _sentence(change: Change) -> str:
    values = {
        "title": isolated(change.title), "version": f"{LRI}{change.version.number}{PDI}",
        "country": str(COUNTRIES.get(change.country, "")),
        "language": language_name(change.lang) if change.lang else "",
    }  # fmt: skip
    return str(SENTENCES[change.event]) % values


def isolated(text: Text) -> str:
    """A title between marks that keep its direction to itself."""
    mark = RLI if direction(text.lang) == "rtl" else LRI
    return f"{mark}{plain(text.text, text.lang)}{PDI}"


def feed_urn(*parts: str) -> str:
    """The same for ever for a feed of a kind, language and choice."""
    return uuid.uuid5(_NAMESPACE, "/".join(parts)).urn


def updated(entries: Sequence[Entry]) -> datetime:
    return max((entry.at for entry in entries), default=BEGINNING)


def entry_of_item(collection: str, line: Line, path: str) -> Entry:
    """A protocol that was put into a collection, with what its editors say of it."""
    said = _("%(title)s: put into the collection", title=isolated(Text(line.head.title, line.head.lang)))
    urn = feed_urn("collection", collection, line.head.public_id, line.item.added_at.isoformat())
    return Entry(urn, line.item.added_at, said, path, "collection.item_added", line.note)


def entry_of_alert(event: PublicEvent, path: str) -> Entry:
    """A warning as an entry. Of one that was taken back only the reason is told."""
    reason = str(words.RETRACT_REASONS.get(event.alert.retraction_reason or "", ""))
    told = _told(event) if event.kind != "retracted" else f"{reason}."
    urn = feed_urn("alert", event.alert.public_id or "", event.kind, str(event.version.number))
    return Entry(urn, event.at, _alert_sentence(event), path, f"alert.{event.kind}", Text(told, current()))


def _alert_sentence(event: PublicEvent) -> str:
    values = {
        "title": isolated(Text(words.title(event.version.record, event.labels), current())),
        "level": str(words.LEVELS[event.version.level]),
    }
    return str(ALERT_SENTENCES[event.kind]) % values


def _told(event: PublicEvent) -> str:
    """How long it holds and what to do, in the language in force: all of it is made from codes."""
    held = _("This warning has expired. It is kept as it was.")
    if event.alert.state == State.ISSUED and event.alert.valid_until:
        held = _("In force until %(day)s.", day=day(event.alert.valid_until))
    said = words.lines(event.version.record, event.labels, ALERT_FIELDS)
    return plain_tokens(" ".join([held, *(f"{label}: {text}." for label, text in said)]))
