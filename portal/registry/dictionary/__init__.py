"""The data dictionary as frozen objects: variables, groups, code lists, with labels in three languages.

Versions are files in `portal/registry/data` and are never changed once published; a record is judged for
ever by the version it was entered under. Nothing here reads the database or judges a value.
"""

from portal.registry.dictionary.loading import CURRENT, DATA, NOT_APPLICABLE, load, versions
from portal.registry.dictionary.shapes import (
    DERIVED,
    ENTERED,
    EPISODE,
    LANGUAGES,
    PORTAL,
    TRANSIENT,
    Code,
    CodeList,
    Dictionary,
    Group,
    Item,
    Text,
    Variable,
)

__all__ = [
    "CURRENT", "DATA", "DERIVED", "ENTERED", "EPISODE", "LANGUAGES", "NOT_APPLICABLE", "PORTAL", "TRANSIENT",
    "Code", "CodeList", "Dictionary", "Group", "Item", "Text", "Variable", "load", "versions",
]  # fmt: skip
