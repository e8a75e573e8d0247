"""Running an edition: the list, freezing, the page of one, approving, building.

/<lang>/editions                    list; post freezes a new one, after password and code
/<lang>/editions/<name>             where it stands, counts and checks, never cells
/<lang>/editions/<name>/freeze      freeze again until publication, after password and code
/<lang>/editions/<name>/discard     give up what is frozen, after password and code
/<lang>/editions/<name>/approve     for one's own country, after password and code
/<lang>/editions/<name>/build       post: asks for the build · …/progress how far it is
"""

from flask import jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from analytics.disclosure.parameters import EDITION_PERSONS, EDITION_PERSONS_PER_COUNTRY
from portal.accounts.security.guard import fresh
from portal.core import web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.releases import queries
from portal.releases.forms import ApproveForm, FreezeAgainForm, FreezeForm
from portal.releases.views.blueprint import Page, attempt, blueprint
from portal.releases.views.showing import (
    context,
    is_repeated_approval,
    is_repeated_discard,
    is_repeated_freeze,
    show,
)
from portal.releases.workflow import APPROVAL_HOURS, FREEZE_DAYS, SETTLING_DAYS

P = Permission


@blueprint.get("/editions")
@requires(P.FREEZE_EDITION)
def editions() -> str:
    return _list(FreezeForm(formdata=None))


@blueprint.post("/editions")
@requires(P.FREEZE_EDITION)
@fresh
def freeze() -> Page:
    from portal.releases import services

    form, by, now = FreezeForm(), current_actor(), utcnow()
    if not form.validate_on_submit():
        return _list(form), 422
    name, day = form.text("name"), form.closing_on.data
    status = attempt(form, lambda: services.freeze(name, day, by=by, now=now, must_be_new=True))
    if status and not is_repeated_freeze(name, day, by=by, now=now):
        return _list(form), status
    web.flash_done(_("The edition is frozen. Now one administrator of each country approves it."))
    return redirect(url_for("releases.edition", name=name))


@blueprint.get("/editions/<name>")
@requires(P.APPROVE_EDITION)
def edition(name: str) -> str:
    return _page(name, PlainForm(formdata=None))


@blueprint.route("/editions/<name>/freeze", methods=["GET", "POST"])
@requires(P.FREEZE_EDITION)
@fresh
def freeze_again(name: str) -> Page:
    from portal.releases import services

    frozen, by, now = get_or_404(queries.find_freeze(name)), current_actor(), utcnow()
    form, status = FreezeAgainForm(closing_on=frozen.closing_on), 0
    if form.validate_on_submit():
        day = form.closing_on.data
        status = attempt(form, lambda: services.freeze(name, day, by=by, now=now))
        if not status:
            web.flash_done(_("The edition is frozen anew. Approvals of another content no longer hold."))
            return redirect(url_for("releases.edition", name=name))
    page = render_template("releases/freeze_again.html", form=form, **context(show(name, now=now), by))
    return page, status or (422 if form.errors else 200)


@blueprint.route("/editions/<name>/discard", methods=["GET", "POST"])
@requires(P.FREEZE_EDITION)
@fresh
def discard(name: str) -> Page:
    from portal.releases import services

    shown, by, now = show(name, now=utcnow()), current_actor(), utcnow()
    form, status = PlainForm(), 0
    if form.validate_on_submit():
        status = attempt(form, lambda: services.discard(name, by=by, now=now))
        if not status or is_repeated_discard(shown):
            web.flash_done(_("The freeze is given up. Its snapshot and its key are destroyed."))
            return redirect(url_for("releases.edition", name=name))
    page = render_template("releases/discard.html", form=form, **context(shown, by))
    return page, status or (422 if form.errors else 200)


@blueprint.route("/editions/<name>/approve", methods=["GET", "POST"])
@requires(P.APPROVE_EDITION)
@fresh
def approve(name: str) -> Page:
    from portal.releases import services

    shown, by, now = show(name, now=utcnow()), current_actor(), utcnow()
    form, status = ApproveForm(), 0
    if form.validate_on_submit():
        seen = form.text("seen")
        status = attempt(form, lambda: services.approve(name, by=by, now=now, seen=seen))
        if not status or is_repeated_approval(name, seen, by=by, now=now):
            web.flash_done(_("Your approval is recorded."))
            return redirect(url_for("releases.edition", name=name))
    form.seen.data = shown.seen
    page = render_template("releases/approve.html", form=form, hours=APPROVAL_HOURS, **context(shown, by))
    return page, status or (422 if form.errors else 200)


@blueprint.post("/editions/<name>/build")
@requires(P.BUILD_EDITION)
def build(name: str) -> Page:
    """Computing takes seconds to minutes: a job does it, and a second click finds it waiting."""
    from portal.releases import services

    get_or_404(queries.find_freeze(name))
    form, by, now = PlainForm(), current_actor(), utcnow()
    status = attempt(form, lambda: services.ask_build(name, by=by, now=now))
    return (_page(name, form), status) if status else redirect(url_for("releases.edition", name=name))


@blueprint.get("/editions/<name>/progress")
@requires(P.APPROVE_EDITION)
def progress(name: str) -> Response:
    """How far the build is, for the line on the page."""
    shown = show(name, now=utcnow())
    finished = not shown.is_queued
    answer = {"done": int(finished), "total": 1, "finished": finished, "text": _waiting(finished=finished)}
    return jsonify(answer | {"next": url_for("releases.edition", name=name)})


def _waiting(*, finished: bool) -> str:
    return _("The build has ended.") if finished else _("The figures are being computed.")


def _list(form: FreezeForm) -> str:
    from portal.releases.services import report_for

    now, reader = utcnow(), current_actor()
    names = [freeze.edition for freeze in queries.list_freezes()]
    names += [edition.name for edition in queries.list_editions()]
    editions = [show(name, now=now) for name in names]
    return render_template(
        "releases/editions.html", form=form, editions=editions,
        waiting=next((shown.freeze.edition for shown in editions if shown.is_open), None),
        counted={shown.freeze.id: report_for(shown.freeze, reader).persons for shown in editions},
        persons=EDITION_PERSONS, persons_per_country=EDITION_PERSONS_PER_COUNTRY, days=SETTLING_DAYS,
        open_days=FREEZE_DAYS,
    )  # fmt: skip


def _page(name: str, form: PlainForm) -> str:
    shown = show(name, now=utcnow())
    values = context(shown, current_actor()) | {"waiting": _waiting(finished=False)}
    return render_template("releases/edition.html", form=form, **values)
