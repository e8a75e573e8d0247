"""Asking for an account, confirming an address, choosing a password by a link, the very first account."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import AddressForm, FirstForm, PasswordForm, RegistrationForm
from portal.accounts.rules import password_fault
from portal.accounts.security import cookies
from portal.accounts.security.passwords import hash_password
from portal.accounts.services import factor, registration, throttle
from portal.accounts.services.accounts import NewAccount
from portal.accounts.services.registration import Registration
from portal.accounts.views.blueprint import blueprint
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import Problem
from portal.core.permissions import SYSTEM
from portal.core.sentences import sentence
from portal.core.web import public

Page = str | Response | tuple[str, int]


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> Page:
    form = RegistrationForm(language=i18n.current())
    if form.validate_on_submit():
        fence("register", form.text("email"))
        registration.ask_registration(
            Registration(**{name: form[name].data for name in Registration.__slots__})
        )
        return redirect(url_for("accounts.sent", what="register"))
    return render_template("accounts/register.html", form=form), 422 if form.errors else 200


@blueprint.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> Page:
    form = AddressForm()
    if form.validate_on_submit():
        fence("reset", form.text("email"))
        registration.ask_reset(form.text("email"))
        return redirect(url_for("accounts.sent", what="reset"))
    return render_template("accounts/forgot.html", form=form), 422 if form.errors else 200


@blueprint.get("/sent/<any(register, reset):what>")
@public
def sent(what: str) -> str:
    """The same page for known and unknown addresses."""
    return render_template("accounts/sent.html", what=what)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> Page:
    form = PasswordForm()
    user = registration.find_holder("confirm", token, now=utcnow())
    if user is None:
        return dead_link()
    if form.validate_on_submit() and _is_good(form, email=user.email, name=user.name):
        registration.confirm_address(token, hash_password(form.text("password")), by=user, now=utcnow())
        return render_template("accounts/confirmed.html")
    return render_template("accounts/password.html", form=form, confirms=True), 422 if form.errors else 200


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@public
def choose_password(token: str) -> Page:
    form = PasswordForm()
    user = registration.find_holder("reset", token, now=utcnow())
    if user is None:
        return dead_link()
    if form.validate_on_submit() and _is_good(form, email=user.email, name=user.name):
        registration.reset_password(token, hash_password(form.text("password")), by=user, now=utcnow())
        web.flash_done(_("Your new password is set. Sign in with it."))
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/password.html", form=form, confirms=False), 422 if form.errors else 200


@blueprint.route("/first/<token>", methods=["GET", "POST"])
@public
def first(token: str) -> Page:
    """The first administrator, by the link that the start printed."""
    form = FirstForm()
    closed = queries.count_administrators() or not registration.is_token_open(
        "first_admin", token, now=utcnow()
    )
    if closed:
        return dead_link()
    if form.validate_on_submit() and _is_good(form, email=form.text("email"), name=form.text("name")):
        new = _first_account(form)
        user = registration.create_first_administrator(token, new, by=SYSTEM, now=utcnow())
        factor.propose_secret(user, by=user, now=utcnow())
        cookies.sign_in(user, second_factor=False)
        return redirect(url_for("accounts.factor"))
    return render_template("accounts/first.html", form=form), 422 if form.errors else 200


def _first_account(form: FirstForm) -> NewAccount:
    return NewAccount(
        email=form.text("email"),
        name=form.text("name"),
        country=form.text("country"),
        language=i18n.current(),
        password_hash=hash_password(form.text("password")),
    )


def fence(purpose: str, address: str) -> None:
    """Each wish counts: five in 15 minutes for an address from one network."""
    now, network = utcnow(), cookies.this_browser().network
    throttle.check_throttle(purpose, address, network, now=now)
    throttle.count_failure(purpose, address, network, now=now)


def _is_good(form: PasswordForm, *, email: str = "", name: str = "") -> bool:
    fault = password_fault(form.text("password"), email=email, name=name)
    if fault:
        form.add_fault("password", sentence(Problem("password", fault)))
    return fault is None


def dead_link() -> tuple[str, int]:
    return render_template("accounts/dead_link.html"), 404
