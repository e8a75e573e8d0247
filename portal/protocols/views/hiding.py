"""What is hidden in a country: the gate before every address of a protocol, and the administrators' form.

Queries decide what a reader is shown (`queries.hiding`). Here it becomes an answer: 451 with the reason in
the reader's language, or a mark on the page for who reads it by part or office.
"""

from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask import Response as Answer
from flask_babel import gettext as _

from portal.accounts.security.guard import fresh
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import LegallyClosed
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import COUNTRIES
from portal.protocols.forms import fate_words, labels
from portal.protocols.forms.lifecycle import HidingForm
from portal.protocols.models import Protocol, ProtocolHiding
from portal.protocols.policies import can_hide
from portal.protocols.queries import hiding as read
from portal.protocols.queries.versions import find_head
from portal.protocols.services import hiding
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol


def init_app(app: Flask) -> None:
    app.before_request(refuse_hidden)
    app.register_error_handler(LegallyClosed, closed)


def refuse_hidden() -> None:
    """Before any page of a protocol. The API calls the same check when it knows whose token came."""
    public_id = str((request.view_args or {}).get("public_id", "")).upper()
    if not public_id or web.is_machine():
        return
    read.check_shown(public_id)
    g.hidden_here = read.find_standing(public_id)


def closed(refusal: LegallyClosed) -> Answer:
    """451 (RFC 7725): why, since when, and who does it. Never kept: tomorrow it may be shown again."""
    values = refusal.values
    country = labels.COUNTRIES[values["country"]]
    if web.is_machine():
        detail = _("This protocol is not shown in %(country)s for legal reasons.", country=country)
        register = web.public_address() + url_for("pages.removals", lang=i18n.current())
        answer = web.problem(451, "Unavailable For Legal Reasons", detail=detail, register=register)
    else:
        html = render_template("protocols/hidden.html", country=country, words=fate_words, **_told(values))
        answer = Answer(html, 451, mimetype="text/html")
    answer.headers["Link"] = f'<{web.public_address()}/>; rel="blocked-by"'
    return answer


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("public_id", "reason_code", "since")}


@blueprint.route("/protocols/<public_id>/hiding", methods=["GET", "POST"])
@requires()
@fresh
def hide_protocol(public_id: str) -> Page:
    """Two steps: what is asked, and what it will do; nothing is hidden before the second."""
    protocol, form = _answered_for(seen_protocol(public_id)), HidingForm()
    form.offer(_free(protocol))
    sound = form.validate_on_submit()
    if sound and request.form.get("step") == "hide" and attempt(form, lambda: _hide(protocol, form)):
        web.flash_done(_("Hidden. It stands in the register, and the author and the editors are told."))
        return redirect(url_for("pages.removals"))
    again = dict(request.form) if sound and not form.form_errors else {}
    return _page(protocol, form=form, again=again), 422 if form.errors else 200


@blueprint.route("/protocols/hiding/<int:hiding_id>/lift", methods=["GET", "POST"])
@requires()
@fresh
def lift_hiding(hiding_id: int) -> Page:
    row: ProtocolHiding = get_or_404(read.find_hiding(hiding_id))
    get_or_404(row if can_hide(current_actor(), row.country) else None)
    form, verb = HidingForm(), hiding.lift
    form.keep_nothing()
    if form.validate_on_submit() and attempt(form, lambda: verb(row, by=current_actor(), now=utcnow())):
        web.flash_done(_("Shown again. The register keeps both days."))
        return redirect(url_for("pages.removals"))
    return _page(row.protocol, form=form, lifting=row), 422 if form.errors else 200


def _answered_for(protocol: Protocol) -> Protocol:
    """For who may hide it somewhere; for others there is no such page."""
    found: Protocol = get_or_404(protocol if _countries() and find_head(protocol.id) else None)
    return found


def _countries() -> list[str]:
    return [country for country in COUNTRIES if can_hide(current_actor(), country)]


def _free(protocol: Protocol) -> list[str]:
    """Where this person may hide it and it is not hidden."""
    return [country for country in _countries() if read.find_in_force(protocol.id, country) is None]


def _hide(protocol: Protocol, form: HidingForm) -> ProtocolHiding:
    letter = hiding.Letter(form.text("code"), form.text("reference"))
    return hiding.hide(protocol, form.text("country"), letter, by=current_actor(), now=utcnow())


def _page(protocol: Protocol, **more: Any) -> str:
    shown = {"again": {}, "lifting": None, **more}
    return render_template(
        "protocols/hiding.html", protocol=protocol, version=find_head(protocol.id),
        rows=read.list_hidings(protocol.id), mine=_countries(), labels=labels, words=fate_words,
        knows_country=bool(current_app.extensions["portal.config"].country_header), **shown,
    )  # fmt: skip
