"""What became public, the latest first."""

from typing import Any, Final

from flask import Response, url_for
from flask_smorest import abort

from portal.api.schemas.lists import ChangesAnswer
from portal.api.schemas.requests import ChangesArguments, next_cursor
from portal.api.schemas.texts import plain
from portal.api.views.answers import address, as_json
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.paging import place_number
from portal.core import web
from portal.protocols.queries.changes import Change, Only, list_changes
from portal.vocabulary import thesaurus
from portal.vocabulary.queries import exists

Arguments = dict[str, Any]
FIRST: Final = 2**31 - 1


@resources.route("/changes")
@resources.arguments(ChangesArguments, location="query")
@resources.response(200, ChangesAnswer)
@may_answer(404)
@web.public
def changes(arguments: Arguments) -> Response:
    """List publications, notices, translations and checks of the law."""
    concept = arguments["concept"]
    if concept and not exists(concept):
        abort(404)
    below = concepts_below(concept) if concept else ()
    return changes_answer(arguments, Only(concepts=below, country=arguments["country"]))


def concepts_below(concept: str) -> list[str]:
    """The concept with everything narrower."""
    children, found = thesaurus.current().children, [concept]
    for one in found:
        found.extend(children.get(one, ()))
    return found


def changes_answer(arguments: Arguments, only: Only) -> Response:
    lang, limit = arguments["lang"], arguments["limit"]
    about = ["changes", sorted(only.concepts), only.country, only.protocol]
    place = place_number(arguments["cursor"], about)
    found = list_changes(lang, only, before=place or None, limit=limit + 1)
    further = next_cursor(about, found[limit - 1].seq) if len(found) > limit else None
    told = [_told(change, lang) for change in found[:limit]]
    return as_json(ChangesAnswer().dump({"changes": told, "next_cursor": further}))


def _told(change: Change, lang: str) -> dict[str, Any]:
    path = url_for(
        "pages.protocol_version", public_id=change.public_id, number=change.version.number, lang=lang
    )
    told = {
        "id": change.urn, "event": change.event, "at": change.at, "protocol": change.public_id,
        "version": change.version.number, "url": address(path),
        "title": {"text": plain(change.title.text, change.title.lang), "lang": change.title.lang},
    }  # fmt: skip
    return told | {name: value for name in ("lang", "country") if (value := getattr(change, name))}
