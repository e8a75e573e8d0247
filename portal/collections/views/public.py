"""What readers find: all collections, and one with its protocols."""

from typing import Any

from flask import Response, render_template, url_for

from portal.collections import queries
from portal.collections.forms import STATE_PILLS, STATES, BeginForm
from portal.collections.models import State
from portal.collections.policies import can_curate
from portal.collections.views.blueprint import blueprint, seen_collection
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.web import actor_or_none
from portal.protocols.forms import labels


@blueprint.get("/collections")
@web.public
def collections() -> Response:
    return web.published_until_change(shelf)


@blueprint.get("/collections/<public_id>")
@web.public
def collection(public_id: str) -> Response:
    """One collection under its address, for ever: what is no longer kept up says so."""

    def render() -> str:
        return render_template("collections/collection.html", **_shown(public_id))

    return web.published_until_change(render)


def shelf(form: BeginForm | None = None) -> str:
    """All collections; editors see drafts too and may begin one."""
    may = can_curate(actor_or_none())
    return render_template(
        "collections/list.html",
        found=queries.list_collections(i18n.current(), drafts=may),
        form=(form or BeginForm(formdata=None)) if may else None,
        states=STATES,
        pills=STATE_PILLS,
        is_public=State.PUBLISHED,
    )


def _shown(public_id: str) -> dict[str, Any]:
    found, lang = seen_collection(public_id), i18n.current()
    lines = queries.list_lines(found.id, lang, today=utcnow().date())
    readable = [line.head.public_id for line in lines if not line.head.is_withdrawn]
    return {
        "found": queries.name_all([found], lang)[0],
        "lines": lines,
        "labels": labels,
        "states": STATES,
        "may_edit": can_curate(actor_or_none()),
        "offline": url_for("pages.offline_protocols", p=readable) if readable else "",
    }
