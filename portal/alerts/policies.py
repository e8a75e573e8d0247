"""Who may do what with an early warning. Nobody judges or signs the own signal."""

from portal.alerts.models import Alert, AlertText
from portal.core.errors import NotAllowed
from portal.core.permissions import Actor, Permission, Scope, allowed, check, has_permission


def check_can_signal(actor: Actor) -> None:
    """Any verified clinician."""
    check(actor, Permission.SIGNAL_ALERT)


def can_signal(actor: Actor) -> bool:
    return has_permission(actor, Permission.SIGNAL_ALERT)


def check_can_triage(actor: Actor, alert: Alert) -> None:
    """A duty editor of the country that the signal came from."""
    check(actor, Permission.TRIAGE_ALERT, Scope(country=alert.country))
    if actor.id == alert.reporter_id:
        raise NotAllowed("own_signal")


def can_triage(actor: Actor, alert: Alert) -> bool:
    mine = allowed(actor, Permission.TRIAGE_ALERT, Scope(country=alert.country))
    return mine and actor.id != alert.reporter_id


def check_can_judge(actor: Actor, alert: Alert) -> None:
    """A member of the panel, of either country."""
    check(actor, Permission.ASSESS_ALERT)
    if actor.id == alert.reporter_id:
        raise NotAllowed("own_signal")


def can_judge(actor: Actor, alert: Alert) -> bool:
    return has_permission(actor, Permission.ASSESS_ALERT) and actor.id != alert.reporter_id


def check_can_sign(actor: Actor, alert: Alert) -> None:
    """The duty editor or a member of the panel."""
    if has_permission(actor, Permission.ASSESS_ALERT):
        check_can_judge(actor, alert)
    else:
        check_can_triage(actor, alert)


def can_sign(actor: Actor, alert: Alert) -> bool:
    return can_judge(actor, alert) or can_triage(actor, alert)


def check_can_answer(actor: Actor, alert: Alert) -> None:
    """Who reported it, and nobody else."""
    if actor.id != alert.reporter_id:
        raise NotAllowed("permission_missing")


def can_answer(actor: Actor, alert: Alert) -> bool:
    return actor.id == alert.reporter_id


def check_can_see(actor: Actor, alert: Alert) -> None:
    """What is not issued is for those who work on it."""
    if not can_see(actor, alert):
        raise NotAllowed("permission_missing")


def can_see(actor: Actor, alert: Alert) -> bool:
    return can_answer(actor, alert) or can_triage(actor, alert) or can_judge(actor, alert)


def check_can_translate(actor: Actor) -> None:
    check(actor, Permission.TRANSLATE)


def can_translate(actor: Actor) -> bool:
    return has_permission(actor, Permission.TRANSLATE)


def check_can_approve_text(actor: Actor, text: AlertText) -> None:
    """A clinician who did not write the translation."""
    check(actor, Permission.SIGNAL_ALERT)
    if actor.id == text.translated_by:
        raise NotAllowed("own_translation")


def can_approve_text(actor: Actor, text: AlertText) -> bool:
    return has_permission(actor, Permission.SIGNAL_ALERT) and actor.id != text.translated_by
