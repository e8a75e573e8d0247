"""What changed: two published versions, an adaptation and its parent, a draft and the version before it.

/p/PR-0042/v/2.1/diff/1.3     two versions
/p/PR-0042/v/1.0/parent       an adaptation and the version that it was adapted from
"""

import re
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.web import get_or_404, requires
from portal.protocols.forms import changes
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries import compare as read
from portal.protocols.queries.forks import find_parent
from portal.protocols.queries.hiding import check_shown
from portal.protocols.queries.lineage import is_withdrawn
from portal.protocols.queries.versions import list_versions
from portal.protocols.views.blueprint import blueprint, seen_protocol, seen_version

NUMBER = re.compile(r"(\d{1,4})\.(\d{1,4})")
blueprint.add_app_template_global(changes.of_text, "changed_words")


@blueprint.get("/p/<public_id>/v/<number>/diff/<other>")
@web.public
def compare_versions(public_id: str, number: str, other: str) -> Response:
    protocol = seen_protocol(public_id)
    new, old = _number(number), _number(other)
    before, after = get_or_404(read.find_pair(protocol, max(new, old), min(new, old)))
    if new == old:
        return redirect(_version(protocol.public_id, number))
    if new < old:
        return redirect(_address(protocol.public_id, other, number))
    compared = read.compare_public(before, after, i18n.current(), today=utcnow().date())
    return web.published(render_template("protocols/compare.html", **_shown(compared)))


@blueprint.get("/p/<public_id>/v/<number>/parent")
@web.public
def compare_with_parent(public_id: str, number: str) -> Response:
    protocol = seen_protocol(public_id)
    found = _number(number)
    version = get_or_404(read.find_pair(protocol, found, found))[1]
    parent = get_or_404(_readable(find_parent(version)))
    check_shown(parent.protocol.public_id)
    compared = read.compare_public(parent, version, i18n.current(), today=utcnow().date())
    return web.published(render_template("protocols/compare.html", **_shown(compared)))


@blueprint.get("/p/<public_id>/compare")
@web.public
def choose_versions(public_id: str) -> Response:
    """The form for two versions leads to their permanent address."""
    protocol = seen_protocol(public_id)
    old, new = request.args.get("old", ""), request.args.get("new", "")
    if not (NUMBER.fullmatch(old) and NUMBER.fullmatch(new)):
        abort(404)
    return redirect(_address(protocol.public_id, new, old))


@blueprint.get("/protocols/drafts/<int:version_id>/changes")
@requires()
def draft_changes(version_id: int) -> str:
    version = seen_version(version_id)
    compared = get_or_404(read.compare_draft(version, i18n.current(), today=utcnow().date()))
    return render_template("protocols/compare.html", **_shown(compared), draft=version)


def changes_of(version: ProtocolVersion) -> dict[str, Any]:
    """What a page shows of a draft beside the version before it; nothing for a first version."""
    compared = read.compare_draft(version, i18n.current(), today=utcnow().date())
    return _shown(compared) if compared else {}


def _shown(compared: read.Compared) -> dict[str, Any]:
    cards = changes.cards(compared)
    return {
        "compared": compared,
        "cards": cards,
        "clinical": sum(bool(card.reason) for card in cards),
        "changed_sections": changes.list_sections(cards),
        "versions": list_versions(compared.new.protocol.id),
        "what_names": changes.WHAT_NAMES,
        "what_pills": changes.PILLS,
    }


def _readable(version: ProtocolVersion | None) -> ProtocolVersion | None:
    """The version, unless its body is gone."""
    gone = version is None or version.state == "withdrawn" or is_withdrawn(version.protocol_id)
    return None if gone else version


def _number(text: str) -> tuple[int, int]:
    found = NUMBER.fullmatch(text)
    if found is None:
        abort(404)
    return int(found[1]), int(found[2])


def _version(public_id: str, number: str) -> str:
    return url_for("pages.protocol_version", public_id=public_id, number=number)


def _address(public_id: str, new: str, old: str) -> str:
    return url_for("protocols.compare_versions", public_id=public_id, number=new, other=old)
