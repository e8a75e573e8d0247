"""A text in its language, and what it says about its translation."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from portal.core.i18n import UNSEEN, direction, plain_tokens
from portal.protocols.queries.page import Text

STATES: Final = ("source", "translated", "not_translated", "translation_outdated")


def plain(text: str, lang: str) -> str:
    """A text without the marks of doses. From right to left they become isolates: "2–4 mg" must not turn.

    Without control characters as well: XML knows no way to write them.
    """
    text = UNSEEN.sub("", text)
    if direction(lang) == "rtl":
        return plain_tokens(text)
    return text.replace("⟦", "").replace("⟧", "")


def state_of(text: Text, source_lang: str) -> str:
    """Whether this is the source, a translation that fits, or the source in place of one."""
    if text.is_fallback:
        return "translation_outdated" if text.is_stale else "not_translated"
    return "source" if text.lang == source_lang else "translated"


def shown(text: Text | None, source_lang: str) -> dict[str, Any] | None:
    if text is None:
        return None
    told = {"text": plain(text.text, text.lang), "lang": text.lang, "dir": direction(text.lang)}
    return told | {"state": state_of(text, source_lang), "origin": text.origin}


class ShownText(Schema):
    """A text, in Markdown. In place of a missing translation stands the source, and `state` says so."""

    text = fields.String(required=True)
    lang = fields.String(required=True)
    dir = fields.String(required=True, validate=validate.OneOf(["ltr", "rtl"]))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    origin = fields.String(required=True, metadata={"description": "human, memory or machine_edited"})


class LabelledConcept(Schema):
    """A concept of the vocabulary under its preferred label."""

    id = fields.String(required=True)
    label = fields.String(required=True)
