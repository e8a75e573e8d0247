"""What the tool says, in three languages. It runs where no catalogue is."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "ru", "fa")
PLACED: Final = frozenset({"not_digits", "check_digit", "empty", "not_a_date", "admission_missing"})
KINDS: Final = {
    "ir_national_code": "is_national_code",
    "ir_national_code_lost_zeros": "is_national_code",
    "ir_mobile": "is_telephone",
    "ru_mobile": "is_telephone",
    "ru_phone": "is_telephone",
    "ru_snils": "is_snils",
    "ru_inn_person": "is_tax_number",
    "bank_card_or_oms": "is_card",
    "ir_iban": "is_account",
    "ru_passport": "is_passport",
    "ru_passport_shape": "is_passport",
    "ir_passport": "is_passport",
    "email": "is_email",
    "social_handle": "is_handle",
    "full_date": "is_date",
    "ru_name": "is_name",
    "ru_name_label": "is_name",
    "fa_name": "is_name",
    "en_name": "is_name",
    "name_column": "is_name_column",
}


def sentences(name: str) -> dict[str, dict[str, str]]:
    """Sentences of a file beside this one: by code, then by language."""
    return tomllib.loads((files("portal.core.pseudonyms") / name).read_text("utf-8"))


SENTENCES: Final = sentences("words.toml")


def say(lang: str, code: str, **values: object) -> str:
    """The sentence of a code, preceded by its place in a table where it has one."""
    if "kind" in values:
        values["kind"] = SENTENCES[KINDS[str(values["kind"])]][lang]
    text = SENTENCES[code][lang].format(**values)
    placed = code in PLACED and "line" in values
    return SENTENCES["where"][lang].format(**values) + text if placed else text
