"""What the view modules share: the blueprint, what a reader may see, and refusals as form errors."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PortalForm
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404
from portal.discussion.dictionary import GONE
from portal.discussion.models import Post, Thread
from portal.discussion.policies import can_read, can_write
from portal.discussion.queries.people import find_sanction
from portal.discussion.queries.posts import find_opening, find_post
from portal.discussion.queries.threads import find_thread
from portal.discussion.rules import written_in
from portal.discussion.services.writing import thread_of
from portal.protocols.queries.hiding import check_shown_id

Page = str | Response | tuple[str, int]
blueprint = web.bp("discussion", "portal.discussion.views")
blueprint.add_app_template_filter(written_in)


def seen_thread(thread_id: int) -> tuple[Thread, Post]:
    """A thread and its first post. One that is held does not exist for others."""
    thread: Thread = get_or_404(find_thread(thread_id))
    opening: Post = get_or_404(find_opening(thread.id))
    held = opening.state == "held" and not can_read(current_actor(), opening)
    get_or_404(None if held else thread)
    check_shown_id(thread.protocol_id)
    return thread, opening


def seen_post(post_id: int) -> Post:
    """A post whose text this person may read; others answer as if there were none."""
    post: Post = get_or_404(find_post(post_id))
    found: Post = get_or_404(post if can_read(current_actor(), post) else None)
    check_shown_id(thread_of(found).protocol_id)
    return found


def attempt(form: PortalForm, verb: Callable[[], Any]) -> Any:
    """Call a verb; a refusal becomes errors of the form, and the text stays in it. None when refused."""
    try:
        return verb() or True
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def show_refusal(form: PortalForm, refusal: DomainError) -> None:
    worded(refusal)
    problems = list(getattr(refusal, "problems", ()))
    for problem in problems:
        if problem.field in form:
            form.add_fault(problem.field, sentence(problem))
        else:
            form.form_errors.append(sentence(problem))
    if not problems:
        form.form_errors.insert(0, sentence(refusal))


def worded(refusal: DomainError) -> DomainError:
    """The same refusal with moments in the reader's calendar and digits."""
    for name, value in refusal.values.items():
        if isinstance(value, datetime):
            refusal.values[name] = i18n.moment(value)
    return refusal


def why_not(opening: Post | None = None) -> dict[str, Any]:
    """Why this person cannot write here now: a sanction, or a thread that is closed."""
    actor = current_actor()
    return {
        "sanction": find_sanction(actor.id, now=utcnow()),
        "closed": opening is not None and opening.state in GONE,
        "may_write": can_write(actor),
    }
