"""The blueprint that the modules of this package share, and refusals as errors of a form."""

from collections.abc import Callable
from typing import Any

from portal.core import web
from portal.core.errors import DomainError
from portal.core.forms import PortalForm
from portal.core.sentences import sentence

blueprint = web.bp("moderation", "portal.moderation.views")


def attempt(form: PortalForm, verb: Callable[[], Any]) -> bool:
    """Call a verb; a refusal becomes errors of the form, and the text stays in it."""
    try:
        verb()
    except DomainError as refusal:
        problems = getattr(refusal, "problems", ())
        form.form_errors.extend([sentence(p) for p in problems] or [sentence(refusal)])
        return False
    return True
