"""A version as data: doses, codes and texts with their languages, in one language-neutral shape.

The offline copy carries it; a machine interface may. It knows no words of the interface.
"""

from typing import Any

from portal.protocols.dictionary import Kind
from portal.protocols.queries.page import Legal, Page, ShownBlock, Text

REFERENCE = ("key", "cite", "doi", "pmid", "isbn", "url", "language", "status")


def as_json(page: Page) -> dict[str, Any]:
    """Everything the page shows of a version, without the portal's words. Dates are ISO, minutes numbers."""
    version, protocol = page.version, page.protocol
    return {
        "id": protocol.public_id,
        "version": version.number,
        "state": version.state,
        "language": page.lang,
        "source_language": protocol.source_lang,
        "languages": list(page.languages),
        "demonstration": protocol.demonstration,
        "licence": version.licence,
        "author": page.author,
        "content_hash": version.content_hash,
        "published_at": version.published_at.isoformat() if version.published_at else None,
        "review_due_on": version.review_due_on.isoformat() if version.review_due_on else None,
        "title": _text(page.title),
        "summary": _text(page.summary),
        "change_note": _text(page.change_note),
        "concepts": [
            {"id": concept.id, "label": concept.label, "main": concept.is_main, "scheme": scheme}
            for scheme, held in page.concepts.items()
            for concept in held
        ],
        "blocks": [_block(block) for held in page.sections.values() for block in held],
        "legal": [_legal(row) for row in page.legal.values()],
        "references": [
            {name: getattr(work, name) for name in REFERENCE} for work in page.references
        ],
    }  # fmt: skip


def _block(block: ShownBlock) -> dict[str, Any]:
    told = {"key": block.key, "section": block.section, "kind": block.kind, "text": _text(block.text)}
    if block.kind == Kind.DOSE:
        return told | {"dose": {**block.data, "drug_label": block.drug}}
    return told | {"data": dict(block.data)}


def _text(text: Text | None) -> dict[str, Any] | None:
    if text is None:
        return None
    return {
        "text": text.text,
        "language": text.lang,
        "translated": not text.is_fallback,
        "origin": text.origin,
    }


def _legal(row: Legal) -> dict[str, Any]:
    return {
        "country": row.country,
        "status": row.status,
        "label": row.label,
        "note": _text(row.note),
        "basis": [dict(work) for work in row.basis],
        "checked_on": row.checked_on.isoformat() if row.checked_on else None,
        "verified": row.checked_on is not None and not row.is_expired,
    }
