"""Steps and dose lines as actions; each dose line points to a contained ActivityDefinition."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.api.fhir.codes import STATUS, Node, concept, spread, time
from portal.api.fhir.doses import Words, dosage, title
from portal.api.schemas.texts import plain
from portal.protocols.forms import labels
from portal.protocols.queries.page import Page, ShownBlock, doses

Codes = Mapping[str, Mapping[str, Sequence[str]]]


def contained(page: Page, words: Words, codes: Codes, base: str) -> list[Node]:
    """One ActivityDefinition for each dose line."""
    return [
        _activity(page, block, place, words, codes=codes, base=base)
        for place, block in enumerate(doses(page), 1)
    ]


def _activity(page: Page, block: ShownBlock, place: int, words: Words, *, codes: Codes, base: str) -> Node:
    said = words(block.data, block.drug)
    told: Node = {
        "resourceType": "ActivityDefinition",
        "id": f"dose-{place}",
        "status": STATUS.get(page.version.state, "draft"),
        "experimental": page.protocol.demonstration,
        "title": title(block, said) or f"dose-{place}",
        "intent": "proposal",
        "dosage": [dosage(block, said, lang=page.lang, base=base)],
    }
    if block.data.get("unit") != "session":
        told["kind"] = "MedicationRequest"
    if said.drug:
        drug = block.data.get("drug") or block.data.get("medicine", "")
        told["productCodeableConcept"] = concept(base, drug, said.drug, codes.get(drug))
    if source := block.data.get("source"):
        told["relatedArtifact"] = [{"type": "citation", "label": source, **_cited(page, source)}]
    return told


def _cited(page: Page, key: str) -> Node:
    return next(({"citation": work.cite} for work in page.references if work.key == key), {})


def listed_actions(page: Page, words: Words, base: str) -> list[Node]:
    steps = [_step(block, place) for place, block in enumerate(page.sections.get("steps", ()), 1)]
    lines = [_dose(block, place, words, base) for place, block in enumerate(doses(page), 1)]
    return [
        {"title": str(labels.SECTIONS[name]), "groupingBehavior": "logical-group", "action": held}
        for name, held in (("steps", steps), ("dosing", lines))
        if held
    ]


def _step(block: ShownBlock, place: int) -> Node:
    return {"prefix": str(place)} | _said(block)


def _said(block: ShownBlock) -> Node:
    return {"description": plain(block.text.text, block.text.lang)} if block.text and block.text.text else {}


def _dose(block: ShownBlock, place: int, words: Words, base: str) -> Node:
    said: dict[str, Any] = {"title": title(block, words(block.data, block.drug)) or f"dose-{place}"}
    if phase := block.data.get("phase"):
        coding = {"system": f"{base}/fhir/phase", "code": phase, "display": str(labels.PHASES[phase])}
        said["code"] = [{"coding": [coding]}]
    if condition := _said(block).get("description"):
        text = {"language": "text/plain", "expression": condition}
        said["condition"] = [{"kind": "applicability", "expression": text}]
    if block.data.get("after_min"):
        after = block.data["after_min"], block.data.get("after_max") or block.data["after_min"]
        said["timingRange"] = spread(*(time(value, "hour") for value in after))
    return said | {"definitionCanonical": f"#dose-{place}"}
