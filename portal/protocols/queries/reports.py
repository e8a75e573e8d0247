"""Field reports: one, a centre's, those that wait, and what a protocol's reports say together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core.permissions import Actor, Permission, has_permission
from portal.extensions import db
from portal.protocols.catalogue.following import FIDELITY, FIDELITY_MAX
from portal.protocols.catalogue.reports import RECOMMENDATIONS, ReportState
from portal.protocols.models import FieldReport, ProgrammeProtocol

NEWEST = 3
MOST_NAMED = 3


def find_report(report_id: int) -> FieldReport | None:
    return db.session.get(FieldReport, report_id)


def list_accepted(protocol_id: int) -> Sequence[FieldReport]:
    """Accepted reports on all versions of a protocol, the latest period first."""
    found = sa.select(FieldReport).where(
        FieldReport.protocol_id == protocol_id, FieldReport.state == ReportState.ACCEPTED
    )
    order = FieldReport.to_quarter.desc(), FieldReport.id.desc()
    return db.session.scalars(found.order_by(*order)).unique().all()


def list_reporters(protocol_id: int) -> set[int]:
    """Who reported from the use of a protocol, in a report that was not taken back."""
    found = sa.select(FieldReport.created_by).where(
        FieldReport.protocol_id == protocol_id,
        FieldReport.state.in_((ReportState.HELD, ReportState.ACCEPTED)),
    )
    return set(db.session.scalars(found))


def list_of_centres(organisation_ids: frozenset[int], *, limit: int = 100) -> Sequence[FieldReport]:
    """Reports of a person's centres, the last changed first."""
    found = sa.select(FieldReport).where(FieldReport.organisation_id.in_(organisation_ids))
    order = FieldReport.changed_at.desc(), FieldReport.id.desc()
    return db.session.scalars(found.order_by(*order).limit(limit)).unique().all()


def list_held(actor: Actor) -> Sequence[FieldReport]:
    """What waits for an editor, the longest waiting first; never of the own centre."""
    if not has_permission(actor, Permission.ACCEPT_FIELD_REPORT):
        return []
    found = sa.select(FieldReport).where(
        FieldReport.state == ReportState.HELD, FieldReport.created_by != actor.id,
        FieldReport.organisation_id.not_in(actor.organisation_ids),
    )  # fmt: skip
    return db.session.scalars(found.order_by(FieldReport.sent_at, FieldReport.id)).unique().all()


def list_returned(actor: Actor) -> Sequence[FieldReport]:
    """Reports that came back to their author."""
    found = sa.select(FieldReport).where(
        FieldReport.created_by == actor.id, FieldReport.state == ReportState.RETURNED
    )
    return db.session.scalars(found.order_by(FieldReport.changed_at, FieldReport.id)).unique().all()


def find_clash(
    organisation_id: int, version_id: int, from_quarter: str, to_quarter: str, *, without: int | None = None
) -> FieldReport | None:
    """Another report of the centre on the version whose period meets this one: people would count twice."""
    found = sa.select(FieldReport).where(
        FieldReport.organisation_id == organisation_id, FieldReport.version_id == version_id,
        FieldReport.state != ReportState.WITHDRAWN,
        FieldReport.from_quarter <= to_quarter, FieldReport.to_quarter >= from_quarter,
    )  # fmt: skip
    if without is not None:
        found = found.where(FieldReport.id != without)
    return db.session.scalars(found.order_by(FieldReport.id).limit(1)).unique().first()


@dataclass(frozen=True, slots=True)
class Deviation:
    """What a centre or a programme does otherwise at one block, in its own words."""

    block_key: str
    text: str
    lang: str
    country: str
    number: str
    report_id: int | None


@dataclass(frozen=True, slots=True)
class Experience:
    """What the accepted reports on a protocol say together. `fidelity` is a mean share from 0 to 1."""

    count: int
    recommendations: Sequence[tuple[str, int]]
    barriers: Sequence[tuple[str, int]]
    changed_blocks: Sequence[tuple[str, int]]
    incidents: int
    fidelity: float | None
    newest: Sequence[FieldReport]
    deviations: Mapping[str, Sequence[Deviation]]


def find_experience(protocol_id: int, followers: Sequence[ProgrammeProtocol] = ()) -> Experience:
    """Reports on every version of the protocol; deviations also from confirmed declarations."""
    reports = list_accepted(protocol_id)
    changes = [(report, change) for report in reports for change in report.changes]
    given = Counter(report.recommendation for report in reports)
    return Experience(
        count=len(reports),
        recommendations=[(code, given[code]) for code in RECOMMENDATIONS],
        barriers=_top(Counter(code for report in reports for code in report.barriers)),
        changed_blocks=_top(Counter(change["block_key"] for _, change in changes)),
        incidents=sum(len(report.incidents) for report in reports),
        fidelity=_mean_fidelity(reports),
        newest=reports[:NEWEST],
        deviations=_deviations(changes, followers),
    )


def _top(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]


def _mean_fidelity(reports: Sequence[FieldReport]) -> float | None:
    if not reports:
        return None
    return sum(sum(report.fidelity) for report in reports) / (len(reports) * len(FIDELITY) * FIDELITY_MAX)


def _deviations(
    changes: Sequence[tuple[FieldReport, dict[str, str]]], followers: Sequence[ProgrammeProtocol]
) -> dict[str, list[Deviation]]:
    found: dict[str, list[Deviation]] = {}
    for report, change in changes:
        said = Deviation(change["block_key"], change["text"], report.lang, report.country,
                         report.version.number, report.id)  # fmt: skip
        found.setdefault(said.block_key, []).append(said)
    for row in followers:
        for change in row.local_changes:
            said = Deviation(change["block_key"], change["text"], row.lang, row.programme.country,
                             row.version.number, None)  # fmt: skip
            found.setdefault(said.block_key, []).append(said)
    return found


def list_public_of(organisation_id: int) -> Sequence[FieldReport]:
    """Accepted reports of one centre, the latest period first."""
    found = sa.select(FieldReport).where(
        FieldReport.organisation_id == organisation_id, FieldReport.state == ReportState.ACCEPTED
    )
    order = FieldReport.to_quarter.desc(), FieldReport.id.desc()
    return db.session.scalars(found.order_by(*order)).unique().all()
