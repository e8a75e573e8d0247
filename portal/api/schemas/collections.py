"""Collections of editors: protocols in an order, with a few words."""

from marshmallow import Schema, fields, validate

from portal.api.schemas.lists import ListedText
from portal.collections.models import PUBLIC


class CollectedProtocol(Schema):
    """A protocol at its place. A withdrawn one stays in the list and says so."""

    id = fields.String(required=True)
    title = fields.Nested(ListedText, required=True)
    version = fields.String(required=True)
    state = fields.String(required=True)
    note = fields.Nested(ListedText, required=True, allow_none=True)
    added_at = fields.DateTime(required=True)
    url = fields.String(required=True)


class ListedCollection(Schema):
    """What the list of collections says. `protocols` counts those that can be read."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([str(state) for state in PUBLIC]))
    title = fields.Nested(ListedText, required=True)
    introduction = fields.Nested(ListedText, required=True)
    protocols = fields.Integer(required=True)
    demonstration = fields.Boolean(required=True)
    changed_at = fields.DateTime(required=True)
    url = fields.String(required=True)


class CollectionsAnswer(Schema):
    """Published collections, then those that nobody keeps up."""

    collections = fields.List(fields.Nested(ListedCollection), required=True)


class CollectionAnswer(ListedCollection):
    """A collection with its protocols in the order to read them."""

    items = fields.List(fields.Nested(CollectedProtocol), required=True)
