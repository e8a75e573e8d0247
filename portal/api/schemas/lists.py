"""Lists: protocols, versions, concepts, changes."""

from marshmallow import Schema, fields

from portal.api.schemas.content import LegalRow
from portal.api.schemas.texts import LabelledConcept


class ListedText(Schema):
    """A title or summary in the language asked for, else in the source language."""

    text = fields.String(required=True)
    lang = fields.String(required=True)


class SearchResult(Schema):
    """A protocol; its title in the language asked for, else in the source language."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    title_lang = fields.String(required=True)
    url = fields.String(required=True)


class SearchAnswer(Schema):
    """Protocols, the best first, and what was understood. `corrected_from` tells what was typed."""

    results = fields.List(fields.Nested(SearchResult), required=True)
    understood_as = fields.List(fields.Nested(LabelledConcept), required=True)
    corrected_from = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)


class ListedProtocol(Schema):
    """What a line of the list says."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.Nested(ListedText, required=True)
    summary = fields.Nested(ListedText, required=True)
    retired = fields.Boolean(required=True)
    version = fields.String(required=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    demonstration = fields.Boolean(required=True)
    languages = fields.List(fields.String(), required=True)
    main_concepts = fields.List(fields.Nested(LabelledConcept), required=True)
    certainty = fields.Nested(LabelledConcept, required=True, allow_none=True)
    legal = fields.List(fields.Nested(LegalRow), required=True)
    url = fields.String(required=True)


class FacetValue(Schema):
    """A value to narrow by, and how many protocols it leaves."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class Paged(Schema):
    """`next_cursor` is null on the last page."""

    next_cursor = fields.String(required=True, allow_none=True)


class ProtocolsAnswer(Paged):
    """Protocols with the facets that narrow them; `facets` comes with the first page only."""

    protocols = fields.List(fields.Nested(ListedProtocol), required=True)
    total = fields.Integer(required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(FacetValue)), required=True)


class ListedVersion(Schema):
    """One published version."""

    version = fields.String(required=True)
    state = fields.String(required=True)
    change_type = fields.String(required=True)
    change_note = fields.Nested(ListedText, required=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    url = fields.String(required=True)


class VersionsAnswer(Paged):
    """Published versions, the newest first."""

    versions = fields.List(fields.Nested(ListedVersion), required=True)


class ListedConcept(LabelledConcept):
    """A concept and the one above it."""

    scheme = fields.String(required=True)
    broader = fields.String(required=True, allow_none=True)


class ConceptsAnswer(Paged):
    """Concepts, broader ones before narrower ones."""

    concepts = fields.List(fields.Nested(ListedConcept), required=True)


class ConceptAnswer(LabelledConcept):
    """A concept with its labels, codes and neighbours."""

    scheme = fields.String(required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    codes = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True,
        metadata={"description": "By system: icd10, icd11, atc, mesh"},
    )  # fmt: skip
    broader = fields.List(fields.Nested(LabelledConcept), required=True)
    narrower = fields.List(fields.Nested(LabelledConcept), required=True)
    replaced_by = fields.String(required=True, allow_none=True)
    protocols = fields.Integer(
        required=True, metadata={"description": "Published protocols that carry it or a narrower one"}
    )
    url = fields.String(required=True)


class NarrowerAnswer(Schema):
    """Concepts right below one."""

    concepts = fields.List(fields.Nested(LabelledConcept), required=True)


class ListedChange(Schema):
    """Something that became public. `version` is the one it is about, `country` that of the law."""

    id = fields.String(required=True)
    event = fields.String(required=True)
    at = fields.DateTime(required=True)
    protocol = fields.String(required=True)
    version = fields.String(required=True)
    lang = fields.String(metadata={"description": "Of a translation"})
    country = fields.String(metadata={"description": "Where the law was checked"})
    title = fields.Nested(ListedText, required=True)
    url = fields.String(required=True)


class ChangesAnswer(Paged):
    """Changes, the latest first."""

    changes = fields.List(fields.Nested(ListedChange), required=True)


class OwnVersion(Schema):
    """A version that the token's owner wrote, whatever its state."""

    protocol = fields.String(required=True)
    version = fields.String(required=True)
    state = fields.String(required=True)
    title = fields.Nested(ListedText, required=True)
    changed_at = fields.DateTime(required=True)


class OwnAnswer(Schema):
    """The owner's own work, open versions first."""

    versions = fields.List(fields.Nested(OwnVersion), required=True)
