"""The matrix of translations and the list of what waits in one language."""

from datetime import timedelta
from typing import Any

from flask import abort, render_template, request

from portal.accounts.queries import find_user
from portal.core import i18n
from portal.core.db import utcnow
from portal.core.web import current_actor, requires
from portal.protocols.dictionary import COUNTRIES, LANGUAGES
from portal.protocols.forms import labels
from portal.protocols.policies import can_discuss_unit, can_judge_complaint, can_judge_sample
from portal.protocols.queries.complaints import list_complaints_waiting
from portal.protocols.queries.matrix import Row, Wanted, list_matrix
from portal.protocols.queries.releases import list_source_changes
from portal.protocols.queries.sampling import list_drawn, list_error_rates
from portal.protocols.queries.translation_work import list_own_drafts
from portal.protocols.queries.translations import find_texts
from portal.protocols.views.blueprint import blueprint
from portal.protocols.views.complaints import name_of

PER_PAGE = 50
MOST = 5000
AT_A_TIME = 25
WEEK = timedelta(days=7)


@blueprint.get("/translations")
@requires()
def matrix() -> str:
    if not can_discuss_unit(current_actor()):
        abort(403)
    asked, page = _asked(), _page()
    wanted = Wanted(
        (asked["lang"],) if asked["lang"] else LANGUAGES, asked["country"],
        stale_first=asked["stale"], no_translator=asked["free"],
    )  # fmt: skip
    rows = list_matrix(wanted, page=page, limit=PER_PAGE + 1)
    shown = _named(rows[:PER_PAGE]) | {"asked": asked, "languages": wanted.langs, "page": page}
    return render_template("protocols/matrix.html", **shown, more=len(rows) > PER_PAGE, now=utcnow())


def _asked() -> dict[str, Any]:
    """The filters of the address; what is not on the lists counts as not asked."""
    lang, country = request.args.get("lang", ""), request.args.get("country", "")
    return {
        "lang": lang if lang in LANGUAGES else "",
        "country": country if country in COUNTRIES else "",
        "stale": "stale" in request.args,
        "free": "free" in request.args,
    }


def _page() -> int:
    given = request.args.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 5 else 1


def _named(rows: list[Row]) -> dict[str, Any]:
    titles = find_texts([row.version for row in rows], ("title",), i18n.current())
    own = find_user(current_actor().id)
    return {"rows": rows, "titles": titles, "labels": labels, "own_language": own.language if own else ""}


@blueprint.get("/translations/work")
@requires()
def translation_work() -> str:
    """What waits in one language: the reader's own unless another is asked for."""
    actor, lang = current_actor(), request.args.get("of", "")
    if not can_discuss_unit(actor):
        abort(403)
    lang = lang if lang in LANGUAGES else i18n.current()
    rows = _sorted_out(list_matrix(Wanted((lang,), stale_first=True), limit=MOST), lang)
    every = [row for held in rows.values() for row in held]
    shown = _named(every) | {"queues": rows} | _waiting(lang)
    return render_template(
        "protocols/translation_work.html", **shown, target=lang, languages=LANGUAGES, now=utcnow()
    )


def _sorted_out(rows: list[Row], lang: str) -> dict[str, list[Row]]:
    """Protocols by what they ask for, each in one list, the most urgent first."""
    queues: dict[str, list[Row]] = {"stale_clinical": [], "waiting": [], "stale_editorial": [], "open": []}
    for row in rows:
        cell = row.cells[lang]
        asks = {
            "stale_clinical": cell.stale_clinical,
            "waiting": cell.waiting,
            "stale_editorial": cell.stale_editorial,
            "open": cell.state in ("not_started", "in_progress"),
        }
        name = next((name for name, holds in asks.items() if holds and not cell.is_source), "")
        if name and len(queues[name]) < AT_A_TIME:
            queues[name].append(row)
    return queues


def _waiting(lang: str) -> dict[str, Any]:
    actor = current_actor()
    complaints = list_complaints_waiting() if can_judge_complaint(actor) else ()
    return {
        "drafts": list_own_drafts(actor, lang),
        "samples": [
            drawn
            for drawn in list_drawn()
            if drawn.sample.lang == lang
            and can_judge_sample(actor, drawn.sample.unit, clinical=drawn.is_clinical)
        ],
        "complaints": [(said, protocol) for said, protocol in complaints if said.lang == lang],
        "changes": list_source_changes(lang, since=utcnow() - WEEK),
        "rates": list_error_rates(),
        "name_of": name_of,
    }
