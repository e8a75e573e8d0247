"""What was done to a protocol: versions and events; drafts and reviews only for those who take part."""

from functools import partial
from typing import Any, Final

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.web import actor_or_none, get_or_404
from portal.protocols.forms import labels
from portal.protocols.models import Protocol
from portal.protocols.policies import can_edit, can_set_legal
from portal.protocols.queries import versions as read
from portal.protocols.queries import work
from portal.protocols.queries.page import list_history_lines
from portal.protocols.views.blueprint import blueprint, seen_protocol

VERSIONS: Final = 50
EVENTS: Final = 200


@blueprint.get("/protocols/<public_id>/history")
@web.public
def history(public_id: str) -> Response:
    protocol = seen_protocol(public_id)
    full = _takes_part(protocol)
    page = _page()
    versions = read.list_versions(protocol.id, skip=page * VERSIONS, limit=VERSIONS + 1)
    get_or_404(full or read.find_head(protocol.id) or None)
    lines = list_history_lines(versions, i18n.current())
    events = work.list_history(protocol, full=full, skip=page * EVENTS, limit=EVENTS + 1)
    people = read.find_people({event.actor_id for event in events}) if full else {}
    actor = actor_or_none()
    shown = {"protocol": protocol, "lines": lines, "most": VERSIONS, "people": people, "labels": labels}
    shown |= {"events": events[:EVENTS]}
    shown |= _neighbours(page, more=len(lines) > VERSIONS or len(events) > EVENTS)
    shown |= {"public_reasons": work.PUBLIC_REASONS, "nameless": work.NAMELESS}
    may_set_legal = actor is not None and can_set_legal(actor)
    return web.published(
        render_template("protocols/history.html", **shown, full=full, may_set_legal=may_set_legal)
    )


def _page() -> int:
    given = request.args.get("page", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0


def _neighbours(page: int, *, more: bool) -> dict[str, Any]:
    """Addresses of the pages before and after this one."""
    address = partial(url_for, "protocols.history", **(request.view_args or {}))
    return {
        "newer": address(page=page - 1 or None) if page else None,
        "older": address(page=page + 1) if more else None,
    }


def _takes_part(protocol: Protocol) -> bool:
    """Its authors, and editors."""
    actor = actor_or_none()
    if actor is None:
        return False
    version = read.find_head(protocol.id) or read.find_open(protocol.id)
    return can_set_legal(actor) or (version is not None and can_edit(actor, version))
