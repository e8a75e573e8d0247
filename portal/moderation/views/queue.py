"""One page with everything that waits for the person who looks at it."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal.core.db import utcnow
from portal.core.permissions import Actor, Permission, has_permission
from portal.core.web import actor_or_none, current_actor, requires
from portal.moderation.queries.sources import list_waiting
from portal.moderation.views.blueprint import blueprint
from portal.protocols.queries.workplaces import list_workplaces

KINDS = {
    "accounts": _l("Accounts that wait for a decision"),
    "role_requests": _l("Roles that need a second administrator"),
    "editions": _l("Editions that wait for your approval"),
    "desk": _l("Protocols on the editors' desk"),
    "notices": _l("Notices, appeals and corrections that wait for a chief editor"),
    "reviews": _l("Protocols that you are asked to review"),
    "changes": _l("Protocols of yours that need changes"),
    "adaptations": _l("Changes of a protocol that you adapted"),
    "translations": _l("Texts of translations that wait for review"),
    "signals": _l("Signals of early warnings in your country"),
    "assessments": _l("Early warnings that the panel judges"),
    "second_signatures": _l("Early warnings that need a second signature"),
    "questions": _l("Questions about signals of yours"),
    "declarations": _l("Declarations of programmes that need a decision"),
    "field_reports": _l("Field reports that need a decision"),
    "reports_returned": _l("Field reports of yours that came back"),
    "new_versions": _l("New versions of protocols that your programmes follow"),
    "translations_back": _l("Texts of yours that came back"),
    "complaints": _l("Mistakes in translations that readers report"),
    "samples": _l("Approved texts to look at a second time"),
    "moderation": _l("Posts, flags and appeals that wait for a moderator"),
    "own_cases": _l("Cases of yours that need a follow-up"),
    "rows": _l("Rows of files that need correction"),
    "review_due": _l("People whose review is due"),
    "follow_up_due": _l("People whose follow-up is due"),
}
# Working pages of other features, open also when nothing waits there.
PLACES = (
    ("moderation.discussion", _l("Moderators' queue"), {Permission.MODERATE}),
    ("alerts.desk", _l("Desk of early warnings"), {Permission.TRIAGE_ALERT, Permission.ASSESS_ALERT}),
    ("alerts.my_signals", _l("My signals"), {Permission.SIGNAL_ALERT}),
    ("vocabulary.changes", _l("Changes of the vocabulary"), {Permission.EDIT_VOCABULARY}),
    ("collections.collections", _l("Collections"), {Permission.CURATE}),
    ("moderation.settings", _l("Settings of the portal"), {Permission.MANAGE_SETTINGS}),
    ("protocols.unfound", _l("What people searched for and did not find"), {Permission.EDIT_VOCABULARY}),
)


@blueprint.get("/queue")
@requires()
def queue() -> str:
    """What waits, and every place where the person works."""
    actor = current_actor()
    now = utcnow()
    places = {"work": list_workplaces(actor), "more_work": _more(actor)}
    waiting = list_waiting(actor, now=now)
    return render_template("moderation/queue.html", waiting=waiting, kinds=KINDS, now=now, **places)


def own_tasks() -> tuple[int, int]:
    """How many things wait for the person who looks, and how many of them too long."""
    actor = actor_or_none()
    waiting = list_waiting(actor, now=utcnow()) if actor else ()
    return sum(held.count for held in waiting), sum(held.overdue for held in waiting)


blueprint.add_app_template_global(own_tasks)


def _more(actor: Actor) -> list[tuple[str, Any]]:
    return [
        (page, name)
        for page, name, asked in PLACES
        if any(has_permission(actor, permission) for permission in asked)
    ]
