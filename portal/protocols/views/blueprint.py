"""What the view modules share: the blueprint, the version of an address, and refusals as form errors."""

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.errors import DomainError, Invalid, NotAllowed, Problem
from portal.core.forms import PortalForm
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404
from portal.protocols.models import Protocol, ProtocolVersion, ReviewAssignment
from portal.protocols.policies import WHY_CLOSED, can_see
from portal.protocols.queries.versions import find_assignment, find_protocol, find_version
from portal.protocols.queries.work import is_assigned

Page = str | Response | tuple[str, int]
blueprint = web.bp("protocols", "portal.protocols.views")


def seen_version(version_id: int) -> ProtocolVersion:
    """A version that this person may see; others answer as if there were none."""
    version: ProtocolVersion = get_or_404(find_version(version_id))
    actor = current_actor()
    return get_or_404(version if can_see(actor, version, assigned=is_assigned(actor, version.id)) else None)


def own_assignment(assignment_id: int) -> tuple[ReviewAssignment, ProtocolVersion]:
    """The actor's own assignment; those of others do not exist for them."""
    assignment = get_or_404(find_assignment(assignment_id))
    own = assignment if assignment.reviewer_id == current_actor().id else None
    found: ReviewAssignment = get_or_404(own)
    return found, get_or_404(find_version(found.version_id))


def closed_task(assignment: ReviewAssignment) -> Response:
    """Why a task is shut, in words, on the list of reviews."""
    web.flash_refused(NotAllowed(WHY_CLOSED.get(assignment.state, "assignment_closed")))
    return redirect(url_for("protocols.my_reviews"))


def seen_protocol(public_id: str) -> Protocol:
    protocol: Protocol = get_or_404(find_protocol(public_id.upper()))
    return protocol


def attempt(form: PortalForm, verb: Callable[[], Any]) -> bool:
    """Call a verb; a refusal becomes errors of the form, and the text stays in it."""
    try:
        verb()
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def show_refusal(form: PortalForm, refusal: DomainError) -> None:
    problems = list(getattr(refusal, "problems", ())) or list(refusal.values.get("problems", ()))
    for problem in problems:
        if problem.field in form:
            form.add_fault(problem.field, sentence_of(problem))
        else:
            form.form_errors.append(sentence_of(problem))
    if not problems or not isinstance(refusal, Invalid):
        form.form_errors.insert(0, sentence(refusal))


def sentence_of(problem: Problem) -> str:
    """A problem in words, with the names of codes in the reader's language."""
    from portal.protocols.forms import labels, translating

    values = dict(problem.values)
    if "section" in values:
        values["section"] = labels.SECTIONS.get(values["section"], values["section"])
    if "name" in values:
        values["name"] = labels.FIELDS.get(values["name"], values["name"])
    if "scheme" in values:
        values["scheme"] = labels.SCHEMES.get(values["scheme"], values["scheme"])
    if problem.code == "numbers_differ":
        values["faults"] = translating.differences(values["faults"])
    if "country" in values:
        values["country"] = labels.COUNTRIES.get(values["country"], values["country"])
    return sentence(Problem(problem.field, problem.code, values))
