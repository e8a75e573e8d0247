"""The page of a version for the API, or what is left of a withdrawn one."""

from typing import Any, NoReturn

from flask import Response, url_for
from flask_smorest import abort

from portal.api.schemas.content import VersionContent, content_of
from portal.api.schemas.texts import plain
from portal.api.views.answers import address, as_json
from portal.api.views.formats import FORMS
from portal.core import web
from portal.core.db import utcnow
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.page import Page, find_page
from portal.protocols.queries.versions import find_people, find_protocol, list_versions

WITHDRAWN = (
    "This version was withdrawn: its content must not be used. The page says why and what replaces it."
)


def page_or_problem(public_id: str, lang: str, number: str = "") -> Page:
    """The page; 410 with what is left of it where the version was withdrawn, 404 where there is none."""
    wanted = number_of(number) if number else None
    page = find_page(public_id, lang, today=utcnow().date(), number=wanted)
    if page is None or page.version.state == "withdrawn":
        _refuse(public_id, number, lang)
    return page


def number_of(number: str) -> tuple[int, int]:
    """Major and minor."""
    major, minor = number.split(".")
    return int(major), int(minor)


def _refuse(public_id: str, number: str, lang: str) -> NoReturn:
    protocol = web.get_or_404(find_protocol(public_id))
    versions = list_versions(protocol.id)
    named = (
        [version for version in versions if number_of(version.number) == number_of(number)]
        if number
        else versions[:1]
    )
    gone = [version for version in named if version.state == "withdrawn"]
    if not gone:
        abort(404)
    abort(410, detail=WITHDRAWN, left=_left(gone[0], lang))
    raise AssertionError  # `abort` never comes back


def _left(version: ProtocolVersion, lang: str) -> dict[str, Any]:
    author = find_people({version.created_by}).get(version.created_by)
    return {
        "id": version.protocol.public_id, "version": version.number, "state": version.state,
        "title": plain(version.title, version.protocol.source_lang), "lang": version.protocol.source_lang,
        "author": author.name if author else "",
        "published_at": version.published_at.isoformat() if version.published_at else None,
        "url": version_address(version.protocol.public_id, version.number, lang),
    }  # fmt: skip


def version_address(public_id: str, number: str, lang: str) -> str:
    return address(url_for("pages.protocol_version", public_id=public_id, number=number, lang=lang))


def content_answer(page: Page) -> Response:
    """The content, with the addresses of its other forms."""
    public_id, number = page.protocol.public_id, page.version.number
    here = url_for("api_v1.version", public_id=public_id, number=number)
    links = {kind: address(f"{here}.{kind}?lang={page.lang}") for kind in FORMS}
    told = content_of(page, links, url=version_address(public_id, number, page.lang))
    return as_json(VersionContent().dump(told))
