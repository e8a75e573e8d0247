"""A programme's side of declarations: declare, see what is followed, answer to a new version, check, end."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm, PortalForm, SelectChoice
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes import catalogue
from portal.programmes.models import Programme
from portal.programmes.queries import list_own
from portal.protocols.catalogue.quarters import coming
from portal.protocols.forms import following_words, labels
from portal.protocols.forms.following import AnswerNewForm, DeclarationForm, FidelityForm
from portal.protocols.models import ProgrammeProtocol, ProtocolVersion
from portal.protocols.policies import can_declare, can_judge_declaration
from portal.protocols.queries import following as read
from portal.protocols.queries.versions import find_current
from portal.protocols.services import following
from portal.protocols.services.following import Declared
from portal.protocols.views.blocks_named import block_choices, named_blocks, shown_title
from portal.protocols.views.blueprint import Page, blueprint, seen_protocol, show_refusal
from portal.protocols.views.declarations import judge_forms
from portal.protocols.views.places import place_of
from portal.vocabulary.queries import find_labels

DECLARE = Permission.DECLARE_PROTOCOL


@blueprint.get("/following")
@requires(DECLARE)
def following_list() -> str:
    """What the programmes of one's own centres follow."""
    programmes = [(p, read.list_declarations(p.id)) for p in list_own(current_actor())]
    newer = {
        row.id: read.find_newer(row) for _p, rows in programmes for row in rows if row.state == "confirmed"
    }
    return render_template("protocols/following.html", programmes=programmes, newer=newer, **_shown())


@blueprint.route("/protocols/<public_id>/follow", methods=["GET", "POST"])
@requires(DECLARE)
def declare(public_id: str) -> Page:
    version: ProtocolVersion = get_or_404(find_current(seen_protocol(public_id).id))
    place = place_of("follow", public_id)
    own = [programme for programme in list_own(current_actor()) if programme.closed_on is None]
    form = _offered(place.fill(DeclarationForm), version, own)
    if form.validate_on_submit():
        made = _attempt(form, lambda: _declare(version, form, own))
        if made:
            place.leave()
            web.flash_done(_("Declared. An editor of the country confirms it."))
            return redirect(url_for("protocols.following_list"))
    page = {"form": form, "version": version, "title": shown_title(version), "place": place, "own": own}
    html = render_template("protocols/follow.html", **page, **_shown(), offers=_offers(own))
    return html, 422 if form.errors or form.form_errors else 200


@blueprint.route("/following/<int:declaration_id>", methods=["GET", "POST"])
@requires()
def declaration(declaration_id: int) -> Page:
    """One declaration: for its programme with what it may do, for an editor with the decision."""
    row = _seen(declaration_id)
    newer, form = read.find_newer(row), AnswerNewForm()
    form.from_quarter.choices = following_words.quarter_choices(coming(utcnow().date(), 5)[1:])
    if form.validate_on_submit() and newer.current is not None:
        if form.text("answer") == "move":
            return _to_move(row, form)
        if _attempt(form, lambda: _answer(row, newer.current, form)):
            web.flash_done(_("The answer is recorded."))
            return redirect(url_for("protocols.declaration", declaration_id=row.id))
    return _page(row, form), 422 if form.errors or form.form_errors else 200


@blueprint.post("/following/<int:declaration_id>/check")
@requires(DECLARE)
def renew_check(declaration_id: int) -> Page:
    row, form = _seen(declaration_id), FidelityForm()
    if form.validate_on_submit():
        following.renew_check(row, form.fidelity(), by=current_actor(), now=utcnow())
        web.flash_done(_("The self-check is recorded."))
        return redirect(url_for("protocols.declaration", declaration_id=row.id))
    return _page(row, check=form), 422


@blueprint.post("/following/<int:declaration_id>/end")
@requires(DECLARE)
def end_declaration(declaration_id: int) -> Response:
    following.end(_seen(declaration_id), "stopped", by=current_actor(), now=utcnow())
    web.flash_done(_("The programme no longer follows it."))
    return redirect(url_for("protocols.following_list"))


@blueprint.route("/following/<int:declaration_id>/move", methods=["GET", "POST"])
@requires(DECLARE)
def move_declaration(declaration_id: int) -> Page:
    """The same short form for the new version; the programme and the modality are known."""
    row = _seen(declaration_id)
    version: ProtocolVersion = get_or_404(read.find_newer(row).current)
    form = _offered(DeclarationForm(**_kept_answers(row)), version, [row.programme])
    form.from_quarter.choices = following_words.quarter_choices(coming(utcnow().date(), 5)[1:])
    if form.validate_on_submit():
        now = utcnow()
        if _attempt(form, lambda: following.move(row, version, _said(form), by=current_actor(), now=now)):
            web.flash_done(_("Declared. An editor of the country confirms it."))
            return redirect(url_for("protocols.following_list"))
    page = {"form": form, "version": version, "title": shown_title(version), "moving": row}
    html = render_template("protocols/follow.html", **page, **_shown(), own=[row.programme], offers={})
    return html, 422 if form.errors or form.form_errors else 200


