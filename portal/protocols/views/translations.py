"""Translators and their reviewers: the matrix, and one protocol in one language, text by text."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm
from portal.core.permissions import Permission, has_permission
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import LANGUAGES
from portal.protocols.forms import labels
from portal.protocols.forms.dose_words import unmarked
from portal.protocols.forms.editing import UnitForm
from portal.protocols.models import ProtocolVersion
from portal.protocols.policies import (
    CLINICIANS,
    can_approve_unit,
    can_release_translation,
    can_return_unit,
    can_translate,
)
from portal.protocols.queries.matrix import list_matrix
from portal.protocols.queries.translations import (
    UnitView,
    find_texts,
    list_releases,
    list_views,
)
from portal.protocols.queries.versions import find_current
from portal.protocols.services import releasing
from portal.protocols.services import translations as verbs
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol, show_refusal
from portal.protocols.views.places import Place, place_of, places_of

PER_PAGE = 50
TARGET = "<any(en, ru, fa):target>"


def _open_to_translators() -> None:
    """Translators, their reviewers, clinicians and editors."""
    actor = current_actor()
    offices = (Permission.TRANSLATE, Permission.APPROVE_TRANSLATION, Permission.SCREEN_PROTOCOL)
    if not (actor.role_codes & CLINICIANS or any(has_permission(actor, office) for office in offices)):
        abort(403)


@blueprint.get("/translations")
@requires()
def matrix() -> str:
    _open_to_translators()
    given = request.args.get("after", "0")
    after = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    rows = list_matrix(after=after, limit=PER_PAGE)
    older = rows[-1].version.protocol_id if len(rows) == PER_PAGE else None
    titles = find_texts([row.version for row in rows], ("title",), i18n.current())
    shown = {"rows": rows, "titles": titles, "labels": labels, "languages": LANGUAGES, "older": older}
    return render_template("protocols/matrix.html", **shown)


@blueprint.get(f"/translations/<public_id>/{TARGET}")
@requires()
def translation(public_id: str, target: str) -> str:
    _open_to_translators()
    version = _version(public_id, target)
    return render_template("protocols/translation.html", **_bench(version, target))


def _version(public_id: str, target: str) -> ProtocolVersion:
    protocol = seen_protocol(public_id)
    if target == protocol.source_lang:
        abort(404)
    version: ProtocolVersion = get_or_404(find_current(protocol.id))
    return version


def _bench(
    version: ProtocolVersion, target: str, failed: tuple[str, UnitForm] | None = None
) -> dict[str, Any]:
    """Every text beside its translation, with what this person may do to it."""
    actor = current_actor()
    views = list_views(version, target)
    key, form = failed or ("", None)
    places = places_of([view.source.key for view in views], *_kept_at(version, target))
    forms = {view.source.key: _filled(view, places[view.source.key]) for view in views}
    if form is not None:
        forms[key] = form
    return {
        "version": version,
        "target": target,
        "views": views,
        "forms": forms,
        "places": places,
        "labels": labels,
        "unmarked": unmarked,
        "may_write": can_translate(actor),
        "may_approve": {
            v.source.key
            for v in views
            if v.latest and can_approve_unit(actor, v.latest, clinical=v.source.is_clinical)
        },
        "may_return": {v.source.key for v in views if v.latest and can_return_unit(actor, v.latest)},
        "may_release": can_release_translation(actor),
        "released": list_releases(version.id).get(target),
        "plain": PlainForm(),
        "form": form,
    }


def _kept_at(version: ProtocolVersion, target: str) -> tuple[str, str, str]:
    return "unit", version.protocol.public_id, target


def _filled(view: UnitView, place: Place) -> UnitForm:
    """The field begins with what its writer left, else with the newest text, also where it is out of date."""
    latest = view.latest
    given = {"body": latest.text, "revision": latest.revision} if latest else {"body": "", "revision": 0}
    return place.fill(UnitForm, **given) if place.kept else UnitForm(formdata=None, **given)


@blueprint.post(f"/translations/<public_id>/{TARGET}/unit/<key>")
@requires()
def translate(public_id: str, target: str, key: str) -> Page:
    _open_to_translators()
    version, form = _version(public_id, target), UnitForm()
    what = request.form.get("do", "save")
    if what not in ("save", "submit") or form.validate():
        try:
            _acts(version, target, key, form)[what]()
        except KeyError:
            abort(400)
        except DomainError as refusal:
            show_refusal(form, refusal)
            form.theirs = refusal.values.get("theirs")
        else:
            place_of(*_kept_at(version, target), key).leave()
            web.flash_done(_("Done."))
            return redirect(_address(version, target) + f"#unit-{key}")
    return render_template("protocols/translation.html", **_bench(version, target, (key, form))), 422


def _acts(version: ProtocolVersion, target: str, key: str, form: UnitForm) -> dict[str, Callable[[], Any]]:
    by, now = current_actor(), utcnow()

    text, revision, reason = form.text("body"), _revision(form), form.text("reason")
    said: dict[str, Any] = {"revision": revision, "by": by, "now": now}
    return {
        "save": lambda: verbs.save_unit(version, key, target, text, **said),
        "submit": lambda: verbs.save_and_submit(version, key, target, text, reason=reason, **said),
        "approve": lambda: verbs.approve_unit(version, key, target, by=by, now=now),
        "return": lambda: verbs.return_unit(version, key, target, form.text("remark"), by=by, now=now),
        "confirm": lambda: verbs.confirm_unit(version, key, target, by=by, now=now, reason=reason),
    }


def _revision(form: UnitForm) -> int:
    typed = str(form.revision.data or "")
    return int(typed) if typed.isascii() and typed.isdigit() else 0


@blueprint.post(f"/translations/<public_id>/{TARGET}/approve")
@requires()
def approve_all(public_id: str, target: str) -> Response:
    """Approve everything that waits and that this person may approve."""
    _open_to_translators()
    version, actor = _version(public_id, target), current_actor()
    keys = [
        view.source.key
        for view in list_views(version, target)
        if view.latest
        and view.latest.state == "needs_review"
        and view.latest.source_hash == view.source.source_hash
        and can_approve_unit(actor, view.latest, clinical=view.source.is_clinical)
    ]
    verbs.approve_units(version, keys, target, by=actor, now=utcnow())
    web.flash_done(_("Done."))
    return redirect(_address(version, target))


@blueprint.post(f"/translations/<public_id>/{TARGET}/publish")
@requires()
def publish_translation(public_id: str, target: str) -> Page:
    _open_to_translators()
    version, form = _version(public_id, target), PlainForm()
    verb = releasing.publish_translation
    if attempt(form, lambda: verb(version, target, by=current_actor(), now=utcnow())):
        web.flash_done(_("The translation is published."))
        return redirect(_address(version, target))
    return render_template("protocols/translation.html", **(_bench(version, target) | {"form": form})), 422


def _address(version: ProtocolVersion, target: str) -> str:
    return url_for("protocols.translation", public_id=version.protocol.public_id, target=target)
