"""Results of single programmes for approved readers: exact within the rules, silent outside them."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from analytics.disclosure.display import HIDDEN, Bound, Count, Share, clip, exact_cause, exact_share
from analytics.disclosure.measured import (
    Estimate,
    Known,
    MeasuredComplete,
    MeasuredCompleteness,
    MeasuredCompletion,
    MeasuredCompletions,
    MeasuredCurve,
    MeasuredCurves,
    MeasuredPoint,
    MeasuredPoints,
    MeasuredPointSets,
    MeasuredWeek,
)
from analytics.disclosure.parameters import CAUSE, KNOWN
from analytics.disclosure.rules import Rule, last_week, may_compare, why_withheld
from analytics.disclosure.shown import (
    Notice,
    ShownCompleteness,
    ShownCompletenessSet,
    ShownCompletion,
    ShownCompletions,
    ShownCurve,
    ShownCurves,
    ShownMean,
    ShownPoint,
    ShownPoints,
    ShownPointSets,
    ShownWeek,
)
from analytics.disclosure.unknown import answered, bounds, may_rank, unknown_notices


class _Row(Protocol):
    @property
    def programme(self) -> str: ...
    @property
    def withheld(self) -> str | None: ...


Row = TypeVar("Row", bound=_Row)


def shown_curves(measured: MeasuredCurves) -> ShownCurves:
    """Apply P1, P3, P4, P5 and P10 to the curves of one country and class."""
    tau = _common_tau(measured.programmes)
    rows, refused = settle(
        [_curve(curve, tau) for curve in measured.programmes], measured.carried, _empty_curve
    )
    stopped = tuple(
        Notice("W3", row.programme, float(row.stopped_week)) for row in rows if row.stopped_week is not None
    )
    unknown = _unknown(rows)
    return ShownCurves(
        country=measured.country,
        klass=measured.klass,
        refused=refused,
        tau=None if refused else tau,
        programmes=rows,
        notices=(*unknown, *stopped, *_too_few(rows)),
        ranked=may_rank(unknown),
    )


def shown_points(measured: MeasuredPointSets) -> ShownPointSets:
    """Apply P1, P5 and P10 to retention at a few weeks."""
    rows, refused = settle([_points(row) for row in measured.programmes], measured.carried, _empty_points)
    unknown = _unknown(rows)
    notices = (*unknown, *_too_few(rows))
    return ShownPointSets(measured.country, measured.klass, refused, rows, notices, may_rank(unknown))


def shown_completions(measured: MeasuredCompletions) -> ShownCompletions:
    """Apply P1, P4, P5 and P10 to planned completion."""
    rows, refused = settle(
        [_completion(row) for row in measured.programmes], measured.carried, _empty_completion
    )
    unknown = _unknown(rows)
    ranked = may_rank(unknown)
    if not ranked:
        rows = tuple(map(_bounded, rows))
    notices = (*unknown, *_too_few(rows))
    return ShownCompletions(measured.country, measured.klass, refused, rows, notices, ranked)


def shown_completeness(measured: MeasuredCompleteness) -> ShownCompletenessSet:
    """Apply P1 and P5 to completeness: it compares nobody's outcome, so that P10 does not ask."""
    rows = (*map(_complete, measured.programmes), *measured.carried)
    ordered = tuple(sorted(rows, key=lambda row: row.programme))
    notices = (
        *unknown_notices(((row.programme, row.status) for row in ordered), "status"),
        *unknown_notices(((row.programme, row.assessed) for row in ordered), "assessed"),
    )
    return ShownCompletenessSet(measured.country, measured.klass, ordered, notices)


def settle(
    fresh: Sequence[Row], carried: Sequence[Row], empty: Callable[[Any, Rule], Row]
) -> tuple[tuple[Row, ...], str | None]:
    """Order the rows, and empty all of them when too few are left to compare (P10)."""
    rows = sorted((*fresh, *carried), key=lambda row: row.programme)
    if may_compare(sum(row.withheld is None for row in rows)):
        return tuple(rows), None
    return tuple(row if row.withheld else empty(row, Rule.COMPARED) for row in rows), Rule.COMPARED


def _curve_rule(curve: MeasuredCurve) -> Rule | None:
    withheld = why_withheld(gate_open=curve.gate_open, known=curve.known)
    return withheld or (Rule.CAUSE if curve.dropped < CAUSE else None)


def _end(curve: MeasuredCurve) -> int:
    return last_week([week.at_risk for week in curve.weeks])


def _common_tau(curves: Iterable[MeasuredCurve]) -> int | None:
    ends = [_end(curve) for curve in curves if _curve_rule(curve) is None]
    return min(ends) if ends and min(ends) > 0 else None


def _empty_curve(row: MeasuredCurve | ShownCurve, rule: Rule) -> ShownCurve:
    return ShownCurve(row.programme, row.edition, rule, failing=row.failing)


