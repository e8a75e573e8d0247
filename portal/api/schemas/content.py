"""A version as its reader sees it, and the same as plain values."""

from typing import Any

from marshmallow import Schema, fields

from portal.api.schemas.texts import LabelledConcept, ShownText, shown
from portal.protocols.dictionary import Kind
from portal.protocols.queries.page import Legal, Page, ShownBlock


def _number() -> fields.Field[Any]:
    return fields.Float()


class Dose(Schema):
    """A dose line as data, the same in every language. What is not said is left out."""

    drug = fields.String()
    drug_label = fields.String(required=True)
    medicine = fields.String(metadata={"description": "Where the vocabulary has no concept of the drug"})
    route = fields.List(fields.String(), required=True)
    phase = fields.String()
    unit = fields.String()
    per = fields.String()
    dose_min, dose_max = _number(), _number()
    step_min, step_max = _number(), _number()
    times_min, times_max = _number(), _number()
    every_min, every_max = _number(), _number()
    every_unit = fields.String()
    after_min, after_max = _number(), _number()
    ceiling_low, ceiling = _number(), _number()
    ceiling_per = fields.String()
    observe_min, observe_max = _number(), _number()
    source = fields.String(metadata={"description": "Key of the reference"})
    source_quote = fields.String()
    quoted = fields.Boolean(metadata={"description": "The source's words; no dose is coded"})
    verify = fields.Boolean(metadata={"description": "To be checked against the primary document"})


class ContentBlock(Schema):
    """A block. `dose` is there for dose lines, `certainty`, `strength`, `references` for evidence."""

    key = fields.String(required=True)
    kind = fields.String(required=True)
    text = fields.Nested(ShownText, required=True, allow_none=True)
    dose = fields.Nested(Dose)
    certainty = fields.Nested(LabelledConcept)
    strength = fields.Nested(LabelledConcept)
    references = fields.List(fields.String())


class ContentSection(Schema):
    """A section with its blocks, in reading order."""

    id = fields.String(required=True)
    blocks = fields.List(fields.Nested(ContentBlock), required=True)


class LegalRow(Schema):
    """What holds in a country. Not `verified`: never checked, or more than a year ago."""

    country = fields.String(required=True)
    status = fields.String(required=True)
    label = fields.String(required=True)
    checked_on = fields.Date(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    note = fields.Nested(ShownText, allow_none=True)


class CitedWork(Schema):
    """A reference of the version, as its authors wrote it."""

    key = fields.String(required=True)
    cite = fields.String(required=True)
    doi, pmid, isbn, url = fields.String(), fields.String(), fields.String(), fields.String()
    language = fields.String(required=True)
    licence = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "cited, partly or to_verify"})


class ContentConcept(LabelledConcept):
    scheme = fields.String(required=True)
    main = fields.Boolean(required=True)


class TranslatedShare(Schema):
    """How much of the version stands in the language asked for."""

    total = fields.Integer(required=True)
    fitting = fields.Integer(required=True)
    changed_sections = fields.List(fields.String(), required=True)


class VersionContent(Schema):
    """A version in one language, block by block; `links` lead to its other forms."""

    id = fields.String(required=True)
    version = fields.String(required=True)
    state = fields.String(required=True)
    change_type = fields.String(required=True)
    current_version = fields.String(required=True, allow_none=True)
    lang = fields.String(required=True)
    source_lang = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    translated = fields.Nested(TranslatedShare, required=True)
    title = fields.Nested(ShownText, required=True)
    summary = fields.Nested(ShownText, required=True)
    change_note = fields.Nested(ShownText, required=True, allow_none=True)
    author = fields.String(required=True)
    licence = fields.String(required=True)
    demonstration = fields.Boolean(required=True)
    origin_country = fields.String(required=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    evidence_searched_on = fields.Date(required=True, allow_none=True)
    review_due_on = fields.Date(required=True, allow_none=True)
    content_hash = fields.String(required=True)
    concepts = fields.List(fields.Nested(ContentConcept), required=True)
    sections = fields.List(fields.Nested(ContentSection), required=True)
    legal = fields.List(fields.Nested(LegalRow), required=True)
    references = fields.List(fields.Nested(CitedWork), required=True)
    url = fields.String(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


def content_of(page: Page, links: dict[str, str], *, url: str) -> dict[str, Any]:
    """The page of a version as plain values, for `VersionContent`."""
    version, protocol, source = page.version, page.protocol, page.protocol.source_lang
    own = ("state", "change_type", "licence", "published_at", "evidence_searched_on", "review_due_on")
    told = {name: getattr(version, name) for name in (*own, "content_hash")}
    about = {name: getattr(protocol, name) for name in ("source_lang", "origin_country", "demonstration")}
    translated = page.translated
    changed = {"changed_sections": list(translated.stale_sections)}
    return told | about | {
        "id": protocol.public_id, "version": version.number, "lang": page.lang, "languages": page.languages,
        "current_version": page.current.number if page.current else None, "author": page.author,
        "translated": {"total": translated.total, "fitting": translated.fitting} | changed,
        "title": shown(page.title, source), "summary": shown(page.summary, source),
        "change_note": shown(page.change_note, source), "concepts": _concepts(page),
        "sections": [
            {"id": name, "blocks": [block_of(block, page) for block in blocks]}
            for name, blocks in page.sections.items()
        ],
        "legal": [legal_row(row, source) for row in page.legal.values()],
        "references": [_work(work) for work in page.references], "url": url, "links": links,
    }  # fmt: skip


def _concepts(page: Page) -> list[dict[str, Any]]:
    return [
        {"scheme": scheme, "id": concept.id, "label": concept.label, "main": concept.is_main}
        for scheme, held in page.concepts.items()
        for concept in held
    ]


def block_of(block: ShownBlock, page: Page) -> dict[str, Any]:
    """A block of a page as plain values, for `ContentBlock`."""
    told: dict[str, Any] = {"key": block.key, "kind": block.kind}
    told["text"] = shown(block.text, page.protocol.source_lang)
    if block.kind == Kind.DOSE:
        route = block.data.get("route") or []
        routes = [route] if isinstance(route, str) else list(route)
        return told | {"dose": {**block.data, "drug_label": block.drug, "route": routes}}
    for name in ("certainty", "strength"):
        if grade := block.data.get(name):
            told[name] = {"id": grade, "label": page.evidence.get(grade, grade)}
    return told | {name: block.data[name] for name in ("references",) if block.data.get(name)}


def legal_row(row: Legal, source_lang: str) -> dict[str, Any]:
    """A badge as plain values."""
    verified = row.checked_on is not None and not row.is_expired
    told = {"country": row.country, "status": row.status, "label": row.label, "checked_on": row.checked_on}
    return told | {"verified": verified, "note": shown(row.note, source_lang)}


def _work(work: Any) -> dict[str, Any]:
    always = {name: getattr(work, name) for name in ("key", "cite", "language", "licence", "status")}
    return always | {n: v for n in ("doi", "pmid", "isbn", "url") if (v := getattr(work, n))}
