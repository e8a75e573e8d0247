"""Arguments that the API takes, and the cursor that leads from page to page."""

import base64
import binascii
import hashlib
from typing import Any, Final

import orjson
from marshmallow import Schema, ValidationError, fields, validate

LANGUAGES: Final = ("en", "ru", "fa")
COUNTRIES: Final = ("IR", "RU")
LONGEST_QUERY: Final = 200
LONGEST_CURSOR: Final = 300
PAGE: Final = 10
LONGEST_PAGE: Final = 50
FACETS: Final = {
    "substance": "Concept of a substance",
    "condition": "Concept of a condition",
    "intervention": "Concept of an intervention",
    "setting": "Concept of a setting",
    "population": "Concept of a population",
    "evidence": "Certainty of evidence, for example ev-high",
    "legal_ru": "Legal status in Russia, for example leg-permitted",
    "legal_ir": "Legal status in Iran",
    "language": "Language in which the title is available",
    "origin": "Country of origin",
}


class LanguageArguments(Schema):
    """The language of texts and labels. What is not translated comes in its source language, marked."""

    lang = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "Language of texts and labels: en, ru or fa"},
    )


class PageArguments(LanguageArguments):
    """A page of a list. `cursor` is what `next_cursor` of the page before said."""

    limit = fields.Integer(load_default=PAGE, validate=validate.Range(min=1, max=LONGEST_PAGE))
    cursor = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_CURSOR),
        metadata={"description": "Where the page before ended; from its `next_cursor`"},
    )


class SearchArguments(LanguageArguments):
    """A search."""

    q = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_QUERY),
        metadata={"description": "Words in any of the three languages"},
    )
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(min=1, max=LONGEST_PAGE))


def _choice(meaning: str) -> fields.Field[Any]:
    one = fields.String(validate=validate.Length(min=1, max=60))
    return fields.List(one, load_default=[], metadata={"description": f"{meaning}; may be repeated"})


_Facets = Schema.from_dict({name: _choice(text) for name, text in FACETS.items()}, name="Facets")


class ProtocolsArguments(_Facets, PageArguments):  # type: ignore[misc, valid-type] # a class made of the table above
    """What to list. Values of one facet are alternatives; facets narrow together."""

    q = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_QUERY),
        metadata={"description": "Words in any of the three languages; without them, the newest first"},
    )


class ConceptsArguments(PageArguments):
    """What to list of the vocabulary."""

    scheme = fields.String(
        load_default="",
        validate=validate.OneOf(
            ["", "substance", "intervention", "condition", "setting", "population", "outcome", "instrument",
             "complication", "evidence", "legal"]
        ),
        metadata={"description": "Only concepts of this scheme"},
    )  # fmt: skip


class ChangesArguments(PageArguments):
    """Which changes."""

    concept = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata={"description": "Only protocols that carry this concept or a narrower one"},
    )
    country = fields.String(
        load_default="",
        validate=validate.OneOf(["", *COUNTRIES]),
        metadata={"description": "Only protocols from this country, and changes of the law there"},
    )


def next_cursor(about: object, place: object) -> str:
    """An opaque mark of a place in the list that these arguments ask for."""
    packed = orjson.dumps([_print(about), place])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def place_of(cursor: str, about: object) -> Any:
    """The place that a cursor marks, None without one. Of another list, or damaged: ValidationError."""
    if not cursor:
        return None
    try:
        printed, place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error) as fault:
        raise ValidationError("Not a cursor of this API.", "cursor") from fault
    if printed != _print(about):
        raise ValidationError("A cursor of another list: begin again without it.", "cursor")
    return place


def _print(about: object) -> str:
    return hashlib.sha256(orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
