"""Programmes: their description and their consent to publication."""

from datetime import date
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.security.guard import fresh
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError, Invalid
from portal.core.forms import PlainForm, SelectChoice
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes import catalogue, queries, services
from portal.programmes.forms import ConsentForm, ProgrammeForm
from portal.programmes.models import Organisation, Programme
from portal.programmes.services import Description
from portal.programmes.views.blueprint import MANAGE, blueprint, label
from portal.programmes.views.organisations import find_centre

Page = str | Response | tuple[str, int]
LISTS = {
    "admin1_group": "region",
    "centre_type": "centre_type",
    "ownership": "ownership",
    "modalities": "modality",
}


@blueprint.route("/organisations/<int:organisation_id>/programmes/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_programme(organisation_id: int) -> Page:
    centre, form = find_centre(organisation_id), _offered(ProgrammeForm())
    if form.validate_on_submit():
        try:
            made = _register(centre, form)
        except DomainError as refusal:
            _show_faults(form, refusal)
        else:
            web.flash_done(_("The programme is registered."))
            return redirect(url_for("programmes.programme", programme_id=made.id))
    page = render_template("programmes/edit.html", form=form, centre=centre, programme=None)
    return page, 422 if form.errors else 200


@blueprint.get("/programmes/<int:programme_id>")
@requires(MANAGE)
def programme(programme_id: int) -> str:
    return _programme_page(_programme(programme_id), ConsentForm())


@blueprint.route("/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_programme(programme_id: int) -> Page:
    thing = _programme(programme_id)
    form = _offered(ProgrammeForm(**_as_form(thing)))
    if form.validate_on_submit():
        try:
            _describe(thing, form)
        except DomainError as refusal:
            _show_faults(form, refusal)
        else:
            web.flash_done(_("Saved."))
            return redirect(url_for("programmes.programme", programme_id=programme_id))
    page = render_template("programmes/edit.html", form=form, centre=thing.organisation, programme=thing)
    return page, 422 if form.errors else 200


@blueprint.post("/programmes/<int:programme_id>/consent")
@requires(MANAGE)
@fresh
def give_consent(programme_id: int) -> Page:
    thing, form = _programme(programme_id), ConsentForm()
    if form.validate_on_submit():
        try:
            _consent(thing, form)
        except Invalid as refusal:
            form.add_fault("consented_on", sentence(refusal.problems[0]))
        else:
            web.flash_done(_("The consent is recorded."))
            return redirect(url_for("programmes.programme", programme_id=programme_id))
    return _programme_page(_programme(programme_id), form), 422


@blueprint.post("/programmes/<int:programme_id>/consent/withdraw")
@requires(MANAGE)
@fresh
def withdraw_consent(programme_id: int) -> Response:
    services.withdraw_consent(_programme(programme_id), by=current_actor(), now=utcnow())
    web.flash_done(_("The consent is withdrawn. The next edition leaves the programme out."))
    return redirect(url_for("programmes.programme", programme_id=programme_id))


def _register(centre: Organisation, form: ProgrammeForm) -> Programme:
    """What is registered in a demonstration is synthetic for ever, and elsewhere never."""
    synthetic = bool(current_app.config["DEMONSTRATION"])
    described = _described(form, {})
    return services.register_programme(
        centre, described, synthetic=synthetic, by=current_actor(), now=utcnow()
    )


def _describe(thing: Programme, form: ProgrammeForm) -> None:
    since = {row.modality: row.from_month for row in thing.modalities}
    version = request.form.get("version", 0, type=int)
    services.describe_programme(thing, _described(form, since), expected_version=version, by=current_actor())


def _consent(thing: Programme, form: ConsentForm) -> None:
    on: date = form.consented_on.data
    named = bool(form.named_publicly.data)
    services.give_consent(thing, on, named_publicly=named, by=current_actor(), now=utcnow())


def _programme(programme_id: int) -> Programme:
    """A programme of another country answers like one that does not exist."""
    found: Programme = get_or_404(queries.find_in_country(programme_id, current_actor().country))
    return found


def _programme_page(thing: Programme, form: ConsentForm) -> str:
    return render_template(
        "programmes/programme.html", programme=thing, form=form, label=label, plain=PlainForm()
    )


def _offered(form: ProgrammeForm) -> ProgrammeForm:
    country, tag = current_actor().country, i18n.current()
    form.offer(
        {
            field: [SelectChoice(d.code, d.label(tag)) for d in catalogue.possible(name, country)]
            for field, name in LISTS.items()
        }
    )
    return form


def _described(form: ProgrammeForm, since: dict[str, str]) -> Description:
    """The answers of the form; modalities that were there before keep their first month."""
    first = form.from_month.data
    return Description(
        name=form.text("name"),
        admin1_group=form.text("admin1_group"),
        centre_type=int(form.text("centre_type")),
        ownership=int(form.text("ownership")),
        planned_duration_days=form.planned_duration_days.data,
        start_month=form.start_month.data,
        modalities=tuple((code, since.get(code, first)) for code in form.modalities.data or ()),
    )


def _as_form(thing: Programme) -> dict[str, Any]:
    values: dict[str, Any] = {f: getattr(thing, f) for f in services.DESCRIPTORS}
    values |= {"centre_type": str(thing.centre_type), "ownership": str(thing.ownership)}
    return values | {"modalities": list(thing.modality_codes), "from_month": thing.start_month}


def _show_faults(form: ProgrammeForm, refusal: DomainError) -> None:
    if not isinstance(refusal, Invalid):
        form.form_errors.append(sentence(refusal))
        return
    for problem in refusal.problems:
        values = problem.values
        if "modality" in values:
            values = {"modality": label("modality", values["modality"])}
        form.add_fault(problem.field, sentence(type(problem)(problem.field, problem.code, values)))
