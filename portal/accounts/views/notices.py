"""The notification centre: what the reader was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import ROLE_NAMES
from portal.accounts.services import notices as verbs
from portal.accounts.views.blueprint import blueprint
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.notify import words
from portal.core.notify.tables import Notice
from portal.core.permissions import Role
from portal.core.web import current_actor, requires

PAGE = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in the reader's language."""

    id: int
    subject: str
    lines: list[str]
    has_link: bool
    at: datetime
    is_read: bool


def init_app(app: Flask) -> None:
    """The count in the page head, and names of roles for the mails."""
    app.jinja_env.globals["unread_notices"] = lambda: queries.count_unread(current_actor().id)
    app.jinja_env.filters["role_name"] = _role_name


@blueprint.get("/me/notices")
@requires()
def notices() -> str:
    before = web.number_asked("before") or None
    found = queries.list_notices(current_actor().id, before=before, limit=PAGE + 1)
    return render_template(
        "accounts/notices.html",
        told=[_in_words(notice) for notice in found[:PAGE]],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        before=before,
        plain=PlainForm(),
    )


@blueprint.get("/me/notices/<int:notice_id>")
@requires()
def open_notice(notice_id: int) -> Response:
    """To the thing that a notice speaks of. Going there reads the notice."""
    notice = web.get_or_404(queries.find_notice(notice_id, current_actor().id))
    link = words(notice.key, notice.values, i18n.current()).link
    verbs.mark_read(notice_id, by=current_actor(), now=utcnow())
    path = link.removeprefix(current_app.config["BASE_URL"].rstrip("/"))
    return redirect(web.own_path(path, url_for("accounts.notices")))


@blueprint.post("/me/notices/<int:notice_id>/read")
@requires()
def read_notice(notice_id: int) -> Response:
    verbs.mark_read(notice_id, by=current_actor(), now=utcnow())
    return redirect(url_for("accounts.notices"))


@blueprint.post("/me/notices/read")
@requires()
def read_notices() -> Response:
    verbs.mark_all_read(by=current_actor(), now=utcnow())
    web.flash_done(_("Everything is marked as read."))
    return redirect(url_for("accounts.notices"))


def _in_words(notice: Notice) -> Told:
    said = words(notice.key, notice.values, i18n.current())
    return Told(
        notice.id, said.subject, said.lines, bool(said.link), notice.created_at, notice.read_at is not None
    )


def _role_name(code: str) -> Any:
    return ROLE_NAMES.get(Role(code), code)
