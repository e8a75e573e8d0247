"""Results of single programmes for approved readers: exact within the rules, silent outside them."""

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


class _Row(Protocol):
    @property
    def programme(self) -> str: ...
    @property
    def withheld(self) -> str | None: ...


Row = TypeVar("Row", bound=_Row)
_AMBER = 0.20  # W1: a fifth unknown, or unknown shares that differ by more than 15 points
_DIFFERENCE = 0.15


def shown_curves(measured: MeasuredCurves) -> ShownCurves:
    """Apply P1, P3, P4, P5 and P10 to the curves of one country and class."""
    tau = _common_tau(measured.programmes)
    rows, refused = settle(
        [_curve(curve, tau) for curve in measured.programmes], measured.carried, _empty_curve
    )
    shown = [row for row in rows if row.withheld is None]
    notices = (
        *_unknown_notices((row.programme, row.size, row.known) for row in shown),
        *(
            Notice("W3", row.programme, float(row.stopped_week))
            for row in shown
            if row.stopped_week is not None
        ),
        *_too_few(rows),
    )
    return ShownCurves(measured.country, measured.klass, refused, None if refused else tau, rows, notices)


def shown_points(measured: MeasuredPointSets) -> ShownPointSets:
    """Apply P1, P5 and P10 to retention at a few weeks."""
    rows, refused = settle([_points(row) for row in measured.programmes], measured.carried, _empty_points)
    return ShownPointSets(measured.country, measured.klass, refused, rows, _too_few(rows))


def shown_completions(measured: MeasuredCompletions) -> ShownCompletions:
    """Apply P1, P4, P5 and P10 to planned completion."""
    rows, refused = settle(
        [_completion(row) for row in measured.programmes], measured.carried, _empty_completion
    )
    return ShownCompletions(measured.country, measured.klass, refused, rows, _too_few(rows))


def shown_completeness(measured: MeasuredCompleteness) -> ShownCompletenessSet:
    """Apply P1 and P5 to completeness: it compares nobody's outcome, so that P10 does not ask."""
    rows = (*map(_complete, measured.programmes), *measured.carried)
    notices = tuple(
        Notice("W1", row.programme, _unknown(row.status))
        for row in rows
        if row.status is not None and row.status.value is not None and 1 - row.status.value > _AMBER
    )
    ordered = tuple(sorted(rows, key=lambda row: row.programme))
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
    return ShownCurve(row.programme, row.edition, rule)


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
    return ShownCurve(curve.programme, curve.edition, None, size, curve.known, weeks, stopped, median, mean)


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
    return ShownPoints(row.programme, row.edition, rule)


def _points(row: MeasuredPoints) -> ShownPoints:
    known = max((point.known for point in row.points), default=0)
    rule = why_withheld(gate_open=row.gate_open, known=known)
    if rule is not None:
        return _empty_points(row, rule)
    return ShownPoints(row.programme, row.edition, None, tuple(map(_point, row.points)))


def _point(point: MeasuredPoint) -> ShownPoint:
    if point.known < KNOWN:
        return ShownPoint(point.week, None, HIDDEN, Rule.KNOWN)
    return ShownPoint(point.week, point.known, _exact(point.retained, point.known))


def _empty_completion(row: MeasuredCompletion | ShownCompletion, rule: Rule) -> ShownCompletion:
    return ShownCompletion(row.programme, row.edition, rule)


def _completion(row: MeasuredCompletion) -> ShownCompletion:
    rule = why_withheld(gate_open=row.gate_open, known=row.known)
    if rule is not None:
        return _empty_completion(row, rule)
    count = exact_cause(row.completed)
    share = _cause_share(row.share, row.known, count)
    # An exact count beside a bounded share would make it exact again.
    completed = None if count.value is not None and share.bound is not None else count
    return ShownCompletion(row.programme, row.edition, None, row.known, completed, share, _wider(row, share))


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


def _unknown(share: Share | None) -> float | None:
    return None if share is None or share.value is None else 1 - share.value


def _unknown_notices(rows: Iterable[tuple[str, int | None, int | None]]) -> tuple[Notice, ...]:
    """W1 for every programme of which more than a fifth is unknown; a size that is withheld is below that."""
    shares = [(code, 1 - known / size) for code, size, known in rows if size and known is not None]
    notices = [Notice("W1", code, share) for code, share in shares if share > _AMBER]
    unknown = [share for _, share in shares]
    if unknown and max(unknown) - min(unknown) > _DIFFERENCE:
        notices.append(Notice("W1", "", max(unknown) - min(unknown)))
    return tuple(notices)


def _too_few(rows: Iterable[ShownCurve | ShownPoints | ShownCompletion]) -> tuple[Notice, ...]:
    return tuple(Notice("W2", row.programme) for row in rows if row.withheld in (Rule.KNOWN, Rule.EXPECTED))
