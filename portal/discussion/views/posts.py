"""One post: edit, earlier wordings, take back, useful."""

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.richtext import to_html
from portal.core.web import current_actor, get_or_404, requires
from portal.discussion.dictionary import PostState
from portal.discussion.forms import labels
from portal.discussion.forms.writing import WordsForm
from portal.discussion.models import Post
from portal.discussion.policies import can_change
from portal.discussion.queries.posts import list_revisions
from portal.discussion.services import writing
from portal.discussion.views.blueprint import Page, attempt, blueprint, seen_post, why_not
from portal.discussion.views.threads import address_of
from portal.discussion.views.writing import arrived, names_in

EDITABLE = (PostState.VISIBLE, PostState.HELD)


@blueprint.route("/discussion/posts/<int:post_id>/edit", methods=["GET", "POST"])
@requires()
def edit_post(post_id: int) -> Page:
    post = _own(post_id)
    get_or_404(post if post.state in EDITABLE else None)
    form = WordsForm(obj=post)
    form.names = names_in(writing.thread_of(post))
    if form.validate_on_submit():
        text, lang, signs = form.text("body"), form.text("lang"), form.body.signs_removed
        by, now, verb = current_actor(), utcnow(), writing.edit
        if attempt(form, lambda: verb(post, text, lang, by=by, now=now, signs_removed=signs)):
            return arrived(post)
    shown = {
        "form": form,
        "post": post,
        "names": list(form.names.values()),
        "found": labels.FOUND,
        **why_not(),
    }
    return render_template("discussion/edit.html", **shown), 422 if form.errors else 200


@blueprint.get("/discussion/posts/<int:post_id>/history")
@requires()
def post_history(post_id: int) -> str:
    post = seen_post(post_id)
    return render_template(
        "discussion/history.html", post=post, revisions=list_revisions(post.id), rich=to_html
    )


@blueprint.route("/discussion/posts/<int:post_id>/delete", methods=["GET", "POST"])
@requires()
def delete_post(post_id: int) -> Page:
    post = _own(post_id)
    form, address = PlainForm(), address_of(post)
    if form.validate_on_submit() and attempt(
        form, lambda: writing.delete(post, by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("You took your post back."))
        return redirect(address)
    shown = {"form": form, "post": post, "rich": to_html, "address": address}
    return render_template("discussion/delete.html", **shown), 422 if form.form_errors else 200


@blueprint.post("/discussion/posts/<int:post_id>/useful")
@requires()
def useful(post_id: int) -> Response:
    post = seen_post(post_id)
    wanted = request.form.get("useful") == "yes"
    writing.set_useful(post, useful=wanted, by=current_actor(), now=utcnow())
    return redirect(address_of(post))


def _own(post_id: int) -> Post:
    """The actor's own post; those of others are not theirs to change."""
    post = seen_post(post_id)
    found: Post = get_or_404(post if can_change(current_actor(), post) else None)
    return found
