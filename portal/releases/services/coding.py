"""Codes of programmes in one edition: the same for those who approve a freeze and for those who read it."""

from collections.abc import Iterable

from analytics.disclosure import Noise
from portal.core.errors import Conflict
from portal.programmes.queries import find_programme, list_programmes
from portal.releases import queries
from portal.releases.builder.results import programme_codes


def codes_in_edition(here: Iterable[str], noise: Noise, *, synthetic: bool) -> dict[str, str]:
    """Codes of the programmes of this edition and of those that earlier ones showed.

    Raises Conflict when a programme that is in the snapshot no longer publishes.
    """
    wanted = set(here)
    last = queries.latest_edition(synthetic=synthetic)
    before = [code_of(shown.programme_id) for shown in (queries.programmes_in(last) if last else [])]
    programmes = list_programmes(codes={*wanted, *(code for code in before if code is not None)})
    consenting = {programme.code: programme.country for programme in programmes if programme.publishes}
    if withdrawn := wanted - set(consenting):
        raise Conflict("consent_withdrawn", programmes=len(withdrawn))
    return programme_codes(consenting, noise)


def code_of(programme_id: int) -> str | None:
    """The registry's own code of a programme."""
    programme = find_programme(programme_id)
    return programme.code if programme else None
