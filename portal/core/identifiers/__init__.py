"""Finds personal identifiers in any text. Every form and import that takes text asks here.

A finding says which kind, how grave and where; it never holds the value. `block` refuses, `warn` asks the
author, `allow` is noted only. Names are found by pattern, not recognised: the real defence is that patient
records have no text fields.
"""

from portal.core.identifiers.columns import ColumnHit, column_rule, scan_column, scan_header
from portal.core.identifiers.fold import normalise
from portal.core.identifiers.kinds import Hit, Level
from portal.core.identifiers.scan import scan

__all__ = ["ColumnHit", "Hit", "Level", "column_rule", "normalise", "scan", "scan_column", "scan_header"]
