"""Administration of a country's accounts: decisions, roles, login sessions, lost factors, the audit."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import COUNTRY_NAMES, PROOFINGS, ROLE_NAMES, ProofingForm, ReasonForm, RolesForm
from portal.accounts.models import RoleRequest, User
from portal.accounts.policies import can_confirm_role, can_decide
from portal.accounts.rules import Proofing
from portal.accounts.security.guard import fresh
from portal.accounts.services import accounts, factor, logins, reading, roles
from portal.accounts.views import event_words
from portal.accounts.views.blueprint import blueprint
from portal.accounts.views.factor import me as this_user
from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import DomainError, Invalid
from portal.core.forms import PlainForm
from portal.core.permissions import Permission, Role, has_permission
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404, requires

Page = str | Response | tuple[str, int]
P = Permission
PAGE = 50


@blueprint.get("/admin")
@requires()
def admin() -> str:
    """What waits for this administrator, and the country's accounts."""
    actor, now = current_actor(), utcnow()
    if not any(has_permission(actor, p) for p in (P.APPROVE_ACCOUNT, P.READ_AUDIT_ALL)):
        abort(403)
    return render_template(
        "accounts/admin.html",
        now=now,
        may_decide=has_permission(actor, P.APPROVE_ACCOUNT),
        waiting=queries.list_waiting(actor.country),
        role_requests=[r for r in queries.list_role_requests(now=now) if can_confirm_role(actor, r)],
        resets=[r for r in queries.list_factor_resets(now=now) if can_decide(actor, r.user)],
        users=queries.list_users(actor.country, after=web.number_asked("after"), limit=PAGE),
        page_size=PAGE,
        plain=PlainForm(),
        role_names=ROLE_NAMES,
        proofings=PROOFINGS,
    )


@blueprint.get("/admin/accounts/<int:user_id>")
@requires(P.APPROVE_ACCOUNT)
@fresh
def account(user_id: int) -> str:
    return _page(_of_country(user_id))


@blueprint.post("/admin/accounts/<int:user_id>/approve")
@requires(P.APPROVE_ACCOUNT)
@fresh
def approve(user_id: int) -> Page:
    user, form = _of_country(user_id), RolesForm()
    if not form.validate_on_submit():
        return _page(user, roles=form), 422
    try:
        accounts.approve(user, _chosen(form), by=current_actor(), now=utcnow())
    except Invalid as refusal:
        return _page(_of_country(user_id), roles=_with_fault(form, "roles", refusal)), 422
    return _done(user_id, _("The account is open. The person is told by mail."))


