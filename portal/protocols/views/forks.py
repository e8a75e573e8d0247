"""Adapting a protocol: begin, answer why, and decide about what the parent changed since."""

from typing import Any, Final

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes.queries import list_organisations_of
from portal.protocols.forms import changes, labels
from portal.protocols.forms.adapting import AdaptForm, IgnoreForm, RationaleForm
from portal.protocols.models import Protocol, ProtocolVersion
from portal.protocols.policies import can_edit
from portal.protocols.queries import forks as read
from portal.protocols.queries.compare import compare_adaptation
from portal.protocols.queries.lineage import find_fork, list_rationale
from portal.protocols.queries.versions import find_current
from portal.protocols.services import adopting, forks
from portal.protocols.services.forks import NewAdaptation
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol, seen_version
from portal.protocols.views.places import place_of

DRAFT = Permission.DRAFT_PROTOCOL
DECISIONS = "<any(take, ignore, later):what>"
_DECIDED: Final = {
    "take": _l("Taken over into your draft. It is reviewed like every change before readers see it."),
    "ignore": _l("Not taken over. Your reason stays beside the change."),
    "later": _l("Put off. The change stays in this list."),
}


@blueprint.route("/protocols/<public_id>/adapt", methods=["GET", "POST"])
@requires(DRAFT)
def adapt(public_id: str) -> Page:
    protocol, place = seen_protocol(public_id), place_of("adapt", public_id)
    parent: ProtocolVersion = get_or_404(read.find_offered(protocol))
    form = place.fill(AdaptForm, country=current_actor().country)
    form.offer([(str(o.id), o.name) for o in list_organisations_of(current_actor().organisation_ids)])
    made: list[ProtocolVersion] = []
    verb = forks.adapt
    if form.validate_on_submit() and attempt(
        form, lambda: made.append(verb(parent, _said(form), by=current_actor(), now=utcnow()))
    ):
        place.leave()
        web.flash_done(_("The adaptation is begun as a copy. Only its authors and editors see it."))
        return redirect(_parent_page(made[0].protocol))
    shown = {"form": form, "place": place, "parent": parent, "labels": labels}
    return render_template("protocols/adapt.html", **shown), 422 if form.errors or form.form_errors else 200


def _said(form: AdaptForm) -> NewAdaptation:
    centre = form.text("organisation")
    return NewAdaptation(
        form.text("title"), form.text("reason"), form.text("country"), int(centre) if centre else None
    )


@blueprint.get("/protocols/<public_id>/parent")
@requires(DRAFT)
def parent_changes(public_id: str) -> str:
    return render_template("protocols/adaptation.html", **_adaptation(_own(public_id)))


@blueprint.post(f"/protocols/<public_id>/parent/<int:seen>/<key>/{DECISIONS}")
@requires(DRAFT)
def decide_change(public_id: str, seen: int, key: str, what: str) -> Page:
    """`seen`: the version of the parent that the person looked at."""
    held, form, now = _own(public_id), IgnoreForm(), utcnow()
    by, protocol, reason = current_actor(), held.protocol, form.text("reason")
    verbs: dict[str, Any] = {
        "take": lambda: adopting.take(protocol, key, seen=seen, by=by, now=now),
        "ignore": lambda: adopting.ignore(protocol, key, reason, seen=seen, by=by, now=now),
        "later": lambda: adopting.put_off(protocol, key, seen=seen, by=by, now=now),
    }
    if (what != "ignore" or form.validate()) and attempt(form, verbs[what]):
        web.flash_done(str(_DECIDED[what]))
        return redirect(_parent_page(protocol))
    shown = _adaptation(held) | {"form": form, "refused": key}
    return render_template("protocols/adaptation.html", **shown), 422


@blueprint.route("/protocols/<public_id>/parent/withdrawal", methods=["GET", "POST"])
@requires(DRAFT)
def answer_withdrawal(public_id: str) -> Page:
    held, form = _own(public_id), IgnoreForm()
    get_or_404(held if held.has_withdrawn_ancestor else None)
    form.reason.label.text = _("Why the adaptation still holds")
    verb = adopting.answer_withdrawal
    if form.validate_on_submit() and attempt(
        form, lambda: verb(held.protocol, form.text("reason"), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Saved."))
        return redirect(_parent_page(held.protocol))
    page = render_template("protocols/withdrawal.html", form=form, held=held)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.route("/protocols/drafts/<int:version_id>/reasons", methods=["GET", "POST"])
@requires(DRAFT)
def rationale(version_id: int) -> Page:
    version, place = seen_version(version_id), place_of("reasons", version_id)
    fork = get_or_404(find_fork(version.protocol_id))
    form = place.fill(RationaleForm, **list_rationale(version.id))
    verb = forks.save_rationale
    if form.validate_on_submit() and attempt(
        form, lambda: verb(version, form.answers(), by=current_actor(), now=utcnow())
    ):
        place.leave()
        web.flash_done(_("Saved."))
        return redirect(url_for("protocols.draft", version_id=version.id))
    shown = {"form": form, "version": version, "place": place, "fork": fork}
    return render_template("protocols/reasons.html", **shown), 422 if form.errors or form.form_errors else 200


def _own(public_id: str) -> read.Adaptation:
    """An adaptation that this person may work on; others do not exist for them."""
    held = read.find_adaptation(seen_protocol(public_id))
    own = held if held is not None and can_edit(current_actor(), held.mine) else None
    found: read.Adaptation = get_or_404(own)
    return found


def _adaptation(held: read.Adaptation) -> dict[str, Any]:
    pages = compare_adaptation(held, i18n.current(), today=utcnow().date())
    rows = [row for row in held.rows if row.is_news or row.own != "same"]
    cards = changes.cards_of_three(rows, pages)
    return {
        "held": held,
        "news": [card for card in cards if card.row.is_news],
        "own_changes": [card for card in cards if not card.row.is_news],
        "unchanged": len(held.rows) - len(rows),
        "labels": labels,
        "what_names": changes.WHAT_NAMES,
        "what_pills": changes.PILLS,
        "plain": PlainForm(),
        "refusal": IgnoreForm(),
        "is_public": find_current(held.protocol.id) is not None,
    }


def _parent_page(protocol: Protocol) -> str:
    return url_for("protocols.parent_changes", public_id=protocol.public_id)
