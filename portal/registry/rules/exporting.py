"""The rules of a version as plain data, so that a centre or a researcher can run them elsewhere."""

import ast
from typing import Any, Final

from portal.registry.dictionary import LANGUAGES, Text, load
from portal.registry.rules.catalogue import Rule, all_rules, raw
from portal.registry.rules.expanding import expanded
from portal.registry.rules.language import MEANINGS
from portal.registry.rules.symbols import CONTEXT, COUNTRIES, code_sets

SEVERITIES: Final = {"E": "error", "W": "warning", "I": "information"}
DERIVED: Final = {
    "dx_chapter": "dx_icd10 in thousands: F11.22 is 11122, its chapter 11",
    "dx_state": "what stands after the point of dx_icd10, less 100 where it has two digits",
    "substance_1_chapter": "icd10 of the substance in its list",
    "HAS_OPIOID": "some substance is in OPIOID",
    "HAS_ALCOHOL": "some substance is in ALCOHOL",
    "HAS_STIMULANT": "some substance is in STIMULANT",
    **{f"substance_{n}_injectable": f"substance_{n}_code is in INJECTABLE" for n in (1, 2, 3, 4)},
}


def as_data(version: int) -> dict[str, Any]:
    """Rules, the sets of codes and numbers that they name, and what each function of the language means."""
    dictionary = load(version)
    return {
        "dictionary_version": version, "sha256": dictionary.sha256,
        "missing_codes": [item.code for item in dictionary.missing],
        "language": {
            "truth": "true: broken; false: kept; unknown: not evaluable. A missing code is unknown.",
            "functions": dict(MEANINGS), "countries": dict(COUNTRIES),
        },
        "sets": code_sets(version), "numbers": dict(raw(version).get("number", {})), "derived": DERIVED,
        "beside": list(CONTEXT), "rules": [_rule(rule) for rule in all_rules(version)],
    }  # fmt: skip


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id, "severity": SEVERITIES[rule.severity], "scope": rule.scope, "basis": rule.basis,
        "since": rule.since, "effect": rule.effect, "unverified": list(rule.unverified),
        "fields": list(rule.fields), "needs": list(rule.needs), "broken": rule.broken,
        "written_out": ast.unparse(expanded(rule.broken, rule.version)),
        "message": _texts(rule.message), "hint": _texts(rule.hint),
    }  # fmt: skip


def _texts(text: Text) -> dict[str, str]:
    return {language: text[language] for language in LANGUAGES}
