"""A version and a concept in the words of schema.org, for search engines and catalogues.

`MedicalWebPage` is the creative work: language, licence, version, citations. `MedicalGuideline` is what it is
about, and each evidence statement a `MedicalGuidelineRecommendation`. Outcome figures never enter.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from portal.protocols.dictionary import Kind
from portal.protocols.queries.forks import find_parent
from portal.protocols.queries.notices import list_checks
from portal.protocols.queries.page import Concept, Page, ShownBlock, Text
from portal.vocabulary.queries import ConceptPage

CONTEXT: Final = "https://schema.org"
LICENCES: Final = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
TYPES: Final = {
    "substance": "Drug", "condition": "MedicalCondition", "intervention": "MedicalTherapy",
    "complication": "MedicalCondition", "instrument": "MedicalTest",
}  # fmt: skip
# The nearest of schema.org's three levels: A several trials, B one trial or cohorts, C consensus.
LEVELS: Final = {
    "ev-high": "A",
    "ev-moderate": "B",
    "ev-low": "C",
    "ev-very-low": "C",
    "ev-practice-report": "C",
}
SYSTEMS: Final = {"icd10": "ICD-10", "icd11": "ICD-11", "atc": "ATC", "mesh": "MeSH"}
STATUS: Final = {
    "published": "Published", "under_concern": "Published, under concern", "superseded": "Superseded",
    "retired": "Retired",
}  # fmt: skip
Codes = Mapping[str, Mapping[str, Sequence[str]]]
Node = dict[str, Any]


def guideline(page: Page, codes: Codes, *, base: str) -> Node:
    """The page of a version as one graph."""
    here = _address(page, base, page.lang)
    advised = [_recommendation(page, block, place, here) for place, block in enumerate(_evidence(page), 1)]
    subject = _guideline(page, codes, base, here)
    about = [{"@id": node["@id"]} for node in (subject, *advised)]
    web_page = _web_page(page, base, here) | {"mainEntity": about[0], "about": about}
    if parent := parent_address(page, base):
        web_page["isBasedOn"] = parent
    return {"@context": CONTEXT, "@graph": [web_page, subject, *advised]}


def parent_address(page: Page, base: str) -> str:
    """Where the version is read that this protocol was adapted from; empty without one."""
    parent = find_parent(page.version)
    return f"{base}/{page.lang}/p/{parent.protocol.public_id}/v/{parent.number}" if parent else ""


def concept_node(page: ConceptPage, *, base: str, lang: str) -> Node:
    """A concept as a defined term with its codes and neighbours."""
    names = [label for tag, label in page.labels.items() if tag != lang]
    node: Node = {
        "@context": CONTEXT, "@type": ["DefinedTerm", TYPES.get(page.scheme, "MedicalEntity")],
        "@id": f"{base}/c/{page.id}", "url": f"{base}/{lang}/c/{page.id}",
        "name": page.labels.get(lang, page.id), "alternateName": names, "termCode": page.id,
        "inDefinedTermSet": f"{base}/{lang}/vocabulary/{page.scheme}",
    }  # fmt: skip
    return node | _codes(page.codes)


def last_reviewed(page: Page) -> date | None:
    """When somebody last found that the version holds: the latest check, else its publication."""
    checks = list_checks(page.version.id)
    if checks:
        return checks[0].checked_on
    return page.version.published_at.date() if page.version.published_at else None


def _web_page(page: Page, base: str, here: str) -> Node:
    version, protocol = page.version, page.protocol
    node: Node = {
        "@type": "MedicalWebPage", "@id": here, "url": here, "name": plain(page.title.text),
        "description": plain(page.summary.text), "inLanguage": page.lang, "version": version.number,
        "license": LICENCES.get(version.licence, version.licence), "isAccessibleForFree": True,
        "audience": {"@type": "MedicalAudience", "audienceType": "Clinician"},
        "author": {"@type": "Person", "name": page.author}, "creativeWorkStatus": _status(page),
        "identifier": f"{protocol.public_id} {version.number}",
    }  # fmt: skip
    if version.published_at:
        node["datePublished"] = version.published_at.date().isoformat()
    if reviewed := last_reviewed(page):
        node["lastReviewed"] = reviewed.isoformat()
    if version.review_due_on:
        node["expires"] = version.review_due_on.isoformat()
    return node | _translations(page, base) | _cited(page)


def _status(page: Page) -> str:
    known = STATUS.get(page.version.state, "Draft")
    return f"{known}; demonstration, not clinical advice" if page.protocol.demonstration else known


def _translations(page: Page, base: str) -> Node:
    source = page.protocol.source_lang
    others = [lang for lang in page.languages if lang != page.lang]
    if page.lang == source:
        return {"workTranslation": [{"@id": _address(page, base, lang)} for lang in others]} if others else {}
    work = {"@type": "MedicalWebPage", "@id": _address(page, base, source), "inLanguage": source}
    return {"translationOfWork": work}


def _cited(page: Page) -> Node:
    return {"citation": [_work(work) for work in page.references]} if page.references else {}


def _work(work: Any) -> Node:
    node: Node = {"@type": "CreativeWork", "name": work.cite, "inLanguage": work.language}
    if work.url:
        node["url"] = work.url
    if work.doi:
        node["sameAs"] = f"https://doi.org/{work.doi}"
    if work.pmid:
        node["identifier"] = f"pmid:{work.pmid}"
    return node


def _guideline(page: Page, codes: Codes, base: str, here: str) -> Node:
    node: Node = {
        "@type": "MedicalGuideline", "@id": f"{here}#guideline", "name": plain(page.title.text),
        "description": plain(page.summary.text), "subjectOf": {"@id": here},
        "identifier": page.protocol.public_id, "legalStatus": _law(page),
        "guidelineSubject": [
            _subject(one, scheme, codes, base)
            for scheme, held in page.concepts.items() for one in held if one.is_main
        ],
    }  # fmt: skip
    if page.version.published_at:
        node["guidelineDate"] = page.version.published_at.date().isoformat()
    first = next(iter(_evidence(page)), None)
    return node | (_level(page, first) if first else {})


def _subject(concept: Concept, scheme: str, codes: Codes, base: str) -> Node:
    kind = TYPES.get(scheme, "MedicalEntity")
    node = {"@type": kind, "@id": f"{base}/c/{concept.id}", "name": concept.label}
    return node | _codes(codes.get(concept.id, {}))


def _codes(held: Mapping[str, Sequence[str]]) -> Node:
    found = [
        {"@type": "MedicalCode", "codeValue": value, "codingSystem": SYSTEMS[system]}
        for system, values in held.items()
        for value in values
    ]
    return {"code": found} if found else {}


def _recommendation(page: Page, block: ShownBlock, place: int, here: str) -> Node:
    text = block.text or Text("", page.lang)
    node: Node = {
        "@type": "MedicalGuidelineRecommendation", "@id": f"{here}#recommendation-{place}",
        "name": plain(text.text), "subjectOf": {"@id": here}, "legalStatus": _law(page),
    }  # fmt: skip
    if strength := block.data.get("strength"):
        node["recommendationStrength"] = page.evidence.get(strength, strength)
    return node | _level(page, block)


def _level(page: Page, block: ShownBlock) -> Node:
    certainty = block.data.get("certainty", "")
    node = {"evidenceOrigin": page.evidence[certainty]} if certainty in page.evidence else {}
    return node | (
        {"evidenceLevel": f"{CONTEXT}/EvidenceLevel{LEVELS[certainty]}"} if certainty in LEVELS else {}
    )


def _law(page: Page) -> list[str]:
    """One sentence a country; without a check within a year it says so."""
    return [
        f"{row.country}: {row.label}"
        + (f" ({row.checked_on})" if row.checked_on and not row.is_expired else " (?)")
        for row in page.legal.values()
    ]


def _evidence(page: Page) -> list[ShownBlock]:
    return [block for block in page.sections.get("evidence", ()) if block.kind == Kind.EVIDENCE]


def _address(page: Page, base: str, lang: str) -> str:
    return f"{base}/{lang}/p/{page.protocol.public_id}/v/{page.version.number}"


def plain(text: str) -> str:
    """A text without the marks of doses."""
    return text.replace("⟦", "").replace("⟧", "")
