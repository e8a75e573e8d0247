"""Atom feeds of change, each in one language of the interface."""

from collections.abc import Sequence
from typing import Final

from flask import Response, render_template, request, url_for

from portal.alerts.queries import list_public_events
from portal.api import feeds
from portal.api.views.answers import address, as_file
from portal.api.views.blueprint import localised
from portal.api.views.changes import concepts_below
from portal.collections.models import Collection
from portal.collections.policies import can_see
from portal.collections.queries import Line, find_collection, list_lines, name_all
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.protocols.forms.labels import COUNTRIES
from portal.protocols.queries.changes import Change, Only, list_changes
from portal.vocabulary.queries import find_labels

ENTRIES: Final = 50
ATOM: Final = "application/atom+xml"


@localised.get("/feeds/all.atom")
@web.public
def everything() -> Response:
    return _feed("all", _entries(Only()))


@localised.get("/feeds/translations.atom")
@web.public
def translations() -> Response:
    """Translations into the language of the feed."""
    name = i18n.language_name(i18n.current())
    return _feed("translations", _entries(Only(translated_to=i18n.current())), name=name)


@localised.get("/feeds/concept.atom")
@web.public
def concept() -> Response:
    """`?id=` names the concept; what is narrower is meant too."""
    wanted = request.args.get("id", "")[:60]
    label = web.get_or_404(find_labels([wanted], i18n.current()).get(wanted))
    return _feed("concept", _entries(Only(concepts=concepts_below(wanted))), name=label, choice=wanted)


@localised.get("/feeds/country.atom")
@web.public
def country() -> Response:
    """`?country=` is IR or RU: protocols from there, and checks of the law there."""
    wanted = request.args.get("country", "")
    name = web.get_or_404(COUNTRIES.get(wanted))
    return _feed("country", _entries(Only(country=wanted)), name=str(name), choice=wanted)


@localised.get("/feeds/alerts.atom")
@web.public
def alerts() -> Response:
    """`?country=` narrows to alerts for a country."""
    wanted = request.args.get("country", "")
    if wanted:
        web.get_or_404(COUNTRIES.get(wanted))
    return _feed("alerts", _alerts(wanted), choice=wanted)


@localised.get("/feeds/collection.atom")
@web.public
def collection() -> Response:
    """`?id=` names the collection: what is put into it, and what changes in its protocols."""
    found: Collection = web.get_or_404(find_collection(request.args.get("id", "")[:20].upper()))
    web.get_or_404(found if can_see(None, found) else None)
    lines = list_lines(found.id, i18n.current(), today=utcnow().date())
    told = [feeds.entry_of_item(found.public_id, line, _line_path(line)) for line in lines if _is_new(line)]
    told += _entries(Only(protocols=[line.head.public_id for line in lines]))
    told.sort(key=lambda entry: entry.at, reverse=True)
    name = name_all([found], i18n.current())[0].title.text
    return _feed("collection", told[:ENTRIES], name=name, choice=found.public_id)


def _entries(only: Only) -> list[feeds.Entry]:
    found = list_changes(i18n.current(), only, limit=ENTRIES)
    return [feeds.entry_of(change, _path(change)) for change in found]


def _alerts(country: str) -> list[feeds.Entry]:
    found = list_public_events(i18n.current(), country=country, limit=ENTRIES)
    return [
        feeds.entry_of_alert(event, url_for("alerts.alert", number=event.alert.public_id)) for event in found
    ]


def _is_new(line: Line) -> bool:
    """Nobody is led by an entry to a text that was withdrawn: its withdrawal is an entry of its own."""
    return not line.head.is_withdrawn


def _line_path(line: Line) -> str:
    return url_for("pages.protocol", public_id=line.head.public_id, slug=line.head.slug)


def _path(change: Change) -> str:
    return url_for("pages.protocol_version", public_id=change.public_id, number=change.version.number)


def _feed(kind: str, entries: Sequence[feeds.Entry], *, name: str = "", choice: str = "") -> Response:
    lang = i18n.current()
    title = str(feeds.NAMES[kind]) % ({"name": name} if name else {})
    values = {"kind": kind, "entries": entries, "title": title, "updated": feeds.updated(entries)}
    xml = render_template(
        "feeds/atom.xml", **values, urn=feeds.feed_urn(kind, lang, choice),
        here=address(request.full_path.rstrip("?")), base=web.public_address(),
    )  # fmt: skip
    return as_file(xml, ATOM)
