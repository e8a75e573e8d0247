"""What changed between two versions, as data and in words."""

from typing import Any

from marshmallow import Schema, fields

from portal.api.schemas.content import ContentBlock, block_of
from portal.api.schemas.texts import plain
from portal.protocols.diff.blocks import Change
from portal.protocols.diff.words import compare_words
from portal.protocols.queries.compare import Compared, blocks_of
from portal.protocols.queries.page import ShownBlock


class ChangedPiece(Schema):
    """A run of text: `same`, `added` or `removed`; `is_amount` marks changed numbers, units and codes."""

    text = fields.String(required=True)
    mark = fields.String(required=True)
    is_amount = fields.Boolean(required=True)


class ListedDifference(Schema):
    """A block or field that differs. `reason` says why the change is clinical; empty when it is not."""

    key = fields.String(required=True)
    section = fields.String(required=True)
    what = fields.String(required=True)
    reason = fields.String(required=True)
    before = fields.Nested(ContentBlock, required=True, allow_none=True)
    after = fields.Nested(ContentBlock, required=True, allow_none=True)
    words = fields.List(
        fields.Nested(ChangedPiece), required=True,
        metadata={"description": "Both texts in one flow; empty where they are in two languages"},
    )  # fmt: skip


class DifferencesAnswer(Schema):
    """What a newer version changes in an older one, as a reader of the language sees both."""

    id = fields.String(required=True)
    old = fields.String(required=True)
    new = fields.String(required=True)
    lang = fields.String(required=True)
    clinical = fields.Boolean(required=True)
    unchanged = fields.Integer(required=True)
    changes = fields.List(fields.Nested(ListedDifference), required=True)


def differences_of(compared: Compared) -> dict[str, Any]:
    """Two versions as plain values, for `DifferencesAnswer`."""
    old, new = compared.old, compared.new
    before, after = blocks_of(old), blocks_of(new)
    fields_of = {name: (getattr(old, name, None), getattr(new, name, None)) for name in ("title", "summary")}
    return {
        "id": new.protocol.public_id, "old": old.version.number, "new": new.version.number, "lang": new.lang,
        "clinical": compared.difference.is_clinical, "unchanged": compared.unchanged,
        "changes": [
            _told(change, compared, before.get(change.key), after.get(change.key))
            | ({"words": _words(*fields_of[change.key])} if change.key in fields_of else {})
            for change in compared.difference.changes
        ],
    }  # fmt: skip


def _told(
    change: Change, compared: Compared, before: ShownBlock | None, after: ShownBlock | None
) -> dict[str, Any]:
    texts = (before.text if before else None, after.text if after else None)
    return {
        "key": change.key, "section": change.section, "what": change.what, "reason": change.reason,
        "before": block_of(before, compared.old) if before else None,
        "after": block_of(after, compared.new) if after else None,
        "words": _words(*texts),
    }  # fmt: skip


def _words(old: Any, new: Any) -> list[dict[str, Any]]:
    """The texts in one flow; a text that came or went is whole."""
    if old is not None and new is not None and old.lang != new.lang:
        return []
    lang = (new or old).lang if new or old else ""
    said = [plain(text.text, lang) if text else "" for text in (old, new)]
    pieces = compare_words(*said).inline if any(said) else ()
    return [{"text": piece.text, "mark": piece.mark, "is_amount": piece.is_amount} for piece in pieces]
