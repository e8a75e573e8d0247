"""Reads of organisations and programmes, by country, organisation and code."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from portal.core.permissions import Actor
from portal.extensions import db
from portal.programmes.models import Organisation, Programme


def find_programme(programme_id: int) -> Programme | None:
    return db.session.get(Programme, programme_id)


def find_by_code(code: str) -> Programme | None:
    return db.session.scalar(sa.select(Programme).where(Programme.code == code.strip().upper()))


def find_in_country(programme_id: int, country: str) -> Programme | None:
    """A programme as an administrator of `country` sees it; others do not exist for them."""
    programme = db.session.get(Programme, programme_id)
    return programme if programme and programme.country == country else None


def find_own(code: str, actor: Actor) -> Programme | None:
    """A programme of the actor's own organisations, by code."""
    programme = find_by_code(code)
    return programme if programme and programme.organisation_id in actor.organisation_ids else None


def list_own(actor: Actor) -> Sequence[Programme]:
    """Programmes of the actor's own organisations."""
    own = Programme.organisation_id.in_(actor.organisation_ids)
    return db.session.scalars(sa.select(Programme).where(own).order_by(Programme.name, Programme.id)).all()


def list_programmes(
    country: str | None = None, *, synthetic: bool | None = None, codes: Iterable[str] | None = None
) -> Sequence[Programme]:
    """Programmes by country, kind and codes, in the order of country and name."""
    found = sa.select(Programme)
    if country is not None:
        found = found.where(Programme.country == country)
    if synthetic is not None:
        found = found.where(Programme.synthetic == synthetic)
    if codes is not None:
        found = found.where(Programme.code.in_(list(codes)))
    return db.session.scalars(found.order_by(Programme.country, Programme.name, Programme.id)).all()


def count_programmes(*, synthetic: bool) -> int:
    found = sa.select(sa.func.count()).select_from(Programme).where(Programme.synthetic == synthetic)
    return db.session.scalar(found) or 0


def find_organisation(organisation_id: int) -> Organisation | None:
    return db.session.get(Organisation, organisation_id)


def find_organisation_in_country(organisation_id: int, country: str) -> Organisation | None:
    organisation = db.session.get(Organisation, organisation_id)
    return organisation if organisation and organisation.country == country else None


def list_organisations(country: str) -> Sequence[Organisation]:
    found = sa.select(Organisation).where(Organisation.country == country)
    return db.session.scalars(found.order_by(Organisation.name, Organisation.id)).all()


def list_organisations_of(ids: Iterable[int]) -> Sequence[Organisation]:
    found = sa.select(Organisation).where(Organisation.id.in_(list(ids)))
    return db.session.scalars(found.order_by(Organisation.name, Organisation.id)).all()
