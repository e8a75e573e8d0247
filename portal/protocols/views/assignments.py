"""Who is asked: an editor dismisses and asks others, a reviewer declines or takes an approval back."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.forms.editing import AskForm, ReasonForm
from portal.protocols.queries import versions as read
from portal.protocols.services import approvals, assignments
from portal.protocols.views.blueprint import Page, attempt, blueprint, own_assignment, seen_version
from portal.protocols.views.desk_page import ask_form, desk_of

SCREEN = Permission.SCREEN_PROTOCOL
REVIEW = Permission.REVIEW_PROTOCOL


@blueprint.post("/protocols/desk/<int:version_id>/ask")
@requires(SCREEN)
def ask_reviewer(version_id: int) -> Page:
    version = seen_version(version_id)
    form: AskForm = ask_form(version)
    people = {str(person.id): person for person in read.list_reviewers()}
    person, verb = people.get(form.text("reviewer")), assignments.ask_reviewer
    if form.validate() and person is not None:
        kind = form.text("kind")
        if attempt(form, lambda: verb(version, person, kind, by=current_actor(), now=utcnow())):
            web.flash_done(_("The reviewer is asked."))
            return _back(version_id)
    return render_template("protocols/decide.html", **desk_of(version, ask=form), form=form), 422


@blueprint.post("/protocols/desk/<int:version_id>/assignments/<int:assignment_id>/dismiss")
@requires(SCREEN)
def dismiss(version_id: int, assignment_id: int) -> Page:
    version, form = seen_version(version_id), PlainForm()
    asked = {assignment.id: assignment for assignment in read.list_assignments(version.id)}
    assignment = get_or_404(asked.get(assignment_id))
    verb = assignments.dismiss
    if form.validate() and attempt(form, lambda: verb(assignment, by=current_actor(), now=utcnow())):
        web.flash_done(_("Dismissed, with thanks. Ask somebody else where a review is missing."))
        return _back(version_id)
    return render_template("protocols/decide.html", **desk_of(version), form=form), 422


@blueprint.route("/protocols/reviews/<int:assignment_id>/decline", methods=["GET", "POST"])
@requires(REVIEW)
def decline(assignment_id: int) -> Page:
    assignment, version = own_assignment(assignment_id)
    form = ReasonForm()
    form.reason.validators = form.reason.validators[2:]
    form.reason.flags.required = False
    verb = assignments.decline
    if form.validate_on_submit() and attempt(
        form, lambda: verb(assignment, form.text("reason"), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Thank you for answering. The editor asks somebody else."))
        return redirect(url_for("protocols.my_reviews"))
    page = render_template(
        "protocols/reason.html", form=form, version=version, what="decline", whose="reviewer"
    )
    return page, 422 if form.errors else 200


@blueprint.route("/protocols/reviews/<int:assignment_id>/withdraw", methods=["GET", "POST"])
@requires(REVIEW)
def withdraw_approval(assignment_id: int) -> Page:
    assignment, version = own_assignment(assignment_id)
    form, verb = ReasonForm(), approvals.withdraw_approval
    if form.validate_on_submit() and attempt(
        form, lambda: verb(assignment, form.text("reason"), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Your approval is taken back. The editors are told."))
        return redirect(url_for("protocols.my_reviews"))
    page = render_template(
        "protocols/reason.html", form=form, version=version, what="unapprove", whose="reviewer"
    )
    return page, 422 if form.errors else 200


def _back(version_id: int) -> Response:
    return redirect(url_for("protocols.decide", version_id=version_id))
