"""Centres and programmes: rules on descriptors, who may register, consent, staff, what never changes."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user

from portal.core.db import utcnow
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.permissions import SYSTEM, Role
from portal.extensions import db
from portal.programmes import catalogue, policies, queries, services
from portal.programmes.models import Programme, new_code
from portal.programmes.services import Description

GOOD = {
    "name": "Programme", "admin1_group": "IR1", "centre_type": 1, "ownership": 1, "planned_duration_days": 0,
    "start_month": "2023-07", "modalities": (("M20", "2023-07"),),
}  # fmt: skip


def faults(country, **changed):
    with pytest.raises(Invalid) as refusal:
        services.check_description(Description(**GOOD | changed), country)
    return [(p.field, p.code) for p in refusal.value.problems]


@pytest.mark.parametrize("modality", ["M13", "M20", "M21", "M22", "M23", "M24"])
def test_r16_of_the_registry_agonists_are_refused_in_russia(modality):
    found = faults("RU", admin1_group="RU1", modalities=((modality, "2023-07"),))
    assert found == [("modalities", "modality_forbidden_ru")]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "  "}, ("name", "name_missing")),
        ({"admin1_group": "RU1"}, ("admin1_group", "code_unknown")),
        ({"centre_type": 7}, ("centre_type", "code_unknown")),
        ({"ownership": 8}, ("ownership", "code_unknown")),
        ({"planned_duration_days": 1096}, ("planned_duration_days", "duration_out_of_range")),
        ({"planned_duration_days": -1}, ("planned_duration_days", "duration_out_of_range")),
        ({"start_month": "2023-13"}, ("start_month", "month_wrong")),
        ({"modalities": ()}, ("modalities", "modality_missing")),
        ({"modalities": (("M99", "2023-07"),)}, ("modalities", "code_unknown")),
        ({"modalities": (("M20", "1402"),)}, ("modalities", "month_wrong")),
        ({"modalities": (("M34", "2023-07"),)}, ("modalities", "modality_not_in_country")),
    ],
)
def test_each_descriptor_is_judged(changed, fault):
    assert faults("IR", **changed) == [fault]


def test_every_fault_is_told_at_once():
    assert len(faults("IR", name="", centre_type=0, start_month="x")) == 3


def test_labels_exist_in_three_languages_and_codes_are_unique():
    for name, answers in catalogue.descriptors().items():
        assert len({d.code for d in answers}) == len(answers), name
        assert all(d.label(tag).strip() for d in answers for tag in ("en", "ru", "fa")), name


def test_region_groups_are_eight_in_russia_and_five_in_iran():
    assert [len(catalogue.possible("region", country)) for country in ("RU", "IR")] == [8, 5]


def test_modalities_agree_with_the_dictionary_of_the_registry():
    lists = Path(catalogue.__file__).parents[1] / "registry" / "data" / "lists_v1.toml"
    theirs = {row["code"]: row for row in tomllib.loads(lists.read_text())["list"]["modality"]["codes"]}
    ours = {d.code: d for d in catalogue.descriptors()["modality"]}
    assert set(ours) == set(theirs)
    for code, row in theirs.items():
        assert set(ours[code].countries) == set(row["countries"]), code
        assert ours[code].labels == {tag: row[tag] for tag in ("en", "ru", "fa")}, code


def test_codes_are_eight_base32_characters():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(c) == 8 and set(c) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for c in codes)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("country", ["IR", "RU"])
def test_only_an_administrator_of_the_country_manages_programmes(app, role, country):
    actor = make_user(role)
    allowed = role == Role.COUNTRY_ADMIN and country == "IR"
    assert policies.can_manage(actor, country) is allowed
    if not allowed:
        with pytest.raises(NotAllowed):
            services.register_organisation("Centre", country, by=actor, now=utcnow())


@pytest.mark.parametrize("column", ["code = 'AAAAAAAA'", "country = 'RU'", "synthetic = true"])
def test_code_country_and_kind_never_change(app, column):
    make_programme()
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text(f"UPDATE programme SET {column}"))


def test_a_programme_is_never_deleted(app):
    make_programme()
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text("DELETE FROM programme"))


@pytest.mark.parametrize(
    ("first", "code"), [(True, "demonstration_present"), (False, "real_programmes_present")]
)
def test_synthetic_and_real_programmes_do_not_meet(app, first, code):
    make_programme(synthetic=first)
    with pytest.raises(Conflict, match=code):
        make_programme(synthetic=not first)


def test_names_are_unique_in_a_centre_and_centres_in_a_country(app):
    centre = make_organisation(name="One")
    make_programme(organisation=centre, name="P")
    with pytest.raises(Conflict, match="programme_exists"):
        make_programme(organisation=centre, name="P")
    with pytest.raises(Conflict, match="organisation_exists"):
        make_organisation(name="One")
    make_organisation("RU", name="One")


def test_a_description_is_changed_by_who_saw_the_present_one(app):
    admin, programme = make_user("country_admin"), make_programme()
    described = Description(
        **GOOD | {"name": "Other", "modalities": (("M21", "2024-01"), ("M20", "2023-07"))}
    )
    services.describe_programme(programme, described, expected_version=1, by=admin)
    assert (programme.name, programme.modality_codes) == ("Other", ("M20", "M21"))
    with pytest.raises(Conflict, match="changed_meanwhile"):
        services.describe_programme(programme, described, expected_version=1, by=admin)


def test_consent_is_dated_and_can_be_withdrawn(app):
    admin, programme, today = make_user("country_admin"), make_programme(), utcnow().date()
    with pytest.raises(Invalid):
        services.give_consent(
            programme, today + timedelta(days=1), named_publicly=False, by=admin, now=utcnow()
        )
    services.give_consent(programme, date(2026, 1, 5), named_publicly=True, by=admin, now=utcnow())
    assert (programme.publishes, programme.named_publicly) == (True, True)
    services.withdraw_consent(programme, by=admin, now=utcnow())
    assert (programme.publishes, programme.named_publicly) == (False, False)
    assert programme.withdrawn_on == today


def test_publishing_without_a_dated_consent_is_impossible(app):
    make_programme()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text("UPDATE programme SET publishes = true"))


@pytest.mark.parametrize(
    ("role", "country", "allowed"),
    [("clinician", "IR", True), ("clinician", "RU", False), ("researcher", "IR", False)],
)
def test_staff_are_approved_clinicians_of_the_country(app, role, country, allowed):
    admin, centre, person = make_user("country_admin"), make_organisation(), make_user(role, country=country)
    assert policies.can_join(person, centre) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match="staff_must_be_clinician"):
            services.add_staff(centre, person, by=admin, now=utcnow())
        return
    services.add_staff(centre, person, by=admin, now=utcnow())
    assert person.organisation_ids == {centre.id}
    with pytest.raises(Conflict):
        services.add_staff(centre, person, by=admin, now=utcnow())
    services.remove_staff(centre, person, by=admin)
    assert person.organisation_ids == frozenset()
    with pytest.raises(NotFound):
        services.remove_staff(centre, person, by=admin)


def test_own_programmes_are_those_of_the_own_centre(app):
    centre = make_organisation()
    own, other = make_programme(organisation=centre), make_programme()
    person = make_user("clinician", organisation=centre)
    assert [p.id for p in queries.list_own(person)] == [own.id]
    assert queries.find_own(own.code, person).id == own.id
    assert queries.find_own(other.code, person) is None


def test_queries_narrow_by_country_kind_and_code(app):
    first, second = make_programme("IR"), make_programme("RU")
    assert queries.find_by_code(first.code.lower()).id == first.id
    assert [p.id for p in queries.list_programmes("RU")] == [second.id]
    assert [p.id for p in queries.list_programmes(codes=[first.code])] == [first.id]
    assert queries.list_programmes(synthetic=True) == []
    assert queries.find_in_country(first.id, "RU") is None


def test_others_see_a_code_unless_the_programme_agreed_to_be_named(app):
    centre = make_organisation()
    programme = make_programme(organisation=centre)
    staff, other = make_user("clinician", organisation=centre), make_user("clinician")
    seen = [policies.can_see_name(who, programme) for who in (None, other, staff, make_user("country_admin"))]
    assert seen == [False, False, True, True]
    with pytest.raises(NotAllowed):
        policies.check_can_see_name(other, programme)
    services.give_consent(programme, date(2026, 1, 5), named_publicly=True, by=SYSTEM, now=utcnow())
    assert policies.can_see_name(None, programme)


def test_the_demonstration_registers_through_the_same_verbs(app):
    assert make_programme("RU", synthetic=True).synthetic
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Programme)) == 1
