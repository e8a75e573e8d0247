"""The publication gate of an edition: one verdict per programme and outcome, by the one rule of `quality`."""

from dataclasses import dataclass

from analytics.outcomes import OUTCOMES, Source
from analytics.quality.gate import GateCounts, Part, failing
from portal.releases.builder.cubes import Group, Tally


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
        counts = GateCounts(
            known=known.get(code, Tally()).known,
            reason_unknown=_part(reasons.get(code)),
            start=_part(start.get(code)),
            leave=_part(leave.get(code)),
            assessed=assessed,
            country=group.country,
        )
        verdicts[code] = Verdict(code, outcome, failing(counts))
    return verdicts


def _part(tally: Tally | None) -> Part:
    return Part(tally.reached, tally.due) if tally else Part()
