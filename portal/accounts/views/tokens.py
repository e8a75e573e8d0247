"""The own tokens for programs: make, list, revoke. A token is shown once, on the answer that makes it."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import SCOPE_NAMES, TokenForm
from portal.accounts.security.guard import fresh
from portal.accounts.services import tokens as verbs
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.factor import me
from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import Conflict, Invalid
from portal.core.forms import PlainForm
from portal.core.sentences import sentence
from portal.core.web import requires

Page = str | tuple[str, int]


@blueprint.get("/me/tokens")
@requires()
def tokens() -> str:
    return _page(TokenForm())


@blueprint.post("/me/tokens")
@requires()
@fresh
def token_new() -> Page:
    """The answer holds the token, so nothing may keep it: every signed-in page is `no-store`."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        secret = verbs.make_token(
            form.text("name"), form.scopes.data or [], int(form.text("days")), by=me(), now=utcnow()
        )
    except (Invalid, Conflict) as refusal:
        for fault in getattr(refusal, "problems", ()) or (refusal,):
            form.add_fault(getattr(fault, "field", "name"), sentence(fault))
        return _page(form), 422
    return _page(TokenForm(formdata=None), secret=secret)


@blueprint.post("/me/tokens/<int:token_id>/revoke")
@requires()
def token_revoke(token_id: int) -> Response:
    verbs.revoke_token(token_id, by=me(), now=utcnow())
    web.flash_done(_("This token is revoked: it opens nothing any longer."))
    return redirect(url_for("accounts.tokens"))


def _page(form: TokenForm, *, secret: str = "") -> str:
    return render_template(
        "accounts/tokens.html", form=form, secret=secret, tokens=queries.list_tokens(me().id), now=utcnow(),
        names=SCOPE_NAMES, plain=PlainForm(), example=f"{web.public_address()}/api/v1/own/versions",
    )  # fmt: skip
