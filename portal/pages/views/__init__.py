"""Home, the reader's pages of a protocol and of a concept, its copies, and its address without language."""

from flask import Flask

from portal.pages.views import (
    block,
    concept,
    copies,
    following,
    home,
    interfaces,
    programme,
    protocol,
    pseudonyms,
    removals,
)
from portal.pages.views.blueprint import blueprint

__all__ = [
    "block",
    "blueprint",
    "concept",
    "copies",
    "following",
    "home",
    "init_app",
    "interfaces",
    "programme",
    "protocol",
    "pseudonyms",
    "removals",
]


def init_app(app: Flask) -> None:
    """Permanent addresses have no language: `/p/PR-0042` is what print and messages carry."""
    app.add_url_rule("/p/<public_id>", "permanent", protocol.permanent)
    pseudonyms.lend_parts(app)
