"""What every method hands back, and what every table handed to analytics must be.

The result contract, the warning codes, column specifications and the reading of a text table with typed
refusals. Loads neither pandas nor scipy: the web process imports it.
"""

from analytics.schema.columns import (
    LARGEST,
    MISSING,
    NOT_DUE,
    UNKNOWN,
    ColumnKind,
    ColumnSpec,
    validate_episodes,
)
from analytics.schema.order import natural_key, natural_sorted
from analytics.schema.printing import plain, readable
from analytics.schema.results import (
    UNKNOWN_AMBER,
    UNKNOWN_APART,
    UNKNOWN_RED,
    Caution,
    Result,
    WarningCode,
)
from analytics.schema.texts import parse_number, read_header, read_text_table

__all__ = [
    "LARGEST",
    "MISSING",
    "NOT_DUE",
    "UNKNOWN",
    "UNKNOWN_AMBER",
    "UNKNOWN_APART",
    "UNKNOWN_RED",
    "Caution",
    "ColumnKind",
    "ColumnSpec",
    "Result",
    "WarningCode",
    "natural_key",
    "natural_sorted",
    "parse_number",
    "plain",
    "read_header",
    "read_text_table",
    "readable",
    "validate_episodes",
]
