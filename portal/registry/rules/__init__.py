"""The one rule engine: web form, import, API and nightly check call `judge` on a frame of records.

Rules are data (`portal/registry/data/rules_v*.toml`), compiled once to polars expressions. No parameter, flag
or role skips one. The engine never changes a value.
"""

from portal.registry.rules.catalogue import Message, Rule, all_rules, counted, field_messages
from portal.registry.rules.judging import Judgement, Place, judge, judge_one

__all__ = [
    "Judgement",
    "Message",
    "Place",
    "Rule",
    "all_rules",
    "counted",
    "field_messages",
    "judge",
    "judge_one",
]
