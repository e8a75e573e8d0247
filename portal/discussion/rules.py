"""Rules on plain values: trust, deadlines, lengths. No database, no clock.

Sources: the levels of trust and the targets of 24 hours and 60 days are the product's own rules; the other
deadlines are ours, chosen so that nobody waits longer than a working week for a person to look.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from portal.core.permissions import Actor, Permission, has_permission
from portal.discussion.dictionary import GRAVE, Reason, Waits

NEW, ACCEPTED, CLINICIAN, PROVEN = 0, 1, 2, 3
ACCEPTED_POSTS: Final = 2
PROVEN_FLAGS: Final = 10
PROVEN_SHARE: Final = 0.8
WEIGHTY_LEVEL: Final = CLINICIAN

TARGETS: Final = {
    Waits.SAFETY: timedelta(hours=24),
    Waits.HELD: timedelta(days=3),
    Waits.FLAG: timedelta(days=7),
    Waits.APPEAL: timedelta(days=7),
    Waits.SANCTION_APPEAL: timedelta(days=1),  # a sanction lasts a week at most
    Waits.FOLLOW_UP: timedelta(days=14),
}
FOLLOW_UP_AFTER: Final = timedelta(days=60)
APPEAL_WITHIN: Final = timedelta(days=30)
LONGEST_SANCTION_DAYS: Final = 7
LONGEST_TITLE: Final = 150
LONGEST_BODY: Final = 10_000
LONGEST_NOTE: Final = 1_000
PER_PAGE: Final = 25
MOST_POSTS_AN_HOUR: Final = 20
MOST_HIDDEN_AN_HOUR: Final = 5  # by one person, before a moderator has looked
# Kinds of finding that a case never holds.
DATES: Final = frozenset({"full_date", "birth_date", "day_and_month"})


def level(*, is_clinician: bool, accepted: int, agreed: int, disagreed: int) -> int:
    """Trust from 0 to 3, from what a person is and did.

    `accepted`: own posts that are visible. `agreed`, `disagreed`: own flags that moderators decided; ignored
    ones say nothing. Level 3 builds on level 2: good flags alone make nobody a clinician.
    """
    if is_clinician:
        decided = agreed + disagreed
        proven = decided >= PROVEN_FLAGS and agreed >= PROVEN_SHARE * decided
        return PROVEN if proven else CLINICIAN
    return ACCEPTED if accepted >= ACCEPTED_POSTS else NEW


def is_held(trust: int) -> bool:
    """Whether a post of somebody with this trust waits for a moderator."""
    return trust < ACCEPTED


def hides(reason: str, trust: int) -> bool:
    """Whether a flag takes the post out of sight at once."""
    return reason in GRAVE and trust >= WEIGHTY_LEVEL


def doubts_protocol(reason: str, *, hid: bool) -> bool:
    """Whether a flag lets a moderator put the protocol under concern: a danger that a clinician saw."""
    return hid and reason == Reason.DANGEROUS


def flag_waits(reason: str, *, hid: bool) -> Waits:
    return Waits.SAFETY if hid or reason in GRAVE else Waits.FLAG


def due(waits: Waits, since: datetime) -> datetime:
    """Until when somebody should have decided."""
    return since + TARGETS[waits]


def may_appeal(decided_at: datetime | None, now: datetime) -> bool:
    return decided_at is not None and now - decided_at < APPEAL_WITHIN


def written_in(text: str) -> str:
    """The language of a note that was stored without one, by its letters: a reader needs it for direction."""
    arabic = sum("\u0600" <= sign <= "\u06ff" for sign in text)
    cyrillic = sum("\u0400" <= sign <= "\u04ff" for sign in text)
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    return max((("en", latin), ("ru", cyrillic), ("fa", arabic)), key=lambda pair: pair[1])[0]


def is_reason(code: str) -> bool:
    return code in set(Reason)


def is_moderator(actor: Actor) -> bool:
    return has_permission(actor, Permission.MODERATE)


def is_clinician(actor: Actor) -> bool:
    """Whether somebody verified the person: flags weigh, posts are seen at once."""
    return has_permission(actor, Permission.WEIGH_FLAG)


def find_mentions(text: str, names: Mapping[int, str]) -> set[int]:
    """Ids of the people who are called with @ and their whole name; of two names that fit, the longer."""
    called: set[int] = set()
    for place in (found.end() for found in re.finditer("@", text)):
        fitting = [name for name in names.values() if _stands_at(text, place, name)]
        longest = max(fitting, key=len, default=None)
        called |= {person for person, name in names.items() if name == longest}
    return called


def without_mentions(text: str, names: Mapping[int, str]) -> str:
    """The text with called names blanked, for the search for identifiers: colleagues are no patients."""
    for name in sorted(set(names.values()), key=len, reverse=True):
        if name:
            text = text.replace(f"@{name}", "@" + " " * len(name))
    return text


def _stands_at(text: str, place: int, name: str) -> bool:
    following = text[place + len(name) : place + len(name) + 1]
    return bool(name) and text.startswith(name, place) and not following.isalnum()
