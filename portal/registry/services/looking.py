"""Live figures and data quality of a programme, shown to its staff: each look leaves an entry, no number."""

from datetime import date

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.permissions import Actor
from portal.programmes.models import Programme
from portal.registry.own.live import Live, live_figures
from portal.registry.policies import check_can_read_rows


@transaction
def look_at(programme: Programme, *, by: Actor, today: date) -> Live | None:
    """Figures of today, for a clinician of the programme's organisation; None where nothing is entered."""
    check_can_read_rows(by, programme)
    record("live_figures.viewed", by=by, target=programme, country=programme.country)
    return live_figures(programme.code, today)


@transaction
def look_at_quality(programme: Programme, *, by: Actor) -> None:
    """Note that a clinician of the organisation looks at the quality of the data, before it is computed.

    The computing takes no part in the transaction: it writes nothing, and would keep others from writing.
    """
    check_can_read_rows(by, programme)
    record("data_quality.viewed", by=by, target=programme, country=programme.country)
