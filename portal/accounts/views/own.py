"""The own account: data, language, password, login sessions, second factor; the terms of use."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import ROLE_NAMES, ChangePasswordForm, ProfileForm, TermsForm
from portal.accounts.models import TERMS_VERSION
from portal.accounts.rules import password_fault
from portal.accounts.security import cookies, entry
from portal.accounts.security.passwords import hash_password
from portal.accounts.services import logins, profile, registration
from portal.accounts.services import terms as term_verbs
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.factor import me as this_user
from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import Problem
from portal.core.forms import PlainForm
from portal.core.permissions import Role
from portal.core.sentences import sentence
from portal.core.web import own_path, public, requires

Page = str | Response | tuple[str, int]


@blueprint.get("/me")
@requires()
def me() -> str:
    return _page(ProfileForm(obj=this_user()), ChangePasswordForm(prefix="p-"))


@blueprint.post("/me")
@requires()
def me_change() -> Page:
    form = ProfileForm()
    if form.validate_on_submit():
        user = this_user()
        profile.change_profile(
            user, form.text("name"), form.text("affiliation"), form.text("language"), by=user
        )
        web.flash_done(_("Saved."))
        return redirect(url_for("accounts.me", lang=user.language))
    return _page(form, ChangePasswordForm(prefix="p-")), 422


@blueprint.post("/me/password")
@requires()
def me_password() -> Page:
    form = ChangePasswordForm(prefix="p-")
    if form.validate_on_submit() and _is_change_good(form):
        user, keep = this_user(), cookies.this_login().id
        registration.change_password(
            user, hash_password(form.text("password")), by=user, now=utcnow(), keep=keep
        )
        cookies.prove_again(user)
        web.flash_done(_("Your password is changed. You are signed out everywhere else."))
        return redirect(url_for("accounts.me"))
    return _page(ProfileForm(formdata=None, obj=this_user()), form), 422


@blueprint.post("/me/logins/<int:login_id>/end")
@requires()
def me_end_login(login_id: int) -> Response:
    logins.end_login(this_user(), login_id, by=this_user(), now=utcnow())
    web.flash_done(_("This login session is ended."))
    return redirect(url_for("accounts.me"))


@blueprint.post("/me/logins/end")
@requires()
def me_end_logins() -> Response:
    user = this_user()
    logins.end_all_logins(user, by=user, now=utcnow(), keep=cookies.this_login().id)
    web.flash_done(_("You are signed out everywhere else."))
    return redirect(url_for("accounts.me"))


@blueprint.route("/terms-of-use", methods=["GET", "POST"])
@public
def terms() -> Page:
    form = TermsForm()
    actor = web.actor_or_none()
    if actor and form.validate_on_submit():
        term_verbs.accept_terms(this_user(), request.form.get("version", ""), by=this_user(), now=utcnow())
        return redirect(own_path(request.args.get("next"), url_for("pages.home")))
    accepted = queries.find_acceptance(actor.id, TERMS_VERSION) if actor else None
    page = render_template("accounts/terms.html", form=form, version=TERMS_VERSION, accepted=accepted)
    return page, 422 if form.errors else 200


def _is_change_good(form: ChangePasswordForm) -> bool:
    user, network = this_user(), cookies.this_browser().network
    if entry.check_password(user.email, form.text("current"), network=network, now=utcnow()) is None:
        form.add_fault("current", sentence(Problem("current", "password_wrong")))
        return False
    fault = password_fault(form.text("password"), email=user.email, name=user.name)
    if fault:
        form.add_fault("password", sentence(Problem("password", fault)))
    return fault is None


def _page(form: ProfileForm, password: ChangePasswordForm) -> str:
    user = this_user()
    values: dict[str, Any] = {
        "user": user,
        "roles": [ROLE_NAMES[Role(held.name)] for held in user.roles],
        "logins": queries.list_logins(user.id),
        "here": cookies.this_login().id,
        "codes_left": queries.count_recovery_codes(user.id),
        "plain": PlainForm(),
    }
    shown = password if password.errors else form
    return render_template("accounts/me.html", form=shown, profile=form, password=password, **values)
