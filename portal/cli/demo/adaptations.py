"""One sample protocol adapted for Iran, and the next version of its parent.

No dose differs: what is invented is organisation only.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from portal.core.permissions import Role

PARENT: Final = "alcohol-withdrawal-ciwa"
TITLE: Final = "Alcohol withdrawal in Iran: day centres and transfer"
REASON: Final = (
    "Few day centres in Iran have a nurse at night. Severe withdrawal is transferred before it is treated."
)
ANSWERS: Final = {
    "problem": "Fewer people present with alcohol withdrawal, and later: many hide that they drink.",
    "resources": "Day centres have a physician and a nurse in the daytime, and no ward.",
    "acceptability": "Fear of being reported keeps people away; the first contact promises confidentiality.",
}
OWN: Final = {
    "resources": "Nursing in the daytime, oxygen, oral thiamine, a hospital that agrees to transfer.",
}
LATER: Final = {
    "steps": "Agree on relapse prevention, and book its first visit within 7 days of discharge.",
    "resources": "24-h nursing for severe cases, oxygen, parenteral thiamine, a quiet and lit room.",
}
NOTE: Final = "The first visit after discharge is booked; the room is described."
FIRST: Final = "Adapted for day centres without a ward."


def load_adaptation(people: Mapping[tuple[Role, str], Any], *, now: datetime) -> None:
    """Adapt, publish, and let the parent go on: the adaptation's owner has two changes to decide about."""
    from portal.protocols.services import drafts, forks
    from portal.protocols.services.forks import NewAdaptation

    parent, owner = _parent(), people[Role.CLINICIAN, "IR"]
    draft = forks.adapt(parent, NewAdaptation(TITLE, REASON, "IR"), by=owner, now=now)
    forks.save_rationale(draft, ANSWERS, by=owner, now=now)
    _write(draft, OWN, FIRST, "initial", by=owner, now=now)
    _copy_legal(parent, draft, people, now=now)
    _publish(draft, people, by=owner, now=now)
    author = people[Role.CLINICIAN, "RU"]
    version = drafts.new_version(parent.protocol, by=author, now=now)
    _write(version, LATER, NOTE, "clinical", by=author, now=now)
    _publish(version, people, by=author, now=now)


def _parent() -> Any:
    from portal.protocols.queries.versions import list_shown

    return next(version for version in list_shown() if version.protocol.slug == PARENT)


def _write(
    version: Any, texts: Mapping[str, str], note: str, change_type: str, *, by: Any, now: datetime
) -> None:
    """Replace the last block of each section, and say what is new."""
    from portal.protocols.queries.versions import list_blocks
    from portal.protocols.services import blocks, drafts
    from portal.protocols.services.blocks import BlockText
    from portal.protocols.services.drafts import Details

    last = {block.section: block for block in list_blocks(version.id)}
    for section, text in texts.items():
        block = last[section]
        said = BlockText(block.section, block.kind, text, block.data)
        blocks.save_block(version, block.block_key, said, revision=block.revision, by=by, now=now)
    details = Details(
        version.title, version.summary, note, version.licence, change_type, version.evidence_searched_on
    )
    drafts.change_details(version, details, by=by, now=now)


def _copy_legal(parent: Any, draft: Any, people: Mapping[tuple[Role, str], Any], *, now: datetime) -> None:
    """The law is the same; an editor states it for the adaptation too."""
    from portal.protocols.queries.versions import list_legal
    from portal.protocols.services import publishing
    from portal.protocols.services.publishing import LegalText

    for row in list_legal(parent.protocol_id).values():
        said = LegalText(row.country, row.status, row.note, row.basis, row.checked_on)
        publishing.set_legal_status(draft.protocol, said, by=people[Role.EDITOR, "RU"], now=now)


def _publish(version: Any, people: Mapping[tuple[Role, str], Any], *, by: Any, now: datetime) -> None:
    """Two reviews, a check of the doses, and both chief editors."""
    from portal.protocols.queries.versions import list_assignments
    from portal.protocols.services import assignments, decisions, publishing, reviews
    from portal.protocols.services.interests import Interests, declare_as_author, declare_as_reviewer

    editor = people[Role.EDITOR, "RU" if by.country == "IR" else "IR"]
    iran, russia = (people[Role.CLINICAL_REVIEWER, country] for country in ("IR", "RU"))
    declare_as_author(version, Interests(), by=by, now=now)
    decisions.submit(version, by=by, now=now)
    panel = [(iran, "clinical"), (russia, "clinical"), (russia, "dose_check")]
    assignments.start_review(version, panel, by=editor, now=now)
    for assignment in list_assignments(version.id):
        reviewer = next(person for person, _ in panel if person.id == assignment.reviewer_id)
        declare_as_reviewer(assignment, Interests(), by=reviewer, now=now)
        reviews.approve(assignment, seen_hash=version.content_hash, by=reviewer, now=now)
    decisions.accept(version, by=editor, now=now)
    for country in ("IR", "RU"):
        publishing.publish(version, by=people[Role.CHIEF_EDITOR, country], now=now)
