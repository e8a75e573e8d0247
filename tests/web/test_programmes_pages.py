"""The administrator's pages of centres and programmes, in the browser."""

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from web.journey import send

from portal.core.audit import AuditEvent
from portal.extensions import db
from portal.programmes import queries

LANGS = ["en", "ru", "fa"]
FORM = {
    "name": "Day clinic", "admin1_group": "IR2", "centre_type": "1", "ownership": "1", "modalities": ["M20", "M21"],
    "from_month": ["7", "2023"], "planned_duration_days": "0", "start_month": ["7", "2023"],
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_a_centre_a_programme_staff_and_consent_are_registered(client, sign_in, lang):
    sign_in(client, "country_admin")
    person = make_user("clinician")
    centre = send(client, f"/{lang}/organisations", form_at=f"/{lang}/programmes", name="Centre").location
    programme = send(client, f"{centre}/programmes/new", **FORM).location
    send(client, f"{centre}/staff", form_at=centre, user_id=person.id)
    send(client, f"{programme}/consent", form_at=programme, consented_on="۱۴۰۵-۰۱-۰۵", named_publicly="y")
    (made,) = queries.list_programmes("IR")
    assert (made.modality_codes, made.publishes, made.synthetic) == (("M20", "M21"), True, False)
    assert made.consented_on.isoformat() == "2026-03-25"
    db.session.refresh(person)
    assert person.organisation_ids == {made.organisation_id}
    assert send(client, f"{programme}/consent/withdraw", form_at=programme).status_code == 302
    db.session.refresh(made)
    assert not made.publishes


@pytest.mark.parametrize("lang", LANGS)
def test_months_of_either_calendar_are_taken(client, sign_in, lang):
    sign_in(client, "country_admin")
    centre = make_organisation()
    months = {"from_month": ["۵", "۱۴۰۲"], "start_month": ["5", "1402"]}
    send(client, f"/{lang}/organisations/{centre.id}/programmes/new", **FORM | months)
    (made,) = queries.list_programmes("IR")
    assert made.start_month == "2023-08"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "faulty",
    [{"name": ""}, {"admin1_group": "RU1"}, {"modalities": []}, {"planned_duration_days": "2000"},
     {"planned_duration_days": "many"}, {"start_month": ["13", "2023"]}, {"centre_type": "nonsense"}],
)  # fmt: skip
def test_faults_are_told_in_the_form_and_nothing_is_written(client, sign_in, lang, faulty):
    sign_in(client, "country_admin")
    centre = make_organisation()
    answer = send(client, f"/{lang}/organisations/{centre.id}/programmes/new", **FORM | faulty)
    assert answer.status_code == 422
    assert 'class="errsum"' in answer.text
    assert ("Day clinic" in answer.text) is ("name" not in faulty)
    assert queries.list_programmes("IR") == []


def test_an_agonist_is_refused_on_a_russian_page(client, sign_in):
    sign_in(client, "country_admin", country="RU")
    centre = make_organisation("RU")
    russian = FORM | {"admin1_group": "RU1", "modalities": ["M20"]}
    answer = send(client, f"/en/organisations/{centre.id}/programmes/new", **russian)
    assert answer.status_code == 422
    assert 'value="M20"' not in answer.text


def test_names_with_an_identifier_are_refused(client, sign_in):
    sign_in(client, "country_admin")
    answer = send(client, "/en/organisations", form_at="/en/programmes", name="Centre 112-233-445 95")
    assert answer.status_code == 422


@pytest.mark.parametrize("lang", LANGS)
def test_editing_keeps_first_months_and_refuses_a_stale_form(client, sign_in, lang):
    sign_in(client, "country_admin")
    programme = make_programme()
    path = f"/{lang}/programmes/{programme.id}/edit"
    changed = FORM | {"from_month": ["1", "2025"], "version": "1"}
    assert send(client, path, **changed).status_code == 302
    db.session.refresh(programme)
    assert {(m.modality, m.from_month) for m in programme.modalities} == {
        ("M20", "2023-07"),
        ("M21", "2025-01"),
    }
    stale = send(client, path, **changed)
    assert stale.status_code == 422
    assert "Day clinic" in stale.text


@pytest.mark.parametrize(
    "path",
    ["organisations/{o}", "organisations/{o}/programmes/new", "programmes/{p}", "programmes/{p}/edit"],
)
def test_r15_the_other_countrys_things_do_not_exist(client, sign_in, path):
    sign_in(client, "country_admin", country="RU")
    programme = make_programme()
    own = path.format(o=programme.organisation_id, p=programme.id)
    missing = path.format(o=999, p=999)
    answers = [client.get(f"/en/{one}") for one in (own, missing)]
    assert [a.status_code for a in answers] == [404, 404]
    assert programme.name not in answers[0].text


@pytest.mark.parametrize(
    "path",
    [
        "organisations/{o}/staff",
        "organisations/{o}/name",
        "programmes/{p}/consent",
        "programmes/{p}/consent/withdraw",
    ],
)
def test_r15_acts_on_the_other_countrys_things_are_refused(client, sign_in, path):
    sign_in(client, "country_admin", country="RU")
    programme = make_programme()
    url = "/en/" + path.format(o=programme.organisation_id, p=programme.id)
    answer = send(client, url, form_at="/en/me", consented_on="2026-01-01", user_id="1", name="Ours")
    assert answer.status_code == 404
    db.session.refresh(programme)
    assert not programme.publishes


def test_r15_a_person_of_the_other_country_cannot_be_made_staff(client, sign_in):
    sign_in(client, "country_admin")
    centre, foreigner = make_organisation(), make_user("clinician", country="RU")
    make_user("clinician")
    path = f"/en/organisations/{centre.id}"
    assert send(client, f"{path}/staff", form_at=path, user_id=foreigner.id).status_code == 422


def test_r16_a_form_cannot_set_code_kind_or_consent(client, sign_in):
    sign_in(client, "country_admin")
    centre = make_organisation()
    more = {"code": "AAAAAAAA", "synthetic": "1", "publishes": "1", "country": "RU"}
    send(client, f"/en/organisations/{centre.id}/programmes/new", **FORM | more)
    (made,) = queries.list_programmes("IR")
    assert (made.code == "AAAAAAAA", made.synthetic, made.publishes) == (False, False, False)


@pytest.mark.parametrize("lang", LANGS)
def test_a_centre_gets_another_name_and_never_that_of_another(client, sign_in, lang):
    sign_in(client, "country_admin")
    centre, other = make_organisation(), make_organisation()
    page = f"/{lang}/organisations/{centre.id}"
    send(client, f"{page}/name", form_at=page, name="Centre of the south")
    db.session.refresh(centre)
    assert centre.name == "Centre of the south"
    answer = send(client, f"{page}/name", form_at=page, name=other.name)
    db.session.refresh(centre)
    assert (answer.status_code, centre.name) == (422, "Centre of the south")
    assert "organisation.renamed" in {event.event for event in db.session.scalars(sa.select(AuditEvent))}
