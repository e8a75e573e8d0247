"""Login sessions and the cookie. The cookie alone is worth nothing: the table decides on every request."""

import ipaddress
import re
from typing import Final

from flask import Response, after_this_request, g, request, session
from flask_login import current_user
from flask_security.utils import login_user, logout_user

from portal.accounts.models import LoginSession, User, token_hash
from portal.accounts.queries import find_login
from portal.accounts.rules import idle_limit, is_alive
from portal.accounts.services import logins
from portal.accounts.services.logins import Browser
from portal.core.db import utcnow

FAMILIES: Final = (
    ("Edge", r"Edg/"), ("Opera", r"OPR/"), ("Yandex Browser", r"YaBrowser/"), ("Firefox", r"Firefox/"),
    ("Chrome", r"Chrome/"), ("Safari", r"Safari/"),
)  # fmt: skip


def this_browser() -> Browser:
    """Where the request comes from, cut to a network (/24, /48) and a family of programs."""
    return Browser(cut_network(request.remote_addr or ""), family(request.headers.get("User-Agent", "")))


def cut_network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    size = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{size}", strict=False))


def family(agent: str) -> str:
    return next((name for name, mark in FAMILIES if re.search(mark, agent)), "other")


def load_user(uniquifier: str) -> User | None:
    """Flask-Login's question for each request: the account, if cookie and table agree."""
    found = find_login(token_hash(str(session.get("sid", ""))))
    if found is None:
        return None
    login, user = found
    now = utcnow()
    alive = is_alive(created=login.created_at, seen=login.seen_at, idle=idle_limit(user.role_codes), now=now)
    if user.fs_uniquifier != uniquifier or not alive:
        return None
    g.login_session = login
    if now - login.seen_at > logins.SEEN_EVERY:
        logins.mark_seen(login.id, now=now)
    return user


def this_login() -> LoginSession:
    """The login session of the running request; only behind `requires`."""
    assert current_user.is_authenticated
    login: LoginSession = g.login_session
    return login


def sign_in(user: User, *, second_factor: bool) -> None:
    """Open a login session under a new id. Nothing of the visitor's session is kept."""
    token = logins.open_login(user, this_browser(), second_factor=second_factor, by=user, now=utcnow())
    session.clear()
    g.pop("csrf_token", None)
    session["sid"] = token
    login_user(user, remember=False)


def prove_again(user: User, *, second_factor: bool = False) -> None:
    """The person gave password and code again: a new id, and five fresh minutes."""
    session["sid"] = logins.renew(this_login(), by=user, now=utcnow(), second_factor=second_factor)


def sign_out() -> None:
    """End the login session on the server and clear the browser's copies of pages."""
    user = current_user._get_current_object()  # noqa: SLF001 # the service needs the object itself
    logins.end_login(user, this_login().id, by=user, now=utcnow())
    logout_user()
    session.clear()

    @after_this_request
    def clear(response: Response) -> Response:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
