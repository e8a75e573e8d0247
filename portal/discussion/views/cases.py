"""Case questions: the fixed form, and the follow-up on one page."""

from flask import render_template
from flask_babel import gettext as _

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.richtext import to_html
from portal.core.web import current_actor, get_or_404, requires
from portal.discussion.forms import labels
from portal.discussion.forms.writing import CaseQuestionForm, FollowUpForm
from portal.discussion.policies import can_follow_up
from portal.discussion.services import cases
from portal.discussion.services.cases import CaseText
from portal.discussion.views.blueprint import Page, attempt, blueprint, seen_thread, why_not
from portal.discussion.views.threads import current_language, told_of
from portal.discussion.views.writing import arrived, names_in, said_in, subject_of, target_of_case
from portal.vocabulary.queries import list_choices


@blueprint.route("/discussion/cases/new", methods=["GET", "POST"])
@requires()
def new_case() -> Page:
    target, protocol = target_of_case()
    form = CaseQuestionForm(lang=current_language())
    form.offer(list_choices("substance", i18n.current()), list_choices("setting", i18n.current()))
    if form.validate_on_submit():
        told = _told(form)
        by, now, verb = current_actor(), utcnow(), cases.start_case
        post = attempt(form, lambda: verb(form.text("title"), said_in(form), told, target, by=by, now=now))
        if post is not None:
            return arrived(post)
    subject = subject_of(protocol) if protocol else {"subject": None}
    return render_template(
        "discussion/new_case.html", form=form, found=labels.FOUND, **subject, **why_not()
    ), 422 if form.errors else 200


@blueprint.route("/discussion/<int:thread_id>/follow-up", methods=["GET", "POST"])
@requires()
def follow_up(thread_id: int) -> Page:
    thread, opening = seen_thread(thread_id)
    case = get_or_404(told_of(thread) if can_follow_up(current_actor(), thread) else None)
    form = FollowUpForm(lang=thread.lang)
    form.names = names_in(thread)
    if form.validate_on_submit():
        by, now, outcome = current_actor(), utcnow(), form.text("outcome")
        post = attempt(form, lambda: cases.follow_up(thread, outcome, said_in(form), by=by, now=now))
        if post is not None:
            web.flash_done(_("Thank you. The case is closed, and others learn from it."))
            return arrived(post)
    shown = {"form": form, "thread": thread, "opening": opening, "case": case, "labels": labels}
    return render_template(
        "discussion/follow_up.html", rich=to_html, **shown, **why_not(opening)
    ), 422 if form.errors else 200


def _told(form: CaseQuestionForm) -> CaseText:
    return CaseText(
        form.text("age_band"), form.text("sex"), form.substances, form.text("setting"), form.text("tried")
    )
