"""Form base, fields and validators with our own sentences in three languages."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from wtforms import Field, Form, StringField, TextAreaField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the stubs are older
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from portal.core import i18n, identifiers
from portal.core.i18n import UNSEEN, exact, parse_day, parse_month, parse_number, typed_day, typed_month
from portal.core.notify import is_mailbox

BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_BREAKS: Final = re.compile("[\t\n\r\x85\u2028\u2029]+")
CHOOSE: Final = _l("Choose one of the listed answers.")
FILL: Final = _l("Fill in this field.")
BETWEEN: Final = _l("Write between %(min)s and %(max)s characters; there are %(count)s now.")
DAY_HINT: Final = _l("Year, month and day, in either calendar, for example ⟦2026-03-21⟧ or ⟦1405-01-01⟧.")
DOUBTFUL: Final = _l(
    "This may be about one person: a name, a telephone, a number. Remove it, or tick that it is not."
)
NAMES: Final = frozenset({"ru_name", "ru_name_label", "fa_name", "en_name"})
AT_MOST: Final = _l("Write at most %(max)s characters; there are %(count)s now.")
Validator = Any  # WTForms types its validators by field; ours serve several kinds of field


class Sentences:
    """Our sentences in place of WTForms' own, whose catalogues are incomplete."""

    def gettext(self, text: str) -> str:
        known = "choice" in text.lower() or "coerce" in text.lower()
        return str(CHOOSE if known else text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class PortalForm(FlaskForm):
    """Base of every form: CSRF and the sentences of this module."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Form) -> Sentences:
            return Sentences()

    def text(self, name: str) -> str:
        """What was written into a text field; empty where nothing was."""
        return str(self[name].data or "")

    def fault_list(self) -> list[tuple[str, str]]:
        """(field name, sentence) in the order of the fields, for the error summary."""
        return [(field.id, str(error)) for field in self for error in _flat(field.errors)]

    def add_fault(self, name: str, sentence: str) -> None:
        """Attach a refusal of a service to the field that it speaks of."""
        field = self[name]
        field.errors = [*field.errors, sentence]


class PlainForm(PortalForm):
    """A button: nothing but the token against forged requests."""


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [e for inner in errors.values() for e in _flat(inner)]
    return [
        e for error in errors for e in (_flat(error) if isinstance(error, (list, tuple, dict)) else [error])
    ]


def clean(value: str | None) -> str | None:
    """Direction controls can reverse what a reader sees; the half-space stays. One line stays one line: a
    break would begin a line of its own in a header, a list of citations or a file.
    """
    return _BREAKS.sub(" ", UNSEEN.sub("", BIDI.sub("", value))).strip() if value else value


class TextField(StringField):
    """One line of text. `direction` is the direction of the text: auto, ltr for codes and addresses."""

    def __init__(
        self, label: Any = None, checks: list[Any] | None = None, *, direction: str = "auto", **kwargs: Any
    ) -> None:
        super().__init__(label, checks, filters=[clean], **kwargs)
        self.direction = direction


class LongTextField(TextAreaField):
    """Several lines of text, direction by content."""

    def __init__(self, label: Any = None, checks: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, checks, filters=[clean_lines], **kwargs)
        self.direction = "auto"


def clean_lines(value: str | None) -> str | None:
    return UNSEEN.sub("", BIDI.sub("", value)).replace("\r\n", "\n") if value else value


class NumberField(Field):
    """A number typed in any digits; shows what was typed after an error."""

    widget = TextInput()
    direction = "ltr"

    def __init__(
        self,
        label: Any = None,
        checks: list[Any] | None = None,
        *,
        whole: bool = True,
        unit: Any = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, checks, **kwargs)
        self.whole, self.unit, self.typed = whole, unit, ""

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else exact(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.typed:
            self.data = self._read()

    def _read(self) -> float | int:
        try:
            value = parse_number(self.typed)
        except ValueError:
            raise ValueError(
                _l("Write one number, for example 12 or 12.5, without a thousands separator.")
            ) from None
        if self.whole and not value.is_integer():
            raise ValueError(_l("Write a whole number."))
        return int(value) if self.whole else value


class MonthField(Field):
    """Month and year in either calendar; the data is Gregorian `YYYY-MM`."""

    widget = TextInput()
    direction = "ltr"
    typed = ""

    def _value(self) -> str:
        return self.typed or (typed_month(self.data) if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        parts = [v.strip() for v in valuelist if v.strip()]
        self.typed = "-".join(parts)
        self.data = None
        if not parts:
            return
        try:
            self.data = parse_month(self.typed)
        except ValueError:
            raise ValueError(_l("Write year and month, for example ⟦2026-03⟧ or ⟦1404-12⟧.")) from None


class DayField(Field):
    """A day in either calendar; the data is a date, shown as the reader would write it."""

    widget = TextInput()
    direction = "ltr"
    typed = ""

    def __init__(self, label: Any = None, checks: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, checks, **({"description": DAY_HINT} | kwargs))

    def _value(self) -> str:
        return self.typed or (typed_day(self.data) if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        try:
            self.data = parse_day(self.typed)
        except ValueError:
            raise ValueError(_l("Write a date, for example ⟦2026-03-21⟧ or ⟦1405-01-01⟧.")) from None


def required(sentence: Any = FILL) -> Validator:
    return validators.InputRequired(sentence)


def optional() -> Validator:
    return validators.Optional()


def length(low: int = 0, high: int = 500) -> Validator:
    """Refuse with the count. The browser gets no limit: it would cut a pasted text without a word."""

    def judge(_form: Form, field: Field) -> None:
        written = len(field.data or "")
        if not low <= written <= high:
            numbers = {"min": i18n.number(low), "max": i18n.number(high), "count": i18n.number(written)}
            raise ValidationError((BETWEEN if low > 1 or written < low else AT_MOST) % numbers)

    return judge


def one_of(values: Sequence[Any]) -> Validator:
    return validators.AnyOf(values, CHOOSE)


def between(low: float, high: float) -> Validator:
    return validators.NumberRange(low, high, _l("Write a number from %(min)s to %(max)s."))


def email() -> Validator:
    """One mailbox and nothing besides: what a mail program reads as a list, a name or a group is refused."""

    def judge(_form: Form, field: Field) -> None:
        if not is_mailbox((field.data or "").strip()):
            raise ValidationError(_l("Write an e-mail address, for example name@hospital.org."))

    return judge


@dataclass(frozen=True, slots=True)
class Doubt:
    """What in a text may be a person. A tick that carries this mark says that it is none."""

    mark: str
    ticked: bool


def doubt_about(
    name: str, text: str, *, context: str = "", authors: bool = False, conversation: bool = False
) -> Doubt | None:
    """Judge a text under its field's name: refuse identifiers, ask about what only looks like one.

    The tick holds for the very words that were found, so that a changed text is asked about again. Raises
    ValidationError; the sentence never repeats what was found.
    """
    hits = identifiers.scan(text, context=context, conversation=conversation)
    if any(hit.level == "block" for hit in hits):
        raise ValidationError(_l("This text seems to hold an identifier of a person. Remove it."))
    hits = [hit for hit in hits if hit.level == "warn" and not (authors and hit.kind in NAMES)]
    if not hits:
        return None
    found = "\n".join(sorted({text[hit.start : hit.end] for hit in hits}))
    mark = hashlib.sha256(found.encode()).hexdigest()[:16]
    return Doubt(mark, mark in request.form.getlist(f"nobody-{name}"))


def no_identifiers(*, context: str = "", authors: bool = False, ask: bool = True) -> Validator:
    """No identifier of a person in this field. `authors`: names are expected; `ask=False`: so are numbers."""

    def judge(_form: Form, field: Any) -> None:
        doubt = doubt_about(field.name, field.data or "", context=context, authors=authors)
        if doubt and ask and field.data != field.object_data:
            field.doubt = doubt
            if not doubt.ticked:
                raise ValidationError(DOUBTFUL)

    return judge


__all__ = [
    "CSRFError", "DayField", "LongTextField", "MonthField", "NumberField", "PortalForm", "SelectChoice",
    "TextField", "between", "clean", "clean_lines", "doubt_about", "email", "length", "no_identifiers",
    "one_of", "optional", "required",
]  # fmt: skip