@blueprint.post("/admin/accounts/<int:user_id>/refuse")
@requires(P.APPROVE_ACCOUNT)
@fresh
def refuse(user_id: int) -> Page:
    user, form = _of_country(user_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(user, reason=form), 422
    accounts.refuse(user, form.text("reason"), by=current_actor(), now=utcnow())
    return _done(user_id, _("The account is refused. The person is told by mail."))


@blueprint.post("/admin/accounts/<int:user_id>/roles")
@requires(P.GRANT_ROLE)
@fresh
def change_roles(user_id: int) -> Page:
    user, form = _of_country(user_id), RolesForm()
    if not form.validate_on_submit():
        return _page(user, roles=form), 422
    try:
        roles.change_roles(user, _chosen(form), by=current_actor(), now=utcnow())
    except DomainError as refusal:
        return _page(_of_country(user_id), roles=_with_fault(form, "roles", refusal)), refusal.status
    return _done(user_id, _("The roles are changed. Weighty ones wait for a second administrator."))


@blueprint.post("/admin/accounts/<int:user_id>/<any(disable, enable, end_logins):verb>")
@requires(P.APPROVE_ACCOUNT)
@fresh
def decide(user_id: int, verb: str) -> Response:
    user, by, now = _of_country(user_id), current_actor(), utcnow()
    if verb == "end_logins":
        logins.end_all_logins(user, by=by, now=now)
        return _done(user_id, _("Every login session of this account is ended."))
    if verb == "disable":
        accounts.disable(user, by=by, now=now)
        return _done(user_id, _("The account is closed and signed out everywhere."))
    accounts.enable(user, by=by, now=now)
    return _done(user_id, _("The account is open again."))


@blueprint.post("/admin/accounts/<int:user_id>/lost-factor")
@requires(P.APPROVE_ACCOUNT)
@fresh
def lost_factor(user_id: int) -> Page:
    user, form = _of_country(user_id), ProofingForm()
    if not form.validate_on_submit():
        return _page(user, proofing=form), 422
    factor.ask_factor_reset(user, Proofing(form.text("proofing")), by=current_actor(), now=utcnow())
    return _done(user_id, _("Noted. A second administrator has to confirm it within 72 hours."))


@blueprint.post("/admin/factor-resets/<int:reset_id>/confirm")
@requires(P.APPROVE_ACCOUNT)
@fresh
def confirm_factor_reset(reset_id: int) -> Response:
    reset = get_or_404(queries.find_factor_reset(reset_id, current_actor().country))
    factor.confirm_factor_reset(reset, by=current_actor(), now=utcnow())
    web.flash_done(_("The second factor is removed. The person sets up a new one at the next sign-in."))
    return redirect(url_for("accounts.admin"))


@blueprint.post("/admin/role-requests/<int:request_id>/<any(confirm, refuse):answer>")
@requires(P.GRANT_ROLE)
@fresh
def role_request(request_id: int, answer: str) -> Response:
    asked: RoleRequest = get_or_404(queries.find_role_request(request_id))
    verb = roles.confirm_role if answer == "confirm" else roles.refuse_role
    verb(asked, by=current_actor(), now=utcnow())
    web.flash_done(_("Your answer is recorded."))
    return redirect(url_for("accounts.admin"))


@blueprint.get("/admin/audit")
@requires()
def audit_log() -> str:
    """What people of the own country did. Reading it is recorded too."""
    if not any(has_permission(current_actor(), p) for p in (P.READ_AUDIT_COUNTRY, P.READ_AUDIT_ALL)):
        abort(403)
    before = web.number_asked("before") or None
    events = reading.read_audit(by=this_user(), before=before, limit=PAGE)
    about = {int(event.object_id) for event in events if event.object_type == "user"}
    return render_template(
        "accounts/audit.html", events=events, page_size=PAGE, words=event_words,
        names=queries.names_of({event.actor_id for event in events}),
        people=queries.names_of(about, country=current_actor().country),
        linked=has_permission(current_actor(), P.APPROVE_ACCOUNT),
    )  # fmt: skip


def _of_country(user_id: int) -> User:
    """An account of another country answers like one that does not exist."""
    user: User = get_or_404(queries.find_in_country(user_id, current_actor().country))
    return user


def _chosen(form: RolesForm) -> frozenset[Role]:
    return frozenset(Role(code) for code in form.roles.data or ())


def _with_fault(form: RolesForm, name: str, refusal: DomainError) -> RolesForm:
    form.add_fault(name, sentence(refusal))
    return form


def _done(user_id: int, text: str) -> Response:
    web.flash_done(text)
    return redirect(url_for("accounts.account", user_id=user_id))


def _page(user: User, **forms: Any) -> str:
    held = [role.name for role in user.roles]
    asked = [] if user.state == "active" else [r for r in (user.requested_role,) if r != Role.MEMBER]
    given: dict[str, Any] = {
        "roles": RolesForm(formdata=None, roles=held or asked),
        "reason": ReasonForm(formdata=None),
        "proofing": ProofingForm(formdata=None),
    } | forms
    shown = next((f for f in forms.values() if f.errors), given["roles"])
    return render_template(
        "accounts/account.html", user=user, form=shown, plain=PlainForm(), role_names=ROLE_NAMES,
        countries=COUNTRY_NAMES, may_decide=can_decide(current_actor(), user),
        logins=queries.list_logins(user.id), asked_roles=queries.list_asked_roles(user.id, now=utcnow()),
        **given,
    )  # fmt: skip
