"""What taking over text obliges to: one table of licences of works, and one function that judges.

A parent protocol is such a work for its adaptation, so the same table says that a fork is never less
restricted than its parent's share-alike terms. Facts and doses may be cited from any work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

BY, SA, NC, ZERO = "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "CC0-1.0"

# Licence of a work -> licences under which a protocol may publish text adapted or translated from it.
MAY_BECOME: Final[dict[str, frozenset[str]]] = {
    ZERO: frozenset({ZERO, BY, SA, NC}),
    "public-domain": frozenset({ZERO, BY, SA, NC}),
    BY: frozenset({BY, SA, NC}),
    "CC-BY-3.0-IGO": frozenset({BY, SA, NC}),
    SA: frozenset({SA}),
    "CC-BY-SA-3.0-IGO": frozenset({SA}),
    "CC-BY-NC-4.0": frozenset({NC}),
    NC: frozenset({NC}),
    "CC-BY-NC-SA-3.0-IGO": frozenset({NC}),
    "CC-BY-ND-4.0": frozenset(),
    "CC-BY-NC-ND-4.0": frozenset(),
    "all-rights-reserved": frozenset(),
    "": frozenset(),
}
KNOWN: Final = tuple(MAY_BECOME)
TAKEN_OVER: Final = ("adapted_text", "translated_text")

# Printed wherever a protocol holds text translated from such a work, in the words that the licensors ask for.
UN_NOTICE: Final = (
    "This translation was not created by the United Nations or the World Health Organization (WHO). They are "
    "not responsible for the content or accuracy of this translation. The original edition shall be the "
    "binding and authentic edition."
)
_UN_LICENCES: Final = frozenset({"CC-BY-3.0-IGO", "CC-BY-SA-3.0-IGO", "CC-BY-NC-SA-3.0-IGO"})


@dataclass(frozen=True, slots=True)
class Work:
    """A work that the protocol uses. `permitted`: its owner allowed it, and who and when is recorded."""

    key: str
    licence: str
    quotation: str = "cited"
    permitted: bool = False

    @property
    def binds(self) -> bool:
        return self.quotation in TAKEN_OVER and not self.permitted


@dataclass(frozen=True, slots=True)
class Fault:
    """A work whose terms the licence breaks. `needed`: what would fit this work; empty where nothing does."""

    key: str
    needed: tuple[str, ...]

    @property
    def forbids(self) -> bool:
        return not self.needed


def faults(licence: str, works: Iterable[Work]) -> list[Fault]:
    """Works whose terms do not allow this licence."""
    return [
        Fault(work.key, tuple(sorted(allowed)))
        for work in works
        if work.binds and licence not in (allowed := MAY_BECOME.get(work.licence, frozenset()))
    ]


def choices(works: Iterable[Work]) -> frozenset[str]:
    """Licences that fit all these works at once; empty where their terms cannot be reconciled."""
    found = MAY_BECOME[ZERO]
    for work in works:
        if work.binds:
            found &= MAY_BECOME.get(work.licence, frozenset())
    return found


def notice_of(licence: str, quotation: str) -> str:
    """The notice that must stand beside text translated from this work; empty where none is asked for."""
    return UN_NOTICE if quotation == "translated_text" and licence in _UN_LICENCES else ""
