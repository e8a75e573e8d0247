"""Editions for the tests of this folder."""

from edition_fixtures import approved, edition_templates, published, second, second_template, world

__all__ = ["approved", "edition_templates", "published", "second", "second_template", "world"]