def _attempt(form: PortalForm, verb: Callable[[], Any]) -> bool:
    """Call a verb; a refusal names country, drug, kind of treatment and quarter in the reader's language."""
    try:
        verb()
    except DomainError as refusal:
        refusal.values.update(_in_words(refusal.values))
        show_refusal(form, refusal)
        return False
    return True


def _in_words(values: dict[str, Any]) -> dict[str, Any]:
    lang, words = i18n.current(), {}
    if "country" in values:
        words["country"] = labels.COUNTRIES[values["country"]]
    if values.get("drug"):
        words["drug"] = find_labels({values["drug"]}, lang).get(values["drug"], values["drug"])
    if "quarter" in values:
        words["quarter"] = following_words.quarter(values["quarter"])
    if "modality" in values:
        words["modality"] = catalogue.label("modality", values["modality"], lang)
    return words


def _seen(declaration_id: int) -> ProgrammeProtocol:
    """A declaration of the own centre, or of the own country for its editors; others do not exist."""
    row: ProgrammeProtocol = get_or_404(read.find_declaration(declaration_id))
    actor, programme = current_actor(), row.programme
    own = can_declare(actor, programme.organisation_id)
    judges = can_judge_declaration(actor, programme.country, programme.organisation_id)
    found: ProgrammeProtocol = get_or_404(row if own or judges else None)
    return found


def _page(
    row: ProgrammeProtocol, form: AnswerNewForm | None = None, check: FidelityForm | None = None
) -> str:
    actor, programme = current_actor(), row.programme
    form = form or AnswerNewForm(formdata=None)
    form.from_quarter.choices = form.from_quarter.choices or []
    return render_template(
        "protocols/declaration.html", row=row, form=form, check=check or FidelityForm(formdata=None),
        newer=read.find_newer(row), title=shown_title(row.version), blocks=named_blocks(row.version),
        own=can_declare(actor, programme.organisation_id), **judge_forms(row), **_shown(),
    )  # fmt: skip


def _declare(version: ProtocolVersion, form: DeclarationForm, own: Any) -> ProgrammeProtocol:
    chosen = next(p for p in own if str(p.id) == form.text("programme"))
    return following.declare(chosen, version, _said(form), by=current_actor(), now=utcnow())


def _said(form: DeclarationForm) -> Declared:
    return Declared(
        form.text("modality"), form.text("from_quarter"), form.fidelity(), tuple(form.sections.data or ()),
        form.told_changes(), i18n.current(),
    )  # fmt: skip


def _answer(row: ProgrammeProtocol, version: ProtocolVersion | None, form: AnswerNewForm) -> Any:
    assert version is not None
    word, reason = form.text("answer"), form.text("reason")
    return following.answer(row, version, word, reason, by=current_actor(), now=utcnow())


def _to_move(row: ProgrammeProtocol, form: AnswerNewForm) -> Response:
    start = form.text("from_quarter") or None
    return redirect(url_for("protocols.move_declaration", declaration_id=row.id, from_quarter=start))


def _kept_answers(row: ProgrammeProtocol) -> dict[str, Any]:
    """What was said of the version before is where the new declaration begins."""
    answers = zip(following_words.FIDELITY, row.fidelity.answers if row.fidelity else (), strict=False)
    known = {f"fidelity_{code}": str(answer) for code, answer in answers}
    start = {"programme": str(row.programme_id), "modality": row.modality, "sections": row.sections}
    return start | known | {"from_quarter": request.args.get("from_quarter", "")}


def _offered(form: DeclarationForm, version: ProtocolVersion, own: Any) -> DeclarationForm:
    programmes = [SelectChoice(str(p.id), p.name) for p in own]
    codes = dict.fromkeys(code for p in own for code in p.modality_codes)
    modalities = [SelectChoice(c, catalogue.label("modality", c, i18n.current())) for c in codes]
    form.offer(programmes, modalities, following_words.quarter_choices(coming(utcnow().date())))
    form.offer_blocks(block_choices(version))
    if form.programme.data is None and len(programmes) == 1:
        form.programme.data = programmes[0].value
    return form


def _offers(own: Sequence[Programme]) -> dict[str, list[str]]:
    """What each programme offers, for the hint beside its name."""
    return {p.name: [catalogue.label("modality", c, i18n.current()) for c in p.modality_codes] for p in own}


def _shown() -> dict[str, Any]:
    def modality(code: str) -> str:
        return catalogue.label("modality", code, i18n.current())

    return {"w": following_words.words(), "labels": labels, "modality": modality, "plain": PlainForm()}
