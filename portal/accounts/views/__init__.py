"""Pages of accounts: sign-in, registration, the own account, administration."""

from portal.accounts.security.wiring import init_app
from portal.accounts.views import messages, sign_in
from portal.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "init_app", "messages", "sign_in"]
