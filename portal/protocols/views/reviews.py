"""A reviewer's assignments: read, remark block by block or on words of one, recommend."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import clean_lines
from portal.core.permissions import Permission
from portal.core.web import current_actor, requires
from portal.protocols.forms import dose_words, labels
from portal.protocols.forms.editing import ReviewForm
from portal.protocols.models import ProtocolVersion, ReviewAssignment
from portal.protocols.queries import versions as read
from portal.protocols.queries import work
from portal.protocols.queries.page import source_page
from portal.protocols.services import reviews
from portal.protocols.services.reviews import Opinion, Remark
from portal.protocols.views.blueprint import Page, attempt, blueprint, closed_task, own_assignment
from portal.protocols.views.compare import changes_of
from portal.protocols.views.desk_page import marked

REVIEW = Permission.REVIEW_PROTOCOL
LONGEST_REMARK = 4000
LONGEST_QUOTE = 500


@blueprint.get("/protocols/reviews")
@requires(REVIEW)
def my_reviews() -> str:
    tasks = work.list_tasks(current_actor())
    approving = read.list_approving_assignments([task.version for task in tasks])
    shown = {"tasks": tasks, "approving": approving, "labels": labels, "today": utcnow().date()}
    return render_template("protocols/reviews.html", **shown)


@blueprint.route("/protocols/reviews/<int:assignment_id>", methods=["GET", "POST"])
@requires(REVIEW)
def review(assignment_id: int) -> Page:
    assignment, version = own_assignment(assignment_id)
    if assignment.state == "invited":
        return redirect(url_for("protocols.interests", assignment_id=assignment.id))
    if assignment.state not in ("reading", "submitted"):
        return closed_task(assignment)
    form = ReviewForm(seen_hash=version.content_hash)
    if form.validate_on_submit() and form.judge_remarks(request.form):
        verb, said = reviews.submit_review, _opinion(form, version)
        if attempt(form, lambda: verb(assignment, said, by=current_actor(), now=utcnow())):
            web.flash_done(_("Your review is handed in."))
            return redirect(url_for("protocols.my_reviews"))
    return render_template(
        "protocols/review.html", **_reading(assignment, version, form)
    ), 422 if form.errors else 200


def _reading(assignment: ReviewAssignment, version: ProtocolVersion, form: ReviewForm) -> dict[str, Any]:
    comments = read.list_comments(version.id)
    approving = {review.assignment_id for review in read.list_approving(version)}
    return {
        "page": source_page(version, i18n.current(), today=utcnow().date()),
        "assignment": assignment,
        "approved": assignment.id in approving,
        "version": version,
        "form": form,
        "labels": labels,
        "difference": read.difference(version),
        "comments": comments,
        "people": read.find_people({comment.author_id for comment in comments}),
        "typed": request.form,
        "dose_words": dose_words.in_words,
        **marked(version, comments),
        **changes_of(version),
    }


def _opinion(form: ReviewForm, version: ProtocolVersion) -> Opinion:
    remarks = []
    for block in read.list_blocks(version.id):
        body = _typed(f"remark-{block.block_key}")[:LONGEST_REMARK]
        if body:
            severity = request.form.get(f"severity-{block.block_key}", "must")
            quote = _typed(f"quote-{block.block_key}")[:LONGEST_QUOTE]
            remarks.append(Remark(severity, body, block.block_key, quote))
    return Opinion(
        form.text("recommendation"),
        form.text("seen_hash"),
        i18n.current(),
        form.text("summary"),
        tuple(remarks),
    )


def _typed(name: str) -> str:
    """A field that no form knows, cleaned as forms clean theirs."""
    return (clean_lines(request.form.get(name)) or "").strip()
