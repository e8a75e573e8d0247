"""The publication gate: one function, one verdict per programme and outcome, with the failing indicators."""

from dataclasses import dataclass
from typing import Final

from analytics.outcomes import OUTCOMES, Source
from portal.releases.builder.cubes import Group, Tally

FEWEST: Final = 20
REASON_UNKNOWN_PERCENT: Final = 10
TIMELY_PERCENT: Final = 80


@dataclass(frozen=True, slots=True)
class Verdict:
    """Open, or closed by the indicators named: n (outcome known), DQ11 (reason), DQ03, DQ05 (assessments)."""

    programme: str
    outcome: str
    failing: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return not self.failing


def gate(group: Group, outcome: str) -> dict[str, Verdict]:
    """Judge every programme of a group for one outcome.

    Records that break an error rule are never accepted, so that the third condition holds by itself.
    """
    known, reasons = group.tallies(outcome), group.tallies("DQ11")
    start, leave = group.tallies("DQ03"), group.tallies("DQ05")
    assessed = OUTCOMES[outcome].source is Source.ASSESSMENT
    verdicts = {}
    for code in group.programmes:
        failing = [*_few(known.get(code, Tally())), *_reasons(reasons.get(code, Tally()))]
        if assessed:
            failing += _timely("DQ03", start.get(code, Tally()))
            failing += _timely("DQ05", leave.get(code, Tally()))
        verdicts[code] = Verdict(code, outcome, tuple(failing))
    return verdicts


def _few(known: Tally) -> list[str]:
    return ["n"] if known.known < FEWEST else []


def _reasons(unknown: Tally) -> list[str]:
    return ["DQ11"] if 100 * unknown.reached > REASON_UNKNOWN_PERCENT * unknown.due else []


def _timely(indicator: str, timely: Tally) -> list[str]:
    """Nobody due is nothing to fail."""
    return [indicator] if 100 * timely.reached < TIMELY_PERCENT * timely.due else []
