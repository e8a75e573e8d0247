"""The machine interfaces: the REST API with its document, feeds, harvesting by OAI-PMH, and the codebook."""

from flask import Flask

from portal.api.openapi import register
from portal.api.views import (
    changes,
    codebook,
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
    rulebook,
    search,
)
from portal.api.views.blueprint import blueprint, described, localised, resources

__all__ = [
    "blueprint",
    "changes",
    "codebook",
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
    "rulebook",
    "search",
]


def init_app(app: Flask) -> None:
    """Mount the resources; the document is made once, when they are known."""
    api = register(app, resources)
    app.extensions["portal.openapi"] = api.spec
    for pages in (localised, described):
        app.register_blueprint(pages, url_prefix="/<any(en, ru, fa):lang>")
