"""The invented centres and their programmes, registered through the services with consent to publication."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from portal.cli.demo.plan import Plan

CENTRES: Final = {
    "IR": ("مرکز نمونهٔ آفتاب", "مرکز نمونهٔ باران", "مرکز نمونهٔ کوهسار", "مرکز نمونهٔ دریا"),
    "RU": (
        "Демонстрационный центр «Рассвет»", "Демонстрационный центр «Родник»",
        "Демонстрационный центр «Маяк»", "Демонстрационный центр «Поляна»",
    ),
}  # fmt: skip
CONSENTED: Final = date(2023, 7, 1)
START: Final = "2023-07"
OUTPATIENT, RESIDENTIAL = 1, 2
INPATIENT: Final = ("M10", "M5")
OWNERS: Final = (1, 3, 2)


def make_programmes(plans: Sequence[Plan], *, now: datetime) -> list[Any]:
    """Register every programme of the plans, in their order; each centre runs three."""
    from portal.core.permissions import SYSTEM
    from portal.programmes.services import give_consent, register_organisation

    centres = {
        (country, place): register_organisation(name, country, by=SYSTEM, now=now)
        for country, names in CENTRES.items()
        for place, name in enumerate(names)
    }
    programmes = []
    for place, (country, centre) in enumerate(places_of(plans)):
        programme = _register(plans[place], centres[country, centre], centre, now=now)
        give_consent(programme, CONSENTED, named_publicly=False, by=SYSTEM, now=now)
        programmes.append(programme)
    return programmes


def places_of(plans: Sequence[Plan]) -> list[tuple[str, int]]:
    """Country and number of the centre of each plan: two centres in each region group."""
    seen: dict[str, int] = {}
    regions: dict[str, list[str]] = {}
    places = []
    for plan in plans:
        known = regions.setdefault(plan.country, [])
        if plan.region not in known:
            known.append(plan.region)
        number = seen.get(plan.region, 0)
        seen[plan.region] = number + 1
        places.append((plan.country, 2 * known.index(plan.region) + number % 2))
    return places


def _register(plan: Plan, centre: Any, place: int, *, now: datetime) -> Any:
    from portal.core.permissions import SYSTEM
    from portal.programmes.services import Description, register_programme

    described = Description(
        name=plan.name, admin1_group=plan.region,
        centre_type=RESIDENTIAL if plan.modality.startswith(INPATIENT) else OUTPATIENT,
        ownership=OWNERS[place % len(OWNERS)], planned_duration_days=plan.planned_days, start_month=START,
        modalities=((plan.modality, START),),
    )  # fmt: skip
    return register_programme(centre, described, synthetic=True, by=SYSTEM, now=now)
