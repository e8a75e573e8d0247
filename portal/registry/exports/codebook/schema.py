"""The columns of the template as a Frictionless table schema (version 2.0 of its profile)."""

from typing import Any, Final

from portal.registry.dictionary import LANGUAGES, Dictionary, Text, Variable, load
from portal.registry.exports.codebook.chapters import since_of, standards_of

PROFILE: Final = "https://datapackage.org/profiles/2.0/tableschema.json"
TYPES: Final = {"month": "yearmonth", "days": "integer", "number": "integer", "decimal": "number"}
KEY: Final = "^[a-z2-7]{26}$"
PATTERNS: Final = {
    "key": KEY, "icd10": r"^F1[0-9]\.[0-9](\d)?$", "icd11": r"^6C4[0-9A-H](\.\d{1,2})?$",
}  # fmt: skip


def table_schema(version: int, language: str) -> dict[str, Any]:
    """A field for each column that a file may hold, with labels of the language and of all three."""
    dictionary = load(version)
    columns = [*dictionary.variables, *dictionary.of("transient")]
    return {
        "$schema": PROFILE, "name": f"episodes-v{version}", "version": str(version),
        "primaryKey": ["source_key"], "missingValues": [""], "sha256": dictionary.sha256,
        "fields": [_field(v, dictionary, language) for v in columns],
    }  # fmt: skip


def _field(variable: Variable, dictionary: Dictionary, language: str) -> dict[str, Any]:
    about = {"description": variable.help[language]} if variable.help else {}
    codes = {"categories": _codes(variable, language)} if variable.codes else {}
    return {
        "name": variable.name, "type": _type(variable), "title": variable.label[language], **about, **codes,
        "constraints": _constraints(variable, dictionary),
        "missingValues": _missing(variable, dictionary, language),
        "registry": _registry(variable, dictionary),
    }  # fmt: skip


def _type(variable: Variable) -> str:
    if variable.codes is not None:
        return "string" if variable.codes.lettered else "integer"
    return TYPES.get(variable.kind, "string")


def _constraints(variable: Variable, dictionary: Dictionary) -> dict[str, Any]:
    """What every value keeps. Codes that only a mapped file holds are not among them."""
    always = variable.kind == "key" or dictionary.group(variable.group).always
    due = always and variable.mandatory and not (variable.asked or variable.formula)
    limits: dict[str, Any] = {"required": True} if due else {}
    if variable.kind in PATTERNS:
        limits["pattern"] = PATTERNS[variable.kind]
    if variable.codes is not None:
        limits["enum"] = [item.code for item in variable.codes.items if not item.profile_only]
    elif variable.low is not None and variable.high is not None:
        tenth = 10 if variable.kind == "decimal" else 1
        limits |= {"minimum": variable.low // tenth, "maximum": variable.high // tenth}
    return limits


def _codes(variable: Variable, language: str) -> list[dict[str, Any]]:
    items = variable.codes.items if variable.codes else ()
    return [{"value": i.code, "label": i.label[language]} for i in items if not i.profile_only]


def _missing(variable: Variable, dictionary: Dictionary, language: str) -> list[dict[str, str]]:
    """Empty, and the codes that say why there is no answer; days before admission are days."""
    empty = [{"value": "", "label": ""}]
    if not variable.allows_missing:
        return empty
    items = [item for item in dictionary.missing if not item.skipped or variable.skippable]
    return empty + [{"value": str(item.code), "label": item.label[language]} for item in items]


def _registry(variable: Variable, dictionary: Dictionary) -> dict[str, Any]:
    """What the profile has no word for."""
    base = dictionary.group(variable.group).base
    said = {
        "group": variable.group, "kind": variable.kind, "class": variable.klass, "stage": variable.stage,
        "required": variable.required, "source": variable.source, "asked_if": variable.asked,
        "into": variable.into, "list": variable.codes.name if variable.codes else "",
        "since_version": since_of(variable.name, dictionary.version),
        "unverified": list(variable.unverified),
        "standards": list(standards_of(variable, base, dictionary.version)),
        "labels": _texts(variable.label), "help": _texts(variable.help) if variable.help else {},
    }  # fmt: skip
    said |= {"help": {}, "standards": []} if variable.is_week else {}
    return {name: value for name, value in said.items() if value not in ("", [], {})}


def _texts(text: Text) -> dict[str, str]:
    return {language: text[language] for language in LANGUAGES}
