"""The page of a programme: what it follows, since when, how closely, and what its centre reported.

No figure of a single programme is here. A programme that did not agree to be named has no page for others.
"""

from typing import Any

from flask import Response, render_template

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.permissions import Permission, has_permission
from portal.core.web import actor_or_none
from portal.pages.views.blueprint import blueprint
from portal.programmes import catalogue
from portal.programmes.models import Programme
from portal.programmes.policies import can_see_name
from portal.programmes.queries import find_programme
from portal.protocols.catalogue.quarters import quarter_of
from portal.protocols.forms import following_words, labels
from portal.protocols.models import FieldReport
from portal.protocols.policies import can_judge_declaration
from portal.protocols.queries.following import find_newer, list_declarations
from portal.protocols.queries.hiding import is_shut
from portal.protocols.queries.reports import list_public_of


@blueprint.get("/programme/<int:programme_id>")
@web.public
def programme(programme_id: int) -> Response:
    thing: Programme = web.get_or_404(find_programme(programme_id))
    web.get_or_404(thing if _may_read(thing) else None)
    return web.published(render_template("pages/programme.html", **_shown(thing)))


def _may_read(thing: Programme) -> bool:
    actor = actor_or_none()
    judges = actor is not None and can_judge_declaration(actor, thing.country, thing.organisation_id)
    return can_see_name(actor, thing) or judges


def _shown(thing: Programme) -> dict[str, Any]:
    rows = [row for row in list_declarations(thing.id) if row.decided_at and row.state != "refused"]
    rows = [row for row in rows if not is_shut(row.version.protocol.public_id)]
    quarter, actor = quarter_of(utcnow().date()), actor_or_none()
    present = [row for row in rows if row.from_quarter <= quarter <= (row.to_quarter or quarter)]
    own = actor is not None and thing.organisation_id in actor.organisation_ids
    return {
        "programme": thing, "rows": rows, "present": present, "w": following_words.words(), "labels": labels,
        "newer": {row.id: find_newer(row) for row in present}, "label": _label,
        "reports": _shown_of(thing.organisation_id) if thing.named_publicly or own else [],
        "own": own and actor is not None and has_permission(actor, Permission.READ_OWN_ROWS),
        "compares": actor is not None and has_permission(actor, Permission.READ_COMPARISONS),
    }  # fmt: skip


def _shown_of(organisation_id: int) -> list[FieldReport]:
    """Without reports on what is hidden from the reader."""
    return [r for r in list_public_of(organisation_id) if not is_shut(r.version.protocol.public_id)]


def _label(name: str, code: Any) -> str:
    return catalogue.label(name, code, i18n.current())
