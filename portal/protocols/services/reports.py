"""Verbs of field reports: a centre writes and sends, an editor accepts or returns.

Incidents are told to the author and the editors at once, before any decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.core.workflow import check, find
from portal.extensions import db
from portal.programmes.models import Organisation
from portal.protocols.catalogue import reports as codes
from portal.protocols.catalogue.quarters import is_quarter, quarter_of, shifted
from portal.protocols.catalogue.reports import Reporting
from portal.protocols.dictionary import READABLE
from portal.protocols.models import FieldReport, ProtocolVersion
from portal.protocols.policies import check_can_judge_report, check_can_report
from portal.protocols.queries.following import list_editors
from portal.protocols.queries.reports import find_clash
from portal.protocols.queries.versions import find_people
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.following import check_changes, check_fidelity, kept_changes
from portal.protocols.workflow import REPORT_TRANSITIONS
from portal.vocabulary.queries import exists

MOST_INCIDENTS: Final = 20


@dataclass(frozen=True, slots=True)
class Incident:
    """What went wrong, without anybody in it."""

    kind: str
    severity: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a centre reports. `fidelity`: five answers 0-2; quarters are included; texts are in `lang`."""

    from_quarter: str
    to_quarter: str
    started_band: str
    fidelity: Sequence[int]
    recommendation: str
    setting: str | None = None
    changes: Sequence[tuple[str, str]] = ()
    barriers: Sequence[str] = ()
    barriers_text: str = ""
    incidents: Sequence[Incident] = ()
    lang: str = "en"


