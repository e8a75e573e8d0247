"""Who may sign in to the demonstration: one account for each role and country, with keys of this instance.

Password and authenticator keys are derived from the instance's own key: two demonstrations share none.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from portal.core.permissions import Role

NO_DEMONSTRATION: Final = (
    "this is no demonstration: set PORTAL_DEMONSTRATION=1 for `portal init` and what follows"
)
LANGUAGES: Final = {"IR": "fa", "RU": "ru"}
NAMES: Final = {
    "IR": (
        "سارا رستمی", "آرش کاظمی", "مینا صادقی", "بهرام توکلی", "لیلا فرهادی", "کاوه نیک‌نام", "شیرین مرادی",
        "پدرام یوسفی", "نسرین جلالی", "فرزاد امینی", "مریم هاشمی", "سیامک رضوی", "الهام قاسمی",
    ),
    "RU": (
        "Анна Соколова", "Илья Морозов", "Мария Лебедева", "Павел Орлов", "Ольга Зайцева", "Денис Крылов",
        "Елена Громова", "Артём Белов", "Нина Фомина", "Сергей Жуков", "Вера Тихонова", "Глеб Носов",
        "Ирина Савина",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One invented account holder."""

    role: Role
    country: str
    name: str

    @property
    def email(self) -> str:
        return f"{self.role.value.replace('_', '-')}.{self.country.lower()}@demo.example"

    @property
    def language(self) -> str:
        return LANGUAGES[self.country]


def everyone() -> Iterator[Person]:
    """One person for each role in each country."""
    for country, names in NAMES.items():
        for role, name in zip(Role, names, strict=True):
            yield Person(role, country, name)


def password_of(key: bytes) -> str:
    """The password that all demonstration accounts of this instance share."""
    letters = base64.b32encode(_derived(key, "password")).decode().lower()
    return "-".join(letters[place : place + 4] for place in range(0, 20, 4))


def secret_of(key: bytes, email: str) -> str:
    """The authenticator key of one account, the same each time the demonstration is rebuilt."""
    return base64.b32encode(_derived(key, "totp", email)[:20]).decode()


def _derived(key: bytes, *parts: str) -> bytes:
    return hmac.new(key, "\x1f".join(("demonstration", *parts)).encode(), hashlib.sha256).digest()


def make_accounts(*, now: Any) -> dict[tuple[Role, str], Any]:
    """Create everybody through the services; returns the accounts by role and country."""
    from portal.accounts.security.passwords import hash_password
    from portal.accounts.services.accounts import NewAccount, create_account
    from portal.core.permissions import SYSTEM
    from portal.extensions import keys

    hashed = hash_password(password_of(keys.field))  # one password, so one hash: each takes long by design
    made = {}
    for person in everyone():
        roles = frozenset({person.role} - {Role.MEMBER})
        secret = secret_of(keys.field, person.email) if roles else None
        new = NewAccount(
            email=person.email, name=person.name, country=person.country, language=person.language,
            affiliation="SYNTHETIC", roles=roles, password_hash=hashed, totp_secret=secret,
        )  # fmt: skip
        made[person.role, person.country] = create_account(new, by=SYSTEM, now=now)
    return made
