"""The quality of one's own programme's data: what to repair first, and the way to the records.

/programme/quality?programme=CODE[&indicator=DQ03]   its own clinicians; others get what a missing page gives
"""

from typing import Any, Final

from flask import render_template, request

from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes.models import Programme
from portal.programmes.queries import find_own, list_own
from portal.registry import queries
from portal.registry.quality.report import SHOWN_RECORDS, Line, Quality, quality_of
from portal.registry.services.looking import look_at_quality
from portal.registry.views import quality_words as words
from portal.registry.views.blueprint import blueprint

READ: Final = Permission.READ_OWN_ROWS


@blueprint.get("/programme/quality")
@requires(READ)
def quality() -> str:
    actor, now = current_actor(), utcnow()
    programmes = list_own(actor)
    programme = _chosen(list(programmes))
    if programme:
        look_at_quality(programme, by=actor)
    found = quality_of(programme, now.date()) if programme else None
    return render_template(
        "registry/quality.html", programmes=programmes, programme=programme, found=found, words=words,
        now=now, **_records(programme, found),
    )  # fmt: skip


def _chosen(programmes: list[Programme]) -> Programme | None:
    """The programme asked for, or the first; one of another centre answers like one that does not exist."""
    code = request.args.get("programme", "")
    if code:
        found: Programme = get_or_404(find_own(code[:20], current_actor()))
        return found
    return programmes[0] if programmes else None


def _records(programme: Programme | None, found: Quality | None) -> dict[str, Any]:
    """The records behind one indicator, where one was asked for."""
    line: Line | None = found.line(request.args.get("indicator", "")[:4]) if found else None
    if programme is None or line is None or not line.failing:
        return {"line": None, "records": []}
    numbers = line.failing[-SHOWN_RECORDS:]
    return {"line": line, "records": queries.list_numbered(programme.code, numbers)}
