"""Pages of accounts: sign-in, registration, the own account, administration."""

from portal.accounts.views import address, admin, factor, messages, own, registration, sign_in, tokens
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.ended import init_app

__all__ = [
    "address",
    "admin",
    "blueprint",
    "factor",
    "init_app",
    "messages",
    "own",
    "registration",
    "sign_in",
    "tokens",
]
