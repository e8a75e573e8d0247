"""The kinds of identifier and how grave each is: in patient data, in text, near a telling word."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding. `start` and `end` are places in the text as given."""

    kind: str
    level: Level
    start: int
    end: int


A, W, B = Level.ALLOW, Level.WARN, Level.BLOCK

# kind: (patient data, text, text with context); None: without a telling word this is nothing.
LEVELS: Final[dict[str, tuple[Level, Level | None, Level]]] = {
    "ir_national_code": (B, W, B),
    "ir_national_code_lost_zeros": (B, None, W),
    "ir_mobile": (B, W, W),
    "ru_mobile": (B, W, W),
    "ru_phone": (B, W, W),
    "ru_snils": (B, B, B),
    "ru_inn_person": (B, B, B),
    "ru_inn_org": (W, A, A),
    "bank_card_or_oms": (B, B, B),
    "ir_iban": (B, W, W),
    "ru_passport": (B, None, B),
    "ru_passport_shape": (B, W, B),
    "ir_passport": (B, None, B),
    "email": (B, W, W),
    "social_handle": (B, W, W),
    "full_date": (B, A, A),
    "ru_name": (B, W, W),
    "ru_name_label": (B, W, W),
    "fa_name": (B, W, W),
    "en_name": (B, W, W),
    "long_digit_run": (W, W, W),
}

# Words that, up to 40 characters before a hit or in the column's header, say what the digits are.
CONTEXT: Final = {
    "ir_national_code": re.compile(
        r"کد\s?ملی|شماره\s?ملی|national\s?(?:code|id|no)|nat(?:ional)?_?code", re.IGNORECASE
    ),
    "ir_mobile": re.compile(r"موبایل|همراه|تلفن|شماره تماس|mobile|phone|tel\b|cell", re.IGNORECASE),
    "ru_phone": re.compile(r"тел\b|телефон|моб\b|phone|tel\b", re.IGNORECASE),
    "ru_passport": re.compile(r"паспорт|серия|номер|passport", re.IGNORECASE),
    "ir_passport": re.compile(r"گذرنامه|پاسپورت|passport", re.IGNORECASE),
}
CONTEXT_LENGTH: Final = 40


def level_of(kind: str, *, patient_data: bool, context: bool) -> Level | None:
    patient, text, near = LEVELS[kind]
    if patient_data:
        return patient
    return near if context else text
