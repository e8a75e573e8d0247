"""The own programme: its episodes as a work list, the search by case code, and where everything begins."""

import re
from datetime import date
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.db import utcnow
from portal.core.web import current_actor, requires
from portal.programmes.models import Programme
from portal.registry import queries, workflow
from portal.registry.dictionary import load
from portal.registry.forms.words import answer_in_words, read_case_code
from portal.registry.models import Episode
from portal.registry.views.blueprint import blueprint
from portal.registry.views.entry import own_programme, own_programmes
from portal.registry.views.entry_messages import SHOWN, STATES

PAGE: Final = 30


@blueprint.get("/programme")
@requires()
def my_programme() -> str | Response | tuple[str, int]:
    programmes = own_programmes()
    if not programmes:
        return render_template("registry/none.html")
    wanted = request.args.get("programme", "")
    chosen = own_programme(wanted) if wanted else programmes[0]
    typed = request.args.get("case", "").strip()[:100]
    code = read_case_code(typed) if typed else None
    found = queries.find_by_case_code(code, [p.code for p in programmes]) if code else None
    if found is not None:
        return redirect(url_for("registry.episode", number=found.number))
    values = _list(chosen) | {"programmes": programmes, "typed": typed, "read": code}
    return render_template("registry/programme.html", **values), 422 if typed and not code else 200


def _list(programme: Programme) -> dict[str, Any]:
    """One page of the work list."""
    today, shown = utcnow().date(), request.args.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    conditions = _conditions(programme, today)
    before = request.args.get("before", type=_key)
    rows = queries.list_episodes(
        programme.code, before_id=before, limit=PAGE + 1, where=conditions.get(shown)
    )
    return {
        "programme": programme, "rows": [_row(e, today) for e in rows[:PAGE]], "shown": shown, "shows": SHOWN,
        "older": rows[PAGE - 1].id if len(rows) > PAGE else None, "before": before,
        "due": {w: queries.count_episodes(programme.code, conditions[w]) for w in ("review", "follow_up")},
        "waiting": queries.count_waiting(current_actor().organisation_ids),
    }  # fmt: skip


def _key(text: str) -> int:
    """A key of a list; ValueError where the database could hold none such."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)


def _conditions(programme: Programme, today: date) -> dict[str, Any]:
    """What each narrowed list holds."""
    return {
        "open": workflow.still_open(),
        "review": workflow.where_review_due(today),
        "follow_up": workflow.where_follow_up_due(today, queries.list_months(programme.code)),
    }


def _row(episode: Episode, today: date) -> dict[str, Any]:
    dictionary = load(episode.dictionary_version)
    return {
        "episode": episode,
        "state": STATES[workflow.state_of(episode, today)],
        "modality": answer_in_words(dictionary["modality"], episode.modality, dictionary),
        "contact": answer_in_words(dictionary["last_contact_day"], episode.last_contact_day, dictionary),
    }
