"""Another e-mail address for the own account: asked for here, confirmed by a link sent to it."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.forms import NewAddressForm
from portal.accounts.security import cookies
from portal.accounts.security.guard import fresh
from portal.accounts.services import address as verbs
from portal.accounts.services import registration
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.factor import me as this_user
from portal.accounts.views.registration import dead_link, fence
from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import Conflict, Invalid
from portal.core.forms import PlainForm
from portal.core.sentences import sentence
from portal.core.web import requires

Page = str | Response | tuple[str, int]


@blueprint.route("/me/email", methods=["GET", "POST"])
@requires()
@fresh
def email() -> Page:
    """The answer is the same whether the address is free or has an account."""
    form, user = NewAddressForm(), this_user()
    if form.validate_on_submit():
        fence("email", user.email)
        try:
            verbs.ask_address(user, form.text("email"), by=user)
        except Invalid as refusal:
            form.add_fault("email", sentence(refusal))
        else:
            web.flash_done(
                _("If the address can be used, a link is on its way to it. It works once, for one hour.")
            )
            return redirect(url_for("accounts.me"))
    return render_template("accounts/email.html", form=form, user=user), 422 if form.errors else 200


@blueprint.route("/me/email/<token>", methods=["GET", "POST"])
@requires()
def email_confirm(token: str) -> Page:
    """Opening the link changes nothing: mail programs open links by themselves."""
    user, form, now = this_user(), PlainForm(), utcnow()
    holder, address = registration.find_holder("email", token, now=now), verbs.address_in(token)
    if holder is None or holder.id != user.id or address is None:
        return dead_link()
    if form.validate_on_submit():
        try:
            verbs.confirm_address(token, by=user, now=now, keep=cookies.this_login().id)
        except Conflict:
            return dead_link()
        cookies.prove_again(user)
        web.flash_done(_("Your address is changed. You are signed out everywhere else."))
        return redirect(url_for("accounts.me"))
    page = render_template("accounts/email_confirm.html", form=form, user=user, address=address)
    return page, 422 if form.errors else 200
