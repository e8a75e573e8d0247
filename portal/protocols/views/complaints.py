"""Reports of mistakes in translations, what editors decide, remarks on texts, and second reviews."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import SelectChoice
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import CLINICAL_SECTIONS
from portal.protocols.forms import labels, translating
from portal.protocols.forms.translating import COMPLAINT_STATES, ComplaintForm, SampleForm
from portal.protocols.models import ProtocolVersion
from portal.protocols.policies import can_judge_sample
from portal.protocols.queries.complaints import find_comment, find_complaint, list_own_complaints
from portal.protocols.queries.sampling import find_sample, section_of
from portal.protocols.queries.translations import list_readable
from portal.protocols.queries.versions import find_current
from portal.protocols.services import complaints as verbs
from portal.protocols.services import sampling
from portal.protocols.views.blueprint import Page, attempt, blueprint
from portal.protocols.views.translations import TARGET, open_to_translators, version_of

LONGEST = 80


@blueprint.route(f"/translations/<public_id>/{TARGET}/report", methods=["GET", "POST"])
@requires()
def report_translation(public_id: str, target: str) -> Page:
    """A reader says that a text is wrong."""
    version = version_of(public_id, target)
    form = ComplaintForm(data={"unit": request.args.get("unit", "")})
    form.unit.choices = _places(version, target)
    verb, key = verbs.complain, form.text("unit")
    if form.validate_on_submit() and attempt(
        form, lambda: verb(version, key, target, form.text("body"), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Thank you. An editor will look at it and tell you the decision."))
        return redirect(url_for("pages.without_slug", public_id=version.protocol.public_id))
    own = list_own_complaints(version.protocol_id, target, current_actor().id)
    shown = {"version": version, "target": target, "form": form, "own": own, "states": COMPLAINT_STATES}
    return render_template("protocols/report.html", **shown), 422 if form.is_submitted() else 200


def _places(version: ProtocolVersion, target: str) -> list[SelectChoice]:
    """Texts that readers get in the language, by section and their first words."""
    return [
        SelectChoice(view.source.key, f"{name_of(view.source.name)}: {_short(view.approved.text)}")
        for view in list_readable(version, target)
        if view.approved
    ]


def name_of(section: str) -> Any:
    return labels.SECTIONS.get(section) or labels.FIELDS.get(section) or section


def _short(text: str) -> str:
    plain = text.replace("⟦", "").replace("⟧", "")
    return plain if len(plain) <= LONGEST else plain[:LONGEST].rsplit(" ", 1)[0] + "…"


@blueprint.post("/translations/complaints/<int:complaint_id>")
@requires()
def decide_complaint(complaint_id: int) -> Response:
    complaint, answer = get_or_404(find_complaint(complaint_id)), request.form.get("answer", "")
    version = get_or_404(find_current(complaint.protocol_id))
    said: dict[str, Any] = {"by": current_actor(), "now": utcnow()}
    acts: dict[str, Callable[[], None]] = {
        "accept": lambda: verbs.accept_complaint(complaint, version, **said),
        "dismiss": lambda: verbs.dismiss_complaint(complaint, version, answer, **said),
    }
    _act(acts.get(request.form.get("do", "")))
    return redirect(_unit_address(version, complaint.lang, complaint.unit_key))


def _act(verb: Callable[[], Any] | None) -> None:
    """One button: what stands against it is said on the page that follows."""
    if verb is None:
        abort(400)
    try:
        verb()
    except DomainError as refusal:
        web.flash_refused(refusal)
    else:
        web.flash_done(_("Done."))


def _unit_address(version: ProtocolVersion, target: str, key: str) -> str:
    address = url_for("protocols.translation", public_id=version.protocol.public_id, target=target)
    return f"{address}#unit-{key}"


@blueprint.post("/translations/comments/<int:comment_id>/settle")
@requires()
def settle_comment(comment_id: int) -> Response:
    open_to_translators()
    said = get_or_404(find_comment(comment_id))
    version = get_or_404(find_current(said.protocol_id))
    _act(lambda: verbs.settle_comment(said, version, by=current_actor(), now=utcnow()))
    return redirect(_unit_address(version, said.lang, said.unit_key))


@blueprint.route("/translations/samples/<int:sample_id>", methods=["GET", "POST"])
@requires()
def second_review(sample_id: int) -> Page:
    """A text that was drawn for a second review, beside its source."""
    open_to_translators()
    sample, form = get_or_404(find_sample(sample_id)), SampleForm()
    section, verb, by = section_of(sample.unit), sampling.judge_sample, current_actor()
    version = get_or_404(find_current(sample.unit.protocol_id))
    said = form.text("verdict"), form.text("note")
    if form.validate_on_submit() and attempt(form, lambda: verb(sample, version, *said, by=by, now=utcnow())):
        web.flash_done(_("Done."))
        return redirect(url_for("protocols.translation_work", of=sample.lang))
    may = not sample.verdict and can_judge_sample(by, sample.unit, clinical=section in CLINICAL_SECTIONS)
    shown = {"sample": sample, "version": version, "form": form, "name": name_of(section), "may": may}
    status = 422 if form.is_submitted() else 200
    return render_template("protocols/second_review.html", **shown, translating=translating), status
