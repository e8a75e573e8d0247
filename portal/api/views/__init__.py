"""The machine interfaces: the REST API with its document, feeds, and harvesting by OAI-PMH."""

from flask import Flask

from portal.api.openapi import register
from portal.api.views import (
    changes,
    concepts,
    document,
    editions,
    exports,
    listing,
    protocols,
    search,
)
from portal.api.views.blueprint import blueprint, resources

__all__ = [
    "blueprint",
    "changes",
    "concepts",
    "document",
    "editions",
    "exports",
    "init_app",
    "listing",
    "protocols",
    "search",
]


def init_app(app: Flask) -> None:
    """Mount the resources; the document is made once, when they are known."""
    api = register(app, resources)
    app.extensions["portal.openapi"] = api.spec
