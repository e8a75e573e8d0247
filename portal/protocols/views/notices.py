"""What staff say about a published version: concern, retirement, withdrawal, and that it still holds."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import Invalid, Problem
from portal.core.forms import PlainForm
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.forms import fate_words, labels
from portal.protocols.forms.lifecycle import CheckForm, NoticeForm, OutcomeForm
from portal.protocols.models import ProtocolVersion, VersionNotice
from portal.protocols.policies import can_oversee, can_see, can_withdraw_by_order
from portal.protocols.queries import versions as read
from portal.protocols.queries.notices import find_notice, list_checks, list_notices
from portal.protocols.services import concerns, currency, endings
from portal.protocols.services.acts import possible
from portal.protocols.services.concerns import Reason
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol

ISSUE = {
    "concern": concerns.raise_concern,
    "retire": endings.retire,
    "withdraw": endings.propose_withdrawal,
    "order": endings.withdraw_by_order,
}
ACT = {
    "renew": concerns.renew_concern,
    "confirm": endings.confirm_withdrawal,
    "drop": endings.drop_withdrawal,
}
KINDS = "<any(concern, retire, withdraw, order):kind>"


def _head(public_id: str) -> ProtocolVersion:
    """What the protocol has come to, for staff; for others there is no such page."""
    actor = current_actor()
    version: ProtocolVersion = get_or_404(read.find_head(seen_protocol(public_id).id))
    staff = can_see(actor, version, assigned=False) or can_withdraw_by_order(actor)
    return get_or_404(version if staff else None)


@blueprint.get("/protocols/<public_id>/notices")
@requires()
def notices(public_id: str) -> str:
    version = _head(public_id)
    return render_template("protocols/notices.html", **_shown(version))


def _shown(version: ProtocolVersion) -> dict[str, Any]:
    actor, found = current_actor(), list_notices(version.protocol_id)
    checks = list_checks(version.id)
    ids = (
        {n.proposed_by for n in found} | {n.closed_by or 0 for n in found} | {n.issued_by or 0 for n in found}
    )
    return {
        "version": version,
        "labels": labels,
        "words": fate_words,
        "notices": found,
        "checks": checks,
        "people": read.find_people(ids | {check.checked_by for check in checks}),
        "acts": possible(actor, version),
        "oversees": can_oversee(actor, version),
        "obeys": can_withdraw_by_order(actor),
        "actor_id": actor.id,
        "plain": PlainForm(),
    }


@blueprint.route(f"/protocols/<public_id>/notices/{KINDS}", methods=["GET", "POST"])
@requires()
def issue_notice(public_id: str, kind: str) -> Page:
    version, form = _head(public_id), NoticeForm()
    form.offer(kind)
    verb = ISSUE[kind]
    if form.validate_on_submit() and attempt(
        form, lambda: verb(version, _reason(form), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_issued(kind))
        return _back(version)
    shown = {"form": form, "version": version, "kind": kind, "labels": labels}
    return render_template("protocols/notice.html", **shown), 422 if form.errors else 200


def _issued(kind: str) -> str:
    if kind == "withdraw":
        return _("Proposed. The version is withdrawn when the chief editor of the other country agrees.")
    return _("Done. Readers see it at once, and whoever follows the protocol is told.")


def _reason(form: NoticeForm) -> Reason:
    """The number of a replacement becomes its protocol, which readers must be able to read."""
    number = form.text("replacement").upper() if form.replacement else ""
    other = read.find_protocol(number) if number else None
    head = read.find_head(other.id) if other else None
    if number and (head is None or head.state == "withdrawn"):
        raise Invalid(problems=(Problem("replacement", "replacement_missing"),))
    return Reason(form.text("code"), form.text("body"), i18n.current(), other.id if other else None)


@blueprint.route("/protocols/notices/<int:notice_id>/close", methods=["GET", "POST"])
@requires()
def close_concern(notice_id: int) -> Page:
    notice, form = _notice(notice_id), OutcomeForm()
    verb, lang = concerns.close_concern, i18n.current()
    if form.validate_on_submit() and attempt(
        form, lambda: verb(notice, form.text("outcome"), lang=lang, by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("The concern is closed."))
        return _back(notice.version)
    shown = {"form": form, "version": notice.version, "kind": "close", "labels": labels}
    return render_template("protocols/notice.html", **shown), 422 if form.errors else 200


@blueprint.post("/protocols/notices/<int:notice_id>/<any(renew, confirm, drop):what>")
@requires()
def act_on_notice(notice_id: int, what: str) -> Page:
    notice, form, verb = _notice(notice_id), PlainForm(), ACT[what]
    if form.validate() and attempt(form, lambda: verb(notice, by=current_actor(), now=utcnow())):
        web.flash_done(_("Done."))
        return _back(notice.version)
    return render_template("protocols/notices.html", **_shown(notice.version), form=form), 422


def _notice(notice_id: int) -> VersionNotice:
    notice: VersionNotice = get_or_404(find_notice(notice_id))
    _head(notice.version.protocol.public_id)
    return notice


@blueprint.route("/protocols/<public_id>/check", methods=["GET", "POST"])
@requires()
def check_currency(public_id: str) -> Page:
    version, form = _head(public_id), CheckForm()
    verb, lang = currency.confirm_currency, i18n.current()
    if form.validate_on_submit() and attempt(
        form, lambda: verb(version, form.text("note"), lang=lang, by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Noted. Readers see the date of the check."))
        return _back(version)
    shown = {"form": form, "version": version, "kind": "check", "labels": labels}
    return render_template("protocols/notice.html", **shown), 422 if form.errors else 200


def _back(version: ProtocolVersion) -> Response:
    return redirect(url_for("protocols.notices", public_id=version.protocol.public_id))
