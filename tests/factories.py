"""People, centres and programmes for tests: plain functions, built through services."""

import itertools
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from portal.accounts.models import TERMS_VERSION, User
from portal.accounts.security.passwords import hash_password
from portal.accounts.services import factor, logins
from portal.accounts.services.accounts import NewAccount, create_account
from portal.accounts.services.terms import accept_terms
from portal.core.db import utcnow
from portal.core.permissions import SYSTEM, Role
from portal.programmes.models import Organisation, Programme
from portal.programmes.services import Description, add_staff, register_organisation, register_programme

PASSWORD = "a long sentence for tests"
_number = itertools.count(1)


def make_user(
    *roles: Role | str, country: str = "IR", organisation: Organisation | None = None, **more: Any
) -> User:
    """An active account with these roles, its password `PASSWORD` and a second factor.

    `more` may hold email, name, language, affiliation, totp_secret (None: no factor), now.
    """
    n, now = next(_number), more.pop("now", None) or utcnow()
    values = {
        "email": f"person{n}@example.org", "name": f"Person {n}", "country": country,
        "roles": frozenset(Role(role) for role in roles), "password_hash": hash_password(PASSWORD),
        "totp_secret": factor.new_secret(),
    }  # fmt: skip
    user = create_account(NewAccount(**(values | more)), by=SYSTEM, now=now)
    if organisation is not None:
        add_staff(organisation, user, by=SYSTEM, now=now)
    return user


def enter_as(browser: FlaskClient, user: User, *, second_factor: bool = True, terms: bool = True) -> None:
    """Open a login session for this browser, as the pages of sign-in do."""
    now = utcnow()
    if terms:
        accept_terms(user, TERMS_VERSION, by=user, now=now)
    seen = logins.Browser("127.0.0.0/24", "other")
    token = logins.open_login(user, seen, second_factor=second_factor, by=user, now=now)
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update({"sid": token, "_user_id": user.fs_uniquifier, "_fresh": True})


def make_organisation(country: str = "IR", *, name: str = "", now: datetime | None = None) -> Organisation:
    name = name or f"Centre {next(_number)}"
    return register_organisation(name, country, by=SYSTEM, now=now or utcnow())


def make_programme(
    country: str = "IR",
    *,
    modality: str | tuple[str, ...] = "",
    organisation: Organisation | None = None,
    synthetic: bool = False,
    **more: Any,
) -> Programme:
    """A programme of a centre of its own. `more` may replace any descriptor, or hold now."""
    now = more.pop("now", None) or utcnow()
    given = modality or ("M20" if country == "IR" else "M40")
    codes = (given,) if isinstance(given, str) else given
    values = {
        "name": f"Programme {next(_number)}", "admin1_group": f"{country}1", "centre_type": 1, "ownership": 1,
        "planned_duration_days": 0, "start_month": "2023-07",
        "modalities": tuple((code, "2023-07") for code in codes),
    }  # fmt: skip
    described = Description(**(values | more))
    organisation = organisation or make_organisation(country, now=now)
    return register_programme(organisation, described, synthetic=synthetic, by=SYSTEM, now=now)
