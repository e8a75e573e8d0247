"""Observed against expected as it may be shown: who is in the model is exactly who is shown afresh.

Over the programmes of a model the sum of O - E is 0. One hidden programme in it could be computed from the
others, so the door refuses a model that holds a programme it would hide, and the builder fits again without.
"""

import dataclasses

from analytics.disclosure.approved import settle
from analytics.disclosure.display import HIDDEN, Share
from analytics.disclosure.measured import MeasuredCompared, MeasuredComparison, MeasuredRatio
from analytics.disclosure.parameters import FUNNEL_PROGRAMMES
from analytics.disclosure.rules import Rule, may_compare, why_not_compared, why_withheld
from analytics.disclosure.shown import Notice, ShownCompared, ShownComparison, ShownLimits
from analytics.disclosure.unknown import answered, bounds, may_rank, unknown_notices

POOR_C_STATISTIC = 0.60
SLOPES = (0.8, 1.2)
SPREAD_PROGRAMMES = 10


def shown_comparison(measured: MeasuredComparison) -> ShownComparison:
    """Apply P1, P2, P4, P5, P6 and P10 to the funnel of one country and class.

    Raises
    ------
    ValueError
        When the model holds a programme that the rules hide, or fewer than three, or leaves one out without
        a reason.
    """
    fitted = [row for row in measured.programmes if row.ratio is not None]
    if fitted and not may_compare(len(fitted)):
        raise ValueError(f"a model over {len(fitted)} programmes tells one from the others")
    rows, refused = settle(
        [_row(row, measured.outcome) for row in measured.programmes], measured.carried, _empty
    )
    notices = _notices(measured, rows, refused)
    ranked = may_rank(notices)
    if not ranked:
        rows = tuple(map(_unranked, rows))
    shown = sum(row.withheld is None for row in rows)
    drawn = refused is None and ranked and shown >= FUNNEL_PROGRAMMES
    spread = measured.spread if drawn else None
    return ShownComparison(
        country=measured.country,
        klass=measured.klass,
        outcome=measured.outcome,
        refused=refused,
        form="funnel" if drawn else "table",
        programmes=rows,
        phi=None if spread is None else round(spread.phi, 3),
        tau2=None if spread is None else round(spread.tau2, 5),
        c_statistic=_quality(measured.c_statistic, refused),
        calibration_slope=_quality(measured.calibration_slope, refused),
        curve=measured.curve if drawn else (),
        notices=notices,
        ranked=ranked,
    )


def _quality(value: float | None, refused: str | None) -> float | None:
    return None if value is None or refused is not None else round(value, 3)


def _empty(row: MeasuredCompared | ShownCompared, rule: str) -> ShownCompared:
    return ShownCompared(row.programme, row.edition, rule, failing=row.failing)


def _row(row: MeasuredCompared, outcome: str) -> ShownCompared:
    if row.ratio is None:
        rule = why_withheld(gate_open=row.gate_open, known=row.known) or row.why
        if rule is None:
            raise ValueError(f"programme {row.programme} is left out of the model without a reason")
        return _empty(row, rule)
    ratio = row.ratio
    rule = why_not_compared(
        outcome,
        gate_open=row.gate_open,
        known=row.known,
        observed=ratio.observed,
        expected=ratio.expected,
    )
    if rule is not None:
        raise ValueError(f"the model holds programme {row.programme}, which rule {rule} hides")
    return _compared(row, ratio)


def _compared(row: MeasuredCompared, ratio: MeasuredRatio) -> ShownCompared:
    adjusted = ratio.adjusted
    return ShownCompared(
        programme=row.programme,
        edition=row.edition,
        withheld=None,
        known=row.known,
        observed=ratio.observed,
        expected=round(ratio.expected, 2),
        ratio=round(ratio.ratio.value, 4),
        low=round(ratio.ratio.low, 4),
        high=round(ratio.ratio.high, 4),
        precision=round(ratio.precision, 1),
        limits=tuple(ShownLimits(level, round(low, 4), round(high, 4)) for level, low, high in ratio.limits),
        outside=ratio.verdict.level,
        side=ratio.verdict.side,
        adjusted_outside=None if adjusted is None else adjusted.level,
        adjusted_side=None if adjusted is None else adjusted.side,
        answered=answered(row.known, row.size),
        judged=_judged(row),
    )


def _judged(row: MeasuredCompared) -> Share:
    """Whole percents, and nothing where the number due is withheld: neither may follow from the other."""
    main = row.main
    if main is None or answered(main.known, main.due).value is None:
        return HIDDEN
    share = answered(row.known, main.due)
    return share if share.value is None else Share(round(share.value, 2))


def _unranked(row: ShownCompared) -> ShownCompared:
    """The same numbers without a verdict, between what the unknown could make of them."""
    if row.observed is None or not row.known:
        return row
    worst, best = bounds(Share(row.observed / row.known), row.known, row.answered)
    return dataclasses.replace(
        row,
        limits=(),
        outside=None,
        side=None,
        adjusted_outside=None,
        adjusted_side=None,
        worst=worst,
        best=best,
    )


def _notices(
    measured: MeasuredComparison, rows: tuple[ShownCompared, ...], refused: str | None
) -> tuple[Notice, ...]:
    notices = [Notice("W2", row.programme) for row in rows if row.withheld in (Rule.KNOWN, Rule.EXPECTED)]
    if refused is not None:
        return tuple(notices)
    notices += _beyond_overlap(measured)
    notices += unknown_notices((row.programme, row.answered) for row in rows if row.withheld is None)
    notices += _poor(measured)
    few = _few(measured) if may_rank(notices) else ()
    return (*notices, *few, Notice("W8"))


def _beyond_overlap(measured: MeasuredComparison) -> list[Notice]:
    """W4 by programme. It says why, and no share: that would be a covariate of one programme (P6)."""
    fitted = sorted(
        ((row.programme, row.ratio) for row in measured.programmes if row.ratio), key=lambda each: each[0]
    )
    return [
        Notice("W4", code, about="rare" if ratio.rare_patterns else "sample")
        for code, ratio in fitted
        if ratio.rare_patterns or ratio.small_sample
    ]


def _few(measured: MeasuredComparison) -> list[Notice]:
    """W13 where limits allow for a variation that few programmes tell weakly."""
    ratios = [row.ratio for row in measured.programmes if row.ratio]
    adjusted = any(ratio.adjusted is not None for ratio in ratios)
    few = FUNNEL_PROGRAMMES <= len(ratios) < SPREAD_PROGRAMMES
    return [Notice("W13", "", float(len(ratios)))] if adjusted and few else []


def _poor(measured: MeasuredComparison) -> list[Notice]:
    """W5 with the measure that is poor: the c-statistic, the calibration slope, or each."""
    low, high = SLOPES
    c_statistic, slope = measured.c_statistic, measured.calibration_slope
    found = []
    if c_statistic is not None and c_statistic < POOR_C_STATISTIC:
        found.append(Notice("W5", "", round(c_statistic, 3), about="c"))
    if slope is not None and not low <= slope <= high:
        found.append(Notice("W5", "", round(slope, 3), about="slope"))
    return found
