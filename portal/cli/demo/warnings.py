"""Early warnings of the demonstration: invented ones, issued through the verbs of reporter, editor and panel.

One is in force, with its short texts in three languages and where it comes from; one has expired. Both say
that they are invented, because a page may be handed on without the banner above it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from portal.core.permissions import Role

People = Mapping[tuple[Role, str], Any]
NITAZENES: Final[dict[str, Any]] = {
    "substances": ["sub-nitazenes"], "form": "powder", "colour": "brown", "route": ["smoked", "injected"],
    "region": "IR1", "events": "5-9", "hospital": "1-4", "deaths": "none", "toxidrome": "opioid",
    "identification": "confirmed", "matrix": ["residue", "urine"], "signs": ["comp-respiratory-depression"],
    "at_risk": ["pop-released", "pop-pwid"], "naloxone": "repeat", "collect": ["urine", "residue"],
    "contact": "آزمایشگاه مرجع سم‌شناسی (ساختگی)",
}  # fmt: skip
NITAZENE_TEXTS: Final = {
    "message": {
        "fa": "تنها مصرف نکنید و نالوکسان دم دست باشد. اگر کسی بیدار نشد با ۱۱۵ تماس بگیرید.",
        "ru": "Не употребляйте в одиночку, держите налоксон под рукой. Не просыпается — звоните 112.",
        "en": "Do not use alone, keep naloxone within reach. Call an ambulance if somebody does not wake.",
    },
    "unknown": {
        "fa": "این هشدار برای نمایش سامانه ساخته شده است و رویدادی واقعی نیست.",
        "ru": "Это предупреждение придумано для демонстрации, такого события не было.",
        "en": "This warning is invented for the demonstration. Nothing of it happened.",
    },
}
TABLETS: Final[dict[str, Any]] = {
    "substances": ["sub-phenazepam"], "form": "tablet", "colour": "white", "route": ["oral"], "region": "RU2",
    "events": "10-19", "hospital": "5-9", "deaths": "none", "toxidrome": "sedative",
    "identification": "presumptive", "matrix": ["seizure"], "naloxone": "not_useful", "collect": ["blood"],
    "unknown": "Это предупреждение придумано для демонстрации, такого события не было.",
    "contact": "Токсикологическая лаборатория (вымышленная)",
}  # fmt: skip
OVERDOSE: Final = "opioid-overdose-naloxone"


def load_warnings(people: People, *, now: datetime) -> None:
    """One warning in force since two days, one that ran out a fortnight ago."""
    from portal.alerts.services.issued import expire_due
    from portal.core.permissions import SYSTEM

    _issue(TABLETS, people, "RU", judged=(2, 2, "B"), now=now - timedelta(days=44))
    expire_due(by=SYSTEM, now=now - timedelta(days=13))
    helps = {"protocols": _helping(), **{name: told["fa"] for name, told in NITAZENE_TEXTS.items()}}
    alert = _issue(NITAZENES | helps, people, "IR", judged=(3, 2, "A"), now=now - timedelta(days=2))
    _translate(alert, people, now=now - timedelta(days=1))


def _helping() -> list[str]:
    from portal.protocols.queries.versions import list_shown

    return [v.protocol.public_id for v in list_shown() if v.protocol.slug == OVERDOSE]


def _issue(
    record: dict[str, Any], people: People, country: str, *, judged: tuple[int, int, str], now: datetime
) -> Any:
    """Reported, handed on, judged by both countries, signed by editor and panel."""
    from portal.alerts.dictionary import Certainty
    from portal.alerts.rules import Opinion
    from portal.alerts.services import judging, signals, triage

    other = "RU" if country == "IR" else "IR"
    panel, editor = people[Role.ALERT_PANEL, country], people[Role.EDITOR, country]
    opinion = Opinion(judged[0], judged[1], Certainty(judged[2]))
    answers = record | {"first_seen": (now - timedelta(days=4)).date().isoformat()}
    reporter = people[Role.CLINICIAN, country]
    alert = signals.report(answers, "", lang=reporter.language, by=reporter, now=now)
    triage.take(alert, by=editor, now=now)
    judging.judge(alert, opinion, "toxicologist", by=panel, now=now)
    judging.judge(alert, opinion, "other_country", by=people[Role.ALERT_PANEL, other], now=now)
    judging.sign(alert, by=editor, now=now)
    judging.sign(alert, by=panel, now=now)
    return alert


def _translate(alert: Any, people: People, *, now: datetime) -> None:
    """The fast lane: a translator writes, a clinician approves."""
    from portal.alerts.services.texts import approve_text, save_text

    for name, told in NITAZENE_TEXTS.items():
        for lang in ("ru", "en"):
            text = save_text(alert, name, lang, told[lang], by=people[Role.TRANSLATOR, "RU"], now=now)
            approve_text(text, by=people[Role.CLINICIAN, "RU"], now=now)
