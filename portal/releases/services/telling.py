"""Who hears that an edition is published: staff of its programmes, and who follows one of its countries."""

import sqlalchemy as sa

from portal.accounts.queries import list_active, list_staff
from portal.accounts.services.telling import tell_followers
from portal.core.permissions import Actor
from portal.extensions import db
from portal.programmes.queries import list_programmes
from portal.releases.models import Edition, EditionProgramme


def tell_published(edition: Edition, *, by: Actor) -> int:
    """Part of publishing. Each person is told once, as soon as the person wants; returns how many."""
    shown = sa.select(EditionProgramme.programme_id).where(EditionProgramme.edition == edition.name)
    numbers = set(db.session.scalars(shown))
    held = [programme for programme in list_programmes() if programme.id in numbers]
    staff = {person.id for centre in {p.organisation_id for p in held} for person in list_staff(centre)}
    followed = [("country", country) for country in sorted({programme.country for programme in held})]
    values = {"edition": edition.name, "closing_on": edition.closing_on.isoformat()}
    return tell_followers(followed, "edition_published", values, but={by.id}, besides=list_active(staff))
