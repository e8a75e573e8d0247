"""The rules of a version as plain data, so that a centre or a researcher can run them elsewhere."""

from typing import Any, Final

from portal.registry.dictionary import LANGUAGES, Text, load
from portal.registry.rules.catalogue import Rule, all_rules
from portal.registry.rules.language import MEANINGS
from portal.registry.rules.symbols import COUNTRIES, code_sets

SEVERITIES: Final = {"E": "error", "W": "warning", "I": "information"}


def as_data(version: int) -> dict[str, Any]:
    """Rules, the sets of codes that they name, and what each function of the language means."""
    dictionary = load(version)
    return {
        "dictionary_version": version, "sha256": dictionary.sha256,
        "missing_codes": [item.code for item in dictionary.missing],
        "language": {
            "truth": "true: broken; false: kept; unknown: not evaluable. A missing code is unknown.",
            "functions": dict(MEANINGS), "countries": dict(COUNTRIES),
        },
        "sets": code_sets(version),
        "rules": [_rule(rule) for rule in all_rules(version)],
    }  # fmt: skip


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id, "severity": SEVERITIES[rule.severity], "scope": rule.scope,
        "fields": list(rule.fields), "needs": list(rule.needs), "broken": rule.broken,
        "message": _texts(rule.message), "hint": _texts(rule.hint),
    }  # fmt: skip


def _texts(text: Text) -> dict[str, str]:
    return {language: text[language] for language in LANGUAGES}
