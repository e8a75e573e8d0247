"""Which released results a page shows, and the record that somebody saw them."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.audit import record_reading
from portal.core.permissions import Actor
from portal.programmes.queries import list_own
from portal.releases.models import Edition
from portal.releases.queries import (
    ApprovedResult,
    approved_results,
    latest_edition,
    programme_code_in,
    result_groups,
)

PAGES = ("completeness", "retention", "comparison")
KINDS = {
    "completeness": ("completeness",),
    "retention": ("curves", "points", "completion"),
    "comparison": ("comparison",),
}

IN_ONE_ENTRY = 6  # their ids fit into the column of the audit


@dataclass(frozen=True, slots=True)
class Choice:
    """One page of an edition: its results for one country and class, and what else may be chosen."""

    edition: Edition
    results: tuple[ApprovedResult, ...]
    country: str
    klass: str
    options: tuple[tuple[str, str], ...]


def choose(page: str, country: str, klass: str) -> Choice | None:
    """The latest edition's results of a page; the first group where none, or an unknown one, is asked for."""
    edition = latest_edition()
    if edition is None:
        return None
    options = tuple(sorted(result_groups(edition, KINDS[page])))
    if not options:
        return None
    picked = (country, klass) if (country, klass) in options else options[0]
    chosen = [
        result
        for kind in KINDS[page]
        for result in approved_results(edition, kind, country=picked[0], klass=picked[1])
    ]
    return Choice(edition, _without_repeats(chosen), *picked, options)


def _without_repeats(results: list[ApprovedResult]) -> tuple[ApprovedResult, ...]:
    """Points at a few weeks say nothing new beside the curves of the same programmes."""
    curves = any(result.kind == "curves" for result in results)
    return tuple(result for result in results if not (curves and result.kind == "points"))


def own_codes(edition: Edition, actor: Actor) -> frozenset[str]:
    """Codes of the actor's own programmes in an edition."""
    codes = (programme_code_in(edition, programme.id) for programme in list_own(actor))
    return frozenset(code for code in codes if code)


def note_view(results: Sequence[ApprovedResult], *, by: Actor) -> None:
    """Record which results an account has seen: one entry of a view, with the ids of up to six results."""
    ids = [str(result.id) for result in results]
    for start in range(0, len(ids), IN_ONE_ENTRY):
        named = " ".join(ids[start : start + IN_ONE_ENTRY])
        record_reading("result.viewed", by=by, target=("released_result", named))