def _curve(curve: MeasuredCurve, tau: int | None) -> ShownCurve:
    rule = _curve_rule(curve)
    if rule is not None:
        return _empty_curve(curve, rule)
    end = _end(curve)
    size = _size(curve.size, curve.known)
    weeks = tuple(_week(week, curve.size, size) for week in curve.weeks[: end + 1])
    stopped = end + 1 if end + 1 < len(curve.weeks) else None
    median = curve.median if curve.median is not None and curve.median <= end else None
    mean = _mean(curve, tau)
    return ShownCurve(
        programme=curve.programme,
        edition=curve.edition,
        withheld=None,
        size=size,
        known=curve.known,
        weeks=weeks,
        stopped_week=stopped,
        median=median,
        mean=mean,
        answered=answered(curve.known, curve.due),
    )


def _size(size: int, known: int) -> int | None:
    """Return the size unless it would say that (nearly) everybody's status is known."""
    return None if clip(known / size, size) is not None else size


def _week(week: MeasuredWeek, whole: int, size: int | None) -> ShownWeek:
    share = exact_share(week.survival.value, whole, week.survival.low, week.survival.high)
    if week.week == 0:
        return ShownWeek(0, share, size)
    return ShownWeek(week.week, share, week.at_risk if share.bound is None else None)


def _mean(curve: MeasuredCurve, tau: int | None) -> ShownMean | None:
    if tau is None or not curve.means:
        return None
    mean = curve.means[tau]
    return ShownMean(tau, mean.value, mean.low, mean.high)


def _empty_points(row: MeasuredPoints | ShownPoints, rule: Rule) -> ShownPoints:
    return ShownPoints(row.programme, row.edition, rule, failing=row.failing)


def _points(row: MeasuredPoints) -> ShownPoints:
    known = max((point.known for point in row.points), default=0)
    rule = why_withheld(gate_open=row.gate_open, known=known)
    if rule is not None:
        return _empty_points(row, rule)
    points = tuple(map(_point, row.points))
    return ShownPoints(row.programme, row.edition, None, points, answered(row.known, row.size))


def _point(point: MeasuredPoint) -> ShownPoint:
    if point.known < KNOWN:
        return ShownPoint(point.week, None, HIDDEN, Rule.KNOWN)
    return ShownPoint(point.week, point.known, _exact(point.retained, point.known))


def _empty_completion(row: MeasuredCompletion | ShownCompletion, rule: Rule) -> ShownCompletion:
    return ShownCompletion(row.programme, row.edition, rule, failing=row.failing)


def _completion(row: MeasuredCompletion) -> ShownCompletion:
    rule = why_withheld(gate_open=row.gate_open, known=row.known)
    if rule is not None:
        return _empty_completion(row, rule)
    count = exact_cause(row.completed)
    share = _cause_share(row.share, row.known, count)
    # An exact count beside a bounded share would make it exact again.
    completed = None if count.value is not None and share.bound is not None else count
    return ShownCompletion(
        programme=row.programme,
        edition=row.edition,
        withheld=None,
        known=row.known,
        completed=completed,
        share=share,
        share_with_transfers=_wider(row, share),
        answered=answered(row.known, row.size),
    )


def _bounded(row: ShownCompletion) -> ShownCompletion:
    worst, best = bounds(row.share, row.known, row.answered)
    return dataclasses.replace(row, worst=worst, best=best)


def _cause_share(share: Estimate | None, known: int, count: Count) -> Share:
    if count.value is None:
        limit = -(-100 * CAUSE // known) / 100
        return Share(bound=Bound.BELOW, limit=limit)
    return _exact(share, known) if share is not None else HIDDEN


def _wider(row: MeasuredCompletion, share: Share) -> Share:
    """Return the second definition unless it differs by a band: transfers are a cause as well."""
    if row.with_transfers - row.completed < CAUSE or share.value is None:
        return HIDDEN
    return _exact(row.share_with_transfers, row.known) if row.share_with_transfers is not None else HIDDEN


def _exact(estimate: Estimate, known: int) -> Share:
    return exact_share(estimate.value, known, estimate.low, estimate.high)


def _complete(row: MeasuredComplete) -> ShownCompleteness:
    if row.status.due < KNOWN:
        return ShownCompleteness(row.programme, row.edition, Rule.KNOWN)
    status = _known_share(row.status)
    bounded = status.bound is not None
    return ShownCompleteness(
        row.programme,
        row.edition,
        None,
        row.failing,
        row.failing_assessed,
        due=None if bounded else row.status.due,
        known=row.status.known if row.status.known >= CAUSE else None,
        status=status,
        assessed=_known_share(row.assessed) if row.assessed.due >= KNOWN else HIDDEN,
    )


def _known_share(known: Known) -> Share:
    return _exact(known.share, known.due) if known.share is not None else HIDDEN


def _unknown(rows: Iterable[ShownCurve | ShownPoints | ShownCompletion]) -> tuple[Notice, ...]:
    """W1 over the programmes that are compared."""
    return unknown_notices((row.programme, row.answered) for row in rows if row.withheld is None)


def _too_few(rows: Iterable[ShownCurve | ShownPoints | ShownCompletion]) -> tuple[Notice, ...]:
    return tuple(Notice("W2", row.programme) for row in rows if row.withheld in (Rule.KNOWN, Rule.EXPECTED))
