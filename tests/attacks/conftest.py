"""Editions to attack."""

from edition_fixtures import approved, edition_templates, published, world

__all__ = ["approved", "edition_templates", "published", "world"]
