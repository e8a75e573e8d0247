"""Which protocols the invented programmes follow, and what their centres report, through the services."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from portal.cli.demo.centres import CONSENTED
from portal.core.permissions import Role

START: Final = "2023Q3"
# By the modality that they offer; numbers are those of the sample protocols in their order.
FOLLOWS: Final = {
    "M20": "PR-0001", "M21": "PR-0002", "M23": "PR-0003", "M30": "PR-0004", "M31": "PR-0004",
    "M32": "PR-0004", "M10": "PR-0012",
}  # fmt: skip
# These wait for an editor: a queue with nothing in it shows nobody how it works.
UNDECIDED: Final = ("برنامهٔ متادون صنوبر", "Отделение детоксикации «Ясень»")
NAMED: Final = (
    "برنامهٔ متادون سپیدار", "برنامهٔ بوپرنورفین سرو", "Программа инъекций налтрексона «Ольха»",
    "Программа налтрексона внутрь «Сосна»",
)  # fmt: skip
WAITING: Final = "PR-0005"  # its report waits for an editor
LANGUAGE: Final = {"IR": "fa", "RU": "ru"}
CHECKS: Final = ((2, 2, 1, 1, 2), (2, 1, 2, 1, 1), (2, 2, 2, 2, 2), (1, 2, 1, 0, 2))
HIGHER_START: Final = "در این مرکز درمان با ۲۰ تا ۴۵ میلی‌گرم آغاز می‌شود."
REPORTS: Final = (
    {
        "country": "IR", "protocol": "PR-0001", "from_quarter": "2025Q3", "to_quarter": "2026Q2",
        "started_band": "50-199", "fidelity": (2, 0, 2, 1, 2), "recommendation": "adopt_with_changes",
        "barriers": ("staff", "medicine_supply"), "setting": "set-oat-clinic", "change": HIGHER_START,
        "barriers_text": "تحویل دارو در هفته‌های تعطیل دشوار بود.",
        "incident": ("overdose", "moderate", "خواب‌آلودگی پس از دوز نخست؛ با پایش برطرف شد."),
    },
    {
        "country": "IR", "protocol": "PR-0001", "from_quarter": "2024Q3", "to_quarter": "2025Q2",
        "started_band": "200+", "fidelity": (2, 1, 2, 1, 2), "recommendation": "adopt",
        "barriers": ("staff", "distance"), "setting": "set-oat-clinic",
        "barriers_text": "رفت‌وآمد روزانه برای ساکنان روستا دشوار است.",
    },
    {
        "country": "RU", "protocol": "PR-0004", "from_quarter": "2025Q1", "to_quarter": "2025Q4",
        "started_band": "10-49", "fidelity": (2, 2, 1, 2, 2), "recommendation": "adopt",
        "barriers": ("money", "people_declined"),
        "barriers_text": "Часть людей отказывалась от имплантата из-за цены.",
    },
    {
        "country": "RU", "protocol": "PR-0005", "from_quarter": "2026Q1", "to_quarter": "2026Q3",
        "started_band": "50-199", "fidelity": (2, 2, 1, 1, 2), "recommendation": "adopt_with_changes",
        "barriers": ("training",), "barriers_text": "Шкалу заполняли не в каждую смену.",
    },
)  # fmt: skip
People = Mapping[tuple[Role, str], Any]


def declare_and_report(people: People, programmes: Sequence[Any], *, now: datetime) -> None:
    """Declarations of most programmes, confirmed but for two; four reports, accepted but for the last."""
    for place, programme in enumerate(programmes):
        number = FOLLOWS.get(programme.modality_codes[0])
        if number:
            _declare(people, programme, number, CHECKS[place % len(CHECKS)], now=now)
    for told in REPORTS:
        _report(people, dict(told), now=now)


def name_some(programmes: Sequence[Any], *, now: datetime) -> None:
    """After the edition: four programmes agree to be named from now on."""
    from portal.core.permissions import SYSTEM
    from portal.programmes.services import give_consent

    for programme in programmes:
        if programme.name in NAMED:
            give_consent(programme, CONSENTED, named_publicly=True, by=SYSTEM, now=now)


def _declare(people: People, programme: Any, number: str, check: Sequence[int], *, now: datetime) -> None:
    from portal.core.permissions import SYSTEM
    from portal.protocols.services import following

    version, lang = _version(number), LANGUAGE[programme.country]
    said = following.Declared(programme.modality_codes[0], START, check, lang=lang)
    row = following.declare(programme, version, said, by=SYSTEM, now=now)
    if programme.name not in UNDECIDED:
        following.confirm(row, by=people[Role.EDITOR, programme.country], now=now)


def _report(people: People, told: dict[str, Any], *, now: datetime) -> None:
    """The clinician of the country reports, the editor of the other one accepts."""
    from portal.programmes.queries import list_organisations_of
    from portal.protocols.services import reports

    country, version = told.pop("country"), _version(told.pop("protocol"))
    clinician = people[Role.CLINICIAN, country]
    centre = list_organisations_of(clinician.organisation_ids)[0]
    change, incident = told.pop("change", None), told.pop("incident", None)
    said = reports.Reported(
        **told, lang=LANGUAGE[country], changes=[(_dose(version), change)] if change else (),
        incidents=(reports.Incident(*incident),) if incident else (),
    )  # fmt: skip
    report = reports.file_report(centre, version, said, by=clinician, now=now)
    if version.protocol.public_id != WAITING:
        reports.accept_report(report, by=people[Role.EDITOR, "RU" if country == "IR" else "IR"], now=now)


def _version(number: str) -> Any:
    from portal.protocols.queries.versions import find_current, find_protocol

    protocol = find_protocol(number)
    assert protocol is not None
    return find_current(protocol.id)


def _dose(version: Any) -> str:
    """The first dose line of a version."""
    from portal.protocols.queries.versions import list_blocks

    return next(block.block_key for block in list_blocks(version.id) if block.kind == "dose")
