"""The moderators' queue: everything of the discussion that waits, decided without leaving the page.

A decision leads back to the queue as it was filtered, at the next thing that waits. A refusal keeps what was
written in the form of its thing.
"""

from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PortalForm
from portal.core.permissions import Permission
from portal.core.richtext import to_html
from portal.core.web import current_actor, get_or_404, requires
from portal.discussion import policies
from portal.discussion.dictionary import LANGUAGES, Verdict, Waits
from portal.discussion.forms import labels
from portal.discussion.forms.deciding import AnswerForm, ConcernForm, JudgeForm
from portal.discussion.queries import flags as flag_queries
from portal.discussion.queries.items import load_items
from portal.discussion.queries.people import count_sanctions, find_authors
from portal.discussion.queries.posts import find_post
from portal.discussion.queries.queue import count_marks, list_marks
from portal.discussion.queries.subjects import find_subjects
from portal.discussion.queries.threads import find_thread
from portal.discussion.services import appealing, cases, doubting, judging
from portal.moderation.queries.sources import list_waiting
from portal.moderation.views.blueprint import attempt, blueprint
from portal.moderation.views.queue import KINDS

MODERATE: Final = Permission.MODERATE
AT_ONCE: Final = 20
DONE: Final[dict[str, Any]] = {
    "accept": _l("The post is published."),
    "remove": _l("The post is removed; its author was told why and may appeal."),
    "agree": _l("The post is removed; its author and who flagged it were told."),
    "disagree": _l("The post stays; who flagged it was told."),
    "ignore": _l("The flag was set aside; the post stays."),
}
Page = str | Response | tuple[str, int]


@blueprint.get("/queue/discussion")
@requires(MODERATE)
def discussion() -> str:
    return _page({})


@blueprint.post("/queue/posts/<int:post_id>")
@requires(MODERATE)
def judge(post_id: int) -> Page:
    post = get_or_404(find_post(post_id))
    form, verdict = JudgeForm(prefix=f"p{post_id}-"), request.form.get("verdict", "")
    if form.validate_on_submit() and attempt(form, lambda: _judge(post, verdict, form)):
        web.flash_done(str(DONE.get(verdict, "")))
        return _next()
    return _page({("post", post_id): form}), 422


@blueprint.post("/queue/posts/<int:post_id>/concern")
@requires(MODERATE)
def raise_concern(post_id: int) -> Page:
    """The protocol that a flagged post is about goes under concern; the post still waits for a decision."""
    post, form = get_or_404(find_post(post_id)), ConcernForm(prefix=f"c{post_id}-")
    lang, by, now, verb = i18n.current(), current_actor(), utcnow(), doubting.doubt_protocol
    if form.validate_on_submit() and attempt(
        form, lambda: verb(post, form.text("body"), lang, by=by, now=now)
    ):
        web.flash_done(_("The protocol is under concern. Readers see the notice; followers were told."))
        return _next()
    return _page({("concern", post_id): form}), 422


@blueprint.post("/queue/appeals/<int:appeal_id>")
@requires(MODERATE)
def decide_appeal(appeal_id: int) -> Page:
    appeal = get_or_404(flag_queries.find_appeal(appeal_id))
    form, granted = AnswerForm(prefix=f"a{appeal_id}-"), request.form.get("verdict") == "grant"
    by, now, decide = current_actor(), utcnow(), appealing.decide
    if form.validate_on_submit() and attempt(
        form, lambda: decide(appeal, form.text("answer"), granted=granted, by=by, now=now)
    ):
        web.flash_done(_("The appeal is decided; its author was told."))
        return _next()
    return _page({("appeal", appeal_id): form}), 422


@blueprint.post("/queue/cases/<int:thread_id>")
@requires(MODERATE)
def remind(thread_id: int) -> Response:
    thread = get_or_404(find_thread(thread_id))
    cases.ask(thread, by=current_actor(), now=utcnow())
    web.flash_done(_("The author is asked again."))
    return _next()


def _judge(post: Any, verdict: str, form: JudgeForm) -> None:
    by, now = current_actor(), utcnow()
    code, reason = form.text("reason_code"), form.text("reason")
    if verdict == Verdict.ACCEPT:
        judging.accept(post, by=by, now=now)
    elif verdict == "remove":
        judging.remove(post, code, reason, by=by, now=now)
    else:
        judging.decide_flags(post, verdict, code, reason, by=by, now=now)


def _page(forms: dict[tuple[str, int], PortalForm]) -> str:
    """The queue; `forms` are those that were refused, with what was written."""
    now, actor, (kind, lang) = utcnow(), current_actor(), _asked()
    every = list_marks()
    marks = [m for m in every if (not kind or m.kind == kind) and (not lang or m.lang == lang)]
    first = min(web.number_asked("from"), max(0, len(marks) - 1))
    last = first + AT_ONCE
    items = load_items(marks[first:last])
    people = find_authors({person for item in items for person in item.ids})
    about = {item.thread.protocol_id for item in items if item.thread and item.thread.protocol_id}
    return render_template(
        "moderation/discussion.html", items=items, people=people, labels=labels, now=now, kind=kind,
        lang_of=lang, counts=count_marks(every, now=now), behind=max(0, len(marks) - last), can=policies,
        rich=to_html, subjects=find_subjects(about, i18n.current()), sanctions=count_sanctions(people),
        form_of=_form_of(forms), others=[q for q in list_waiting(actor, now=now) if q.kind != "moderation"],
        concern_form_of=_concern_of(forms), GRAVE=Waits.SAFETY,
        kinds=KINDS, refused=next(iter(forms.values()), None), older=_further(last, len(marks)),
        newer=_further(max(0, first - AT_ONCE), len(marks)) if first else None, start=first,
    )  # fmt: skip


def _form_of(refused: dict[tuple[str, int], PortalForm]) -> Any:
    """The form of one thing: as it was refused, else a fresh one."""

    def form(item: Any) -> PortalForm:
        if item.appeal:
            known = refused.get(("appeal", item.appeal.id))
            return known or AnswerForm(formdata=None, prefix=f"a{item.appeal.id}-")
        known = refused.get(("post", item.post.id))
        code = item.flags[0].reason if item.flags else "off_topic"
        return known or JudgeForm(formdata=None, prefix=f"p{item.post.id}-", reason_code=code)

    return form


def _concern_of(refused: dict[tuple[str, int], PortalForm]) -> Any:
    """The form about the protocol, begun with what the clinician noted."""

    def form(item: Any) -> PortalForm:
        known = refused.get(("concern", item.post.id))
        noted = next((flag.note for flag in item.flags if flag.note), "")
        return known or ConcernForm(formdata=None, prefix=f"c{item.post.id}-", body=noted)

    return form


def _further(start: int, total: int) -> str | None:
    """Another page of the same list, if anything stands there."""
    kind, lang = _asked()
    more: dict[str, Any] = {"kind": kind or None, "lang_of": lang or None, "from": start or None}
    return url_for("moderation.discussion", **more) if start < total else None


def _asked() -> tuple[str, str]:
    kind, lang = request.args.get("kind", ""), request.args.get("lang_of", "")
    return kind if kind in set(Waits) else "", lang if lang in LANGUAGES else ""


def _next() -> Response:
    """Back to the queue as it was filtered: the first thing that waits has the place of the decided one."""
    kind, lang = _asked()
    return redirect(
        url_for("moderation.discussion", kind=kind or None, lang_of=lang or None, _anchor="waiting")
    )
