"""A programme follows a version of a protocol: states, reasons, the self-check, and what the guards judge."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

_LAW: Final = Path(__file__).parent.parent / "data" / "drug_law.toml"


class FollowState(StrEnum):
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    QUESTIONED = "questioned"
    ENDED = "ended"
    REFUSED = "refused"


# Each from 0 (not done) to 2 (as written).
FIDELITY: Final = ("people", "doses", "monitoring", "support", "staff")
FIDELITY_MAX: Final = 2
REFUSALS: Final = ("wrong_modality", "too_different", "not_enough_said", "law", "other")
DOUBTS: Final = ("field_report", "incident", "withdrawn_version", "other")
ENDINGS: Final = ("moved", "stopped", "closed", "contradicted", "taken_back")
OWN_ENDINGS: Final = ("stopped", "taken_back")
ANSWERS: Final = ("move", "stay", "later")
IN_FORCE: Final = (FollowState.CONFIRMED, FollowState.QUESTIONED)
STANDING: Final = (FollowState.DECLARED, *IN_FORCE)
ANSWER_DAYS: Final = 30
RENEW_DAYS: Final = 365
MOST_CHANGES: Final = 20


@dataclass(frozen=True, slots=True)
class Following:
    """What the guards of a declaration judge: plain facts that the queries collect."""

    state: str
    from_quarter: str = ""
    earliest: str = ""
    is_published: bool = True
    offers_modality: bool = True
    prohibited: tuple[str, str] | None = None  # the country, and the drug or "" for the whole protocol
    has_check: bool = True
    is_closed: bool = False


@lru_cache(maxsize=1)
def forbidden_drugs() -> Mapping[str, frozenset[str]]:
    """Drugs that a country forbids in treatment of dependence, by country. To be verified by its lawyers."""
    law = tomllib.loads(_LAW.read_text("utf-8"))
    return {country: frozenset(table["forbidden"]) for country, table in law.items()}
