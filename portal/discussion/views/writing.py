"""Writing: a new thread, a reply; a question that is answered; following a thread."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.services import subscriptions
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.web import current_actor, get_or_404, requires
from portal.discussion.dictionary import About, Kind
from portal.discussion.forms import labels
from portal.discussion.forms.writing import ReplyForm, ThreadForm
from portal.discussion.models import Post, Thread
from portal.discussion.queries.people import list_named
from portal.discussion.queries.subjects import find_subjects
from portal.discussion.queries.threads import find_owner
from portal.discussion.services import writing
from portal.discussion.services.checking import Said
from portal.discussion.services.writing import NOTHING, NewThread, Target
from portal.discussion.views.blueprint import Page, attempt, blueprint, seen_thread, why_not, worded
from portal.discussion.views.threads import address_of, current_language, show_thread
from portal.protocols.models import Protocol
from portal.protocols.queries.hiding import check_shown
from portal.protocols.queries.versions import find_block, find_current, find_numbered, find_protocol


@blueprint.route("/discussion/new", methods=["GET", "POST"])
@requires()
def new_thread() -> Page:
    protocol: Protocol = get_or_404(find_protocol(request.args.get("protocol", "").upper()[:12]))
    target = target_of(protocol)
    form = ThreadForm(lang=current_language(), kind=request.args.get("kind", ""))
    if form.validate_on_submit():
        new = NewThread(Kind(form.text("kind")), form.text("title"), said_in(form))
        post = attempt(form, lambda: writing.start_thread(new, target, by=current_actor(), now=utcnow()))
        if post is not None:
            return arrived(post)
    shown = {
        "form": form,
        "target": target,
        "names": [],
        "found": labels.FOUND,
        **subject_of(protocol),
        **why_not(),
    }
    return render_template("discussion/new.html", **shown), 422 if form.errors else 200


@blueprint.route("/discussion/<int:thread_id>/reply", methods=["GET", "POST"])
@requires()
def reply(thread_id: int) -> Page:
    """The form under the conversation; opened by its address it is the conversation."""
    thread, opening = seen_thread(thread_id)
    form = ReplyForm(lang=current_language())
    form.names = names_in(thread)
    if form.validate_on_submit():
        post = attempt(form, lambda: writing.reply(thread, said_in(form), by=current_actor(), now=utcnow()))
        if post is not None:
            return arrived(post)
    return show_thread(thread, opening, form), 422 if form.errors else 200


@blueprint.post("/discussion/<int:thread_id>/settle")
@requires()
def settle(thread_id: int) -> Response:
    thread, _opening = seen_thread(thread_id)
    settled = request.form.get("settled") == "yes"
    _try(lambda: writing.settle(thread, settled=settled, by=current_actor(), now=utcnow()))
    return redirect(url_for("discussion.thread", thread_id=thread.id))


@blueprint.post("/discussion/<int:thread_id>/follow")
@requires()
def follow(thread_id: int) -> Response:
    thread, _opening = seen_thread(thread_id)
    actor, target = current_actor(), str(thread.id)
    if request.form.get("follow") == "yes":
        subscriptions.follow("thread", target, by=actor, now=utcnow(), rhythm="at_once")
        web.flash_done(_("You are told of new posts of this conversation."))
    else:
        subscriptions.unfollow("thread", target, by=actor)
        web.flash_done(_("You are not told of this conversation any longer."))
    return redirect(url_for("discussion.thread", thread_id=thread.id))


def said_in(form: ReplyForm) -> Said:
    return Said(
        form.text("body"), form.text("lang"), form.text("once"), form.answered, form.body.signs_removed
    )


def arrived(post: Post) -> Response:
    """To the post, and what became of it."""
    if post.state == "held":
        web.flash_done(_("Your post waits for a moderator: the first posts of a new member are read before."))
    else:
        web.flash_done(_("Your post is published."))
    return redirect(address_of(post))


def names_in(thread: Thread) -> dict[int, str]:
    return {person.id: person.name for person in list_named(thread.id, owner_id=find_owner(thread))}


def subject_of(protocol: Protocol) -> dict[str, Any]:
    return {"subject": find_subjects({protocol.id}, i18n.current()).get(protocol.id)}


def target_of(protocol: Protocol) -> Target:
    """What the address says a thread is about: a block, an exact version, or the protocol; 404 otherwise."""
    check_shown(protocol.public_id)
    number, key = request.args.get("version", ""), request.args.get("block", "")[:36]
    current = get_or_404(find_current(protocol.id))
    if key:
        get_or_404(find_block(current.id, key))
        return Target(About.BLOCK, protocol.id, current.id, key)
    if number:
        major, _dot, minor = number.partition(".")
        known = major.isdecimal() and minor.isdecimal() and len(number) < 10
        version = get_or_404(find_numbered(protocol.id, int(major), int(minor)) if known else None)
        return Target(About.VERSION, protocol.id, version.id)
    return Target(About.PROTOCOL, protocol.id)


def target_of_case() -> tuple[Target, Protocol | None]:
    """A case may hang on nothing."""
    name = request.args.get("protocol", "").upper()[:12]
    if not name:
        return NOTHING, None
    protocol: Protocol = get_or_404(find_protocol(name))
    return target_of(protocol), protocol


def _try(verb: Any) -> None:
    try:
        verb()
    except DomainError as refusal:
        web.flash_refused(worded(refusal))
