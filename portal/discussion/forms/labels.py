"""Codes of the discussion in words."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

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
    Kind.QUESTION: _p("thread", "Question"),
    Kind.EXPERIENCE: _p("thread", "Experience"),
    Kind.CASE: _p("thread", "Case question"),
    Kind.DISPUTE: _p("thread", "Objection"),
}
KIND_HINTS: Final[dict[str, Any]] = {
    Kind.QUESTION: _l("Question: how is this meant, how is this done?"),
    Kind.EXPERIENCE: _l("Experience: how it went in your practice"),
    Kind.DISPUTE: _l("Objection: something here is wrong or not safe"),
}
STATES: Final[dict[str, Any]] = {
    PostState.VISIBLE: _p("post", "visible"),
    PostState.HELD: _p("post", "waits for a moderator"),
    PostState.HIDDEN: _p("post", "hidden until a moderator decides"),
    PostState.REMOVED: _p("post", "removed"),
    PostState.DELETED: _p("post", "taken back"),
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
    FlagState.OPEN: _p("flag", "waits for a moderator"),
    FlagState.AGREED: _p("flag", "agreed: the post was removed"),
    FlagState.DISAGREED: _p("flag", "not agreed: the post stays"),
    FlagState.IGNORED: _p("flag", "set aside: the post stays"),
}
APPEAL_STATES: Final[dict[str, Any]] = {
    AppealState.OPEN: _p("appeal", "waits for a second moderator"),
    AppealState.GRANTED: _p("appeal", "granted"),
    AppealState.REFUSED: _p("appeal", "not granted"),
}
WAITS: Final[dict[str, Any]] = {
    Waits.SAFETY: _l("Safety: patient or dangerous advice"),
    Waits.HELD: _l("Posts of new members"),
    Waits.FLAG: _l("Other flags"),
    Waits.APPEAL: _l("Appeals about posts"),
    Waits.SANCTION_APPEAL: _l("Appeals about sanctions"),
    Waits.FOLLOW_UP: _l("Cases without follow-up"),
}
AGE_BANDS: Final[dict[str, Any]] = {
    AgeBand.UNDER_18: _p("age", "under 18"),
    AgeBand.TO_24: _p("age", "18 to 24"),
    AgeBand.TO_34: _p("age", "25 to 34"),
    AgeBand.TO_44: _p("age", "35 to 44"),
    AgeBand.TO_54: _p("age", "45 to 54"),
    AgeBand.FROM_55: _p("age", "55 and over"),
}
SEXES: Final[dict[str, Any]] = {
    Sex.FEMALE: _p("sex", "female"),
    Sex.MALE: _p("sex", "male"),
    Sex.NOT_SAID: _p("sex", "not said"),
}
OUTCOMES: Final[dict[str, Any]] = {
    Outcome.BETTER: _p("case", "Better"),
    Outcome.SAME: _p("case", "No change"),
    Outcome.WORSE: _p("case", "Worse"),
    Outcome.LEFT: _p("case", "Left treatment"),
    Outcome.UNKNOWN: _p("case", "Not known"),
}
FOUND: Final[dict[str, Any]] = {
    "full_date": _l("a whole date"),
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
