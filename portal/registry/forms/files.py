"""The form that hands in a file: which programme, which kind of file, its encoding, and the file itself."""

import json
import secrets
from collections.abc import Iterable
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from portal.core.forms import LongTextField, PortalForm, SelectChoice, length
from portal.registry.importer.naming import names_a_person
from portal.registry.profiles import NAMES, TEMPLATE, load_profile

ENCODINGS: Final = (
    ("utf-8", _l("UTF-8, as the template has it")),
    ("windows-1251", _l("Windows-1251 (Russian)")),
    ("windows-1256", _l("Windows-1256 (Persian)")),
)
LONGEST_MAP: Final = 20_000
DEEPEST_MAP: Final = 8
MAP_WRONG: Final = _l("The mapping is not readable as JSON. Look at the example and correct it.")
_NAME: Final = _l("name of a person")
_TELEPHONE: Final = _l("telephone number")
_PASSPORT: Final = _l("passport number")
_NATIONAL_CODE: Final = _l("Iranian national code")
_TAX_NUMBER: Final = _l("Russian tax number")
KINDS: Final = {
    "ir_national_code": _NATIONAL_CODE,
    "ir_national_code_lost_zeros": _NATIONAL_CODE,
    "ir_mobile": _TELEPHONE,
    "ru_mobile": _TELEPHONE,
    "ru_phone": _TELEPHONE,
    "ru_snils": _l("Russian insurance number (SNILS)"),
    "ru_inn_person": _TAX_NUMBER,
    "ru_inn_org": _TAX_NUMBER,
    "bank_card_or_oms": _l("number of a bank card or insurance policy"),
    "ir_iban": _l("bank account"),
    "ru_passport": _PASSPORT,
    "ru_passport_shape": _PASSPORT,
    "ir_passport": _PASSPORT,
    "email": _l("e-mail address"),
    "social_handle": _l("social network account"),
    "full_date": _l("full date"),
    "ru_name": _NAME,
    "ru_name_label": _NAME,
    "fa_name": _NAME,
    "en_name": _NAME,
    "long_digit_run": _l("long number"),
    "column": _l("column that asks who the person is"),
}
"""Kinds of identifier as the message names them. The value itself is never said."""


class DecisionForm(PortalForm):
    """A button: the token is all that it carries."""


class ImportForm(PortalForm):
    """A file and what must be known of it. `offer` fills programmes and kinds of file."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(18))
    programme = SelectField(_l("Programme"), validate_choice=True)
    profile = RadioField(_l("What the file looks like"), default=TEMPLATE)
    file_map = LongTextField(_l("Mapping (JSON)"), [length(0, LONGEST_MAP)])
    encoding = SelectField(
        _l("Encoding of the file"),
        choices=[SelectChoice(code, name) for code, name in ENCODINGS],
        default="utf-8",
    )
    file = FileField(_l("File (XLSX or CSV)"))

    def offer(self, programmes: Iterable[tuple[str, str]], language: str) -> None:
        self.programme.choices = [SelectChoice(code, name) for code, name in programmes]
        kinds = [(TEMPLATE, _l("The template: one row for each episode"))]
        kinds += [(name, load_profile(name).title[language]) for name in NAMES]
        self.profile.choices = [SelectChoice(name, title) for name, title in kinds]

    @property
    def is_template(self) -> bool:
        return bool(self.profile.data == TEMPLATE)

    def mapping(self) -> str:
        """The map as the importer reads it; a map that names no programme is of the chosen one."""
        if self.is_template:
            return ""
        given = json.loads(self.text("file_map"))
        return json.dumps({"programme": self.programme.data} | given)

    def validate_file(self, field: Any) -> None:
        """A name of a file may say who is in it; the name is not kept, but others see it on the screen."""
        if not field.data or not field.data.filename:
            raise ValidationError(_l("Choose the file."))
        if names_a_person(field.data.filename):
            raise ValidationError(
                _l("The name of the file seems to hold an identifier of a person. Rename the file.")
            )

    def validate_file_map(self, field: Any) -> None:
        if self.is_template:
            return
        if not (field.data or "").strip():
            raise ValidationError(_l("A file of this kind needs a mapping: write what its columns mean."))
        try:
            given = json.loads(field.data)
            readable = isinstance(given, dict) and _depth(given) <= DEEPEST_MAP
        except (ValueError, RecursionError):
            readable = False
        if not readable:
            raise ValidationError(MAP_WRONG)


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(each) for each in inner), default=0)
