"""What readers are told of a version's fate: notices, checks, and the tombstone of what was withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.protocols.dictionary import CURRENT, NoticeKind, NoticeState, State
from portal.protocols.models import CurrencyCheck, Protocol, ProtocolVersion, VersionNotice
from portal.protocols.queries.hiding import is_shut
from portal.protocols.queries.notices import find_standing, list_checks
from portal.protocols.queries.translations import find_texts
from portal.protocols.queries.versions import find_head, find_numbered, find_people, find_protocol

KIND_OF: Mapping[str, str] = {
    State.UNDER_CONCERN: NoticeKind.CONCERN, State.RETIRED: NoticeKind.RETIREMENT,
    State.WITHDRAWN: NoticeKind.WITHDRAWAL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A protocol to read instead."""

    public_id: str
    slug: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Fate:
    """Beside the text of a version: the notice on it, where to go instead, the last check, the next."""

    notice: VersionNotice | None
    replacement: Elsewhere | None
    check: CurrencyCheck | None
    next_due_on: date | None
    # A later version was withdrawn: whoever reads an earlier one learns of it.
    withdrawn_after: ProtocolVersion | None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """All that stays public of a withdrawn version: title, authors, citation, dates, reason, replacement."""

    protocol: Protocol
    number: str
    title: str
    lang: str
    authors: tuple[str, ...]
    licence: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    reason_code: str
    note: str
    note_lang: str
    replacement: Elsewhere | None
    version_id: int

    @property
    def citation(self) -> str:
        """Language-neutral: authors, year, number, version. The title stands beside it."""
        year = self.published_at.year if self.published_at else ""
        return f"{', '.join(self.authors)} ({year}). {self.protocol.public_id} v{self.number}"


def find_fate(version: ProtocolVersion, lang: str) -> Fate:
    """What a reader of this version is told beside its text."""
    kind = KIND_OF.get(version.state)
    notice = find_standing(version.id, kind) if kind else None
    checks = list_checks(version.id) if version.state in CURRENT else ()
    head = find_head(version.protocol_id) if version.state not in CURRENT else None
    gone = head if head is not None and head.state == State.WITHDRAWN else None
    return Fate(
        notice=notice,
        replacement=_elsewhere(notice, lang),
        check=checks[0] if checks else None,
        next_due_on=checks[0].next_due_on if checks else version.review_due_on,
        withdrawn_after=gone,
    )


def find_tombstone(public_id: str, lang: str, *, number: tuple[int, int] | None = None) -> Tombstone | None:
    """The tombstone under an address; None where a text is read there, or nothing ever was."""
    protocol = find_protocol(public_id)
    if protocol is None:
        return None
    version = find_numbered(protocol.id, *number) if number else find_head(protocol.id)
    return tombstone_of(version, lang) if version and version.state == State.WITHDRAWN else None


def tombstone_of(version: ProtocolVersion, lang: str) -> Tombstone:
    protocol = version.protocol
    notice = find_standing(version.id, NoticeKind.WITHDRAWAL, NoticeState.IN_FORCE)
    titles = find_texts([version], ("title",), lang)
    people = find_people({version.created_by, protocol.owner_id})
    return Tombstone(
        protocol=protocol,
        number=version.number,
        title=titles.get((version.id, "title"), version.title),
        lang=lang if (version.id, "title") in titles else protocol.source_lang,
        authors=tuple(sorted({person.name for person in people.values()})),
        licence=version.licence,
        published_at=version.published_at,
        withdrawn_at=notice.issued_at if notice else version.changed_at,
        reason_code=notice.reason_code if notice else "",
        note=notice.body if notice else "",
        note_lang=notice.lang if notice else protocol.source_lang,
        replacement=_elsewhere(notice, lang),
        version_id=version.id,
    )


def _elsewhere(notice: VersionNotice | None, lang: str) -> Elsewhere | None:
    """The replacement, while readers can read it."""
    protocol = notice.replaced_by if notice else None
    head = find_head(protocol.id) if protocol else None
    if protocol is None or head is None or head.state == State.WITHDRAWN or is_shut(protocol.public_id):
        return None
    titles = find_texts([head], ("title",), lang)
    return Elsewhere(
        protocol.public_id, protocol.slug, titles.get((head.id, "title"), head.title),
        lang if (head.id, "title") in titles else protocol.source_lang,
    )  # fmt: skip
