"""Legal status of both countries, the reader's first, each with the day of its check."""

from typing import Final

from portal.protocols.forms import labels, legal_words
from portal.protocols.forms.document.sections import Saying
from portal.protocols.forms.document.shape import Law, Mark
from portal.protocols.queries.page import Legal, Page

MARKS: Final[dict[str, Mark]] = {
    "leg-permitted": "done",
    "leg-restricted": "active",
    "leg-off-label": "warn",
    "leg-prohibited": "bad",
    "leg-not-available": "off",
}


def laws(page: Page, first: str, said: Saying) -> tuple[Law, ...]:
    rows = sorted(page.legal.values(), key=lambda row: row.country != first)
    return tuple(_law(row, said) for row in rows)


def _law(row: Legal, said: Saying) -> Law:
    verified = legal_words.is_verified(row)
    return Law(
        country=str(labels.COUNTRIES[row.country]),
        mark=MARKS.get(row.status, "idle") if verified else "idle",
        status=row.label,
        since=legal_words.since(row),
        is_verified=verified,
        note=said(row.note) if row.note else None,
        basis=tuple((work.get("cite", ""), work.get("url", "")) for work in row.basis),
    )
