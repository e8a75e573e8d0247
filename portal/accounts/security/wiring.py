"""Flask-Security, used for what it does well: the login manager, the password context, its upgrade of hashes.

Its blueprint is off: its pages know neither the language prefix nor our order of sign-in. Its own sentences
never reach a reader. Principal asks for `user.roles`; permissions are checked by `core.permissions` alone.
"""

from typing import Any

from flask import Flask
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore

from portal.accounts.models import User, UserRole
from portal.accounts.security.cookies import load_user
from portal.accounts.security.guard import guard_second_factor
from portal.core.notify import notify
from portal.extensions import db


class QueuedMail(MailUtil):
    """Flask-Security's mail goes to the job table: no answer waits for a relay, or tells by waiting."""

    def __init__(self, app: Flask) -> None:
        """Flask-Security hands in the application."""

    def send_mail(self, *args: Any, **values: Any) -> None:  # noqa: ARG002 # our own text goes out
        notify(values["user"], "security")

    def normalize(self, email: str) -> str:
        return email.strip().casefold()

    def validate(self, email: str) -> str:
        return self.normalize(email)


def settings(app: Flask) -> dict[str, Any]:
    config = app.extensions["portal.config"]
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__rounds": 3, "argon2__memory_cost": config.password_memory_kib, "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
        "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
    }  # fmt: skip


def init_app(app: Flask) -> None:
    """Called by the factory before the blueprint is mounted."""
    app.config.from_mapping(settings(app))
    store = SQLAlchemyUserDatastore(db, User, UserRole)
    security = Security(app, store, register_blueprint=False, mail_util_cls=QueuedMail)
    security.login_manager.user_loader(load_user)
    security.login_manager.request_loader(lambda _request: None)
    security.login_manager.session_protection = None
    app.before_request(guard_second_factor)
