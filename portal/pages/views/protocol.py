"""The page of a protocol: the current version by its readable address, any version by its number.

/<lang>/p/PR-0042/<slug>    current version; another slug leads here
/<lang>/p/PR-0042/v/2.1     exactly this version
/p/PR-0042                  to the reader's language
"""

import re
from typing import Any

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.alerts.queries import list_current_for
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.richtext import to_html
from portal.core.web import actor_or_none
from portal.discussion.queries.threads import count_talk
from portal.pages.views.blueprint import blueprint
from portal.pages.views.experience import beside
from portal.pages.views.machine import version_data
from portal.pages.views.tombstone import staff_link, tombstone
from portal.protocols.dictionary import COUNTRIES
from portal.protocols.forms import citing, dose_words, fate_words, labels
from portal.protocols.policies import can_author, can_hide
from portal.protocols.queries.bookmarks import find_bookmark
from portal.protocols.queries.endings import find_fate
from portal.protocols.queries.forks import find_origin, list_children
from portal.protocols.queries.page import Page, find_address, find_page
from portal.protocols.queries.reading import find_around

NUMBER = re.compile(r"(\d{1,4})\.(\d{1,4})")


@blueprint.get("/p/<public_id>/<slug>")
@web.public
def protocol(public_id: str, slug: str) -> Response:
    def render() -> str | Response:
        page = _page(public_id)
        if page is None:
            return tombstone(public_id)
        if slug != page.protocol.slug:
            return redirect(_address(page.protocol), 301)
        return render_template("protocols/protocol.html", **_shown(page))

    return web.published_until_change(render)


@blueprint.get("/p/<public_id>")
@web.public
def without_slug(public_id: str) -> Response:
    address = web.get_or_404(find_address(public_id.upper()))
    return redirect(_address(address), 301)


@blueprint.get("/p/<public_id>/v/<number>")
@web.public
def protocol_version(public_id: str, number: str) -> Response:
    found = NUMBER.fullmatch(number)
    if found is None:
        abort(404)
    pinned = int(found[1]), int(found[2])

    def render() -> str | Response:
        page = _page(public_id, pinned)
        if page is None:
            return tombstone(public_id, pinned)
        return render_template("protocols/protocol.html", **_shown(page) | {"pinned": True})

    return web.published_until_change(render)


@web.public
def permanent(public_id: str) -> Response:
    """`/p/PR-0042`: chosen by profile, cookie, browser."""
    address = web.get_or_404(find_address(public_id.upper()))
    response = redirect(_address(address, lang=web.language_of_request()), 303)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _page(public_id: str, number: tuple[int, int] | None = None) -> Page | None:
    return find_page(public_id.upper(), i18n.current(), today=utcnow().date(), number=number)


def _address(protocol: Any, **more: Any) -> str:
    return url_for("pages.protocol", public_id=protocol.public_id, slug=protocol.slug, **more)


def _shown(page: Page) -> dict[str, Any]:
    """What the template needs beside the page: names of codes, dose lines in words, the reader's country."""
    around = find_around(page)
    actor = actor_or_none()
    return {
        "page": page,
        "following": beside(page),
        "outcomes": "pages/_outcomes.html",
        "jsonld": version_data(page),
        "labels": labels,
        "rich": to_html,
        "dose_words": dose_words.in_words,
        "own_country": around.country,
        "prohibited": around.prohibited,
        "alternatives": around.alternatives,
        "pinned": False,
        "warnings": list_current_for(
            page.lang,
            protocol=page.protocol.public_id,
            concepts=[concept.id for concept in page.concepts.get("substance", ())],
        ),
        "origin": find_origin(page.version),
        "children": list_children(page.version, page.lang),
        "may_write": actor is not None and can_author(actor),
        "bookmark": find_bookmark(actor.id, page.protocol.id) if actor else None,
        "fate": find_fate(page.version, page.lang),
        "fate_words": fate_words,
        "staff": staff_link(page),
        "may_hide": actor is not None and any(can_hide(actor, country) for country in COUNTRIES),
        "changed": around.changed,
        "address": citing.address_of(page, web.public_address()),
        "citations": citing.citations(page, web.public_address()),
        "talk": count_talk(page.protocol.id),
    }
