"""From a flag to a notice of concern: what a clinician flags as dangerous may stand in the protocol."""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import InvalidTransition
from portal.core.permissions import Actor
from portal.discussion import rules
from portal.discussion.models import Post
from portal.discussion.policies import check_can_judge
from portal.discussion.queries.flags import list_open_flags
from portal.discussion.services.writing import thread_of
from portal.protocols.dictionary import SAFETY
from portal.protocols.models import VersionNotice
from portal.protocols.queries.versions import find_current
from portal.protocols.services.concerns import Reason, raise_concern


@transaction
def doubt_protocol(post: Post, body: str, lang: str, *, by: Actor, now: datetime) -> VersionNotice:
    """A moderator puts the protocol that a flagged post is about under concern; the flag still waits.

    Raises NotAllowed for who wrote or flagged the post, InvalidTransition where no clinician's flag of danger
    waits or no protocol is in force, Conflict where it is under concern already.
    """
    flags = list_open_flags(post.id)
    check_can_judge(by, post, flagged=any(flag.flagged_by == by.id for flag in flags))
    grave = [flag.id for flag in flags if rules.doubts_protocol(flag.reason, hid=flag.hid)]
    protocol_id = thread_of(post).protocol_id
    version = find_current(protocol_id) if grave and protocol_id else None
    if version is None:
        raise InvalidTransition("safety_flag_missing")
    notice = raise_concern(version, Reason(SAFETY, body, lang), by=by, now=now, flagged=True)
    changes = {"flags": grave, "protocol": version.protocol.public_id, "version": version.number}
    record("post.doubted", by=by, target=post, changes=changes, reason_code=SAFETY)
    return notice
