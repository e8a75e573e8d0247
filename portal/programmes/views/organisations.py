"""Centres and their staff; the list where everything starts."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.queries import find_in_country as find_person
from portal.accounts.queries import list_clinicians, list_staff
from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm, SelectChoice
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes import queries, services
from portal.programmes.forms import OrganisationForm, StaffForm
from portal.programmes.models import Organisation
from portal.programmes.views.blueprint import MANAGE, blueprint, label

Page = str | Response | tuple[str, int]


@blueprint.get("/programmes")
@requires(MANAGE)
def list_programmes() -> str:
    return _list(OrganisationForm())


@blueprint.post("/organisations")
@requires(MANAGE)
def register_organisation() -> Page:
    form, actor = OrganisationForm(), current_actor()
    if form.validate_on_submit():
        try:
            made = services.register_organisation(form.text("name"), actor.country, by=actor, now=utcnow())
        except DomainError as refusal:
            form.add_fault("name", sentence(refusal))
        else:
            web.flash_done(_("The centre is registered."))
            return redirect(url_for("programmes.organisation", organisation_id=made.id))
    return _list(form), 422


@blueprint.get("/organisations/<int:organisation_id>")
@requires(MANAGE)
def organisation(organisation_id: int) -> str:
    return _organisation_page(find_centre(organisation_id), None)


@blueprint.post("/organisations/<int:organisation_id>/name")
@requires(MANAGE)
def rename_organisation(organisation_id: int) -> Page:
    centre, form = find_centre(organisation_id), OrganisationForm()
    if form.validate_on_submit():
        try:
            services.rename_organisation(centre, form.text("name"), by=current_actor())
        except DomainError as refusal:
            form.add_fault("name", sentence(refusal))
        else:
            web.flash_done(_("The centre has its new name."))
            return redirect(url_for("programmes.organisation", organisation_id=organisation_id))
    return _organisation_page(centre, None, form), 422


@blueprint.post("/organisations/<int:organisation_id>/staff")
@requires(MANAGE)
def add_staff(organisation_id: int) -> Page:
    centre, form = find_centre(organisation_id), StaffForm()
    _offer_people(form, centre)
    if not form.validate_on_submit():
        return _organisation_page(centre, form), 422
    person = get_or_404(find_person(form.user_id.data, current_actor().country))
    services.add_staff(centre, person, by=current_actor(), now=utcnow())
    web.flash_done(_("The person now belongs to the centre."))
    return redirect(url_for("programmes.organisation", organisation_id=organisation_id))


@blueprint.post("/organisations/<int:organisation_id>/staff/<int:user_id>/remove")
@requires(MANAGE)
def remove_staff(organisation_id: int, user_id: int) -> Response:
    person = get_or_404(find_person(user_id, current_actor().country))
    services.remove_staff(find_centre(organisation_id), person, by=current_actor())
    web.flash_done(_("The person no longer belongs to the centre."))
    return redirect(url_for("programmes.organisation", organisation_id=organisation_id))


def find_centre(organisation_id: int) -> Organisation:
    found: Organisation = get_or_404(
        queries.find_organisation_in_country(organisation_id, current_actor().country)
    )
    return found


def _list(form: OrganisationForm) -> str:
    country = current_actor().country
    return render_template(
        "programmes/list.html",
        form=form,
        organisations=queries.list_organisations(country),
        programmes=queries.list_programmes(country),
        label=label,
    )


def _organisation_page(
    centre: Organisation, form: StaffForm | None, naming: OrganisationForm | None = None
) -> str:
    if form is None:
        form = StaffForm()
        _offer_people(form, centre)
    programmes = [p for p in queries.list_programmes(centre.country) if p.organisation_id == centre.id]
    return render_template(
        "programmes/organisation.html", centre=centre, form=form, programmes=programmes, label=label,
        staff=list_staff(centre.id), plain=PlainForm(),
        naming=naming or OrganisationForm(formdata=None, data={"name": centre.name}),
    )  # fmt: skip


def _offer_people(form: StaffForm, centre: Organisation) -> None:
    people = [u for u in list_clinicians(centre.country) if centre.id not in u.organisation_ids]
    form.user_id.choices = [SelectChoice(user.id, user.name) for user in people]
