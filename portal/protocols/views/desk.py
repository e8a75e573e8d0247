"""The editors' desk: what waits, a version with everything that bears on it, and the decisions."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.forms import dose_words, labels
from portal.protocols.forms.editing import LegalForm, PanelForm, ReasonForm
from portal.protocols.models import ProtocolVersion
from portal.protocols.policies import can_be_asked, can_publish, can_screen
from portal.protocols.queries import versions as read
from portal.protocols.queries import work
from portal.protocols.queries.page import source_page
from portal.protocols.rules import publication_problems
from portal.protocols.services import decisions, drafts, publishing, reviews
from portal.protocols.services.publishing import LegalText
from portal.protocols.services.reviews import Remark
from portal.protocols.views.blueprint import (
    Page,
    attempt,
    blueprint,
    seen_protocol,
    seen_version,
    sentence_of,
)
from portal.protocols.views.compare import changes_of
from portal.vocabulary.queries import list_choices

SCREEN = Permission.SCREEN_PROTOCOL
COUNTRIES = "<any(IR, RU):country>"


@blueprint.get("/protocols/desk")
@requires(SCREEN)
def desk() -> str:
    return render_template("protocols/desk.html", versions=work.list_queue(), labels=labels)


@blueprint.get("/protocols/desk/<int:version_id>")
@requires(SCREEN)
def decide(version_id: int) -> str:
    version = seen_version(version_id)
    return render_template("protocols/decide.html", **_desk_of(version, _panel(version)))


def _desk_of(version: ProtocolVersion, panel: PanelForm) -> dict[str, Any]:
    """What an editor looks at before deciding."""
    actor = current_actor()
    assignments, comments = read.list_assignments(version.id), read.list_comments(version.id)
    ids = {a.reviewer_id for a in assignments} | {c.author_id for c in comments} | {version.created_by}
    approvals = {(seat.user_id, seat.kind) for seat in read.valid_approvals(version)}
    return {
        "page": source_page(version, i18n.current(), today=utcnow().date()),
        "version": version,
        "labels": labels,
        "assignments": [(a, (a.reviewer_id, a.kind) in approvals) for a in assignments],
        "reviews": read.list_reviews(version.id),
        "comments": comments,
        "people": read.find_people(ids),
        "agreements": read.list_agreements(version),
        "difference": read.difference(version),
        "problems": [(p.field, sentence_of(p)) for p in publication_problems(read.content_of(version))],
        "may_decide": can_screen(actor, version),
        "may_publish": can_publish(actor, version),
        "panel": panel,
        "plain": PlainForm(),
        "reason": ReasonForm(),
        "dose_words": dose_words.in_words,
        **changes_of(version),
    }


def _panel(version: ProtocolVersion) -> PanelForm:
    form = PanelForm()
    people = [person for person in read.list_reviewers() if can_be_asked(person, version)]
    form.offer([(str(p.id), f"{p.name} ({labels.COUNTRIES[p.country]})") for p in people])
    return form


@blueprint.post("/protocols/desk/<int:version_id>/start")
@requires(SCREEN)
def start_review(version_id: int) -> Page:
    version = seen_version(version_id)
    form = _panel(version)
    people = {str(person.id): person for person in read.list_reviewers()}
    kinds = (("clinical_1", "clinical"), ("clinical_2", "clinical"), ("dose_check", "dose_check"))
    chosen = [(people[form.text(name)], kind) for name, kind in kinds if form.text(name) in people]
    verb = reviews.start_review
    if form.validate() and attempt(form, lambda: verb(version, chosen, by=current_actor(), now=utcnow())):
        web.flash_done(_("The reviewers are asked."))
        return _back(version)
    return render_template("protocols/decide.html", **_desk_of(version, form), form=form), 422


@blueprint.route(
    "/protocols/desk/<int:version_id>/<any(return, reject, changes, exception, override):what>",
    methods=["GET", "POST"],
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
    remark = (Remark("must", reason),)
    verbs: dict[str, Callable[[], Any]] = {
        "return": lambda: decisions.return_to_draft(version, reason, by=by, now=now),
        "reject": lambda: decisions.reject(version, reason, by=by, now=now),
        "changes": lambda: decisions.request_changes(version, remark, lang=i18n.current(), by=by, now=now),
        "exception": lambda: publishing.allow_exception(version, reason, by=by, now=now),
        "override": lambda: drafts.override_class(version, reason, by=by, now=now),
    }
    return verbs[what]


@blueprint.post("/protocols/desk/<int:version_id>/<any(accept, publish):what>")
@requires(SCREEN)
def accept_or_publish(version_id: int, what: str) -> Page:
    version, form, now = seen_version(version_id), PlainForm(), utcnow()
    verb = decisions.accept if what == "accept" else publishing.publish
    if attempt(form, lambda: verb(version, by=current_actor(), now=now)):
        web.flash_done(_done(version))
        return _back(version)
    return render_template("protocols/decide.html", **_desk_of(version, _panel(version)), form=form), 422


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
