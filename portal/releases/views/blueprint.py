"""What the view modules share: the blueprint, and refusals as errors of a form."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from portal.core import web
from portal.core.errors import DomainError
from portal.core.forms import PortalForm
from portal.releases.views.words import in_words

Page = str | Response | tuple[str, int]
blueprint = web.bp("releases", "portal.releases.views")


def attempt(form: PortalForm, verb: Callable[[], Any]) -> int:
    """Call a verb; a refusal becomes errors of the form. The status of the answer, 0 when all went well."""
    try:
        verb()
    except DomainError as refusal:
        problems = [p for p in getattr(refusal, "problems", ()) if p.field in form]
        for problem in problems:
            form.add_fault(problem.field, in_words(problem.code, problem.values))
        if not problems:
            form.form_errors.append(in_words(refusal.code, refusal.values))
        return refusal.status
    return 0
