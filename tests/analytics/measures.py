"""Measured results for tests: one programme's parts with defaults on the safe side of every rule."""

from analytics.disclosure.measured import (
    Estimate,
    Known,
    MeasuredCompared,
    MeasuredComparison,
    MeasuredComplete,
    MeasuredCompletion,
    MeasuredCurve,
    MeasuredCurves,
    MeasuredPoint,
    MeasuredPoints,
    MeasuredRatio,
    MeasuredWeek,
    Verdict,
)


def estimate(value, half=0.05):
    return Estimate(value, max(0.0, value - half), min(1.0, value + half))


def weeks(at_risk, survival=None):
    shares = survival or [at / at_risk[0] for at in at_risk]
    return tuple(
        MeasuredWeek(week, estimate(share), at)
        for week, (share, at) in enumerate(zip(shares, at_risk, strict=True))
    )


FALLING = [round(100 - 2 * week) for week in range(27)]


def curve(code, **changes):
    values = {
        "programme": code,
        "edition": "E1",
        "gate_open": True,
        "size": 100,
        "known": 90,
        "due": 100,
        "dropped": 50,
        "weeks": weeks(FALLING),
        "median": 25.0,
        "means": {tau: Estimate(tau * 0.7, tau * 0.6, tau * 0.8) for tau in range(1, 27)},
    }
    return MeasuredCurve(**values | changes)


def curves(*programmes, carried=()):
    return MeasuredCurves("IR", "agonist", programmes, carried)


def points(code, *, known=60, retained=0.5, gate_open=True, size=70):
    listed = tuple(MeasuredPoint(week, known, estimate(retained)) for week in (4, 8, 12, 26))
    return MeasuredPoints(code, "E1", gate_open, size, listed, known)


def completion(code, **changes):
    values = {
        "programme": code,
        "edition": "E1",
        "gate_open": True,
        "size": 110,
        "known": 100,
        "completed": 40,
        "share": estimate(0.4),
        "with_transfers": 55,
        "share_with_transfers": estimate(0.55),
    }
    return MeasuredCompletion(**values | changes)


def ratio(observed=50, expected=50.0, **changes):
    values = {
        "observed": observed,
        "expected": expected,
        "precision": 80.0,
        "ratio": Estimate(observed / expected, observed / expected - 0.2, observed / expected + 0.2),
        "verdict": Verdict(),
        "adjusted": None,
        "limits": ((0.95, 0.8, 1.2), (0.998, 0.7, 1.3)),
        "rare_patterns": False,
    }
    return MeasuredRatio(**values | changes)


def compared(code, **changes):
    values = {
        "programme": code,
        "edition": "E1",
        "gate_open": True,
        "size": 110,
        "known": 100,
        "why": None,
        "ratio": ratio(),
    }
    return MeasuredCompared(**values | changes)


def comparison(*programmes, outcome="RET-F-180", **changes):
    return MeasuredComparison("IR", "agonist", outcome, programmes, **changes)


def complete(code, *, due=100, known=80, assessed=60, gate_open=True, failing=()):
    return MeasuredComplete(
        code,
        "E1",
        gate_open,
        failing,
        (),
        Known(due, known, estimate(known / due) if due else None),
        Known(due, assessed, estimate(assessed / due) if due else None),
    )
