"""Signing in and out, the second step, and proving again who one is."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.forms import CodeForm, ProofForm, SignInForm
from portal.accounts.models import User
from portal.accounts.security import cookies, entry
from portal.accounts.services import factor
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.factor import me
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.web import own_path, public, requires

Page = str | Response | tuple[str, int]
KEPT = "kept-"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    form = SignInForm()
    if form.validate_on_submit():
        now, network = utcnow(), cookies.this_browser().network
        user = entry.check_password(form.text("email"), form.text("password"), network=network, now=now)
        if user is not None:
            return _next_step(user)
        form.form_errors.append(_("Address or password is wrong, or the account is not open yet."))
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> Page:
    user = entry.first_step(now=utcnow())
    if user is None:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        network = cookies.this_browser().network
        if entry.check_code(user, form.text("code"), network=network, now=utcnow()):
            cookies.sign_in(user, second_factor=True)
            return redirect(_target())
        form.add_fault("code", _("This code is not valid. Wait for the next one and enter it."))
    return render_template("accounts/code.html", form=form), 422 if form.errors else 200


@blueprint.post("/sign-out")
@requires()
def sign_out() -> Response:
    cookies.sign_out()
    return redirect(url_for("pages.home"))


@blueprint.route("/sign-in/again", methods=["GET", "POST"])
@requires()
def again() -> Page:
    """Password and code once more, before something weighty; the answers of a form come along and stay."""
    kept = _kept()
    arrived = request.method == "POST" and not _proves()
    form = ProofForm(formdata=None) if arrived else ProofForm()
    if not arrived and form.validate_on_submit():
        if _is_proof(form):
            cookies.prove_again(me(), second_factor=me().has_factor)
            return _send_on(kept) if kept else redirect(_target())
        form.form_errors.append(_("Password or code is wrong."))
    page = render_template("accounts/again.html", form=form, has_factor=me().has_factor, kept=kept)
    return page, 422 if form.errors else 200


def _kept() -> list[tuple[str, str]]:
    """(name, value) of every answer that waits for the proof, as the form sent it."""
    if _proves():
        pairs = request.form.items(multi=True)
        return [(name.removeprefix(KEPT), value) for name, value in pairs if name.startswith(KEPT)]
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _proves() -> bool:
    """Whether this is the form of the proof, and not one on its way through."""
    return "proof" in request.form or set(request.form) <= {"csrf_token", "password", "code"}


def _send_on(kept: list[tuple[str, str]]) -> str:
    return render_template("accounts/send_on.html", form=PlainForm(), kept=kept, target=_target())


def _is_proof(form: ProofForm) -> bool:
    user, now, network = me(), utcnow(), cookies.this_browser().network
    if entry.check_password(user.email, form.text("password"), network=network, now=now) is None:
        return False
    return not user.has_factor or entry.check_code(user, form.text("code"), network=network, now=now)


def _next_step(user: User) -> Response:
    if not user.has_factor and user.needs_factor:
        factor.propose_secret(user, by=user, now=utcnow())
    if user.has_factor:
        entry.remember_first_step(user, now=utcnow())
        return redirect(url_for("accounts.code", next=request.args.get("next")))
    cookies.sign_in(user, second_factor=False)
    return redirect(_target())


def _target() -> str:
    return own_path(request.args.get("next"), url_for("pages.home"))