@transaction
def create_report(
    organisation: Organisation, version: ProtocolVersion, said: Reported, *, by: Actor, now: datetime
) -> FieldReport:
    """A clinician begins a report of the own centre on exactly this version."""
    check_can_report(by, organisation.id)
    if version.state not in READABLE:
        raise InvalidTransition("version_not_followable")
    _check_said(version, said, now=now)
    _refuse_twice(organisation.id, version.id, said)
    report = FieldReport(
        protocol_id=version.protocol_id, version_id=version.id, organisation_id=organisation.id,
        country=organisation.country, created_by=by.id, created_at=now, changed_at=now, **_fields(said),
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    db.session.refresh(report)
    _record("field_report.saved", report, by)
    return report


@transaction
def file_report(
    organisation: Organisation, version: ProtocolVersion, said: Reported, *, by: Actor, now: datetime
) -> FieldReport:
    """Write and send in one step, as the form does."""
    report = create_report(organisation, version, said, by=by, now=now)
    send_report(report, by=by, now=now)
    return report


@transaction
def file_again(report: FieldReport, said: Reported, *, by: Actor, now: datetime) -> None:
    """Change a report that came back, and send it, in one step."""
    change_report(report, said, by=by, now=now)
    send_report(report, by=by, now=now)


@transaction
def change_report(report: FieldReport, said: Reported, *, by: Actor, now: datetime) -> None:
    """A draft, or one that came back, is written anew."""
    check_can_report(by, report.organisation_id)
    row = find(REPORT_TRANSITIONS, report.state, "change")
    _check_said(report.version, said, now=now)
    _refuse_twice(report.organisation_id, report.version_id, said, without=report.id)
    for name, value in _fields(said).items():
        setattr(report, name, value)
    report.state, report.changed_at = row.target, now
    _record(row.event, report, by)


@transaction
def send_report(report: FieldReport, *, by: Actor, now: datetime) -> None:
    """Hand it to the editors. Incidents are told to them and to the protocol's author before any decision."""
    check_can_report(by, report.organisation_id)
    row = check(REPORT_TRANSITIONS, Reporting(report.state, is_complete=_is_complete(report)), "send")
    report.state, report.sent_at, report.changed_at, report.reason = row.target, now, now, ""
    if report.incidents:
        _tell_incident(report)
    _record(row.event, report, by)


@transaction
def accept_report(report: FieldReport, *, by: Actor, now: datetime) -> None:
    """An editor of another centre publishes the report as it is."""
    check_can_judge_report(by, report)
    row = find(REPORT_TRANSITIONS, report.state, "accept")
    _decide(report, row.target, "", by=by, now=now)
    _tell_writer(report, "field_report_accepted")
    _record(row.event, report, by)


@transaction
def return_report(report: FieldReport, reason: str, *, by: Actor, now: datetime) -> None:
    """An editor asks for more, with a reason. A deviation from the protocol is no reason."""
    check_can_judge_report(by, report)
    if not reason.strip():
        raise Invalid(problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    row = find(REPORT_TRANSITIONS, report.state, "return")
    _decide(report, row.target, reason.strip(), by=by, now=now)
    _tell_writer(report, "field_report_returned")
    _record(row.event, report, by)


@transaction
def withdraw_report(report: FieldReport, *, by: Actor, now: datetime) -> None:
    """The centre takes its report back; it is no longer counted and no longer read."""
    check_can_report(by, report.organisation_id)
    row = find(REPORT_TRANSITIONS, report.state, "withdraw")
    report.state, report.changed_at = row.target, now
    _record(row.event, report, by)


def _fields(said: Reported) -> dict[str, object]:
    incidents = [{"kind": i.kind, "severity": i.severity, "text": i.text.strip()} for i in said.incidents]
    return {
        "from_quarter": said.from_quarter, "to_quarter": said.to_quarter, "started_band": said.started_band,
        "fidelity": list(said.fidelity), "recommendation": said.recommendation,
        "setting": said.setting or None, "incidents": incidents,
        "changes": kept_changes(said.changes), "barriers": sorted(set(said.barriers)),
        "barriers_text": said.barriers_text.strip(), "lang": said.lang,
    }  # fmt: skip


def _check_said(version: ProtocolVersion, said: Reported, *, now: datetime) -> None:
    problems = [*_of_period(said, quarter_of(now.date())), *_of_codes(said)]
    if problems:
        raise Invalid(problems=tuple(problems))
    check_fidelity(said.fidelity)
    check_changes(version, said.changes)
    told = "\n".join(incident.text for incident in said.incidents)
    refuse_identifiers(barriers_text=said.barriers_text, incidents=told)


def _of_period(said: Reported, present: str) -> list[Problem]:
    if not (is_quarter(said.from_quarter) and is_quarter(said.to_quarter)):
        return [Problem("from_quarter", "choose_listed")]
    if said.to_quarter > present:
        return [Problem("to_quarter", "date_in_future")]
    longest = shifted(said.from_quarter, codes.LONGEST_PERIOD - 1)
    fits = said.from_quarter <= said.to_quarter <= longest
    return [] if fits else [Problem("to_quarter", "period_wrong")]


def _of_codes(said: Reported) -> list[Problem]:
    incidents = all(i.kind in codes.INCIDENTS and i.severity in codes.SEVERITIES for i in said.incidents)
    setting = not said.setting or (said.setting.startswith("set-") and exists(said.setting))
    fits = {
        "started_band": said.started_band in codes.STARTED,
        "recommendation": said.recommendation in codes.RECOMMENDATIONS,
        "barriers": set(said.barriers) <= set(codes.BARRIERS),
        "incidents": incidents and len(said.incidents) <= MOST_INCIDENTS,
        "setting": setting,
    }
    return [Problem(name, "choose_listed") for name, fit in fits.items() if not fit]


def _refuse_twice(
    organisation_id: int, version_id: int, said: Reported, *, without: int | None = None
) -> None:
    if find_clash(organisation_id, version_id, said.from_quarter, said.to_quarter, without=without):
        raise Conflict("reported_already")


def _is_complete(report: FieldReport) -> bool:
    return bool(report.started_band and report.recommendation and report.fidelity)


def _decide(report: FieldReport, state: str, reason: str, *, by: Actor, now: datetime) -> None:
    report.state, report.reason, report.changed_at = state, reason, now
    report.decided_by, report.decided_at = by.id, now


def _tell_incident(report: FieldReport) -> None:
    """The protocol's author, and the editors of the report's country. The mail says where, never what."""
    owner_id = report.version.protocol.owner_id
    people = {person.id: person for person in list_editors(report.country)} | find_people({owner_id})
    for person in people.values():
        notify(person, "field_report_incident", _values(report))


def _tell_writer(report: FieldReport, key: str) -> None:
    notify(find_people({report.created_by})[report.created_by], key, _values(report))


def _values(report: FieldReport) -> dict[str, object]:
    return {
        "public_id": report.version.protocol.public_id, "number": report.version.number,
        "report_id": report.id,
    }  # fmt: skip


def _record(event: str, report: FieldReport, by: Actor) -> None:
    db.session.flush()
    record(event, by=by, target=("protocol", report.version.protocol.public_id), country=report.country,
           changes={"report": report.id, "version": report.version.number})  # fmt: skip
