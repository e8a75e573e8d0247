"""The dictionary for people and programs: one page by groups, a table schema, and a CSV file."""

from portal.registry.exports.codebook.chapters import Chapter, Entry, chapters, since_of, standards_of
from portal.registry.exports.codebook.unverified import Unverified, unverified_values

__all__ = ["Chapter", "Entry", "Unverified", "chapters", "since_of", "standards_of", "unverified_values"]
