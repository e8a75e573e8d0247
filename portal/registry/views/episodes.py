"""One episode: its page, and the forms of review, dose, discharge, follow-up and correction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.errors import Conflict
from portal.core.permissions import Permission
from portal.core.web import current_actor, requires
from portal.programmes.models import Programme
from portal.registry import queries, workflow
from portal.registry.forms import entry as forms
from portal.registry.forms.answers import Asked
from portal.registry.forms.entry import EntryForm, Part
from portal.registry.models import Episode
from portal.registry.services import episodes as services
from portal.registry.views.blueprint import blueprint
from portal.registry.views.entry import (
    asked_of,
    attempt,
    confirmed,
    own_episode,
    page_values,
    shown_revision,
    status_of,
)
from portal.registry.views.episode_page import page_of

Page = str | Response | tuple[str, int]
SUBMIT = Permission.SUBMIT_OUTCOMES


@dataclass(frozen=True, slots=True)
class Step:
    """A thing that is done to an episode: which questions, which verb, what it is called."""

    title: Any
    done: Any
    verb: Callable[..., Episode]
    parts: Callable[[Episode, Asked], list[Part]]
    prefix: Callable[[Episode], str] = lambda _episode: ""
    shows: tuple[str, ...] = ()


def _review_group(episode: Episode) -> str:
    """The review that the form asks; of a form that was sent, the one that it asked."""
    sent = next((n for n in (1, 2) if f"review_{n}_day" in request.form), None)
    return f"review_{sent or workflow.next_review(episode) or 2}"


STEPS: Final = {
    "review": Step(
        _l("Record a review"), _l("The review is recorded."), services.record_review,
        lambda e, _asked: forms.review_parts(_review_group(e), e.modality),
        lambda e: f"{_review_group(e)}_", ("depot_interval_days", "last_depot_day"),
    ),
    "medication": Step(
        _l("Record a dose"), _l("The dose is recorded."), services.record_medication,
        lambda e, _asked: forms.medication_parts(e.modality), shows=("depot_interval_days",),
    ),
    "discharge": Step(
        _l("Record the discharge"), _l("The discharge is recorded."), services.record_discharge,
        lambda e, _asked: forms.discharge_parts(e.modality), shows=("depot_interval_days", "last_depot_day"),
    ),
    "correction": Step(
        _l("Correct the answers"), _l("The correction is recorded. The old answers are kept in the history."),
        services.correct_episode,
        lambda e, asked: forms.correction_parts(asked, queries.values_of(e), e.modality),
    ),
}  # fmt: skip


@blueprint.get("/programme/episodes/<int(max=2147483647):number>")
@requires(Permission.READ_OWN_ROWS)
def episode(number: int) -> str:
    found, programme = own_episode(number)
    return render_template("registry/episode.html", **page_of(found, programme, utcnow().date()))


@blueprint.route(
    "/programme/episodes/<int(max=2147483647):number>/<any(review, medication, discharge, correction):what>",
    methods=["GET", "POST"],
)
@requires(SUBMIT)
def change_episode(number: int, what: str) -> Page:
    found, programme = own_episode(number)
    refusal = workflow.refusal_of(what, found)
    return (
        _refused(found, refusal)
        if refusal and request.method == "GET"
        else _step(found, programme, STEPS[what])
    )


@blueprint.route(
    "/programme/episodes/<int(max=2147483647):number>/follow-up/<int(max=365):due>", methods=["GET", "POST"]
)
@requires(SUBMIT)
def follow_up(number: int, due: int) -> Page:
    found, programme = own_episode(number)
    web.get_or_404(due if due in workflow.FOLLOW_UP_DAYS else None)
    if found.discharge_day is None and request.method == "GET":
        return _refused(found, "not_discharged")
    group = f"followup_{due}"
    step = Step(
        _("Record the follow-up"), _("The follow-up is recorded."),
        lambda n, values, **more: services.record_follow_up(n, values | {"due": due}, **more),
        lambda _e, _asked: [Part(group)], lambda _e: f"{group}_",
    )  # fmt: skip
    return _step(found, programme, step)


def _refused(found: Episode, code: str) -> Response:
    web.flash_refused(Conflict(code))
    return _to(found)


def _to(found: Episode) -> Response:
    return redirect(url_for("registry.episode", number=found.number))


def _step(found: Episode, programme: Programme, step: Step) -> Page:
    asked = asked_of(programme, found.dictionary_version)
    known, parts = queries.values_of(found), step.parts(found, asked)
    shown = {name: value for name, value in known.items() if name in step.shows}
    shown = known if step.verb is services.correct_episode else shown
    form = forms.make_form(web.get_or_404(parts or None), asked, shown | {"revision": found.revision})
    if form.validate_on_submit():
        verb = _verb(form, found, step)
        if attempt(form, asked.dictionary, verb) is not None:
            web.flash_done(str(step.done))
            return _to(found)
        form.revision.data = str(queries.present_revision(found.number))
    values = page_values(form, programme=programme, episode=found, title=str(step.title))
    return render_template("registry/step.html", **values), status_of(form)


def _verb(form: EntryForm, found: Episode, step: Step) -> Callable[[], Episode]:
    prefix = step.prefix(found)
    answers = {name.removeprefix(prefix): value for name, value in form.answers.items()}
    return lambda: step.verb(
        found.number, answers, by=current_actor(), now=utcnow(), confirmations=confirmed(),
        revision=shown_revision(form),
    )  # fmt: skip
