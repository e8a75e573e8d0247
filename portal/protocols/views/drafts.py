"""An author's work: own drafts, a new protocol, details, keywords, submission, the next version."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import EDITABLE, ChangeType
from portal.protocols.forms import dose_words, fate_words, labels
from portal.protocols.forms.editing import (
    AnswerForm,
    ConceptForm,
    DetailsForm,
    DraftForm,
    Groups,
    ReasonForm,
)
from portal.protocols.models import ProtocolVersion
from portal.protocols.policies import can_edit, can_submit
from portal.protocols.queries import versions as read
from portal.protocols.queries import work
from portal.protocols.queries.interests import find_authors_declaration
from portal.protocols.queries.lineage import find_fork
from portal.protocols.queries.notices import find_rejection, may_still_appeal
from portal.protocols.queries.page import source_page
from portal.protocols.rules import publication_problems
from portal.protocols.services import decisions, drafts, reviews
from portal.protocols.services.drafts import Details, NewDraft
from portal.protocols.views.blueprint import (
    Page,
    attempt,
    blueprint,
    seen_protocol,
    seen_version,
    sentence_of,
)
from portal.protocols.views.desk_page import marked
from portal.protocols.views.licensing import licence_notes
from portal.protocols.views.places import place_of
from portal.vocabulary.queries import find_labels, list_choices

DRAFT = Permission.DRAFT_PROTOCOL


@blueprint.get("/protocols/mine")
@requires(DRAFT)
def my_work() -> str:
    return render_template("protocols/mine.html", versions=work.list_own(current_actor()), labels=labels)


@blueprint.route("/protocols/new", methods=["GET", "POST"])
@requires(DRAFT)
def new_protocol() -> Page:
    place = place_of("new")
    form = place.fill(DraftForm, source_lang=i18n.current(), origin_country=current_actor().country)
    made: list[ProtocolVersion] = []
    if form.validate_on_submit():
        new = NewDraft(
            title=form.text("title"), source_lang=form.text("source_lang"), summary=form.text("summary"),
            slug=form.text("slug"), origin_country=form.text("origin_country"),
        )  # fmt: skip
        verb = drafts.create_draft
        if attempt(form, lambda: made.append(verb(new, by=current_actor(), now=utcnow()))):
            place.leave()
            web.flash_done(_("The protocol is begun. Only its authors and editors see it."))
            return redirect(url_for("protocols.draft", version_id=made[0].id))
    return render_template("protocols/new.html", form=form, place=place), 422 if form.errors else 200


@blueprint.get("/protocols/drafts/<int:version_id>")
@requires()
def draft(version_id: int) -> str:
    version = seen_version(version_id)
    return render_template("protocols/draft.html", **_workplace(version))


def _workplace(version: ProtocolVersion) -> dict[str, Any]:
    """Everything on an author's page of a version."""
    actor, content = current_actor(), read.content_of(version)
    change = read.difference(version)
    editable = can_edit(actor, version) and version.state in EDITABLE
    return {
        "page": source_page(version, i18n.current(), today=utcnow().date()),
        "version": version,
        "labels": labels,
        "editable": editable,
        "may_submit": can_submit(actor, version),
        "problems": [(p.field, sentence_of(p)) for p in publication_problems(content)],
        "difference": change,
        "links": _links(version),
        "comments": read.list_comments(version.id),
        "people": read.find_people({c.author_id for c in read.list_comments(version.id)}),
        "plain": PlainForm(),
        "answer": AnswerForm(),
        "declared": find_authors_declaration(version),
        "rejection": find_rejection(version.id),
        "may_appeal": _may_appeal(version),
        "words": fate_words,
        **marked(version, read.list_comments(version.id)),
        "dose_words": dose_words.in_words,
        "unmarked": dose_words.unmarked,
        "adapted": find_fork(version.protocol_id) is not None,
        "revisions": {b.block_key: b.revision for b in read.list_blocks(version.id)},
    }


def _may_appeal(version: ProtocolVersion) -> bool:
    rejection = find_rejection(version.id) if version.state == "rejected" else None
    own = can_submit(current_actor(), version)
    return own and rejection is not None and may_still_appeal(rejection, now=utcnow())


def _links(version: ProtocolVersion) -> list[tuple[str, str, str]]:
    links = read.list_concepts(version.id)
    names = find_labels([link.concept_id for link in links], i18n.current())
    return [(link.concept_id, names.get(link.concept_id, link.concept_id), link.role) for link in links]


@blueprint.route("/protocols/drafts/<int:version_id>/details", methods=["GET", "POST"])
@requires(DRAFT)
def details(version_id: int) -> Page:
    version, place = seen_version(version_id), place_of("details", version_id)
    form = place.fill(DetailsForm, obj=version)
    initial = version.supersedes_id is None
    form.change_type.choices = labels.listed(
        pair for pair in labels.CHANGE_TYPES.items() if (pair[0] == ChangeType.INITIAL) == initial
    )
    if form.validate_on_submit():
        said = Details(
            form.text("title"), form.text("summary"), form.text("change_note"), form.text("licence"),
            form.text("change_type"), form.evidence_searched_on.data,
        )  # fmt: skip
        if attempt(form, lambda: drafts.change_details(version, said, by=current_actor(), now=utcnow())):
            place.leave()
            web.flash_done(_("Saved."))
            return redirect(url_for("protocols.draft", version_id=version.id))
    shown = {"form": form, "version": version, "place": place, "licence_notes": licence_notes(version)}
    page = render_template("protocols/details.html", **shown)
    return page, 422 if form.errors else 200


