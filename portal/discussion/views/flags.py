"""Flagging a post, and appealing a decision."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from portal.core import web
from portal.core.db import utcnow
from portal.core.richtext import to_html
from portal.core.web import current_actor, get_or_404, requires
from portal.discussion.forms import labels
from portal.discussion.forms.writing import AppealForm, FlagForm
from portal.discussion.models import Post, Sanction
from portal.discussion.policies import can_appeal, can_flag
from portal.discussion.queries.people import find_sanction_by_id
from portal.discussion.services import appealing, flagging
from portal.discussion.services.writing import thread_of
from portal.discussion.views.blueprint import Page, attempt, blueprint, seen_post
from portal.discussion.views.threads import current_language


@blueprint.route("/discussion/posts/<int:post_id>/flag", methods=["GET", "POST"])
@requires()
def flag_post(post_id: int) -> Page:
    post = seen_post(post_id)
    get_or_404(post if can_flag(current_actor(), post) else None)
    form, thread_id = FlagForm(), post.thread_id
    if form.validate_on_submit():
        reason, note, by = form.text("reason"), form.text("note"), current_actor()
        made = attempt(form, lambda: flagging.flag(post, reason, note, by=by, now=utcnow()))
        if made is not None:
            _say(hid=made.hid)
            return redirect(url_for("discussion.thread", thread_id=thread_id))
    shown = {"form": form, "post": post, "rich": to_html, "found": labels.FOUND}
    return render_template("discussion/flag.html", **shown), 422 if form.errors else 200


@blueprint.route("/discussion/posts/<int:post_id>/appeal", methods=["GET", "POST"])
@requires()
def appeal_post(post_id: int) -> Page:
    post = seen_post(post_id)
    return _appeal(post, {"post": post, "rich": to_html, "thread": thread_of(post)})


@blueprint.route("/discussion/sanctions/<int:sanction_id>/appeal", methods=["GET", "POST"])
@requires()
def appeal_sanction(sanction_id: int) -> Page:
    sanction = get_or_404(find_sanction_by_id(sanction_id))
    return _appeal(sanction, {"sanction": sanction})


def _appeal(subject: Post | Sanction, shown: dict[str, Any]) -> Page:
    get_or_404(subject if can_appeal(current_actor(), subject) else None)
    form = AppealForm(lang=current_language())
    if form.validate_on_submit():
        text, lang, by = form.text("argument"), form.text("lang"), current_actor()
        if attempt(form, lambda: appealing.appeal(subject, text, lang, by=by, now=utcnow())):
            web.flash_done(_("Your appeal is handed in. Another moderator decides."))
            return redirect(url_for("discussion.mine"))
    page = render_template("discussion/appeal.html", form=form, labels=labels, **shown)
    return page, 422 if form.errors else 200


def _say(*, hid: bool) -> None:
    if hid:
        web.flash_done(_("Thank you. The post is out of sight until a moderator decides, within 24 hours."))
    else:
        web.flash_done(_("Thank you. A moderator looks at it, and you hear what was decided."))
