"""The live figures of one's own programme: exact, by day, on the screen only.

/programme/live?programme=CODE   its own clinicians; others get what a missing page gives
"""

from typing import Final

from flask import render_template, request
from flask_babel import gettext as _

from portal.core import i18n
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes.models import Programme
from portal.programmes.queries import find_own, list_own
from portal.registry.own.definitions import by_definition
from portal.registry.quality.reading import read_material
from portal.registry.quality.report import lines_of
from portal.registry.services.looking import look_at
from portal.registry.views import live_drawing as drawing
from portal.registry.views import live_words as words
from portal.registry.views.blueprint import blueprint

READ: Final = Permission.READ_OWN_ROWS


@blueprint.get("/programme/live")
@requires(READ)
def live() -> str:
    actor, now = current_actor(), utcnow()
    programmes = list_own(actor)
    programme = _chosen(list(programmes))
    figures = look_at(programme, by=actor, today=now.date()) if programme else None
    material = read_material(programme, now.date()) if programme and figures else None
    curve = figures.curve if figures else None
    plot = drawing.place(curve, _("Days since admission")) if curve else None
    data = drawing.draw(curve, _("Days since admission")) if curve else None
    return render_template(
        "registry/live.html", programmes=programmes, programme=programme, figures=figures, words=words,
        curve=curve, plot=plot, data=data, now=now, number=i18n.number, percent=i18n.percent,
        definitions=by_definition(material.records) if material else [],
        timely=lines_of(material, tuple(words.TIMELY)) if material else {},
    )  # fmt: skip


def _chosen(programmes: list[Programme]) -> Programme | None:
    """The programme asked for, or the first; one of another centre answers like one that does not exist."""
    code = request.args.get("programme", "")
    if code:
        found: Programme = get_or_404(find_own(code[:20], current_actor()))
        return found
    return programmes[0] if programmes else None
