"""Rules on plain values: one-time codes, passwords, roles that need more than one person. No database."""

import hashlib
import hmac
import re
import struct
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.core import identifiers
from portal.core.permissions import INCOMPATIBLE, Role

COUNTRIES: Final = ("IR", "RU")
STEP_SECONDS: Final = 30
IDLE: Final = timedelta(minutes=20)
IDLE_ADMINISTRATOR: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=12)
FRESH: Final = timedelta(minutes=5)
SECOND_WITHIN: Final = timedelta(hours=72)
ADMINISTRATORS: Final = frozenset({Role.COUNTRY_ADMIN, Role.SYSTEM_ADMIN})
PASSWORD_LENGTH: Final = (15, 128)
# A second administrator confirms these: they decide about other people, releases or the machine.
WEIGHTY: Final = frozenset(
    {Role.MODERATOR, Role.ALERT_PANEL, Role.FOCAL_POINT, Role.COUNTRY_ADMIN, Role.SYSTEM_ADMIN}
)
REQUESTABLE: Final = (
    Role.MEMBER, Role.CLINICIAN, Role.TRANSLATOR, Role.LANGUAGE_REVIEWER, Role.CLINICAL_REVIEWER, Role.EDITOR,
    Role.RESEARCHER,
)  # fmt: skip
# Long enough for the length rule and still guessed first. Compared without case, spaces, digits and marks.
COMMON: Final = frozenset(
    {
        "password", "passwordpassword", "correcthorsebatterystaple", "qwertyuiop", "qwertyuiopasdfghjkl",
        "qwertyuiopqwertyuiop", "iloveyou", "iloveyouiloveyou", "letmeinletmein", "administrator",
        "administratoradministrator", "changeme", "changemechangeme", "welcome", "welcomewelcome",
        "thisismypassword", "mypasswordispassword", "treatmentexchange", "treatmentexchangeportal",
        "thetreatmentexchange", "addictiontreatment", "trustnoone", "asdfghjkl", "asdfghjklzxcvbnm",
        "qazwsxedcrfvtgb", "zxcvbnmasdfghjkl", "abcdefghijklmno", "abcdefghijklmnopqrstuvwxyz",
        "йцукенгшщзхъ", "йцукенгшщзхъфывапролджэ", "парольпароль", "ضصثقفغعهخحجچ", "رمزعبور",
    }
)  # fmt: skip


class Proofing(StrEnum):
    """How a person who lost the second factor was recognised. No word about the person goes along."""

    WORKPLACE_CALL = "workplace_call"
    IN_PERSON = "in_person"
    VIDEO_CALL = "video_call"
    COLLEAGUE = "colleague"


def holds_identifier(text: str, *, names: bool = True) -> bool:
    """Whether a text names somebody or holds a number of a person.

    Without `names` only numbers count: what people write of their own name and place of work looks like a
    name on purpose.
    """
    found = {hit.level for hit in identifiers.scan(text)}
    return bool(found & ({"block", "warn"} if names else {"block"}))


def needs_factor(roles: Iterable[Role]) -> bool:
    """Every account but a bare member signs in with two factors."""
    return bool(set(roles) - {Role.MEMBER})


def is_weighty(role: Role) -> bool:
    return role in WEIGHTY


def clash(roles: Iterable[Role]) -> frozenset[Role] | None:
    """The pair of roles that one person must not hold together, or None."""
    held = frozenset(roles)
    return next((pair for pair in INCOMPATIBLE if pair <= held), None)


def idle_limit(roles: Iterable[Role]) -> timedelta:
    return IDLE_ADMINISTRATOR if ADMINISTRATORS & set(roles) else IDLE


def is_alive(*, created: datetime, seen: datetime, idle: timedelta, now: datetime) -> bool:
    """Whether a login session still counts: neither idle too long nor older than a working day."""
    return now - seen < idle and now - created < LONGEST


def fold_email(address: str) -> str:
    """One form per mailbox, so that two spellings are one account."""
    return address.strip().casefold()


def password_fault(password: str, *, email: str = "", name: str = "") -> str | None:
    """Code of what is wrong with a new password, or None. No rule on its composition."""
    low, high = PASSWORD_LENGTH
    if len(password) < low:
        return "password_short"
    if len(password) > high:
        return "password_long"
    return "password_common" if _is_guessable(password, email, name) else None


def _is_guessable(password: str, email: str, name: str) -> bool:
    letters = "".join(c for c in password.casefold() if c.isalpha())
    own = {_letters(email), _letters(email.split("@", 1)[0]), _letters(name)} - {""}
    return (
        len(set(password)) < 5
        or letters in COMMON | own
        or bool(re.fullmatch(r"(.{1,6})\1+", password.casefold()))
        or password.casefold() in _RUNS
    )


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


_RUNS: Final = frozenset(
    ("1234567890" * 13)[start : start + size] for start in range(10) for size in range(15, 129)
)


def step_at(seconds: float) -> int:
    return int(seconds) // STEP_SECONDS


def code_at(key: bytes, step: int) -> str:
    """The six digits of one 30-second step (RFC 6238 with SHA-1, as authenticator programs expect)."""
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def matching_step(key: bytes, code: str, *, seconds: float, last: int) -> int | None:
    """The step within ±1 of now whose code this is, if it is later than the last one accepted."""
    now = step_at(seconds)
    found = None
    for step in (now - 1, now, now + 1):
        same = hmac.compare_digest(code_at(key, step).encode(), code.encode())
        found = step if same and step > last else found
    return found


# What can be followed, and how soon news of it come.
FOLLOWED: Final = ("protocol", "concept", "country", "language", "thread", "collection", "alerts")
RHYTHMS: Final = ("at_once", "daily", "weekly")
