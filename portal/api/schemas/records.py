"""Records that a centre's program asks about before it hands them in, and what the rules say of them."""

from typing import Final

from marshmallow import Schema, fields, validate

from portal.api.schemas.requests import LANGUAGES
from portal.registry.dictionary import CURRENT, versions

MOST_RECORDS: Final = 1000
LONGEST_NAME: Final = 60


class RecordsAsked(Schema):
    """Records of one programme. Names are those of the template; codes, labels and digits as in a file."""

    programme = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={"description": "Code of an own programme"},
    )
    lang = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "Language of messages: en, ru or fa"},
    )
    dictionary_version = fields.Integer(
        load_default=CURRENT,
        validate=validate.OneOf(versions()),
        metadata={"description": "Version of the dictionary that the records follow"},
    )
    records = fields.List(
        fields.Dict(
            keys=fields.String(validate=validate.Length(min=1, max=LONGEST_NAME)),
            values=fields.Raw(allow_none=True),
        ),
        required=True,
        validate=validate.Length(min=1, max=MOST_RECORDS),
        metadata={"description": f"At most {MOST_RECORDS} records"},
    )


class RecordFault(Schema):
    """A broken rule, or a value that cannot be."""

    code = fields.String(required=True)
    field = fields.String(required=True)
    severity = fields.String(required=True, metadata={"description": "E error, W warning, I information"})
    message = fields.String(required=True)
    hint = fields.String(required=True)


class CheckedRecord(Schema):
    """`row` counts from 1. `rules` has every rule of the version: pass, fail or not_evaluable."""

    row = fields.Integer(required=True)
    accepted = fields.Boolean(required=True)
    faults = fields.List(fields.Nested(RecordFault), required=True)
    rules = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class CheckedAnswer(Schema):
    """What the rules say; nothing of the records is kept."""

    dictionary_version = fields.Integer(required=True)
    records = fields.List(fields.Nested(CheckedRecord), required=True)
