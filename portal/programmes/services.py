"""Verbs: register organisations and programmes, change their descriptors, consent, staff."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from portal.accounts.models import Membership, User
from portal.core.audit import diff, record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.programmes import catalogue, queries
from portal.programmes.models import Organisation, Programme, ProgrammeModality
from portal.programmes.policies import check_can_join, check_can_manage

MONTH: Final = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
DESCRIPTORS: Final = (
    "name", "admin1_group", "centre_type", "ownership", "planned_duration_days", "start_month",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """What describes a programme and may change. `modalities` are pairs of code and first month."""

    name: str
    admin1_group: str
    centre_type: int
    ownership: int
    planned_duration_days: int
    start_month: str
    modalities: tuple[tuple[str, str], ...]


@transaction
def register_organisation(name: str, country: str, *, by: Actor, now: datetime) -> Organisation:
    """An administrator registers a centre of the own country."""
    check_can_manage(by, country)
    clean = name.strip()
    if not clean:
        raise Invalid(problems=(Problem("name", "name_missing"),))
    if db.session.scalar(_organisation_named(clean, country)):
        raise Conflict("organisation_exists")
    organisation = Organisation(name=clean, country=country, created_by=by.id, created_at=now)
    db.session.add(organisation)
    record("organisation.registered", by=by, target=organisation, country=country)
    return organisation


@transaction
def rename_organisation(organisation: Organisation, name: str, *, by: Actor) -> None:
    """A centre changes its name; what it has done stays with it."""
    check_can_manage(by, organisation.country)
    clean = name.strip()
    if not clean:
        raise Invalid(problems=(Problem("name", "name_missing"),))
    other = db.session.scalar(_organisation_named(clean, organisation.country))
    if other is not None and other != organisation.id:
        raise Conflict("organisation_exists")
    before, organisation.name = organisation.name, clean
    changes = diff({"name": before}, {"name": clean}, ("name",))
    record("organisation.renamed", by=by, target=organisation, changes=changes, country=organisation.country)


@transaction
def register_programme(
    organisation: Organisation, described: Description, *, synthetic: bool, by: Actor, now: datetime
) -> Programme:
    """Register a programme; code, country and the synthetic flag are fixed from now on.

    Raises Conflict when it would mix people's data with a demonstration.
    """
    check_can_manage(by, organisation.country)
    _refuse_mixture(synthetic=synthetic)
    check_description(described, organisation.country)
    _refuse_same_name(organisation, described.name)
    programme = Programme(
        organisation_id=organisation.id, country=organisation.country, synthetic=synthetic, created_by=by.id,
        created_at=now, **{f: getattr(described, f) for f in DESCRIPTORS},
    )  # fmt: skip
    programme.modalities = _rows(described)
    db.session.add(programme)
    record("programme.registered", by=by, target=programme, country=programme.country)
    return programme


@transaction
def describe_programme(
    programme: Programme, described: Description, *, expected_version: int, by: Actor
) -> None:
    """Change the descriptors. Refused when somebody else changed them since the form was opened."""
    check_can_manage(by, programme.country)
    if programme.version != expected_version:
        raise Conflict("changed_meanwhile")
    check_description(described, programme.country)
    before = {f: getattr(programme, f) for f in DESCRIPTORS} | {"modalities": programme.modality_codes}
    for name in DESCRIPTORS:
        setattr(programme, name, getattr(described, name))
    programme.modalities.clear()
    db.session.flush()
    programme.modalities = _rows(described)
    programme.version += 1
    after = asdict(described) | {"modalities": tuple(code for code, _ in described.modalities)}
    changes = diff(before, after, (*DESCRIPTORS, "modalities"))
    record("programme.described", by=by, target=programme, country=programme.country, changes=changes)


@transaction
def give_consent(programme: Programme, on: date, *, named_publicly: bool, by: Actor, now: datetime) -> None:
    """Note that the programme agreed, on a day, to publication; and whether by its name."""
    check_can_manage(by, programme.country)
    if on > now.date():
        raise Invalid(problems=(Problem("consented_on", "date_in_future"),))
    programme.publishes, programme.consented_on, programme.consented_by = True, on, by.id
    programme.withdrawn_on, programme.named_publicly = None, named_publicly
    changes = {"consented_on": on.isoformat(), "named_publicly": named_publicly}
    record("programme.consented", by=by, target=programme, country=programme.country, changes=changes)


@transaction
def withdraw_consent(programme: Programme, *, by: Actor, now: datetime) -> None:
    """The programme no longer publishes. What editions have released stays; the next one leaves it out."""
    check_can_manage(by, programme.country)
    programme.publishes = programme.named_publicly = False
    programme.withdrawn_on = now.date()
    record("programme.consent_withdrawn", by=by, target=programme, country=programme.country)


@transaction
def close_programme(programme: Programme, on: date, *, by: Actor, now: datetime) -> None:
    """An administrator notes that a programme treats nobody any longer, for good. What it reported stays.

    Raises Conflict for one that is closed, Invalid for a day before its first month or after today.
    """
    check_can_manage(by, programme.country)
    if programme.closed_on is not None:
        raise Conflict("programme_closed")
    if on > now.date():
        raise Invalid(problems=(Problem("closed_on", "date_in_future"),))
    if on < date.fromisoformat(f"{programme.start_month}-01"):
        raise Invalid(problems=(Problem("closed_on", "closed_before_start"),))
    programme.closed_on, programme.closed_by = on, by.id
    changes = {"closed_on": on.isoformat()}
    record("programme.closed", by=by, target=programme, country=programme.country, changes=changes)


@transaction
def add_staff(organisation: Organisation, user: User, *, by: Actor, now: datetime) -> None:
    """Make an approved clinician of the country staff of a centre."""
    check_can_manage(by, organisation.country)
    check_can_join(user, organisation)
    if organisation.id in user.organisation_ids:
        raise Conflict("already_staff")
    user.memberships.append(Membership(organisation_id=organisation.id, added_by=by.id, added_at=now))
    changes = {"organisation_id": organisation.id}
    record("organisation.staff_added", by=by, target=user, country=organisation.country, changes=changes)


@transaction
def remove_staff(organisation: Organisation, user: User, *, by: Actor) -> None:
    """End a person's membership; effective on the next request."""
    check_can_manage(by, organisation.country)
    found = [m for m in user.memberships if m.organisation_id == organisation.id]
    if not found:
        raise NotFound("not_found")
    user.memberships.remove(found[0])
    changes = {"organisation_id": organisation.id}
    record("organisation.staff_removed", by=by, target=user, country=organisation.country, changes=changes)


