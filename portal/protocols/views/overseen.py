"""The chief editors' page: concerns, proposed withdrawals, appeals, corrections without a second voice."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from portal.core import web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.forms import fate_words, labels
from portal.protocols.forms.editing import ReasonForm
from portal.protocols.forms.lifecycle import AnswerAppealForm
from portal.protocols.models import ProtocolVersion, Rejection
from portal.protocols.queries import versions as read
from portal.protocols.queries.notices import find_rejection
from portal.protocols.services import appeals
from portal.protocols.services.overseen import find_overseen
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_version


@blueprint.get("/protocols/overseen")
@requires(Permission.OVERSEE_PROTOCOL)
def overseen() -> str:
    found = find_overseen(current_actor())
    return render_template("protocols/overseen.html", found=found, labels=labels, words=fate_words)


@blueprint.route("/protocols/desk/<int:version_id>/appeal", methods=["GET", "POST"])
@requires(Permission.OVERSEE_PROTOCOL)
def answer_appeal(version_id: int) -> Page:
    version, form = seen_version(version_id), AnswerAppealForm()
    rejection = _rejection(version)
    verb = appeals.answer_appeal
    if form.validate_on_submit():
        granted, reason = form.text("verdict") == "granted", form.text("reason")
        if attempt(form, lambda: verb(rejection, reason, granted=granted, by=current_actor(), now=utcnow())):
            web.flash_done(_("Answered. The author is told."))
            return redirect(url_for("protocols.overseen"))
    shown = {"form": form, "version": version, "rejection": rejection, "words": fate_words}
    people = read.find_people({rejection.rejected_by, rejection.appealed_by or 0})
    page = render_template("protocols/appeal.html", **shown, people=people, labels=labels)
    return page, 422 if form.errors else 200


@blueprint.route("/protocols/drafts/<int:version_id>/appeal", methods=["GET", "POST"])
@requires(Permission.DRAFT_PROTOCOL)
def appeal(version_id: int) -> Page:
    version, form = seen_version(version_id), ReasonForm()
    rejection, verb = _rejection(version), appeals.appeal
    if form.validate_on_submit() and attempt(
        form, lambda: verb(rejection, form.text("reason"), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Sent to the chief editor of the other country. You get a mail with the answer."))
        return redirect(url_for("protocols.draft", version_id=version.id))
    page = render_template("protocols/reason.html", form=form, version=version, what="appeal", whose="author")
    return page, 422 if form.errors else 200


def _rejection(version: ProtocolVersion) -> Rejection:
    found: Rejection = get_or_404(find_rejection(version.id))
    return found
