"""The machine interfaces: the REST API with its document, feeds, and harvesting by OAI-PMH."""

from flask import Flask

from portal.api.openapi import register
from portal.api.views import (
    changes,
    collections,
    concepts,
    differences,
    document,
    editions,
    exports,
    feeds,
    guard,
    listing,
    oai,
    own,
    protocols,
    records,
    search,
)
from portal.api.views.blueprint import blueprint, localised, resources

__all__ = [
    "blueprint",
    "changes",
    "collections",
    "concepts",
    "differences",
    "document",
    "editions",
    "exports",
    "feeds",
    "guard",
    "init_app",
    "listing",
    "oai",
    "own",
    "protocols",
    "records",
    "search",
]


def init_app(app: Flask) -> None:
    """Mount the resources; the document is made once, when they are known."""
    api = register(app, resources)
    app.extensions["portal.openapi"] = api.spec
    app.register_blueprint(localised, url_prefix="/<any(en, ru, fa):lang>")