def check_description(described: Description, country: str) -> None:
    """Raise Invalid with a problem for every descriptor that does not hold."""
    problems = [*_of_codes(described, country), *_of_numbers(described), *_of_modalities(described, country)]
    if problems:
        raise Invalid(problems=tuple(problems))


def _of_codes(described: Description, country: str) -> list[Problem]:
    lists = {"admin1_group": "region", "centre_type": "centre_type", "ownership": "ownership"}
    known = {f: {d.code for d in catalogue.possible(name, country)} for f, name in lists.items()}
    return [Problem(f, "code_unknown") for f in lists if str(getattr(described, f)) not in known[f]]


def _of_numbers(described: Description) -> list[Problem]:
    faults = {
        "name": ("name_missing", not described.name.strip()),
        "planned_duration_days": ("duration_out_of_range", not 0 <= described.planned_duration_days <= 1095),
        "start_month": ("month_wrong", not MONTH.fullmatch(described.start_month)),
    }
    return [Problem(f, code) for f, (code, wrong) in faults.items() if wrong]


def _of_modalities(described: Description, country: str) -> list[Problem]:
    if not described.modalities:
        return [Problem("modalities", "modality_missing")]
    return [
        Problem("modalities", fault, {"modality": code})
        for code, month in described.modalities
        if (fault := _modality_fault(code, month, country))
    ]


def _modality_fault(code: str, month: str, country: str) -> str | None:
    found = catalogue.find("modality", code)
    if found is None:
        return "code_unknown"
    if country == "RU" and code in catalogue.FORBIDDEN_IN_RUSSIA:
        return "modality_forbidden_ru"
    if country not in found.countries:
        return "modality_not_in_country"
    return None if MONTH.fullmatch(month) else "month_wrong"


def _rows(described: Description) -> list[ProgrammeModality]:
    return [ProgrammeModality(modality=code, from_month=month) for code, month in described.modalities]


def _refuse_mixture(*, synthetic: bool) -> None:
    if synthetic and queries.count_programmes(synthetic=False):
        raise Conflict("real_programmes_present")
    if not synthetic and queries.count_programmes(synthetic=True):
        raise Conflict("demonstration_present")


def _refuse_same_name(organisation: Organisation, name: str) -> None:
    same = sa.select(Programme.id).where(Programme.organisation_id == organisation.id, Programme.name == name)
    if db.session.scalar(same) is not None:
        raise Conflict("programme_exists")


def _organisation_named(name: str, country: str) -> sa.Select[int]:
    return sa.select(Organisation.id).where(Organisation.name == name, Organisation.country == country)
