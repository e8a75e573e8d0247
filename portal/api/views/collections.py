"""Collections of editors."""

from typing import Any

from flask import Response, url_for

from portal.api.schemas.collections import CollectionAnswer, CollectionsAnswer
from portal.api.schemas.requests import LanguageArguments
from portal.api.schemas.texts import plain
from portal.api.views.answers import address, as_json
from portal.api.views.blueprint import may_answer, resources
from portal.collections.models import Collection
from portal.collections.policies import can_see
from portal.collections.queries import Line, Named, find_collection, list_collections, list_lines, name_all
from portal.core import web
from portal.core.db import utcnow
from portal.protocols.queries.page import Text

Arguments = dict[str, Any]


@resources.route("/collections")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, CollectionsAnswer)
@may_answer()
@web.public
def collections(arguments: Arguments) -> Response:
    """List collections."""
    lang = arguments["lang"]
    told = [_listed(named, lang) for named in list_collections(lang)]
    return as_json(CollectionsAnswer().dump({"collections": told}))


@resources.route("/collections/<collection:public_id>")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, CollectionAnswer)
@may_answer(404)
@web.public
def collection(arguments: Arguments, public_id: str) -> Response:
    """Return a collection with its protocols."""
    lang, found = arguments["lang"], _public(public_id)
    lines = list_lines(found.id, lang, today=utcnow().date())
    told = _listed(name_all([found], lang)[0], lang) | {"items": [_item(line, lang) for line in lines]}
    return as_json(CollectionAnswer().dump(told))


def _public(public_id: str) -> Collection:
    found: Collection = web.get_or_404(find_collection(public_id))
    return web.get_or_404(found if can_see(None, found) else None)


def _listed(named: Named, lang: str) -> dict[str, Any]:
    held = named.collection
    path = url_for("collections.collection", public_id=held.public_id, lang=lang)
    return {
        "id": held.public_id, "state": held.state, "title": _text(named.title), "protocols": named.readable,
        "introduction": _text(named.introduction), "demonstration": held.demonstration,
        "changed_at": held.changed_at, "url": address(path),
    }  # fmt: skip


def _item(line: Line, lang: str) -> dict[str, Any]:
    head = line.head
    path = url_for("pages.protocol", public_id=head.public_id, slug=head.slug, lang=lang)
    return {
        "id": head.public_id, "title": _text(Text(head.title, head.lang)), "version": head.version.number,
        "state": head.state, "note": _text(line.note) if line.note else None,
        "added_at": line.item.added_at, "url": address(path),
    }  # fmt: skip


def _text(text: Text) -> dict[str, str]:
    return {"text": plain(text.text, text.lang), "lang": text.lang}
