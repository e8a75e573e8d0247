"""The panel's judgement and the signatures of duty editor and panel; the second signature issues."""

from datetime import datetime, timedelta
from typing import Any, Final

from portal.accounts.services.telling import tell_followers
from portal.alerts import queries
from portal.alerts.dictionary import Part, Seat
from portal.alerts.models import Alert, AlertOpinion, AlertSignature, AlertVersion
from portal.alerts.policies import can_triage, check_can_judge, check_can_sign
from portal.alerts.rules import Opinion, certainty_of, level_of, record_hash
from portal.alerts.services.signals import tell_editors, tell_panel
from portal.alerts.services.steps import check_seen, find_standing, note, step
from portal.alerts.services.triage import tell_reporter
from portal.alerts.workflow import JUDGES, TRANSITIONS
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.permissions import Actor, Permission, has_permission
from portal.core.workflow import find
from portal.extensions import db

VALID_FOR: Final = timedelta(days=30)
CONFIRM_WITHIN: Final = timedelta(hours=24)


@transaction
def judge(alert: Alert, opinion: Opinion, seat: str, *, by: Actor, now: datetime, seen: str = "") -> None:
    """Give one judgement of the panel. `other_country` is for members of the other country."""
    check_can_judge(by, alert)
    check_seen(alert, seen)
    _check_seat(alert, seat, by)
    event = step(alert, "judge")
    if by.id in find_standing(alert).judges:
        raise Conflict("judged_already")
    db.session.add(
        AlertOpinion(
            alert_id=alert.id, content_hash=record_hash(alert.record), judge_id=by.id, seat=seat,
            severity=opinion.severity, likelihood=opinion.likelihood, certainty=opinion.certainty,
            given_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    if len(find_standing(alert).judges) == JUDGES:
        tell_editors(alert, "sign")
        tell_panel(alert, "sign")
    note(event, alert, by=by, changes={"seat": seat, "severity": opinion.severity})


@transaction
def sign(alert: Alert, *, by: Actor, now: datetime, seen: str = "") -> bool:
    """Sign the present content; True when that issued it: a confirmed cluster of deaths needs one alone."""
    check_can_sign(by, alert)
    check_seen(alert, seen)
    event = step(alert, "sign")
    part = add_signature(alert, alert.record, by=by, now=now)
    note(event, alert, by=by, changes={"part": part})
    if not _may("issue", alert):
        return False
    _issue(alert, by=by, now=now)
    return True


@transaction
def confirm(alert: Alert, *, by: Actor, now: datetime, seen: str = "") -> None:
    """The second signature under a warning that one person issued alone."""
    check_can_sign(by, alert)
    check_seen(alert, seen)
    if alert.second_due_at is None:
        raise Conflict("changed_meanwhile")
    event = step(alert, "confirm")
    add_signature(alert, queries.list_versions(alert.id)[0].record, by=by, now=now)
    alert.second_due_at = None
    note(event, alert, by=by)


def _issue(alert: Alert, *, by: Actor, now: datetime) -> None:
    event, standing = step(alert, "issue"), find_standing(alert)
    level = level_of(standing.opinions, str(alert.record.get("deaths", "")))
    alert.public_id = f"AL-{now.year}-{queries.last_number(now.year) + 1:03d}"
    alert.level, alert.issued_at, alert.valid_until = level, now, (now + VALID_FOR).date()
    alone = len(standing.signers or {}) < JUDGES
    alert.second_due_at = now + CONFIRM_WITHIN if alone else None
    add_version(alert, by=by, now=now)
    tell_everybody(alert, "alert_issued", but=by.id)
    tell_reporter(alert, "issued")
    if alone:
        tell_editors(alert, "second")
        tell_panel(alert, "second")
    note(event, alert, by=by, hash_after=record_hash(alert.record), changes={"level": level})


def add_version(alert: Alert, *, by: Actor, now: datetime) -> None:
    """Keep what is told now, as it is told."""
    opinions = find_standing(alert).opinions
    alert.version, alert.updated_at = alert.version + 1, now
    db.session.add(
        AlertVersion(
            alert_id=alert.id, number=alert.version, level=alert.level, record=alert.record,
            certainty=certainty_of(opinions), issued_at=now, issued_by=by.id,
        )
    )  # fmt: skip
    db.session.flush()


def tell_everybody(alert: Alert, key: str, *, but: int, besides: Any = ()) -> None:
    """Followers of the country, of all warnings, of the substances and of the linked protocols."""
    things = [("alerts", alert.country), ("alerts", "all")]
    things += [("concept", concept) for concept in alert.record.get("substances", ())]
    things += [("protocol", number) for number in alert.record.get("protocols", ())]
    tell_followers(things, key, summary_of(alert), but={but, alert.reporter_id}, besides=besides)


def summary_of(alert: Alert) -> dict[str, Any]:
    """What a notice keeps: codes, and the names of substances in every language."""
    named = {tag: queries.labels_of(alert.record, tag) for tag in ("en", "ru", "fa")}
    substances = alert.record.get("substances", ())
    return {
        "number": alert.public_id, "level": alert.level, "region": alert.record.get("region", ""),
        "toxidrome": alert.record.get("toxidrome", ""),
        "substances": {tag: [labels.get(c, c) for c in substances] for tag, labels in named.items()},
    }  # fmt: skip


def add_signature(alert: Alert, content: dict[str, Any], *, by: Actor, now: datetime) -> str:
    signers = find_standing(alert, content).signers or {}
    if by.id in signers.values():
        raise Conflict("signed_already")
    part = _part_of(alert, signers, by)
    mark = record_hash(content)
    db.session.add(
        AlertSignature(alert_id=alert.id, content_hash=mark, part=part, signer_id=by.id, signed_at=now)
    )
    db.session.flush()
    return part


def _part_of(alert: Alert, signers: Any, by: Actor) -> str:
    """The part that this person may take and nobody has taken."""
    mine = [Part.EDITOR] if can_triage(by, alert) else []
    mine += [Part.PANEL] if has_permission(by, Permission.ASSESS_ALERT) else []
    free = [part for part in mine if part not in signers]
    if not free:
        raise Conflict("signed_already")
    return free[0]


def _check_seat(alert: Alert, seat: str, by: Actor) -> None:
    if seat not in set(Seat):
        raise Invalid(problems=(Problem("seat", "code_unknown"),))
    if seat == Seat.OTHER_COUNTRY and by.country == alert.country:
        raise NotAllowed("seat_of_other_country")


def _may(verb: str, alert: Alert) -> bool:
    try:
        for guard in find(TRANSITIONS, alert.state, verb).guards:
            guard(find_standing(alert))
    except InvalidTransition:
        return False
    return True
