"""Reading: the list of threads with filters, open cases, one thread page by page."""

from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.accounts.queries import find_subscription
from portal.core import i18n, web
from portal.core.richtext import to_html
from portal.core.web import current_actor, requires
from portal.discussion import policies
from portal.discussion.dictionary import LANGUAGES, Kind
from portal.discussion.forms import labels
from portal.discussion.forms.writing import ReplyForm
from portal.discussion.models import Post, Thread
from portal.discussion.queries.people import list_named
from portal.discussion.queries.posts import find_post, page_of, read_page
from portal.discussion.queries.subjects import find_subjects
from portal.discussion.queries.threads import Filters, find_case, find_owner, list_threads
from portal.discussion.views.blueprint import blueprint, seen_post, seen_thread, why_not
from portal.protocols.queries.versions import find_protocol, find_version
from portal.vocabulary.queries import find_labels

PER_LIST: Final = 20
SHOWN: Final = {
    "": _l("All"),
    "open": _l("Open ones"),
    "mine": _l("Begun by me"),
}


@blueprint.get("/discussion")
@requires()
def threads() -> str:
    return _listing(_filters(), heading=None)


@blueprint.get("/discussion/cases")
@requires()
def cases() -> str:
    asked = _filters()
    open_cases = Filters(kind=Kind.CASE, lang=asked.lang, only_open=True)
    return _listing(open_cases, heading="cases")


@blueprint.get("/discussion/<int:thread_id>")
@requires()
def thread(thread_id: int) -> str:
    found, opening = seen_thread(thread_id)
    form = ReplyForm(lang=current_language())
    return show_thread(found, opening, form)


@blueprint.get("/discussion/posts/<int:post_id>")
@requires()
def post(post_id: int) -> Response:
    """The lasting address of a post: leads to its page of the thread."""
    return redirect(address_of(seen_post(post_id)))


def address_of(found: Post) -> str:
    page = page_of(found, current_actor())
    more: dict[str, Any] = {"page": page} if page > 1 else {}
    return url_for("discussion.thread", thread_id=found.thread_id, _anchor=f"p{found.id}", **more)


def show_thread(found: Thread, opening: Post, form: ReplyForm) -> str:
    """The page with the form of a reply under it, in a fixed number of queries."""
    actor, lang = current_actor(), i18n.current()
    named = list_named(found.id, owner_id=find_owner(found))
    version = find_version(found.version_id) if found.version_id else None
    return render_template(
        "discussion/thread.html", thread=found, opening=opening, form=form, labels=labels, rich=to_html,
        shown=read_page(found, actor, page=web.number_asked("page")), can=policies, number=version,
        subject=find_subjects({found.protocol_id} - {None}, lang).get(found.protocol_id or 0),  # type: ignore[arg-type] # no None is left
        case=told_of(found), answered=_answered(found), follows=follows(found),
        names=[person.name for person in named if person.id != actor.id], **why_not(opening),
    )  # fmt: skip


def told_of(found: Thread) -> dict[str, Any] | None:
    """The fixed answers of a case, with concepts in the reader's language."""
    case = find_case(found.id) if found.kind == Kind.CASE else None
    if case is None:
        return None
    return {"form": case, "names": find_labels({*case.substances, case.setting}, i18n.current())}


def follows(found: Thread) -> bool:
    return find_subscription(current_actor().id, "thread", str(found.id)) is not None


def current_language() -> str:
    """The language that a person most likely writes in: the account's."""
    chosen = getattr(current_actor(), "language", "")
    return chosen if chosen in LANGUAGES else i18n.current()


def _answered(found: Thread) -> Post | None:
    """The post that `?to=` names, when it belongs here and may be read."""
    other = find_post(web.number_asked("to"))
    fitting = other is not None and other.thread_id == found.id and policies.can_read(current_actor(), other)
    return other if fitting else None


def _filters() -> Filters:
    given = request.args
    protocol = find_protocol(given.get("protocol", "").strip().upper()[:12])
    return Filters(
        kind=given.get("kind", "") if given.get("kind", "") in set(Kind) else "",
        lang=given.get("lang_of", "") if given.get("lang_of", "") in LANGUAGES else "",
        protocol_id=protocol.id if protocol else None, block_key=given.get("block", "")[:36],
        only_open=given.get("show") == "open", only_own=given.get("show") == "mine",
    )  # fmt: skip


def _listing(filters: Filters, *, heading: str | None) -> str:
    lang, offset = i18n.current(), web.number_asked("from")
    lines, more = list_threads(current_actor(), filters, lang=lang, offset=offset, limit=PER_LIST)
    subject = (
        find_subjects({filters.protocol_id}, lang).get(filters.protocol_id) if filters.protocol_id else None
    )
    return render_template(
        "discussion/threads.html", lines=lines, filters=filters, heading=heading, labels=labels, shown=SHOWN,
        subject=subject, older=_page(offset + PER_LIST) if more else None,
        newer=_page(max(0, offset - PER_LIST)) if offset else None, asked=request.args, can=policies,
        chosen=_chosen(filters, heading=heading),
        **why_not(),
    )  # fmt: skip


def _chosen(filters: Filters, *, heading: str | None) -> list[tuple[Any, str]]:
    """What the list is narrowed to, in words, and the address of the list without it."""
    told: dict[str, Any] = {"lang_of": i18n.language_name(filters.lang) if filters.lang else ""}
    if not heading:
        shown = request.args.get("show", "")
        told |= {"kind": labels.KINDS.get(filters.kind, ""), "show": SHOWN.get(shown, "")}
    return [(text, _page(0, without=name)) for name, text in told.items() if request.args.get(name) and text]


def _page(offset: int, *, without: str = "") -> str:
    kept = {"kind", "lang_of", "protocol", "block", "show"} - {without}
    given: dict[str, Any] = {name: value for name, value in request.args.items() if name in kept}
    assert request.endpoint is not None
    if offset:
        given["from"] = offset
    return url_for(request.endpoint, **given)
