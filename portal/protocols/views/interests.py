"""Interests: declared by authors and reviewers, decided by editors."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import INTERESTS, AssignmentState
from portal.protocols.forms import fate_words, labels
from portal.protocols.forms.lifecycle import DecideInterestsForm, InterestsForm
from portal.protocols.models import CoiDeclaration, ProtocolVersion, ReviewAssignment
from portal.protocols.policies import WHY_CLOSED
from portal.protocols.queries import versions as read
from portal.protocols.queries.interests import find_authors_declaration, find_declaration
from portal.protocols.services import interests as verbs
from portal.protocols.services.interests import Interests
from portal.protocols.views.blueprint import (
    Page,
    attempt,
    blueprint,
    closed_task,
    own_assignment,
    seen_version,
)

REVIEW = Permission.REVIEW_PROTOCOL


@blueprint.route("/protocols/reviews/<int:assignment_id>/interests", methods=["GET", "POST"])
@requires(REVIEW)
def interests(assignment_id: int) -> Page:
    assignment, version = own_assignment(assignment_id)
    form = InterestsForm()
    if request.method == "GET" and assignment.state in WHY_CLOSED.keys() - {AssignmentState.INVITED}:
        return closed_task(assignment)
    if form.validate_on_submit():
        verb, said = verbs.declare_as_reviewer, _said(form)
        if attempt(form, lambda: verb(assignment, said, by=current_actor(), now=utcnow())):
            return _after_declaring(assignment)
    shown = {"form": form, "assignment": assignment, "version": version, "labels": labels}
    return render_template("protocols/interests.html", **shown), 422 if form.errors else 200


def _after_declaring(assignment: ReviewAssignment) -> Response:
    if assignment.state == AssignmentState.DECLARED:
        web.flash_done(_("Thank you. The text opens when the editor has decided; you get a mail."))
        return redirect(url_for("protocols.my_reviews"))
    return redirect(url_for("protocols.review", assignment_id=assignment.id))


@blueprint.route("/protocols/drafts/<int:version_id>/interests", methods=["GET", "POST"])
@requires(Permission.DRAFT_PROTOCOL)
def author_interests(version_id: int) -> Page:
    version = seen_version(version_id)
    form = _filled(find_authors_declaration(version))
    del form.cannot_read
    if form.validate_on_submit():
        verb, said = verbs.declare_as_author, _said(form)
        if attempt(form, lambda: verb(version, said, by=current_actor(), now=utcnow())):
            web.flash_done(_("Declared. It holds for the versions of a year."))
            return redirect(url_for("protocols.draft", version_id=version.id))
    shown = {"form": form, "assignment": None, "version": version, "labels": labels}
    return render_template("protocols/interests.html", **shown), 422 if form.errors else 200


def _filled(earlier: CoiDeclaration | None) -> InterestsForm:
    if earlier is None:
        return InterestsForm()
    return InterestsForm(obj=earlier, has_conflict="yes" if earlier.has_any else "no")


def _said(form: InterestsForm) -> Interests:
    texts = {kind: form.text(kind) for kind in INTERESTS}
    unread = bool(form.cannot_read.data) if form.cannot_read else False
    return Interests(**texts, employer=bool(form.employer.data), reads_source=not unread)


@blueprint.route("/protocols/desk/<int:version_id>/interests/<int:declaration_id>", methods=["GET", "POST"])
@requires(Permission.SCREEN_PROTOCOL)
def decide_interests(version_id: int, declaration_id: int) -> Page:
    version, form = seen_version(version_id), DecideInterestsForm()
    row = _declared(version, declaration_id)
    if form.validate_on_submit():
        verb, said = verbs.decide_interests, (form.text("decision"), form.text("note"))
        if attempt(form, lambda: verb(row, *said, by=current_actor(), now=utcnow())):
            web.flash_done(_("Decided. The person is told."))
            return redirect(url_for("protocols.decide", version_id=version.id))
    person = read.find_people({row.user_id}).get(row.user_id)
    shown = {"form": form, "row": row, "version": version, "person": person, "words": fate_words}
    return render_template("protocols/decide_interests.html", **shown), 422 if form.errors else 200


def _declared(version: ProtocolVersion, declaration_id: int) -> CoiDeclaration:
    row = find_declaration(declaration_id)
    fits = row is not None and row.protocol_id == version.protocol_id
    found: CoiDeclaration = get_or_404(row if fits else None)
    return found
