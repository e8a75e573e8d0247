"""Work on translations for the demonstration: a draft, a remark, a reported mistake, a second review."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from portal.core.permissions import SYSTEM, Role

SAID: Final = {"fa": "فاصلهٔ زمانی باید روشن‌تر نوشته شود.", "ru": "Интервал нужно назвать точнее."}
REMARK: Final = {
    "fa": "آیا این واژه در ایران به‌کار می‌رود؟", "ru": "Так ли это называют в российских рекомендациях?",
}  # fmt: skip
COUNTRY: Final = {"fa": "IR", "ru": "RU"}


def load_translation_work(people: Any, languages: Sequence[str], *, now: datetime) -> None:
    """In each language that was loaded: on a sample that is translated whole, and on one that is not."""
    from portal.protocols.services.sampling import draw_samples

    for lang in SAID:
        if lang in languages:
            _work(people, lang, now=now)
    draw_samples(f"{now:%Y-%m}", by=SYSTEM, now=now)


def _work(people: Any, lang: str, *, now: datetime) -> None:
    from portal.protocols.queries.matrix import Wanted, list_matrix
    from portal.protocols.queries.translations import list_views
    from portal.protocols.services import complaints, translations

    rows = list_matrix(Wanted((lang,)))
    clinician, translator = people[Role.CLINICIAN, COUNTRY[lang]], people[Role.TRANSLATOR, COUNTRY[lang]]
    whole = next(row.version for row in rows if row.cells[lang].state == "published")
    open_ = next(row.version for row in rows if row.cells[lang].state == "in_progress")
    step = next(view for view in list_views(whole, lang) if view.source.name == "steps" and view.approved)
    complaints.complain(whole, step.source.key, lang, SAID[lang], by=clinician, now=now)
    complaints.comment(whole, step.source.key, lang, REMARK[lang], by=clinician, now=now)
    said = next(view.approved for view in list_views(whole, lang) if view.source.key == "change_note")
    text, origin = said.text if said else "", "memory"
    translations.save_unit(
        open_, "change_note", lang, text, revision=0, by=translator, now=now, origin=origin
    )
