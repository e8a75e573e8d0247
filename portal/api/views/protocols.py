"""One protocol as readers get it now, its versions, and what was done to it."""

from typing import Any

from flask import Response

from portal.api.schemas.content import VersionContent
from portal.api.schemas.lists import ChangesAnswer, VersionsAnswer
from portal.api.schemas.requests import LanguageArguments, PageArguments, next_cursor
from portal.api.schemas.texts import plain
from portal.api.views.answers import as_json
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.changes import changes_answer
from portal.api.views.paging import place_number
from portal.api.views.reading import content_answer, page_or_problem, version_address
from portal.core import web
from portal.protocols.models import Protocol
from portal.protocols.queries.changes import Only
from portal.protocols.queries.page import HistoryLine, list_history_lines
from portal.protocols.queries.versions import find_protocol, list_versions

Arguments = dict[str, Any]


@resources.route("/protocols/<protocol:public_id>")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, VersionContent)
@may_answer(404, 410, 451)
@web.public
def protocol(arguments: Arguments, public_id: str) -> Response:
    """Return the version that readers get now, block by block."""
    return content_answer(page_or_problem(public_id, arguments["lang"]))


@resources.route("/protocols/<protocol:public_id>/versions/<number:number>")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, VersionContent)
@may_answer(404, 410, 451)
@web.public
def version(arguments: Arguments, public_id: str, number: str) -> Response:
    """Return exactly this version, block by block."""
    return content_answer(page_or_problem(public_id, arguments["lang"], number))


@resources.route("/protocols/<protocol:public_id>/versions")
@resources.arguments(PageArguments, location="query")
@resources.response(200, VersionsAnswer)
@may_answer(404, 451)
@web.public
def versions(arguments: Arguments, public_id: str) -> Response:
    """List the published versions, the newest first."""
    found, lang, limit = _known(public_id), arguments["lang"], arguments["limit"]
    about = ["versions", public_id]
    place = place_number(arguments["cursor"], about)
    lines = list_history_lines(list_versions(found.id), lang)
    shown = [_line(line, public_id, lang) for line in lines[place : place + limit]]
    further = next_cursor(about, place + limit) if place + limit < len(lines) else None
    return as_json(VersionsAnswer().dump({"versions": shown, "next_cursor": further}))


@resources.route("/protocols/<protocol:public_id>/history")
@resources.arguments(PageArguments, location="query")
@resources.response(200, ChangesAnswer)
@may_answer(404, 451)
@web.public
def history(arguments: Arguments, public_id: str) -> Response:
    """List what became public of this protocol, the latest first."""
    return changes_answer(arguments, Only(protocol=_known(public_id).public_id))


def _known(public_id: str) -> Protocol:
    """A protocol that was public once."""
    found = web.get_or_404(find_protocol(public_id))
    web.get_or_404(list_versions(found.id) or None)
    known: Protocol = found
    return known


def _line(line: HistoryLine, public_id: str, lang: str) -> dict[str, Any]:
    return {
        "version": line.number, "state": line.state, "change_type": line.change_type,
        "change_note": {"text": plain(line.note, line.lang), "lang": line.lang},
        "published_at": line.published_at, "url": version_address(public_id, line.number, lang),
    }  # fmt: skip
