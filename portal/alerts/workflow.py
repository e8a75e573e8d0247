"""Transitions of an early warning as one table, and what must hold before each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.alerts.dictionary import REQUIRED, State
from portal.alerts.rules import Opinion, is_confirmed_cluster
from portal.core.errors import InvalidTransition
from portal.core.permissions import Permission
from portal.core.workflow import Transition

JUDGES: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """What the guards look at: the state, the content, and who judged and signed exactly this content."""

    state: str
    record: Mapping[str, Any]
    opinions: Sequence[Opinion] = ()
    judges: frozenset[int] = frozenset()
    seats: frozenset[str] = frozenset()
    signers: Mapping[str, int] | None = None


def _filled_in(standing: Standing) -> None:
    missing = [name for name in REQUIRED if not standing.record.get(name)]
    if missing:
        raise InvalidTransition("signal_incomplete", names=missing)


def _judged(standing: Standing) -> None:
    """Two people of the panel in two capacities, about this very content."""
    if len(standing.judges) < JUDGES or len(standing.seats) < JUDGES:
        raise InvalidTransition("judgements_missing", count=max(JUDGES - len(standing.judges), 1))


def _signed(standing: Standing) -> None:
    """The duty editor and one of the panel, two people; one alone for a confirmed cluster of deaths."""
    signers = standing.signers or {}
    if len(signers) == JUDGES and len(set(signers.values())) == JUDGES:
        return
    if signers and is_confirmed_cluster(standing.opinions, str(standing.record.get("deaths", ""))):
        return
    raise InvalidTransition("signature_missing")


S = State
P = Permission
TRANSITIONS: Final = (
    Transition("ask", (S.SIGNAL,), S.ASKED, P.TRIAGE_ALERT, (), "alert.asked"),
    Transition("answer", (S.ASKED,), S.SIGNAL, None, (), "alert.answered"),
    Transition("edit", (S.SIGNAL,), S.SIGNAL, P.TRIAGE_ALERT, (), "alert.edited"),
    Transition("edit", (S.ASKED,), S.ASKED, P.TRIAGE_ALERT, (), "alert.edited"),
    Transition("edit", (S.ASSESSMENT,), S.ASSESSMENT, P.TRIAGE_ALERT, (_filled_in,), "alert.edited"),
    Transition("close", (S.SIGNAL, S.ASKED, S.ASSESSMENT), S.CLOSED, P.TRIAGE_ALERT, (), "alert.closed"),
    Transition("merge", (S.SIGNAL, S.ASKED), S.MERGED, P.TRIAGE_ALERT, (), "alert.merged"),
    Transition("take", (S.SIGNAL,), S.ASSESSMENT, P.TRIAGE_ALERT, (_filled_in,), "alert.taken"),
    Transition("judge", (S.ASSESSMENT,), S.ASSESSMENT, P.ASSESS_ALERT, (), "alert.judged"),
    Transition("sign", (S.ASSESSMENT,), S.ASSESSMENT, None, (_filled_in, _judged), "alert.signed"),
    Transition("issue", (S.ASSESSMENT,), S.ISSUED, None, (_filled_in, _judged, _signed), "alert.issued"),
    Transition("confirm", (S.ISSUED,), S.ISSUED, None, (), "alert.confirmed"),
    Transition("propose", (S.ISSUED,), S.ISSUED, None, (_filled_in,), "alert.update_proposed"),
    Transition("update", (S.ISSUED,), S.ISSUED, None, (_filled_in, _signed), "alert.updated"),
    Transition("expire", (S.ISSUED,), S.EXPIRED, None, (), "alert.expired"),
    Transition("retract", (S.ISSUED, S.EXPIRED), S.RETRACTED, P.ASSESS_ALERT, (), "alert.retracted"),
)  # fmt: skip

DIAGRAMS: Final = (("Early warning", TRANSITIONS, str(S.SIGNAL)),)
