"""Signing in and out, the second step, and proving again who one is."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.forms import CodeForm, ProofForm, SignInForm
from portal.accounts.models import User
from portal.accounts.security import cookies, entry, kept
from portal.accounts.services import factor
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.factor import me
from portal.core import web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.web import own_path, public, requires

Page = str | Response | tuple[str, int]
KEPT = "kept-"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """What a form sent whose session had ended arrives here (307), stays sealed and is sent on at the end."""
    arrived = web.has_typed() and not {"email", "password"} & set(request.form)
    form = SignInForm(formdata=None) if arrived else SignInForm()
    along = kept.seal(_target(), now=utcnow()) if arrived else request.form.get("kept", "")
    if not arrived and form.validate_on_submit():
        now, network = utcnow(), cookies.this_browser().network
        user = entry.check_password(form.text("email"), form.text("password"), network=network, now=now)
        if user is not None:
            return _next_step(user, along)
        form.form_errors.append(_("Address or password is wrong, or the account is not open yet."))
    page = sign_in_page(form, target=request.args.get("next"), kept=along, ended=arrived)
    return page, 422 if form.errors else 200


def sign_in_page(form: SignInForm, *, target: str | None, kept: str = "", ended: bool = False) -> str:
    """`ended` says that a session ended; `kept` is what its form sent, sealed."""
    return render_template("accounts/sign_in.html", form=form, target=target, kept=kept, ended=ended)


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
            return _arrive(user, request.form.get("kept", ""))
        form.add_fault("code", _("This code is not valid. Wait for the next one and enter it."))
    return _code_page(form, request.form.get("kept", "")), 422 if form.errors else 200


@blueprint.post("/sign-out")
@requires()
def sign_out() -> Response:
    cookies.sign_out()
    return redirect(url_for("pages.home"))


@blueprint.route("/sign-in/again", methods=["GET", "POST"])
@requires()
def again() -> Page:
    """Password and code once more, before something weighty; the answers of a form come along and stay."""
    waiting = _waiting()
    arrived = request.method == "POST" and not _proves()
    form = ProofForm(formdata=None) if arrived else ProofForm()
    if not arrived and form.validate_on_submit():
        if _is_proof(form):
            cookies.prove_again(me(), second_factor=me().has_factor)
            return _send_on(waiting, _target()) if waiting else redirect(_target())
        form.form_errors.append(_("Password or code is wrong."))
    page = render_template("accounts/again.html", form=form, has_factor=me().has_factor, kept=waiting)
    return page, 422 if form.errors else 200


def _waiting() -> list[tuple[str, str]]:
    """(name, value) of every answer that waits for the proof, as the form sent it."""
    if _proves():
        pairs = request.form.items(multi=True)
        return [(name.removeprefix(KEPT), value) for name, value in pairs if name.startswith(KEPT)]
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _proves() -> bool:
    """Whether this is the form of the proof, and not one on its way through."""
    return "proof" in request.form or set(request.form) <= {"csrf_token", "password", "code"}


def _send_on(pairs: list[tuple[str, str]], target: str) -> str:
    return render_template(
        "accounts/send_on.html", form=PlainForm(), kept=pairs, target=target, title=_("It is you")
    )


def _is_proof(form: ProofForm) -> bool:
    user, now, network = me(), utcnow(), cookies.this_browser().network
    if entry.check_password(user.email, form.text("password"), network=network, now=now) is None:
        return False
    return not user.has_factor or entry.check_code(user, form.text("code"), network=network, now=now)


def _next_step(user: User, along: str) -> str | Response:
    if not user.has_factor and user.needs_factor:
        factor.propose_secret(user, by=user, now=utcnow())
    if not user.has_factor:
        cookies.sign_in(user, second_factor=False)
        return _arrive(user, along)
    entry.remember_first_step(user, now=utcnow())
    if along:
        return _code_page(CodeForm(formdata=None), along)
    return redirect(url_for("accounts.code", next=request.args.get("next")))


def _code_page(form: CodeForm, along: str) -> str:
    return render_template("accounts/code.html", form=form, target=request.args.get("next"), kept=along)


def _arrive(user: User, along: str) -> str | Response:
    """Where the person was going; what the form of an ended session sent is offered to be sent now."""
    form = kept.unseal(along, user, now=utcnow())
    if form is not None:
        return _send_on(form.pairs, form.path)
    return redirect(web.page_above(_target()) if along else _target())


def _target() -> str:
    return own_path(request.args.get("next"), url_for("pages.home"))
