"""What became of one's own posts, flags, sanctions and cases, with the way to an appeal."""

from datetime import timedelta

from flask import render_template

from portal.core.db import utcnow
from portal.core.web import current_actor, requires
from portal.discussion import rules
from portal.discussion.dictionary import Waits
from portal.discussion.forms import labels
from portal.discussion.queries.mine import find_own
from portal.discussion.queries.people import find_sanction, trust_of
from portal.discussion.rules import TARGETS
from portal.discussion.views.blueprint import blueprint


@blueprint.get("/discussion/mine")
@requires()
def mine() -> str:
    actor, now = current_actor(), utcnow()
    return render_template(
        "discussion/mine.html", own=find_own(actor), labels=labels, now=now, may_appeal=rules.may_appeal,
        trust=trust_of(actor), sanction=find_sanction(actor.id, now=now),
        safety_hours=TARGETS[Waits.SAFETY] // timedelta(hours=1), held_days=TARGETS[Waits.HELD].days,
    )  # fmt: skip
