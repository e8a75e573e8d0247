"""One page with everything that waits for the person who looks at it."""

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core import web
from portal.core.db import utcnow
from portal.core.web import current_actor, requires
from portal.moderation import queries

blueprint = web.bp("moderation", __name__)
KINDS = {
    "accounts": _l("Accounts that wait for a decision"),
    "role_requests": _l("Roles that need a second administrator"),
    "editions": _l("Editions that wait for your approval"),
    "desk": _l("Protocols on the editors' desk"),
    "reviews": _l("Protocols that you are asked to review"),
    "changes": _l("Protocols of yours that need changes"),
    "translations": _l("Texts of translations that wait for review"),
    "signals": _l("Signals of early warnings in your country"),
    "assessments": _l("Early warnings that the panel judges"),
    "questions": _l("Questions about signals of yours"),
    "rows": _l("Rows of files that need correction"),
    "review_due": _l("People whose review is due"),
    "follow_up_due": _l("People whose follow-up is due"),
}


@blueprint.get("/queue")
@requires()
def queue() -> str:
    waiting = queries.list_waiting(current_actor(), now=utcnow())
    return render_template("moderation/queue.html", waiting=waiting, kinds=KINDS)
