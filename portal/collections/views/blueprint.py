"""What the view modules share: the blueprint, the collection of an address, refusals as form errors."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from portal.collections.models import Collection
from portal.collections.policies import can_see
from portal.collections.queries import find_collection
from portal.core import web
from portal.core.errors import DomainError
from portal.core.forms import PortalForm
from portal.core.sentences import sentence
from portal.core.web import actor_or_none, get_or_404

Page = str | Response | tuple[str, int]
blueprint = web.bp("collections", "portal.collections.views")


def seen_collection(public_id: str) -> Collection:
    """A collection that this reader may see; a draft is not there for others."""
    collection: Collection = get_or_404(find_collection(public_id.upper()))
    return get_or_404(collection if can_see(actor_or_none(), collection) else None)


def attempt(form: PortalForm, verb: Callable[[], Any]) -> bool:
    """Call a verb; a refusal becomes errors of the form, and what was typed stays in it."""
    try:
        verb()
    except DomainError as refusal:
        problems = list(getattr(refusal, "problems", ()))
        for problem in problems:
            if problem.field in form:
                form.add_fault(problem.field, sentence(problem))
            else:
                form.form_errors.append(sentence(problem))
        if not problems:
            form.form_errors.append(sentence(refusal))
        return False
    return True
