"""A reviewer's assignments: declare interests, read, remark block by block, recommend."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.forms import dose_words, labels
from portal.protocols.forms.editing import InterestsForm, ReviewForm
from portal.protocols.models import ProtocolVersion, ReviewAssignment
from portal.protocols.queries import versions as read
from portal.protocols.queries import work
from portal.protocols.queries.page import source_page
from portal.protocols.services import reviews
from portal.protocols.services.reviews import Opinion, Remark
from portal.protocols.views.blueprint import Page, attempt, blueprint
from portal.protocols.views.compare import changes_of

REVIEW = Permission.REVIEW_PROTOCOL
LONGEST_REMARK = 4000


@blueprint.get("/protocols/reviews")
@requires(REVIEW)
def my_reviews() -> str:
    tasks = work.list_tasks(current_actor())
    return render_template("protocols/reviews.html", tasks=tasks, labels=labels, today=utcnow().date())


@blueprint.route("/protocols/reviews/<int:assignment_id>/interests", methods=["GET", "POST"])
@requires(REVIEW)
def interests(assignment_id: int) -> Page:
    assignment, version = _own(assignment_id)
    form = InterestsForm()
    if form.validate_on_submit():
        conflict = (form.text("conflict") or "-") if form.text("has_conflict") == "yes" else ""
        verb = reviews.declare_interests
        if attempt(form, lambda: verb(assignment, conflict, by=current_actor(), now=utcnow())):
            return _after_declaring(assignment, conflict)
    shown = {"form": form, "assignment": assignment, "version": version, "labels": labels}
    return render_template("protocols/interests.html", **shown), 422 if form.errors else 200


def _after_declaring(assignment: ReviewAssignment, conflict: str) -> Response:
    if conflict:
        web.flash_done(_("Thank you. The editor asks somebody else."))
        return redirect(url_for("protocols.my_reviews"))
    return redirect(url_for("protocols.review", assignment_id=assignment.id))


@blueprint.route("/protocols/reviews/<int:assignment_id>", methods=["GET", "POST"])
@requires(REVIEW)
def review(assignment_id: int) -> Page:
    assignment, version = _own(assignment_id)
    if assignment.state == "invited":
        return redirect(url_for("protocols.interests", assignment_id=assignment.id))
    if assignment.state in ("declined", "closed"):
        return redirect(url_for("protocols.my_reviews"))
    form = ReviewForm(seen_hash=version.content_hash)
    if form.validate_on_submit() and form.judge_remarks(request.form):
        verb, said = reviews.submit_review, _opinion(form, version)
        if attempt(form, lambda: verb(assignment, said, by=current_actor(), now=utcnow())):
            web.flash_done(_("Your review is handed in."))
            return redirect(url_for("protocols.my_reviews"))
    return render_template(
        "protocols/review.html", **_reading(assignment, version, form)
    ), 422 if form.errors else 200


def _own(assignment_id: int) -> tuple[ReviewAssignment, ProtocolVersion]:
    """The actor's own assignment; those of others do not exist for them."""
    assignment = get_or_404(read.find_assignment(assignment_id))
    own = assignment if assignment.reviewer_id == current_actor().id else None
    found: ReviewAssignment = get_or_404(own)
    return found, get_or_404(read.find_version(found.version_id))


def _reading(assignment: ReviewAssignment, version: ProtocolVersion, form: ReviewForm) -> dict[str, Any]:
    comments = read.list_comments(version.id)
    return {
        "page": source_page(version, i18n.current(), today=utcnow().date()),
        "assignment": assignment,
        "version": version,
        "form": form,
        "labels": labels,
        "difference": read.difference(version),
        "comments": comments,
        "people": read.find_people({comment.author_id for comment in comments}),
        "typed": request.form,
        "dose_words": dose_words.in_words,
        **changes_of(version),
    }


def _opinion(form: ReviewForm, version: ProtocolVersion) -> Opinion:
    remarks = []
    for block in read.list_blocks(version.id):
        body = request.form.get(f"remark-{block.block_key}", "").strip()[:LONGEST_REMARK]
        if body:
            severity = request.form.get(f"severity-{block.block_key}", "must")
            remarks.append(Remark(severity, body, block.block_key))
    return Opinion(
        form.text("recommendation"),
        form.text("seen_hash"),
        i18n.current(),
        form.text("summary"),
        tuple(remarks),
    )
