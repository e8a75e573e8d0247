"""Forms of accounts: shape and lengths. Choices that depend on the database are passed in."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import (
    BooleanField,
    Field,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.rules import REQUESTABLE, Proofing, holds_identifier
from portal.core.forms import (
    LongTextField,
    PortalForm,
    SelectChoice,
    TextField,
    Validator,
    email,
    length,
    one_of,
    required,
)
from portal.core.i18n import LOCALES
from portal.core.notify.kinds import Rhythm
from portal.core.permissions import Role

ROLE_NAMES: Final[dict[Role, Any]] = {
    Role.MEMBER: _l("Reader"),
    Role.CLINICIAN: _l("Clinician"),
    Role.TRANSLATOR: _l("Translator"),
    Role.LANGUAGE_REVIEWER: _l("Language reviewer"),
    Role.CLINICAL_REVIEWER: _l("Clinical reviewer"),
    Role.EDITOR: _l("Editor"),
    Role.CHIEF_EDITOR: _l("Chief editor"),
    Role.RESEARCHER: _l("Researcher"),
    Role.MODERATOR: _l("Moderator"),
    Role.ALERT_PANEL: _l("Member of the alert panel"),
    Role.FOCAL_POINT: _l("National focal point"),
    Role.COUNTRY_ADMIN: _l("Country administrator"),
    Role.SYSTEM_ADMIN: _l("System administrator"),
}
PROOFINGS: Final[dict[Proofing, Any]] = {
    Proofing.WORKPLACE_CALL: _l("Called back at the workplace’s own number"),
    Proofing.IN_PERSON: _l("Met in person, with an identity document"),
    Proofing.VIDEO_CALL: _l("Seen in a video call; I know the person"),
    Proofing.COLLEAGUE: _l("The head of the workplace confirmed it in writing"),
}
RHYTHM_NAMES: Final[dict[Rhythm, Any]] = {
    Rhythm.AT_ONCE: lazy_pgettext("mail", "at once"),
    Rhythm.DAILY: lazy_pgettext("mail", "once a day"),
    Rhythm.WEEKLY: lazy_pgettext("mail", "once a week"),
    Rhythm.NEVER: lazy_pgettext("mail", "no mail"),
}
COUNTRY_NAMES: Final[dict[str, Any]] = {"IR": _l("Iran"), "RU": _l("Russia")}

SCOPE_NAMES: Final[dict[str, Any]] = {
    "read:published": _l("What everybody may read, with a higher limit of requests"),
    "read:own": _l("Also my own protocols in every state"),
}
TOKEN_DAYS: Final[dict[int, Any]] = {30: _l("30 days"), 90: _l("90 days"), 365: _l("One year")}

NOBODY: Final = _l("Leave out names, numbers and addresses of people: this text is kept for good.")
NO_NUMBERS: Final = _l("This text seems to hold an identifier of a person. Remove it.")

COUNTRIES: Final = [SelectChoice(code, name) for code, name in COUNTRY_NAMES.items()]
LANGUAGES: Final = [SelectChoice(tag, info.name) for tag, info in LOCALES.items()]


def identifies_nobody(*, names: bool = True) -> Validator:
    """Refuse text that names a person, or only the numbers of one. The sentence never repeats it."""

    def judge(_form: Form, field: Field) -> None:
        if holds_identifier(field.data or "", names=names):
            raise ValidationError(NOBODY if names else NO_NUMBERS)

    return judge


def own_name() -> TextField:
    return TextField(_l("Name and family name"), [required(), length(2, 120), identifies_nobody(names=False)])


class PasswordBox(PasswordField):
    """A password: direction left to right, never cleaned, never sent back."""

    direction = "ltr"


class CheckboxesField(SelectMultipleField):
    """Several answers as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SignInForm(PortalForm):
    email = TextField(_l("E-mail address"), [required(), length(3, 254)], direction="ltr")
    password = PasswordBox(_l("Password"), [required()])


class CodeForm(PortalForm):
    code = TextField(_l("Code"), [required(), length(6, 40)], direction="ltr")


class ProofForm(PortalForm):
    """Who you are, once more: password, and the code where a second factor is set up."""

    password = PasswordBox(_l("Password"), [required()])
    code = TextField(_l("Code from your authenticator"), [length(0, 40)], direction="ltr")


class TokenForm(PortalForm):
    """A new token: what it is for, what it opens, how long it holds."""

    name = TextField(_l("Name of the token"), [required(), length(2, 60), identifies_nobody()])
    scopes = CheckboxesField(
        _l("What it opens"),
        [required()],
        choices=[SelectChoice(code, name) for code, name in SCOPE_NAMES.items()],
    )
    days = RadioField(
        _l("How long it holds"), [one_of([str(days) for days in TOKEN_DAYS])], default="90",
        choices=[SelectChoice(str(days), name) for days, name in TOKEN_DAYS.items()],
    )  # fmt: skip


class AddressForm(PortalForm):
    email = TextField(_l("E-mail address"), [required(), length(3, 254), email()], direction="ltr")


class NewAddressForm(PortalForm):
    email = TextField(_l("New e-mail address"), [required(), length(3, 254), email()], direction="ltr")


class PasswordForm(PortalForm):
    password = PasswordBox(_l("New password"), [required()])


class ChangePasswordForm(PasswordForm):
    current = PasswordBox(_l("Present password"), [required()])


class RegistrationForm(PortalForm):
    name = own_name()
    email = TextField(_l("E-mail address"), [required(), length(3, 254), email()], direction="ltr")
    country = RadioField(_l("Country where you work"), [required()], choices=COUNTRIES)
    language = SelectField(_l("Language of our mails"), choices=LANGUAGES)
    affiliation = TextField(
        _l("Where you work"), [required(), length(2, 200), identifies_nobody(names=False)]
    )
    requested_role = SelectField(
        _l("What you want to do here"),
        [one_of(REQUESTABLE)],
        choices=[SelectChoice(role.value, ROLE_NAMES[role]) for role in REQUESTABLE],
    )
    reason = LongTextField(
        _l("Why you ask for an account"), [required(), length(10, 1000), identifies_nobody()]
    )


class FirstForm(PasswordForm):
    name = own_name()
    email = TextField(_l("E-mail address"), [required(), length(3, 254), email()], direction="ltr")
    country = RadioField(_l("Country where you work"), [required()], choices=COUNTRIES)


class ProfileForm(PortalForm):
    name = own_name()
    affiliation = TextField(_l("Where you work"), [length(0, 200), identifies_nobody(names=False)])
    language = SelectField(_l("Language of our mails"), choices=LANGUAGES)


class RolesForm(PortalForm):
    roles = CheckboxesField(
        _l("Roles"),
        choices=[SelectChoice(role.value, name) for role, name in ROLE_NAMES.items() if role != Role.MEMBER],
    )


class ReasonForm(PortalForm):
    reason = LongTextField(
        _l("Reason, which the person reads"), [required(), length(3, 1000), identifies_nobody()]
    )


class ProofingForm(PortalForm):
    proofing = RadioField(
        _l("How you made sure who the person is"),
        [required()],
        choices=[SelectChoice(code.value, name) for code, name in PROOFINGS.items()],
    )


class TermsForm(PortalForm):
    accepted = BooleanField(
        _l("I have read the terms of use and keep to them"),
        [required(_l("To go on, tick that you accept the terms."))],
    )
