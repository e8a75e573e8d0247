"""Ending mails by the link in them, without a login.

Opening the link changes nothing: mail programs open links by themselves. A mail program's own button posts
to the same address (RFC 8058), from a machine that has neither a cookie nor a form token; the sealed link is
all that it needs.
"""

from flask import render_template

from portal.accounts.services import notices as verbs
from portal.accounts.views import notice_words
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.registration import dead_link
from portal.core.errors import NotFound
from portal.core.notify.unsubscribing import read_link_token
from portal.core.web import public
from portal.extensions import csrf

Page = str | tuple[str, int]


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> Page:
    found = read_link_token(token)
    return _page(found[1], done=False) if found else dead_link()


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt
@public
def end_mails(token: str) -> Page:
    try:
        return _page(verbs.unsubscribe(token), done=True)
    except NotFound:
        return dead_link()


def _page(key: str, *, done: bool) -> str:
    return render_template("accounts/unsubscribe.html", name=notice_words.KIND_NAMES.get(key), done=done)
