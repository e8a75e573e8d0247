"""What waits for chief editors: concerns, withdrawals, appeals, corrections without a second voice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.permissions import Actor
from portal.protocols.dictionary import NoticeState
from portal.protocols.models import ProtocolVersion, Rejection, VersionNotice
from portal.protocols.policies import can_answer_appeal, can_confirm
from portal.protocols.queries.notices import list_appeals, list_open_notices, list_unconfirmed
from portal.protocols.queries.versions import find_people


@dataclass(frozen=True, slots=True)
class Overseen:
    """The four lists of one chief editor; of each what this person may decide."""

    concerns: Sequence[VersionNotice]
    withdrawals: Sequence[VersionNotice]
    appeals: Sequence[tuple[Rejection, ProtocolVersion]]
    corrections: Sequence[ProtocolVersion]

    @property
    def is_empty(self) -> bool:
        return not (self.concerns or self.withdrawals or self.appeals or self.corrections)


def find_overseen(actor: Actor) -> Overseen:
    notices = list_open_notices()
    proposed = [notice for notice in notices if notice.state == NoticeState.PROPOSED]
    return Overseen(
        concerns=[notice for notice in notices if notice.state == NoticeState.IN_FORCE],
        withdrawals=[notice for notice in proposed if _from_other_country(actor, notice.proposed_by)],
        appeals=[
            (rejection, version)
            for rejection, version in list_appeals()
            if can_answer_appeal(actor, version, rejected_in=rejection.country)
        ],
        corrections=[
            version
            for version in list_unconfirmed()
            if can_confirm(actor, version) and _from_other_country(actor, version.published_by or 0)
        ],
    )


def list_overseen(actor: Actor) -> list[datetime | None]:
    """Since when each of these waits."""
    found = find_overseen(actor)
    return [
        *(notice.issued_at for notice in found.concerns),
        *(notice.proposed_at for notice in found.withdrawals),
        *(rejection.appealed_at for rejection, _ in found.appeals),
        *(version.published_at for version in found.corrections),
    ]


def _from_other_country(actor: Actor, user_id: int) -> bool:
    person = find_people({user_id}).get(user_id)
    return person is None or person.country != actor.country
