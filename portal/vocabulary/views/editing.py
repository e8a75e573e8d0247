"""Editors change the words of the vocabulary: labels, synonyms, new concepts, successors; with a history."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.accounts.queries import names_of
from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm, PortalForm
from portal.core.i18n import current
from portal.core.permissions import Permission
from portal.core.sentences import register_messages, sentence
from portal.core.web import current_actor, get_or_404, requires
from portal.vocabulary import queries, services
from portal.vocabulary.forms import SCHEME_NAMES, ConceptForm, NameForm, SuccessorForm, listed
from portal.vocabulary.models import LANGUAGES, Concept
from portal.vocabulary.views.blueprint import blueprint

EDIT = Permission.EDIT_VOCABULARY
Page = str | Response | tuple[str, int]
WHAT = {
    "concept_added": _l("Concept added"),
    "label": _l("Label changed"),
    "synonym_added": _l("Synonym added"),
    "synonym_removed": _l("Synonym removed"),
    "deprecated": _l("Replaced by another concept"),
}
register_messages(
    {
        "arabic_letters": _l("Write Persian with Persian letters, not with the Arabic yeh and kaf."),
        "half_space_wrong": _l("A half-space stands beside a space or at an end."),
        "id_taken": _l("There is a concept with this id already."),
        "id_wrong": _l("Write the prefix of the scheme, then small Latin letters, digits and hyphens."),
        "name_empty": _l("Write a name."),
        "name_same": _l("The concept has this name already."),
        "name_shape": _l("Write a name of at most 200 characters, without a bar and without loose spaces."),
        "parent_wrong": _l("The broader concept must be of the same scheme and in use."),
        "scheme_unknown": _l("Choose one of the listed answers."),
        "script_wrong": _l("Letters of another script do not belong to this language."),
        "successor_wrong": _l("Choose another concept of the same scheme that is in use."),
    }
)


@blueprint.route("/vocabulary/edit/<concept_id>", methods=["GET", "POST"])
@requires(EDIT)
def edit_concept(concept_id: str) -> Page:
    """Labels and synonyms. What is written is a label or a synonym by the choice beside it."""
    concept: Concept = get_or_404(queries.find_concept(concept_id))
    form = NameForm(name=request.args.get("text", ""), lang=request.args.get("lang", current()))
    if form.validate_on_submit():
        verb = services.rename if form.text("kind") == "label" else services.add_synonym
        words = (concept.id, form.text("lang"), form.text("name"))
        if _attempt(form, lambda: verb(*words, by=current_actor(), now=utcnow())):
            return _done(concept.id)
    return _concept_page(concept, form)


@blueprint.post("/vocabulary/edit/<concept_id>/synonyms/remove")
@requires(EDIT)
def remove_synonym(concept_id: str) -> Response:
    lang, text = request.form.get("lang", ""), request.form.get("text", "")
    services.remove_synonym(concept_id, lang, text, by=current_actor(), now=utcnow())
    return _done(concept_id)


@blueprint.post("/vocabulary/edit/<concept_id>/replace")
@requires(EDIT)
def deprecate_concept(concept_id: str) -> Page:
    concept: Concept = get_or_404(queries.find_concept(concept_id))
    form = _successors(SuccessorForm(), concept)
    if form.validate_on_submit():
        after = form.text("successor")
        if _attempt(form, lambda: services.deprecate(concept.id, after, by=current_actor(), now=utcnow())):
            return _done(concept.id)
    return _concept_page(concept, NameForm(formdata=None), form)


@blueprint.route("/vocabulary/new/<scheme>", methods=["GET", "POST"])
@requires(EDIT)
def new_concept(scheme: str) -> Page:
    get_or_404(scheme if scheme in SCHEME_NAMES else None)
    form = ConceptForm()
    form.parent.choices = listed([("", _("none")), *queries.list_choices(scheme, current())])
    if form.validate_on_submit():
        labels = {lang: form.text(f"label_{lang}") for lang in LANGUAGES}
        given = (form.text("concept_id"), scheme, form.text("parent"), labels)
        if _attempt(form, lambda: services.add_concept(*given, by=current_actor(), now=utcnow())):
            return _done(form.text("concept_id"))
    title = SCHEME_NAMES[scheme]
    html = render_template("vocabulary/new.html", form=form, scheme=scheme, title=title)
    return html, 422 if form.errors or form.form_errors else 200


@blueprint.get("/vocabulary/changes")
@requires(EDIT)
def changes() -> str:
    """What editors changed, the latest first."""
    found = queries.list_changes()
    people = names_of({change.made_by for change in found})
    labels = queries.find_labels({change.concept_id for change in found}, current())
    return render_template("vocabulary/changes.html", found=found, people=people, labels=labels, what=WHAT)


def _concept_page(concept: Concept, form: NameForm, replace: SuccessorForm | None = None) -> Page:
    page = get_or_404(queries.find_concept_page(concept.id, current()))
    found = queries.list_changes(concept.id)
    replace = replace or _successors(SuccessorForm(formdata=None), concept)
    html = render_template(
        "vocabulary/edit.html", page=page, synonyms=queries.find_names(concept.id), form=form, what=WHAT,
        replace=replace, found=found, people=names_of({change.made_by for change in found}),
        plain=PlainForm(), names=SCHEME_NAMES, labels={},
    )  # fmt: skip
    wrong = form.errors or form.form_errors or replace.errors or replace.form_errors
    return html, 422 if wrong else 200


def _successors(form: SuccessorForm, concept: Concept) -> SuccessorForm:
    others = queries.list_choices(concept.scheme, current())
    form.successor.choices = listed([("", _("Choose")), *(pair for pair in others if pair[0] != concept.id)])
    return form


def _attempt(form: PortalForm, verb: Callable[[], Any]) -> bool:
    try:
        verb()
    except DomainError as refusal:
        problems = getattr(refusal, "problems", ())
        for problem in problems:
            form.add_fault(problem.field, sentence(problem))
        if not problems:
            form.form_errors.append(sentence(refusal))
        return False
    return True


def _done(concept_id: str) -> Response:
    web.flash_done(_("Saved. Search reads it from now on."))
    return redirect(url_for("vocabulary.edit_concept", concept_id=concept_id))
