"""Files of a version: PDF, Markdown, citations, and the zip for reading without a line.

/<lang>/p/PR-0042/v/2.1.pdf      and .md .bib .ris .csl.json .references.bib … .zip
/<lang>/p/PR-0042/offline.zip    the current version; ask again with If-None-Match
/<lang>/offline.zip?p=PR-0042    several protocols; without `p` those published last
"""

from flask import Response, abort, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.pages.views import offline
from portal.pages.views.blueprint import blueprint
from portal.pages.views.tombstone import tombstone
from portal.protocols.dictionary import State
from portal.protocols.forms.copies import ENDINGS, Copy, copy_of
from portal.protocols.queries.hiding import is_shut
from portal.protocols.queries.page import Page, find_page
from portal.protocols.queries.reading import list_newest

MOST = 50
KINDS = ", ".join(f"'{ending}'" for ending in (*ENDINGS, "zip"))


@blueprint.get(f"/p/<public_id>/v/<int:major>.<int:minor>.<any({KINDS}):ending>")
@web.public
def protocol_copy(public_id: str, major: int, minor: int, ending: str) -> AnyResponse:
    page = _page(public_id, (major, minor))
    if page is None:
        return tombstone(public_id, (major, minor))
    return answer(_zip([page]) if ending == "zip" else _copy(page, ending))


@blueprint.get("/p/<public_id>/offline.zip")
@web.public
def offline_protocol(public_id: str) -> AnyResponse:
    page = _page(public_id)
    return tombstone(public_id) if page is None else answer(_zip([page]))


@blueprint.get("/offline.zip")
@web.public
def offline_protocols() -> Response:
    ids = request.args.getlist("p") or list_newest(MOST)
    wanted = dict.fromkeys(public_id.upper() for public_id in ids[:MOST])
    if len(wanted) > 1:
        wanted = {public_id: None for public_id in wanted if not is_shut(public_id)}
    pages = [page for public_id in wanted if (page := _page(public_id))]
    return answer(_zip(pages)) if pages else abort(404)


def _page(public_id: str, number: tuple[int, int] | None = None) -> Page | None:
    """The page, unless its text was withdrawn: no copy outlives it."""
    page = find_page(public_id.upper(), i18n.current(), today=utcnow().date(), number=number)
    return None if page is None or page.version.state == State.WITHDRAWN else page


def _copy(page: Page, ending: str) -> Copy:
    return copy_of(
        page, ending, address=web.public_address(), demonstration=current_app.config["DEMONSTRATION"],
        printed_on=utcnow().date(),
    )  # fmt: skip


def _zip(pages: list[Page]) -> Copy:
    return offline.copy_of(
        pages, address=web.public_address(), demonstration=current_app.config["DEMONSTRATION"],
        saved_on=utcnow().date(),
    )  # fmt: skip


def answer(copy: Copy) -> Response:
    """The file, or 304 before it is made. Weak: the day of printing is no other content."""
    response = Response(mimetype=copy.mimetype)
    response.headers["Content-Type"] = copy.mimetype
    kind = "attachment" if copy.is_attachment else "inline"
    response.headers["Content-Disposition"] = f"{kind}; filename={copy.name}"
    response.set_etag(copy.etag, weak=True)
    if web.actor_or_none() is None:
        response.headers["Cache-Control"] = web.PUBLISHED
        if request.if_none_match.contains_weak(copy.etag):
            response.make_conditional(request)
            return response
    response.set_data(copy.make())
    return response
