"""Editors at work on a collection: words, protocols in order, state. All of it works without script."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.collections import queries
from portal.collections.forms import STATE_PILLS, STATES, BeginForm, NoteForm, WordsForm, as_typed
from portal.collections.models import Collection
from portal.collections.services import fate, items, making
from portal.collections.services.acts import mark_of
from portal.collections.services.making import Written
from portal.collections.views.blueprint import Page, attempt, blueprint, seen_collection
from portal.collections.views.public import shelf
from portal.collections.workflow import TRANSITIONS
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, requires
from portal.core.workflow import verbs
from portal.protocols import search

CURATE = Permission.CURATE
OFFERED = 8
LONGEST_QUERY = 200


@blueprint.post("/collections")
@requires(CURATE)
def begin() -> Page:
    form, by = BeginForm(), current_actor()
    if form.validate_on_submit():
        written = Written({i18n.current(): form.text("title")}, {})
        made: list[Collection] = []
        if attempt(form, lambda: made.append(making.begin(written, by=by, now=utcnow()))):
            return redirect(url_for("collections.edit", public_id=made[0].public_id))
    return shelf(form), 422


@blueprint.get("/collections/<public_id>/edit")
@requires(CURATE)
def edit(public_id: str) -> str:
    return _page(seen_collection(public_id))


@blueprint.post("/collections/<public_id>/edit")
@requires(CURATE)
def change_words(public_id: str) -> Page:
    collection, form, by = seen_collection(public_id), WordsForm(), current_actor()
    written = Written(form.words("title"), form.words("introduction"))
    seen = _seen()
    if form.validate_on_submit() and attempt(
        form, lambda: making.change_words(collection, written, seen=seen, by=by, now=utcnow())
    ):
        return _done(public_id, _("Saved."))
    if seen != collection.revision:
        form.set_beside(as_typed(queries.find_words(collection.id)))
    return _page(collection, words=form), 422


@blueprint.post("/collections/<public_id>/<any(publish, retire, reopen):verb>")
@requires(CURATE)
def move(public_id: str, verb: str) -> Response:
    collection = seen_collection(public_id)
    try:
        fate.move(collection, verb, by=current_actor(), now=utcnow(), seen=_seen())
    except DomainError as refusal:
        return _refused(public_id, refusal)
    return _done(public_id, _("Done. Readers see it from now on."))


@blueprint.post("/collections/<public_id>/items")
@requires(CURATE)
def add_item(public_id: str) -> Response:
    collection, wanted = seen_collection(public_id), request.form.get("protocol", "")[:20].upper()
    try:
        item = items.add_item(collection, wanted, by=current_actor(), now=utcnow())
    except DomainError as refusal:
        return _refused(public_id, refusal)
    return _done(public_id, _("The protocol stands at the end of the collection."), item.id)


@blueprint.post("/collections/<public_id>/items/<int:item_id>/<any(up, down, remove):what>")
@requires(CURATE)
def place_item(public_id: str, item_id: int, what: str) -> Response:
    """One place up or down, or out. The page comes back at the same protocol, where the keyboard goes on."""
    collection, by, now = seen_collection(public_id), current_actor(), utcnow()
    try:
        if what == "remove":
            items.remove_item(collection, item_id, by=by, now=now)
            return _done(public_id, _("The protocol is no longer in the collection."))
        items.move_item(collection, item_id, up=what == "up", by=by, now=now)
    except DomainError as refusal:
        return _refused(public_id, refusal)
    return redirect(_address(public_id, item_id))


@blueprint.post("/collections/<public_id>/items/<int:item_id>/note")
@requires(CURATE)
def say_about(public_id: str, item_id: int) -> Page:
    collection, form = seen_collection(public_id), NoteForm(prefix=f"n{item_id}-")
    words, by, seen = form.words("note"), current_actor(), request.form.get("seen")
    if form.validate_on_submit() and attempt(
        form, lambda: items.say_about(collection, item_id, words, by=by, now=utcnow(), seen=seen)
    ):
        return _done(public_id, _("Saved."), item_id)
    item = queries.find_item(collection.id, item_id)
    if item is not None and seen is not None and seen != mark_of(item.words):
        form.set_beside(_as_noted(item.words))
    return _page(collection, notes={item_id: form}), 422


def _seen() -> int:
    given = request.form.get("seen", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def _address(public_id: str, item_id: int | None = None) -> str:
    anchor = f"item-{item_id}" if item_id else None
    return url_for("collections.edit", public_id=public_id, _anchor=anchor)


def _done(public_id: str, text: str, item_id: int | None = None) -> Response:
    web.flash_done(text)
    return redirect(_address(public_id, item_id))


def _refused(public_id: str, refusal: DomainError) -> Response:
    web.flash_refused(refusal)
    return redirect(_address(public_id))


def _page(
    collection: Collection, *, words: WordsForm | None = None, notes: dict[int, NoteForm] | None = None
) -> str:
    lines = queries.list_lines(collection.id, i18n.current(), today=utcnow().date())
    given = notes or {}
    return render_template(
        "collections/edit.html",
        found=queries.name_all([collection], i18n.current())[0],
        words=words or WordsForm(formdata=None, data=as_typed(queries.find_words(collection.id))),
        seen=collection.revision,
        mark_of=mark_of,
        lines=lines,
        notes={line.item.id: given.get(line.item.id) or _note_form(line) for line in lines},
        failed=next(iter(given.values()), None) or words,
        moves=verbs(TRANSITIONS, collection.state),
        states=STATES,
        pills=STATE_PILLS,
        plain=PlainForm(),
        **_offered({line.head.public_id for line in lines}),
    )


def _note_form(line: queries.Line) -> NoteForm:
    return NoteForm(formdata=None, prefix=f"n{line.item.id}-", data=_as_noted(line.item.words))


def _as_noted(words: Mapping[str, str]) -> dict[str, str]:
    return {f"note_{lang}": text for lang, text in words.items()}


def _offered(held: set[str]) -> dict[str, Any]:
    """Protocols that an editor searched for and that are not in the collection yet."""
    text = request.args.get("q", "")[:LONGEST_QUERY].strip()
    hits = search.query(text, lang=i18n.current(), limit=OFFERED, facets=False).results if text else []
    return {"text": text, "offered": [hit for hit in hits if hit.public_id not in held and not hit.retired]}
