"""What a person may do to a version now: the tables of states and the policies, asked together.

Pages offer exactly this; the verbs judge again.
"""

from collections.abc import Callable, Mapping
from typing import Final

from portal.core.permissions import Actor
from portal.core.workflow import verbs
from portal.protocols import policies
from portal.protocols.dictionary import CURRENT
from portal.protocols.models import ProtocolVersion
from portal.protocols.workflow import TRANSITIONS

May = Callable[[Actor, ProtocolVersion], bool]


def _returns(actor: Actor, version: ProtocolVersion) -> bool:
    return policies.can_submit(actor, version) or policies.can_screen(actor, version)


def _raises(actor: Actor, version: ProtocolVersion) -> bool:
    return policies.can_raise_concern(actor, version, flagged=False)


def _withdraws(actor: Actor, version: ProtocolVersion) -> bool:
    return policies.can_oversee(actor, version) or policies.can_withdraw_by_order(actor)


def _nobody(_actor: Actor, _version: ProtocolVersion) -> bool:
    """Only time, or another act, does this."""
    return False


MAY: Final[Mapping[str, May]] = {
    "submit": policies.can_submit,
    "resubmit": policies.can_submit,
    "return": _returns,
    "abandon": policies.can_submit,
    "edit": policies.can_edit,
    "start_review": policies.can_screen,
    "reject": policies.can_screen,
    "request_changes": policies.can_screen,
    "accept": policies.can_screen,
    "publish": policies.can_publish,
    "raise_concern": _raises,
    "close_concern": policies.can_oversee,
    "retire": policies.can_oversee,
    "withdraw": _withdraws,
    "grant_appeal": policies.can_oversee,
    "lose_approval": _nobody,
    "expire_concern": _nobody,
    "supersede": _nobody,
}


def possible(actor: Actor, version: ProtocolVersion) -> frozenset[str]:
    """The verbs whose row fits the state and whose policy fits the person. Guards may still refuse."""
    held = {verb for verb in verbs(TRANSITIONS, version.state) if MAY[verb](actor, version)}
    if version.state in CURRENT and policies.can_check_currency(actor, version):
        held.add("check_currency")
    return frozenset(held)
