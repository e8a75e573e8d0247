"""The translators' bench: one protocol in one language, text by text; each text is a plain form."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm, PortalForm
from portal.core.web import current_actor, get_or_404, requires
from portal.protocols.dictionary import State
from portal.protocols.forms import labels, translating
from portal.protocols.forms.dose_words import DoseWords, in_words, unmarked
from portal.protocols.forms.editing import ReasonForm
from portal.protocols.forms.translating import UnitForm
from portal.protocols.models import ProtocolVersion
from portal.protocols.policies import (
    can_approve_unit,
    can_discuss_unit,
    can_judge_complaint,
    can_release_translation,
    can_return_unit,
    can_translate,
)
from portal.protocols.queries.bench import Card, list_cards, list_names
from portal.protocols.queries.memory import find_suggested
from portal.protocols.queries.releases import find_joint
from portal.protocols.queries.translations import UnitView, find_withdrawals, list_releases, list_views
from portal.protocols.queries.versions import find_current, find_open, list_blocks
from portal.protocols.services import complaints, keeping, releasing
from portal.protocols.services import translations as verbs
from portal.protocols.services.origins import origin_of
from portal.protocols.views.blueprint import Page, attempt, blueprint, seen_protocol, show_refusal
from portal.protocols.views.places import Place, place_of, places_of
from portal.vocabulary.queries import find_labels

TARGET = "<any(en, ru, fa):target>"
USE: Final = "use-"


def open_to_translators() -> None:
    """Translators, their reviewers, clinicians and editors."""
    if not can_discuss_unit(current_actor()):
        abort(403)


def version_of(public_id: str, target: str) -> ProtocolVersion:
    """The published version, or with `of=next` the accepted one, whose translation may be prepared."""
    protocol = seen_protocol(public_id)
    if target == protocol.source_lang:
        abort(404)
    ahead = find_open(protocol.id) if request.values.get("of") == "next" else None
    if request.values.get("of") == "next":
        version: ProtocolVersion = get_or_404(ahead if ahead and ahead.state == State.ACCEPTED else None)
    else:
        version = get_or_404(find_current(protocol.id))
    return version


@blueprint.get(f"/translations/<public_id>/{TARGET}")
@requires()
def translation(public_id: str, target: str) -> str:
    open_to_translators()
    version = version_of(public_id, target)
    return render_template("protocols/translation.html", **_bench(version, target))


def _bench(
    version: ProtocolVersion, target: str, failed: tuple[str, UnitForm] | None = None
) -> dict[str, Any]:
    """Every text beside its translation, with what this person may do to it."""
    cards = list_cards(version, target)
    key, form = failed or ("", None)
    places = places_of([card.view.source.key for card in cards], *_kept_at(version, target))
    forms = {card.view.source.key: _filled(card.view, places[card.view.source.key]) for card in cards}
    if form is not None:
        forms[key] = form
    shown: dict[str, Any] = {
        "cards": cards,
        "names": list_names(cards),
        "forms": forms,
        "places": places,
        "form": form,
    }
    last = max((card.view.latest.id for card in cards if card.view.latest), default=0)
    shown |= {"last_unit": last, "lines": _dose_lines(version)}
    return _heading(version, target) | _rights(cards) | shown


def _dose_lines(version: ProtocolVersion) -> dict[str, DoseWords]:
    """Dose lines in words: their conditions, such as "Then.", say nothing without the dose."""
    doses = [block for block in list_blocks(version.id) if block.kind == "dose"]
    drugs = find_labels([block.data.get("drug", "") for block in doses], i18n.current())
    return {
        block.block_key: in_words(block.data, drugs.get(block.data.get("drug", ""), "")) for block in doses
    }


def _heading(version: ProtocolVersion, target: str) -> dict[str, Any]:
    ahead = find_open(version.protocol_id)
    return {
        "version": version,
        "target": target,
        "labels": labels,
        "translating": translating,
        "unmarked": unmarked,
        "plain": PlainForm(),
        "next_version": ahead if ahead and ahead.state == State.ACCEPTED else None,
        "released": list_releases(version.id).get(target),
        "withdrawn": find_withdrawals([version.protocol_id]).get((version.protocol_id, target)),
        "joint": find_joint(version.id, target),
    }


def _rights(cards: Sequence[Card]) -> dict[str, Any]:
    actor = current_actor()
    views = {card.view.source.key: card.view for card in cards if card.view.latest}
    return {
        "may_write": can_translate(actor),
        "may_approve": {key for key, view in views.items() if _may_approve(view)},
        "may_return": {k for k, view in views.items() if view.latest and can_return_unit(actor, view.latest)},
        "may_release": can_release_translation(actor),
        "may_judge": can_judge_complaint(actor),
    }


def _may_approve(view: UnitView) -> bool:
    clinical, writers = view.source.is_clinical, view.writers
    return view.latest is not None and can_approve_unit(
        current_actor(), view.latest, clinical=clinical, writers=writers
    )


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
    open_to_translators()
    version, form = version_of(public_id, target), UnitForm()
    form.belong(key)
    what = request.form.get("do", "save")
    if what.startswith(USE):
        _use(_whole(what.removeprefix(USE)), target, place_of(*_kept_at(version, target), key), form)
        return redirect(address_of(version, target, key))
    if what not in ("save", "next", "submit") or form.validate():
        try:
            _acts(version, target, key, form)[what]()
        except KeyError:
            abort(400)
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            return _done(version, target, key, what)
    return render_template("protocols/translation.html", **_bench(version, target, (key, form))), 422


def _acts(version: ProtocolVersion, target: str, key: str, form: UnitForm) -> dict[str, Callable[[], Any]]:
    at = (version, key, target)
    said: dict[str, Any] = {"by": current_actor(), "now": utcnow()}
    text, remark, reason = form.text("body"), form.text("remark"), form.text("reason")

    def save() -> Any:
        origin = origin_of(*at, text, suggestion=_whole(form.suggestion.data))
        return verbs.save_unit(*at, text, revision=_whole(form.revision.data), origin=origin, **said)

    def submit() -> Any:
        origin = origin_of(*at, text, suggestion=_whole(form.suggestion.data))
        typed = verbs.Typed(text, _whole(form.revision.data), reason, origin)
        return verbs.save_and_submit(*at, typed, **said)

    return {
        "save": save,
        "next": save,
        "submit": submit,
        "approve": lambda: verbs.approve_unit(*at, seen=form.text("seen"), **said),
        "return": lambda: verbs.return_unit(*at, remark, **said),
        "confirm": lambda: verbs.confirm_unit(*at, reason=reason, seen=form.text("seen"), **said),
        "reopen": lambda: verbs.reopen_unit(*at, remark, **said),
        "comment": lambda: complaints.comment(*at, form.text("comment"), quote=form.text("quote"), **said),
    }


def _whole(typed: Any) -> int:
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _refused(form: UnitForm, refusal: DomainError) -> None:
    """The text stays in its field. Where somebody saved another one meanwhile, both stand there, and the next
    saving is against the newest.
    """
    show_refusal(form, refusal)
    form.theirs = refusal.values.get("theirs")
    if "revision" in refusal.values:
        form.revision.data = refusal.values["revision"]


def _done(version: ProtocolVersion, target: str, key: str, what: str) -> Response:
    if what in ("save", "next", "submit"):
        place_of(*_kept_at(version, target), key).leave()
    web.flash_done(_("Done."))
    return redirect(address_of(version, target, _next_key(version, target, key) if what == "next" else key))


def _next_key(version: ProtocolVersion, target: str, key: str) -> str:
    """The next text that a translator has something to do with; the same where there is none."""
    views = list_views(version, target)
    place = next((n for n, view in enumerate(views) if view.source.key == key), 0)
    ordered = [*views[place + 1 :], *views[:place]]
    waiting = ("untranslated", "draft", "stale_editorial", "stale_clinical")
    return next((view.source.key for view in ordered if view.standing in waiting), key)


def _use(number: int, target: str, place: Place, form: UnitForm) -> None:
    """Put a suggestion into the field, for its writer alone; what stood there before is kept beside it."""
    unit = get_or_404(find_suggested(number))
    text = unit.text if unit.lang == target else unit.source_text
    fields = {
        "body": [text],
        "revision": [str(_whole(form.revision.data))],
        "suggestion": [str(unit.id)],
        "before": [form.text("body")],
    }
    try:
        keeping.keep(place.name, fields, by=current_actor(), now=utcnow())
    except DomainError as refusal:
        web.flash_refused(refusal)


@blueprint.post(f"/translations/<public_id>/{TARGET}/approve")
@requires()
def approve_all(public_id: str, target: str) -> Response:
    """Approve everything that waits and that this person may approve."""
    open_to_translators()
    version, actor, last = version_of(public_id, target), current_actor(), _whole(request.form.get("seen"))
    waiting = {
        view.source.key: view
        for view in list_views(version, target)
        if view.standing == "needs_review" and _may_approve(view) and _was_shown(view, last)
    }
    seen = {key: view.mark for key, view in waiting.items()}
    verbs.approve_units(version, list(waiting), target, by=actor, now=utcnow(), seen=seen)
    web.flash_done(_("Done."))
    return redirect(address_of(version, target))


def _was_shown(view: UnitView, last: int) -> bool:
    """Revisions are numbered as they come: what is above the last one of the page came after it."""
    return not last or (view.latest is not None and view.latest.id <= last)


@blueprint.post(f"/translations/<public_id>/{TARGET}/publish")
@requires()
def publish_translation(public_id: str, target: str) -> Page:
    """Publish it now; of an accepted version, decide that it goes public together with the source, or not."""
    version, by = version_of(public_id, target), current_actor()
    now, what = utcnow(), request.form.get("do", "publish")
    acts: dict[str, Callable[[], Any]] = {
        "publish": lambda: releasing.publish_translation(version, target, by=by, now=now),
        "with_source": lambda: releasing.release_with_source(version, target, by=by, now=now),
        "alone": lambda: releasing.release_alone(version, target, by=by),
    }
    said = {
        "publish": _("The translation is published."),
        "with_source": _("The translation will be published together with its source."),
        "alone": _("The translation will not be published together with its source."),
    }
    return _settled(version, target, verb=acts.get(what), form=PlainForm(), said=said.get(what, ""))


@blueprint.post(f"/translations/<public_id>/{TARGET}/withdraw")
@requires()
def withdraw_translation(public_id: str, target: str) -> Page:
    version, form = version_of(public_id, target), ReasonForm()
    verb, reason, by, now = releasing.withdraw_translation, form.text("reason"), current_actor(), utcnow()
    said = _("The translation is withdrawn. Readers get the source.")
    act = lambda: verb(version, target, reason, by=by, now=now)  # noqa: E731 # passed on at once
    return _settled(version, target, verb=act, form=form, said=said)


def _settled(
    version: ProtocolVersion, target: str, *, verb: Callable[[], Any] | None, form: PortalForm, said: str
) -> Page:
    open_to_translators()
    if verb is None:
        abort(400)
    if attempt(form, verb):
        web.flash_done(said)
        return redirect(address_of(version, target))
    return render_template("protocols/translation.html", **(_bench(version, target) | {"form": form})), 422


def address_of(version: ProtocolVersion, target: str, key: str = "") -> str:
    """The bench of this version, at one of its texts where a key is given."""
    of = "next" if version.state == State.ACCEPTED else None
    address = url_for("protocols.translation", public_id=version.protocol.public_id, target=target, of=of)
    return f"{address}#unit-{key}" if key else address
