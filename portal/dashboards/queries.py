"""Which released results a page shows, and the record that somebody saw them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.audit import record_reading
from portal.core.permissions import Actor
from portal.programmes.queries import list_own
from portal.releases.models import Edition
from portal.releases.queries import (
    ApprovedResult,
    approved_results,
    codes_in,
    hash_in_session,
    latest_edition,
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
class Imprint:
    """What pages and files tell of an edition. `version` is the hash over all its rows."""

    version: str
    name: str
    closing_on: date
    synthetic: bool
    catalogue_version: str
    parameter_hash: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One page of an edition: its results for one country and class, and what else may be chosen."""

    edition: Imprint
    results: tuple[ApprovedResult, ...]
    country: str
    klass: str
    options: tuple[tuple[str, str], ...]


def choose(page: str, country: str, klass: str, *, home: str = "") -> Choice | None:
    """The latest edition's results of a page.

    Where no group, or an unknown one, is asked for, it is the first one of `home`, the reader's country.
    """
    version = hash_in_session()
    options = _options(version, page) if version else ()
    if not (version and options):
        return None
    picked = (country, klass)
    if picked not in options:
        picked = next((each for each in options if each[0] == home), options[0])
    return _choice(version, page, picked)


# What was released never changes: it is read once a process, and found by the hash of its edition.


@functools.lru_cache(maxsize=16)
def _options(version: str, page: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(result_groups(_edition(version), KINDS[page])))


@functools.lru_cache(maxsize=64)
def _choice(version: str, page: str, picked: tuple[str, str]) -> Choice:
    edition = _edition(version)
    chosen = [
        result
        for kind in KINDS[page]
        for result in approved_results(edition, kind, country=picked[0], klass=picked[1])
    ]
    told = Imprint(
        version, edition.name, edition.closing_on, edition.synthetic, edition.catalogue_version,
        edition.parameter_hash,
    )  # fmt: skip
    return Choice(told, _without_repeats(chosen), *picked, _options(version, page))


def _edition(version: str) -> Edition:
    edition = latest_edition()
    if edition is None or edition.edition_hash != version:
        raise RuntimeError("another edition was published within one read")
    return edition


def _without_repeats(results: list[ApprovedResult]) -> tuple[ApprovedResult, ...]:
    """Points at a few weeks say nothing new beside the curves of the same programmes."""
    curves = any(result.kind == "curves" for result in results)
    return tuple(result for result in results if not (curves and result.kind == "points"))


def own_codes(edition: Imprint, actor: Actor) -> frozenset[str]:
    """Codes of the actor's own programmes in an edition."""
    if not actor.organisation_ids:
        return frozenset()
    return codes_in(edition.name, [programme.id for programme in list_own(actor)])


def note_view(results: Sequence[ApprovedResult], *, by: Actor) -> None:
    """Record which results an account has seen: one entry of a view, with the ids of up to six results."""
    ids = [str(result.id) for result in results]
    for start in range(0, len(ids), IN_ONE_ENTRY):
        named = " ".join(ids[start : start + IN_ONE_ENTRY])
        record_reading("result.viewed", by=by, target=("released_result", named))
