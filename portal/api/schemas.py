"""Shapes of what the API takes and gives. Numbers are plain, dates ISO, codes language-neutral."""

from typing import Final

from marshmallow import Schema, fields, validate

LANGUAGES: Final = ("en", "ru", "fa")
LONGEST_QUERY: Final = 200
PAGE: Final = 10
LONGEST_PAGE: Final = 50


class Problem(Schema):
    """RFC 9457: what went wrong."""

    type = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.String(required=True)
    errors = fields.Dict(metadata={"description": "Faults by place and name of the argument"})


class SearchArguments(Schema):
    """A search."""

    q = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_QUERY),
        metadata={"description": "Words in any of the three languages"},
    )
    lang = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "Language of titles and labels"},
    )
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(min=1, max=LONGEST_PAGE))


class SearchResult(Schema):
    """A protocol; its title in the language asked for, else in the source language."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    title_lang = fields.String(required=True)
    url = fields.String(required=True)


class UnderstoodConcept(Schema):
    """A concept that was recognised in the query."""

    id = fields.String(required=True)
    label = fields.String(required=True)


class SearchAnswer(Schema):
    """Protocols, the best first, and what was understood. `corrected_from` tells what was typed."""

    results = fields.List(fields.Nested(SearchResult), required=True)
    understood_as = fields.List(fields.Nested(UnderstoodConcept), required=True)
    corrected_from = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)


class CellCount(Schema):
    """Persons of a cell; `value` is null where only "fewer than `below`" is shown."""

    value = fields.Integer(required=True, allow_none=True)
    below = fields.Integer(required=True, allow_none=True)
    shown = fields.Function(str, metadata={"type": "string"})


class CellShare(Schema):
    """Share of all persons with its interval, a bound at `limit`, or nothing."""

    value = fields.Float(required=True, allow_none=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)
    bound = fields.String(required=True, allow_none=True)
    limit = fields.Float(required=True, allow_none=True)
    shown = fields.Function(str, metadata={"type": "string"})


class PublicCell(Schema):
    """A cell of a public table, as displayed."""

    cell = fields.String(required=True)
    count = fields.Nested(CellCount, required=True)
    share = fields.Nested(CellShare, required=True)


class PublicTable(Schema):
    """A public table, cells in catalogue order."""

    id = fields.String(required=True)
    cells = fields.List(fields.Nested(PublicCell), required=True)


class LatestEdition(Schema):
    """The edition published last. `synthetic` tells invented data from real."""

    name = fields.String(required=True)
    closing_on = fields.Date(required=True)
    published_on = fields.Date(required=True)
    synthetic = fields.Boolean(required=True)
    catalogue_version = fields.String(required=True)
    parameter_hash = fields.String(required=True)
    tables = fields.List(fields.Nested(PublicTable), required=True)
