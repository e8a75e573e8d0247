"""The editors' desk: what waits, a version with everything that bears on it, and the decisions."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.i18n import plain_tokens
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.forms import labels
from portal.protocols.forms.editing import LegalForm, ReasonForm
from portal.protocols.forms.lifecycle import RejectForm, RemarkForm
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries import versions as read
from portal.protocols.queries.timing import list_lines
from portal.protocols.services import assignments, decisions, drafts, publishing, reviews
from portal.protocols.services.publishing import LegalText
from portal.protocols.services.reviews import Remark
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol, seen_version
from portal.protocols.views.desk_page import desk_of, panel_form
from portal.vocabulary.queries import list_choices

SCREEN = Permission.SCREEN_PROTOCOL
COUNTRIES = "<any(IR, RU):country>"


@blueprint.get("/protocols/desk")
@requires(SCREEN)
def desk() -> str:
    today, only = utcnow().date(), request.args.get("show") == "overdue"
    lines = list_lines(today=today)
    overdue = sum(line.overdue > 0 for line in lines)
    shown = [line for line in lines if line.overdue or not only]
    page = {"lines": shown, "total": len(lines), "overdue": overdue, "only_overdue": only, "labels": labels}
    return render_template("protocols/desk.html", **page)


@blueprint.get("/protocols/desk/<int:version_id>")
@requires(SCREEN)
def decide(version_id: int) -> str:
    return render_template("protocols/decide.html", **desk_of(seen_version(version_id)))


@blueprint.post("/protocols/desk/<int:version_id>/start")
@requires(SCREEN)
def start_review(version_id: int) -> Page:
    version = seen_version(version_id)
    form = panel_form(version)
    people = {str(person.id): person for person in read.list_reviewers()}
    kinds = (("clinical_1", "clinical"), ("clinical_2", "clinical"), ("dose_check", "dose_check"))
    chosen = [(people[form.text(name)], kind) for name, kind in kinds if form.text(name) in people]
    verb = assignments.start_review
    if form.validate() and attempt(form, lambda: verb(version, chosen, by=current_actor(), now=utcnow())):
        web.flash_done(_("The reviewers are asked."))
        return _back(version)
    return render_template("protocols/decide.html", **desk_of(version, panel=form), form=form), 422


@blueprint.route(
    "/protocols/desk/<int:version_id>/<any(return, exception, override):what>", methods=["GET", "POST"]
)
@requires(SCREEN)
def decide_with_reason(version_id: int, what: str) -> Page:
    version, form = seen_version(version_id), ReasonForm()
    if form.validate_on_submit():
        verb = _reasoned(version, what, form.text("reason"))
        if attempt(form, verb):
            web.flash_done(_("Done."))
            return _back(version)
    page = render_template("protocols/reason.html", form=form, version=version, what=what)
    return page, 422 if form.errors else 200


def _reasoned(version: ProtocolVersion, what: str, reason: str) -> Callable[[], Any]:
    by, now = current_actor(), utcnow()
    verbs: dict[str, Callable[[], Any]] = {
        "return": lambda: decisions.return_to_draft(version, reason, by=by, now=now),
        "exception": lambda: publishing.allow_exception(version, reason, by=by, now=now),
        "override": lambda: drafts.override_class(version, reason, by=by, now=now),
    }
    return verbs[what]


@blueprint.route("/protocols/desk/<int:version_id>/changes", methods=["GET", "POST"])
@requires(SCREEN)
def request_changes(version_id: int) -> Page:
    version, form = seen_version(version_id), RemarkForm()
    form.offer(_blocks(version))
    if form.validate_on_submit():
        body, quote = form.text("reason"), form.text("quote")
        remark = Remark(form.text("severity") or "must", body, form.text("block"), quote)
        verb, lang = decisions.request_changes, i18n.current()
        if attempt(form, lambda: verb(version, (remark,), lang=lang, by=current_actor(), now=utcnow())):
            web.flash_done(_("The author is asked for changes."))
            return _back(version)
    page = render_template("protocols/reason.html", form=form, version=version, what="changes")
    return page, 422 if form.errors else 200


def _blocks(version: ProtocolVersion) -> list[tuple[str, str]]:
    """Blocks by section and their first words."""
    return [
        (block.block_key, f"{labels.SECTIONS[block.section]}: {plain_tokens(block.source_text)[:60]}")
        for block in read.list_blocks(version.id)
    ]


@blueprint.route("/protocols/desk/<int:version_id>/reject", methods=["GET", "POST"])
@requires(SCREEN)
def reject(version_id: int) -> Page:
    version, form = seen_version(version_id), RejectForm()
    if form.validate_on_submit():
        reason, code, lang = form.text("reason"), form.text("code"), i18n.current()
        verb = decisions.reject
        if attempt(form, lambda: verb(version, reason, code, lang=lang, by=current_actor(), now=utcnow())):
            web.flash_done(_("Rejected. The author is told and may appeal."))
            return _back(version)
    page = render_template("protocols/reason.html", form=form, version=version, what="reject")
    return page, 422 if form.errors else 200


@blueprint.post("/protocols/desk/<int:version_id>/<any(accept, publish, confirm):what>")
@requires(SCREEN)
def accept_or_publish(version_id: int, what: str) -> Page:
    version, form, now = seen_version(version_id), PlainForm(), utcnow()
    verbs: dict[str, Callable[..., Any]] = {
        "accept": decisions.accept,
        "publish": publishing.publish,
        "confirm": publishing.confirm_correction,
    }
    seen = request.form.get("seen", "")
    if attempt(form, lambda: verbs[what](version, by=current_actor(), now=now, seen=seen)):
        web.flash_done(_("The correction is confirmed.") if what == "confirm" else _done(version))
        return _back(version)
    return render_template("protocols/decide.html", **desk_of(version), form=form), 422


def _done(version: ProtocolVersion) -> str:
    if version.state == "published":
        return _("The version is published.")
    if read.list_agreements(version):
        return _("Your agreement is recorded. The chief editor of the other country publishes.")
    return _("Accepted. The chief editors can publish it.")


@blueprint.post("/protocols/desk/<int:version_id>/remarks/<int:remark_id>/settle")
@requires()
def settle_remark(version_id: int, remark_id: int) -> Response:
    version = seen_version(version_id)
    comments = {comment.id: comment for comment in read.list_comments(version.id)}
    reviews.settle_remark(get_or_404(comments.get(remark_id)), by=current_actor(), now=utcnow())
    return _back(version)


def _back(version: ProtocolVersion) -> Response:
    return redirect(url_for("protocols.decide", version_id=version.id))


@blueprint.route(f"/protocols/<public_id>/legal/{COUNTRIES}", methods=["GET", "POST"])
@requires(Permission.SET_LEGAL_STATUS)
def legal_status(public_id: str, country: str) -> Page:
    protocol = seen_protocol(public_id)
    present = read.list_legal(protocol.id).get(country)
    form = LegalForm(status=present.status if present else None, note=present.note if present else "")
    form.status.choices = labels.listed(list_choices("legal", i18n.current()))
    if form.validate_on_submit():
        basis = ({"cite": form.text("cite"), "url": form.text("url")},) if form.text("cite") else ()
        said = LegalText(country, form.text("status"), form.text("note"), basis, form.checked_on.data)
        verb = publishing.set_legal_status
        if attempt(form, lambda: verb(protocol, said, by=current_actor(), now=utcnow())):
            web.flash_done(_("The legal status is saved."))
            return redirect(url_for("protocols.history", public_id=protocol.public_id))
    shown = {"form": form, "protocol": protocol, "country": labels.COUNTRIES[country], "present": present}
    version = read.find_current(protocol.id) or read.find_open(protocol.id)
    return render_template("protocols/legal.html", **shown, version=version), 422 if form.errors else 200
