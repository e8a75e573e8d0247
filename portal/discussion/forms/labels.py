"""Codes of the discussion in words."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.discussion.dictionary import (
    AgeBand,
    AppealState,
    FlagState,
    Kind,
    Outcome,
    PostState,
    Reason,
    Sex,
    Waits,
)

KINDS: Final[dict[str, Any]] = {
    Kind.QUESTION: lazy_pgettext("thread", "Question"),
    Kind.EXPERIENCE: lazy_pgettext("thread", "Experience"),
    Kind.CASE: lazy_pgettext("thread", "Case question"),
    Kind.DISPUTE: lazy_pgettext("thread", "Objection"),
}
KIND_HINTS: Final[dict[str, Any]] = {
    Kind.QUESTION: _l("Question: how is this meant, how is this done?"),
    Kind.EXPERIENCE: _l("Experience: how it went in your practice"),
    Kind.DISPUTE: _l("Objection: something here is wrong or not safe"),
}
STATES: Final[dict[str, Any]] = {
    PostState.VISIBLE: lazy_pgettext("post", "visible"),
    PostState.HELD: lazy_pgettext("post", "waits for a moderator"),
    PostState.HIDDEN: lazy_pgettext("post", "hidden until a moderator decides"),
    PostState.REMOVED: lazy_pgettext("post", "removed"),
    PostState.DELETED: lazy_pgettext("post", "taken back"),
}
STATE_MARKS: Final = {
    PostState.VISIBLE: "done", PostState.HELD: "idle", PostState.HIDDEN: "warn", PostState.REMOVED: "bad",
    PostState.DELETED: "off",
}  # fmt: skip
REASONS: Final[dict[str, Any]] = {
    Reason.PATIENT: _l("A patient could be identified"),
    Reason.DANGEROUS: _l("Dangerous advice or dose"),
    Reason.PROMOTION: _l("Promotion of a product or service"),
    Reason.INSULT: _l("Insult"),
    Reason.OFF_TOPIC: _l("Off topic"),
    Reason.OTHER: _l("Another reason"),
}
FLAG_STATES: Final[dict[str, Any]] = {
    FlagState.OPEN: lazy_pgettext("flag", "waits for a moderator"),
    FlagState.AGREED: lazy_pgettext("flag", "agreed: the post was removed"),
    FlagState.DISAGREED: lazy_pgettext("flag", "not agreed: the post stays"),
    FlagState.IGNORED: lazy_pgettext("flag", "set aside: the post stays"),
}
APPEAL_STATES: Final[dict[str, Any]] = {
    AppealState.OPEN: lazy_pgettext("appeal", "waits for a second moderator"),
    AppealState.GRANTED: lazy_pgettext("appeal", "granted"),
    AppealState.REFUSED: lazy_pgettext("appeal", "not granted"),
}
WAITS: Final[dict[str, Any]] = {
    Waits.SAFETY: _l("Safety: patient or dangerous advice"),
    Waits.HELD: _l("Posts of new members"),
    Waits.FLAG: _l("Other flags"),
    Waits.APPEAL: _l("Appeals about posts"),
    Waits.SANCTION_APPEAL: _l("Appeals about sanctions"),
    Waits.FOLLOW_UP: _l("Cases without follow-up"),
}
WAITS_ONE: Final[dict[str, Any]] = {
    Waits.SAFETY: _l("Safety: patient or dangerous advice"),
    Waits.HELD: _l("Post of a new member"),
    Waits.FLAG: _l("Flagged post"),
    Waits.APPEAL: _l("Appeal about a post"),
    Waits.SANCTION_APPEAL: _l("Appeal about a sanction"),
    Waits.FOLLOW_UP: _l("Case without follow-up"),
}
WAITS_SHORT: Final[dict[str, Any]] = {
    Waits.SAFETY: lazy_pgettext("queue", "Safety"),
    Waits.HELD: lazy_pgettext("queue", "New members"),
    Waits.FLAG: lazy_pgettext("queue", "Flags"),
    Waits.APPEAL: lazy_pgettext("queue", "Appeals"),
    Waits.SANCTION_APPEAL: lazy_pgettext("queue", "Sanction appeals"),
    Waits.FOLLOW_UP: lazy_pgettext("queue", "Cases"),
}
AGE_BANDS: Final[dict[str, Any]] = {
    AgeBand.UNDER_18: lazy_pgettext("age", "under 18"),
    AgeBand.TO_24: lazy_pgettext("age", "18 to 24"),
    AgeBand.TO_34: lazy_pgettext("age", "25 to 34"),
    AgeBand.TO_44: lazy_pgettext("age", "35 to 44"),
    AgeBand.TO_54: lazy_pgettext("age", "45 to 54"),
    AgeBand.FROM_55: lazy_pgettext("age", "55 and over"),
}
SEXES: Final[dict[str, Any]] = {
    Sex.FEMALE: lazy_pgettext("sex", "female"),
    Sex.MALE: lazy_pgettext("sex", "male"),
    Sex.NOT_SAID: lazy_pgettext("sex", "not said"),
}
OUTCOMES: Final[dict[str, Any]] = {
    Outcome.BETTER: lazy_pgettext("case", "Better"),
    Outcome.SAME: lazy_pgettext("case", "No change"),
    Outcome.WORSE: lazy_pgettext("case", "Worse"),
    Outcome.LEFT: lazy_pgettext("case", "Left treatment"),
    Outcome.UNKNOWN: lazy_pgettext("case", "Not known"),
}
FOUND: Final[dict[str, Any]] = {
    "full_date": _l("a whole date"),
    "day_and_month": _l("a day and a month"),
    "birth_date": _l("a date or year of birth, or a whole date"),
    "patient_name": _l("perhaps a name after the word for a patient"),
    "ru_name": _l("perhaps a name"),
    "ru_name_label": _l("perhaps a name"),
    "fa_name": _l("perhaps a name"),
    "en_name": _l("perhaps a name"),
    "email": _l("an e-mail address"),
    "social_handle": _l("an address in a social network"),
    "ir_mobile": _l("a telephone number"),
    "ru_mobile": _l("a telephone number"),
    "ru_phone": _l("a telephone number"),
    "ir_national_code": _l("a national code of Iran"),
    "ir_national_code_lost_zeros": _l("a national code of Iran"),
    "ru_snils": _l("an insurance number (SNILS)"),
    "ru_inn_person": _l("a tax number"),
    "ru_passport": _l("a passport number"),
    "ru_passport_shape": _l("a passport number"),
    "ir_passport": _l("a passport number"),
    "ir_iban": _l("a bank account"),
    "bank_card_or_oms": _l("the number of a bank card or an insurance policy"),
    "long_digit_run": _l("a long number"),
}
