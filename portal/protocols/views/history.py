"""What was done to a protocol: versions and events; drafts and reviews only for those who take part."""

from flask import render_template
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


@blueprint.get("/protocols/<public_id>/history")
@web.public
def history(public_id: str) -> Response:
    protocol = seen_protocol(public_id)
    full = _takes_part(protocol)
    versions = read.list_versions(protocol.id)
    get_or_404(versions or full or None)
    lines = list_history_lines(versions, i18n.current())
    events = work.list_history(protocol, full=full)
    people = read.find_people({event.actor_id for event in events}) if full else {}
    actor = actor_or_none()
    shown = {"protocol": protocol, "lines": lines, "events": events, "people": people, "labels": labels}
    shown |= {"public_reasons": work.PUBLIC_REASONS, "nameless": work.NAMELESS}
    may_set_legal = actor is not None and can_set_legal(actor)
    return web.published(
        render_template("protocols/history.html", **shown, full=full, may_set_legal=may_set_legal)
    )


def _takes_part(protocol: Protocol) -> bool:
    """Its authors, and editors."""
    actor = actor_or_none()
    if actor is None:
        return False
    version = read.find_head(protocol.id) or read.find_open(protocol.id)
    return can_set_legal(actor) or (version is not None and can_edit(actor, version))
