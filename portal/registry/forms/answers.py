"""One question of the dictionary as a form field. The field keeps what was typed; the rule engine judges it.

A short list becomes radio buttons, a long one a native select, days a text input for any digits, a month two
inputs, a diagnosis two selects or its code. Reasons for a missing answer stand beside every question that
allows them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import TextInput

from portal.core import i18n
from portal.core.forms import clean
from portal.registry.dictionary import NOT_APPLICABLE, Dictionary, Item, Variable
from portal.registry.rules.coding import DIAGNOSIS

MOST_RADIOS: Final = 7
SHORT: Final = 16  # characters of a label that fits beside another on a phone
DRAWN: Final = {"days": "number", "icd10": "diagnosis", "icd11": "number"}
OTHER: Final = 99  # lists with a code of their own for "not known" need no second one
NOT_BOTH: Final = _l("Answer the question or choose why there is no answer, not both.")
TWO_CODES: Final = _l("Choose the diagnosis from the lists or write its code, not both.")
NO_CODES: Final = _l(
    "Write a number of days. Choose the reason for a missing answer from the list beside it."
)
MINUS: Final = re.compile(r"\s*[-\u2212]")

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where and of whom a question is asked: what is offered and in which words."""

    dictionary: Dictionary
    country: str
    modalities: tuple[str, ...] = ()
    language: str = field(default_factory=i18n.current)


class AnswerField(Field):
    """A question. `parts` are the texts of its inputs as they were sent; `data` is one text or None."""

    widget = TextInput()
    direction = "ltr"

    def __init__(self, variable: Variable, asked: Asked, *, optional: bool, **kwargs: Any) -> None:
        words = asked.language
        hint = variable.help[words] if variable.help and variable.kind != "month" else ""
        super().__init__(variable.label[words], description=hint, **kwargs)
        self.variable, self.asked, self.optional = variable, asked, optional
        self.parts: list[str] = []
        self.missing = missing_choices(variable, asked)
        self.unverified = (
            variable.kind == "icd10"
            or bool(variable.unverified)
            or bool(variable.codes and not variable.codes.verified)
        )

    @property
    def kind(self) -> str:
        """radio, select, number, month or diagnosis: what the template draws."""
        if self.variable.codes is None:
            return DRAWN.get(self.variable.kind, self.variable.kind)
        few = len(self.choices) <= MOST_RADIOS and self.variable.name != "modality"
        return "radio" if few else "select"

    @property
    def groups(self) -> list[tuple[str, list[Choice]]]:
        """Choices of a list by group; a treatment of the own programme comes first."""
        own = [c for c in self.choices if self.variable.name == "modality" and c[0] in self.asked.modalities]
        rest = [choice for choice in self.choices if choice not in own]
        return [("own", own), ("", rest)] if own else [("", rest)]

    @property
    def choices(self) -> list[Choice]:
        items = self.variable.codes.items if self.variable.codes else ()
        now = self.part(0)
        offered = [i for i in items if i.offered_in(self.asked.country) or str(i.code) == now]
        return worded(offered, self.asked.language)

    @property
    def short(self) -> bool:
        return all(len(label) <= SHORT for _code, label in self.choices)

    @property
    def diagnoses(self) -> tuple[list[Choice], list[Choice]]:
        """Chapters and states, each with its code before its name."""
        lists, words = self.asked.dictionary.lists, self.asked.language
        return (
            [_coded(i, f"F{i.code}", words) for i in lists["icd10_chapter"].items],
            [_coded(i, f".{i.code}", words) for i in lists["icd10_state"].items],
        )

    def part(self, place: int) -> str:
        return self.parts[place] if place < len(self.parts) else ""

    def _value(self) -> str:
        return "-".join(part for part in self.parts if part)

    def process_data(self, value: Any) -> None:
        """Show a stored answer as it would have been entered."""
        unasked = value == NOT_APPLICABLE and not self.variable.may_not_apply
        self.data = None if value is None or unasked else str(value)
        words = "en" if self.variable.kind == "icd11" else self.asked.language  # a code keeps its digits
        self.parts = _as_parts(self.kind, self.data or "", self.missing, words)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.parts = [clean(value) or "" for value in valuelist]
        self.data = None
        try:
            self.data = _read(self.kind, self.parts, below=self._below) or None
        except ValueError as fault:
            raise ValueError(f"{self.label.text}: {fault}") from None

    @property
    def _below(self) -> bool:
        """Whether days before admission can be an answer."""
        return (self.variable.low or 0) < 0


def missing_choices(variable: Variable, asked: Asked) -> list[Choice]:
    """Reasons why there is no answer, as the dictionary allows them."""
    if not variable.allows_missing:
        return []
    own_code = variable.codes is not None and OTHER in variable.codes.codes
    offered = [i for i in asked.dictionary.missing if variable.may_not_apply or not i.skipped]
    items = [i for i in offered if not (own_code and i.code == -9)]
    return worded(items, asked.language)


def worded(items: Sequence[Item], language: str) -> list[Choice]:
    return [(str(item.code), item.label[language]) for item in items]


def _coded(item: Item, code: str, language: str) -> Choice:
    return str(item.code), f"{i18n.ltr_text(code)} {item.label[language]}"


def _read(kind: str, parts: list[str], *, below: bool) -> str:
    filled = [part for part in parts if part]
    if kind == "month":
        return _month(" ".join(filled)) or "-".join(filled)
    if kind == "diagnosis":
        return _diagnosis(*(parts + [""] * 3)[:3])
    if len(set(filled)) > 1:
        raise ValueError(NOT_BOTH)
    if kind == "number" and not below and any(map(MINUS.match, parts[:1])):
        raise ValueError(NO_CODES)
    return filled[0] if filled else ""


def _month(typed: str) -> str:
    """A month written as a word; in numbers the engine reads it, and says what is wrong with it."""
    try:
        return i18n.parse_month(typed) if any(map(str.isalpha, typed)) else ""
    except ValueError:
        return ""


def _diagnosis(chapter: str, state: str, typed: str) -> str:
    chosen = chapter if chapter.startswith("-") or not (chapter or state) else f"F{chapter}.{state}"
    if typed and chosen and typed.upper() != chosen:
        raise ValueError(TWO_CODES)
    return typed or chosen


def _as_parts(kind: str, value: str, missing: list[Choice], language: str) -> list[str]:
    if kind == "month":
        return i18n.typed_month(value, language).split("-") if value else []
    if value in dict(missing):
        return ["", value] if kind == "number" else [value]
    if kind == "number":
        return [i18n.digits(value, language)]
    return _diagnosis_parts(value) if kind == "diagnosis" and value else [value]


def _diagnosis_parts(code: str) -> list[str]:
    """Both lists where they hold the code, else the code as it is written."""
    found = DIAGNOSIS.fullmatch(code)
    return [found[1], found[2]] if found and not found[2].startswith("0") else ["", "", code]
