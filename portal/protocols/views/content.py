"""Blocks, dose lines and references of a draft."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import Conflict, DomainError
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import DEFAULT_KIND, Section
from portal.protocols.forms import labels
from portal.protocols.forms.dose_words import DoseWords, in_words, medicine_choices
from portal.protocols.forms.editing import BlockForm, DoseForm, ReferenceForm
from portal.protocols.models import Block, ProtocolVersion
from portal.protocols.queries.versions import find_block, list_references
from portal.protocols.services import blocks, keeping
from portal.protocols.services.blocks import BlockText, ReferenceText
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_version, show_refusal
from portal.protocols.views.licensing import licence_notes
from portal.protocols.views.places import Place, place_of
from portal.vocabulary.queries import find_labels, list_choices

DRAFT = Permission.DRAFT_PROTOCOL
DOSE_TEXTS = (
    "drug",
    "medicine",
    "phase",
    "unit",
    "per",
    "every_unit",
    "ceiling_per",
    "source",
    "page",
    "source_quote",
)
DOSE_NUMBERS = (
    "dose_min", "dose_max", "times_min", "times_max", "every_min", "every_max", "after_min", "after_max",
    "step_min", "step_max", "ceiling_low", "ceiling", "observe_min", "observe_max",
)  # fmt: skip
Form = BlockForm | DoseForm


@blueprint.route("/protocols/drafts/<int:version_id>/blocks/new", methods=["GET", "POST"])
@requires(DRAFT)
def new_block(version_id: int) -> Page:
    version = seen_version(version_id)
    section = request.args.get("section", "")
    section = section if section in set(Section) else "population"
    place = place_of("block", version.id, section)
    form = _form(version, None, section, place)
    if form.validate_on_submit():
        said = _said(form)
        if attempt(form, lambda: blocks.add_block(version, said, by=current_actor(), now=utcnow())):
            place.leave()
            web.flash_done(_("Saved."))
            return _to_draft(version)
    return _block_page(version, form, place=place)


@blueprint.route("/protocols/drafts/<int:version_id>/blocks/<key>", methods=["GET", "POST"])
@requires(DRAFT)
def edit_block(version_id: int, key: str) -> Page:
    version, found = seen_version(version_id), find_block(version_id, key)
    if found is None and PlainForm().validate_on_submit():
        return _removed_meanwhile(version)
    block: Block = get_or_404(found)
    place = place_of("block", version.id, key)
    form = _form(version, block, block.section, place)
    if form.validate_on_submit():
        said, revision, by = _said(form), _revision(form), current_actor()
        try:
            blocks.save_block(version, key, said, revision=revision, by=by, now=utcnow())
        except Conflict as refusal:
            return _both_texts(version, form, refusal, place)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            place.leave()
            web.flash_done(_("Saved."))
            return _to_draft(version)
    return _block_page(version, form, block=block, place=place)


def _removed_meanwhile(version: ProtocolVersion) -> Response:
    """The block is gone and what was written is not: it waits in the form of a new one."""
    section = request.form.get("section", str(Section.DOSING))
    fields = {
        name: request.form.getlist(name) for name in request.form if name not in ("csrf_token", "revision")
    }
    name = place_of("block", version.id, section).name
    try:
        keeping.keep(name, fields, by=current_actor(), now=utcnow())
        web.flash_refused(Conflict("block_removed_meanwhile"))
    except DomainError as refusal:
        web.flash_refused(refusal)
    return redirect(url_for("protocols.new_block", version_id=version.id, section=section))


def _both_texts(version: ProtocolVersion, form: Form, refusal: Conflict, place: Place) -> Page:
    """Show what the other person saved above one's own text, which stays in the form: saving decides."""
    block: Block = get_or_404(find_block(version.id, refusal.values["key"]))
    show_refusal(form, refusal)
    form.revision.raw_data = [str(refusal.values.get("revision", 0))]
    form.revision.data = str(refusal.values.get("revision", 0))
    both = {"theirs": refusal.values.get("theirs"), "line": _in_words(block)}
    page, _status = _block_page(version, form, block=block, place=place, **both)
    return page, 409


def _in_words(block: Block) -> DoseWords | None:
    """A dose line as its readers see it; None for every other block."""
    if block.kind != "dose":
        return None
    drug = block.data.get("drug", "")
    return in_words(block.data, find_labels([drug], i18n.current()).get(drug, ""))


@blueprint.get("/protocols/drafts/<int:version_id>/blocks/<key>/remove")
@requires(DRAFT)
def ask_removal(version_id: int, key: str) -> str:
    """A block is gone for good, and its button stands beside two that only move it."""
    version = seen_version(version_id)
    block: Block = get_or_404(find_block(version.id, key))
    shown = {"version": version, "block": block, "line": _in_words(block), "form": PlainForm()}
    return render_template("protocols/remove_block.html", **shown)