@blueprint.route("/protocols/drafts/<int:version_id>/keywords", methods=["GET", "POST"])
@requires(DRAFT)
def keywords(version_id: int) -> Page:
    version, form = seen_version(version_id), ConceptForm()
    form.offer(_concept_choices())
    if form.validate_on_submit():
        roles = {link.concept_id: link.role for link in read.list_concepts(version.id)}
        roles[form.text("concept")] = form.text("role")
        if attempt(form, lambda: drafts.set_concepts(version, roles, by=current_actor(), now=utcnow())):
            return redirect(url_for("protocols.keywords", version_id=version.id))
    shown = {
        "form": form,
        "version": version,
        "links": _links(version),
        "labels": labels,
        "plain": PlainForm(),
    }
    return render_template("protocols/keywords.html", **shown), 422 if form.errors else 200


@blueprint.post("/protocols/drafts/<int:version_id>/keywords/<concept_id>/remove")
@requires(DRAFT)
def remove_keyword(version_id: int, concept_id: str) -> Response:
    version = seen_version(version_id)
    roles = {link.concept_id: link.role for link in read.list_concepts(version.id)}
    roles.pop(concept_id, None)
    drafts.set_concepts(version, roles, by=current_actor(), now=utcnow())
    return redirect(url_for("protocols.keywords", version_id=version.id))


def _concept_choices() -> Groups:
    """All concepts that may describe a protocol, scheme by scheme."""
    return [(name, list_choices(scheme, i18n.current())) for scheme, name in labels.SCHEMES.items()]


@blueprint.post("/protocols/drafts/<int:version_id>/submit")
@requires(DRAFT)
def submit(version_id: int) -> Page:
    version, form = seen_version(version_id), PlainForm()
    if attempt(form, lambda: decisions.submit(version, by=current_actor(), now=utcnow())):
        web.flash_done(_("Submitted. The editors will ask reviewers."))
        return redirect(url_for("protocols.my_work"))
    return render_template("protocols/draft.html", **_workplace(version), form=form), 422


@blueprint.route("/protocols/drafts/<int:version_id>/back", methods=["GET", "POST"])
@requires()
def take_back(version_id: int) -> Page:
    version, form = seen_version(version_id), ReasonForm()
    if form.validate_on_submit():
        verb = decisions.return_to_draft
        if attempt(form, lambda: verb(version, form.text("reason"), by=current_actor(), now=utcnow())):
            web.flash_done(_("It is a draft again."))
            return redirect(url_for("protocols.draft", version_id=version.id))
    page = render_template("protocols/reason.html", form=form, version=version, what="back")
    return page, 422 if form.errors else 200


@blueprint.post("/protocols/drafts/<int:version_id>/abandon")
@requires(DRAFT)
def abandon(version_id: int) -> Response:
    drafts.abandon(seen_version(version_id), by=current_actor(), now=utcnow())
    web.flash_done(_("Given up. Nothing was deleted."))
    return redirect(url_for("protocols.my_work"))


@blueprint.post("/protocols/drafts/<int:version_id>/remarks/<int:remark_id>")
@requires(DRAFT)
def answer_remark(version_id: int, remark_id: int) -> Page:
    version, form = seen_version(version_id), AnswerForm()
    comments = {comment.id: comment for comment in read.list_comments(version.id)}
    comment = get_or_404(comments.get(remark_id))
    disputed = request.form.get("disputed") == "1"
    verb = reviews.answer_remark
    said = form.text("answer")
    if form.validate() and attempt(
        form, lambda: verb(comment, said, disputed=disputed, by=current_actor(), now=utcnow())
    ):
        return redirect(url_for("protocols.draft", version_id=version.id) + "#remarks")
    failed = {"answer": form, "answered": comment.id}
    return render_template("protocols/draft.html", **(_workplace(version) | failed), form=form), 422


@blueprint.route("/protocols/<public_id>/next", methods=["GET", "POST"])
@requires(DRAFT)
def new_version(public_id: str) -> Page:
    protocol, form = seen_protocol(public_id), PlainForm()
    made: list[ProtocolVersion] = []
    verb = drafts.new_version
    if form.validate_on_submit() and attempt(
        form, lambda: made.append(verb(protocol, by=current_actor(), now=utcnow()))
    ):
        return redirect(url_for("protocols.draft", version_id=made[0].id))
    page = render_template(
        "protocols/next.html", form=form, protocol=protocol, current=read.find_head(protocol.id)
    )
    return page, 422 if form.form_errors else 200
