"""What the view modules share: the blueprint, the warning of an address, refusals as form errors."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from portal.alerts import queries
from portal.alerts.models import Alert
from portal.alerts.policies import can_see, can_sign
from portal.core import i18n, web
from portal.core.errors import DomainError
from portal.core.forms import PortalForm
from portal.core.sentences import sentence
from portal.core.web import current_actor, get_or_404

Page = str | Response | tuple[str, int]
blueprint = web.bp("alerts", "portal.alerts.views")


def seen_alert(alert_id: int) -> Alert:
    """A warning that this person works on or reported; others answer as if there were none."""
    alert: Alert = get_or_404(queries.find_alert(alert_id))
    return get_or_404(alert if can_see(current_actor(), alert) else None)


def worked_alert(alert_id: int) -> Alert:
    """A warning that this person decides about; the reporter reads what became of it elsewhere."""
    alert: Alert = get_or_404(queries.find_alert(alert_id))
    return get_or_404(alert if can_sign(current_actor(), alert) else None)


def public_alert(number: str) -> queries.PublicAlert:
    found: Alert = get_or_404(queries.find_public(number.upper()))
    return queries.in_public([found], i18n.current())[0]


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
