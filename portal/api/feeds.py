"""Feeds of change as entries of Atom: what happened, in a sentence, and where to read it.

Titles come in whatever language fits, so each stands in its own isolate: a Persian title never turns the
sentence around it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.api.schemas.texts import plain
from portal.core.i18n import LRI, PDI, RLI, direction, language_name
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
NAMES: Final[Mapping[str, Any]] = {
    "all": _l("Protocols: what is new"),
    "concept": _l("What is new on: %(name)s"),
    "country": _l("Protocols and law: %(name)s"),
    "alerts": _l("Early-warning alerts"),
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


def list_alerts(lang: str, country: str) -> Sequence[Entry]:  # noqa: ARG001 # filled by the queries of alerts
    """Alerts that were issued, updated or retracted, the latest first. None are issued yet."""
    return ()
