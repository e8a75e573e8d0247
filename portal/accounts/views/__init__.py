"""Pages of accounts: sign-in, registration, the own account, administration."""

from flask import Flask

from portal.accounts.services import digests  # its place on the calendar
from portal.accounts.views import (
    address,
    admin,
    ended,
    factor,
    following,
    messages,
    notice_settings,
    notices,
    own,
    registration,
    sign_in,
    tokens,
    unsubscribing,
)
from portal.accounts.views.blueprint import blueprint

__all__ = [
    "address",
    "admin",
    "blueprint",
    "digests",
    "factor",
    "following",
    "init_app",
    "messages",
    "notice_settings",
    "notices",
    "own",
    "registration",
    "sign_in",
    "tokens",
    "unsubscribing",
]


def init_app(app: Flask) -> None:
    """Called by the factory before the blueprint is mounted."""
    ended.init_app(app)
    notices.init_app(app)
    following.init_app(app)
