"""The public tables of the latest edition, as displayed."""

from marshmallow import Schema, fields


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
