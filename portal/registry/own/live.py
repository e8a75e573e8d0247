"""All live figures of one programme at one moment. They are computed for the page and kept nowhere."""

from dataclasses import dataclass
from datetime import date

from analytics import outcomes
from portal.registry.own import counting
from portal.registry.own.counting import Retained, Share, Year
from portal.registry.own.curve import Curve, curve_of
from portal.registry.own.reading import Item, read_items, read_stays


@dataclass(frozen=True, slots=True)
class Live:
    """Exact figures of today. `curve` is None where no treatment without a planned end is given."""

    episodes: int
    persons: int
    open: int
    not_started: int
    items: list[Item]
    status_known: Share
    curve: Curve | None
    retention: list[Retained]
    completed: Share
    completed_or_transferred: Share
    reasons: list[tuple[int, int]]
    years: list[Year]


def live_figures(programme_code: str, today: date) -> Live | None:
    """Figures of the episodes that count now; None where the programme has none."""
    stays = read_stays(programme_code, today)
    if not stays:
        return None
    retention = [counting.retention_on(stays, day, today) for day in counting.DAYS]
    half_year = next(each for each in retention if each.day == outcomes.RETENTION_DAY)
    return Live(
        episodes=len(stays),
        persons=counting.persons(stays),
        open=sum(stay.reason is None for stay in stays),
        not_started=sum(not stay.began for stay in stays),
        items=read_items(programme_code),
        status_known=half_year.share,
        curve=curve_of(stays),
        retention=retention,
        completed=counting.completion(stays),
        completed_or_transferred=counting.completion(stays, planned=True),
        reasons=counting.reasons(stays),
        years=counting.by_year(stays, today),
    )
