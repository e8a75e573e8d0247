"""Sentences for the refusal codes of accounts."""

from flask_babel import lazy_gettext as _l

from portal.accounts.forms import NOBODY
from portal.core.sentences import register_messages

register_messages(
    {
        "account_exists": _l("There is already an account with this address."),
        "administrator_exists": _l("There is an administrator already. Ask this person for an account."),
        "code_wrong": _l("This code is not valid. Wait for the next one and enter it."),
        "country_unknown": _l("Choose one of the listed countries."),
        "credentials_wrong": _l("Address, password or code is wrong."),
        "email_same": _l("This is the present address of your account."),
        "email_unreadable": _l("Write an e-mail address, for example name@hospital.org."),
        "key_expired": _l("This key has run out: it holds for ten minutes. Make a new one."),
        "last_administrator": _l("This is the last administrator of the country. Appoint another one first."),
        "link_used": _l("This link was used before or has run out. Ask for a new one."),
        "own_account": _l("Nobody decides about the own account. Ask another administrator."),
        "password_common": _l("This password is easy to guess. Choose another one."),
        "password_long": _l("A password has at most 128 characters."),
        "password_short": _l("A password needs at least 15 characters."),
        "password_wrong": _l("The present password is not right."),
        "reason_missing": _l("Write the reason."),
        "request_expired": _l("This request was decided already or is older than 72 hours."),
        "role_unknown": _l("Choose one of the listed roles."),
        "roles_incompatible": _l("One person must not hold these two roles together."),
        "second_person_needed": _l("Another administrator has to confirm this."),
        "terms_outdated": _l("The terms of use have changed meanwhile. Read the present version."),
        "text_identifies": NOBODY,
        "token_account": _l("The account of this token is not open. Sign in, or ask your administrator."),
        "token_expired": _l("This token has expired. Make a new one on your account page."),
        "token_revoked": _l("This token was revoked. Make a new one on your account page."),
        "token_scope": _l("This token is not good for that: make one with the scope %(scope)s."),
        "token_unknown": _l(
            "This token is not known. Send it as: Authorization: Bearer, a space, the token."
        ),
        "tokens_enough": _l("You have %(most)s tokens. Revoke one that you no longer need."),
        "too_many_attempts": _l("Too many attempts. Wait 15 minutes, then try again."),
        "unknown_account": _l("There is no active account with this address."),
    }
)
