"""What a form sent when its login session had ended: sealed into the pages of sign-in, opened after them.

The server keeps nothing, and nobody can read it in the page. It opens within an hour, and only for the person
whose session it was, where the cookie still tells.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import request, session

from portal.accounts.models import User, opened, sealed
from portal.core.web import has_typed

KEPT_SECONDS: Final = 3600
MOST_BYTES: Final = 1_400_000  # sealed it is a third longer, and a form holds two million
TOKEN: Final = "csrf_token"  # noqa: S105 # the name of a field


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was sent, and (name, value) of each answer."""

    path: str
    pairs: list[tuple[str, str]]


def is_from_own_page() -> bool:
    """Whether the browser says so. A form of another site is never kept: it would be sent as one's own."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def answers() -> list[tuple[str, str]]:
    """(name, value) of what the form of this request holds; nothing of one with a password or files."""
    if not has_typed() or any(name.endswith("password") for name in request.form):
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if not name.endswith(TOKEN)]


def seal(path: str, *, now: datetime) -> str:
    """The answers of this request, for `path` after sign-in; empty where there is nothing to keep."""
    pairs = answers()
    whose = str(session.get("_user_id", ""))
    text = json.dumps([int(now.timestamp()), whose, path, pairs], ensure_ascii=False)
    return sealed(text) if pairs and len(text.encode()) < MOST_BYTES else ""


def unseal(kept: str, user: User, *, now: datetime) -> KeptForm | None:
    """The answers, for the right person and in time."""
    text = opened(kept) if kept else None
    if text is None:
        return None
    at, whose, path, pairs = json.loads(text)
    if now.timestamp() - at > KEPT_SECONDS or whose not in ("", user.fs_uniquifier):
        return None
    return KeptForm(path, [(name, value) for name, value in pairs])