@blueprint.post("/protocols/drafts/<int:version_id>/blocks/<key>/<any(up, down, remove):what>")
@requires(DRAFT)
def arrange_block(version_id: int, key: str, what: str) -> Response:
    version, now = seen_version(version_id), utcnow()
    if what == "remove":
        blocks.remove_block(version, key, by=current_actor(), now=now)
    else:
        blocks.move_block(version, key, -1 if what == "up" else 1, by=current_actor(), now=now)
    return _to_draft(version)


@blueprint.route("/protocols/drafts/<int:version_id>/references", methods=["GET", "POST"])
@requires(DRAFT)
def references(version_id: int) -> Page:
    version, form = seen_version(version_id), ReferenceForm()
    if form.validate_on_submit():
        said = ReferenceText(
            **{name: form.text(name) for name in form.data if name in ReferenceText.__slots__}
        )
        if attempt(form, lambda: blocks.add_reference(version, said, by=current_actor(), now=utcnow())):
            web.flash_done(_("The reference is added."))
            return redirect(url_for("protocols.references", version_id=version.id))
    works = list_references(version.id)
    shown = {"form": form, "version": version, "works": works, "plain": PlainForm()}
    shown["licence_notes"] = licence_notes(version)
    return render_template("protocols/references.html", **shown), 422 if form.errors else 200


@blueprint.post("/protocols/drafts/<int:version_id>/references/<key>/remove")
@requires(DRAFT)
def remove_reference(version_id: int, key: str) -> Response:
    version = seen_version(version_id)
    blocks.remove_reference(version, key, by=current_actor(), now=utcnow())
    return redirect(url_for("protocols.references", version_id=version.id))


def _to_draft(version: ProtocolVersion) -> Response:
    return redirect(url_for("protocols.draft", version_id=version.id))


def _block_page(version: ProtocolVersion, form: Form, **more: Any) -> tuple[str, int]:
    template = "protocols/dose.html" if isinstance(form, DoseForm) else "protocols/block.html"
    page = render_template(
        template,
        form=form,
        version=version,
        labels=labels,
        block=more.get("block"),
        theirs=more.get("theirs"),
        line=more.get("line"),
        place=more["place"],
    )
    return page, 422 if form.errors else 200


def _form(version: ProtocolVersion, block: Block | None, section: str, place: Place) -> Form:
    works = [(work.key, f"{work.key}: {work.cite[:80]}") for work in list_references(version.id)]
    if section == Section.DOSING:
        return _dose_form(block, works, place)
    return _text_form(block, section, works, place)


def _text_form(block: Block | None, section: str, works: list[tuple[str, str]], place: Place) -> BlockForm:
    kind = DEFAULT_KIND.get(Section(section), "text")
    values: dict[str, Any] = {"section": section, "kind": str(kind)}
    if block is not None:
        values = {"section": block.section, "kind": block.kind, "body": block.source_text}
        values |= {name: block.data.get(name) for name in ("certainty", "strength", "references")}
        values["revision"] = block.revision
    form = place.fill(BlockForm, **values)
    form.offer(list_choices("evidence", i18n.current()), works)
    form.section.choices = labels.listed(
        pair for pair in labels.SECTIONS.items() if pair[0] != Section.DOSING
    )
    return form


def _dose_form(block: Block | None, works: list[tuple[str, str]], place: Place) -> DoseForm:
    values: dict[str, Any] = {}
    if block is not None:
        route = block.data.get("route") or []
        values = dict(block.data) | {"body": block.source_text, "revision": block.revision}
        values["route"] = [route] if isinstance(route, str) else route
    form = place.fill(DoseForm, **values)
    lang = i18n.current()
    drugs = [(labels.SCHEMES[scheme], list_choices(scheme, lang)) for scheme in ("substance", "intervention")]
    form.offer(drugs, medicine_choices(), works)
    return form


def _said(form: Form) -> BlockText:
    if isinstance(form, DoseForm):
        return BlockText("dosing", "dose", form.text("body"), _dose_data(form))
    data = {name: form[name].data for name in ("certainty", "strength", "references") if form[name].data}
    return BlockText(form.text("section"), form.text("kind"), form.text("body"), data)


def _dose_data(form: DoseForm) -> dict[str, Any]:
    data: dict[str, Any] = {name: form.text(name) for name in DOSE_TEXTS if form.text(name)}
    data |= {name: form[name].data for name in DOSE_NUMBERS if form[name].data is not None}
    routes = form.route.data or []
    if routes:
        data["route"] = routes[0] if len(routes) == 1 else routes
    return data | {name: True for name in ("quoted", "verify") if form[name].data}


def _revision(form: Form) -> int:
    typed = str(form.revision.data or "")
    return int(typed) if typed.isascii() and typed.isdigit() else 0
