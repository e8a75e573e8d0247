"""The plan itself: what it is, where it is lawful, for whom, and its actions."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.api.fhir.actions import contained, listed_actions
from portal.api.fhir.codes import (
    CONTEXT_TYPE,
    COUNTRY,
    LISTED,
    PLAN_TYPE,
    STATUS,
    Node,
    concept,
    extension_url,
)
from portal.api.fhir.doses import Words
from portal.api.schemas.texts import plain
from portal.protocols.jsonld import last_reviewed
from portal.protocols.queries.page import Legal, Page

Codes = Mapping[str, Mapping[str, Sequence[str]]]
USES: Final = {"substance": "focus", "setting": "venue"}


def plan(page: Page, codes: Codes, words: Words, *, base: str, parent: str = "") -> Node:
    """The PlanDefinition of a version, in the language in force. `parent`: address of what it adapts."""
    version, protocol = page.version, page.protocol
    told = {
        "resourceType": "PlanDefinition",
        "id": f"{protocol.public_id}.v{version.number}",
        "language": page.lang,
        "contained": contained(page, words, codes, base),
        "extension": [_law(row, base) for row in page.legal.values()],
        "url": f"{base}/p/{protocol.public_id}",
        "identifier": [{"use": "official", "system": f"{base}/p", "value": protocol.public_id}],
        "version": version.number,
        "name": protocol.public_id.replace("-", "_"),
        "title": plain(page.title.text, page.title.lang),
        "type": {"coding": [{"system": PLAN_TYPE, "code": "clinical-protocol"}]},
        "status": STATUS.get(version.state, "draft"),
        "experimental": protocol.demonstration,
        "publisher": "Treatment Exchange",
        "description": plain(page.summary.text, page.summary.lang),
        "useContext": _contexts(page, codes, base),
        "jurisdiction": _jurisdiction(page),
        "usage": plain(page.change_note.text, page.change_note.lang) if page.change_note else None,
        "copyright": version.licence,
        "topic": [concept(base, c.id, c.label, codes.get(c.id)) for _, c in _main(page)],
        "author": [{"name": page.author}] if page.author else None,
        "relatedArtifact": _related(page, base, parent),
        "goal": _goals(page, codes, base),
        "action": listed_actions(page, words, base),
        **_dates(page),
    }
    return {name: value for name, value in told.items() if value not in (None, [], "")}


def _dates(page: Page) -> Node:
    at = page.version.published_at
    if at is None:
        return {}
    due = page.version.review_due_on
    period = {"start": at.date().isoformat()} | ({"end": due.isoformat()} if due else {})
    approved = {"date": at.isoformat(), "approvalDate": at.date().isoformat(), "effectivePeriod": period}
    reviewed = last_reviewed(page)
    return approved | ({"lastReviewDate": reviewed.isoformat()} if reviewed else {})


def _law(row: Legal, base: str) -> Node:
    """What holds in a country, prohibited or not: the only place where a prohibiting country is named."""
    parts: list[Node] = [
        {"url": "country", "valueCode": row.country},
        {"url": "status", "valueCode": row.status},
        {"url": "label", "valueString": row.label},
        {"url": "verified", "valueBoolean": row.checked_on is not None and not row.is_expired},
    ]
    if row.checked_on:
        parts.append({"url": "checkedOn", "valueDate": row.checked_on.isoformat()})
    return {"url": extension_url(base, "legal-status"), "extension": parts}


def _jurisdiction(page: Page) -> list[Node]:
    return [
        {"coding": [{"system": COUNTRY, "code": row.country}]}
        for row in page.legal.values()
        if row.status in LISTED
    ]


def _main(page: Page) -> list[tuple[str, Any]]:
    return [(scheme, c) for scheme, held in page.concepts.items() for c in held if c.is_main]


def _contexts(page: Page, codes: Codes, base: str) -> list[Node]:
    """Population and setting, and the main substances."""
    held = [("population", c) for c in page.concepts.get("population", ())]
    held += [("setting", c) for c in page.concepts.get("setting", ())]
    held += [pair for pair in _main(page) if pair[0] == "substance"]
    return [
        {"code": _use(scheme, base), "valueCodeableConcept": concept(base, c.id, c.label, codes.get(c.id))}
        for scheme, c in held
    ]


def _use(scheme: str, base: str) -> Node:
    if scheme in USES:
        return {"system": CONTEXT_TYPE, "code": USES[scheme]}
    return {"system": f"{base}/fhir/use", "code": scheme}


def _related(page: Page, base: str, parent: str) -> list[Node]:
    here = f"{base}/{page.lang}/p/{page.protocol.public_id}/v/{page.version.number}"
    found: list[Node] = [{"type": "documentation", "url": here}]
    if parent:
        found.append({"type": "derived-from", "resource": parent})
    return found + [_citation(work) for work in page.references]


def _citation(work: Any) -> Node:
    told = {"type": "citation", "label": work.key, "citation": work.cite}
    url = work.url or (f"https://doi.org/{work.doi}" if work.doi else "")
    return told | ({"url": url} if url else {})


def _goals(page: Page, codes: Codes, base: str) -> list[Node]:
    """Outcomes as concepts, never as figures."""
    named = [concept(base, c.id, c.label, codes.get(c.id)) for c in page.concepts.get("outcome", ())]
    return [{"description": one, "target": [{"measure": one}]} for one in named]
