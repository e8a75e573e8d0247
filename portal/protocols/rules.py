"""The machine's check before publication, as codes, and the facts about a version that guards judge.

Pure: content in, problems out.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from portal.core.errors import Problem
from portal.core.permissions import Actor, Permission, has_permission
from portal.protocols import licences
from portal.protocols.dictionary import COUNTRIES, LICENCES, NEEDED_TO_PUBLISH, ChangeType, Kind, Role

# Only these may be waived, for a demonstration protocol, with a recorded reason.
WAIVABLE: Final = frozenset({"section_missing", "concept_missing", "source_not_identified"})
_SCHEMES: Final = {"int-": "intervention", "set-": "setting", "pop-": "population"}


# Offices that have to see a protocol where its readers do not: editing, moderating, answering for the hiding.
OFFICES_TO_READ: Final = (
    Permission.SCREEN_PROTOCOL, Permission.MODERATE, Permission.WITHDRAW_BY_ORDER,
    Permission.HIDE_IN_COUNTRY, Permission.HIDE_ANYWHERE,
)  # fmt: skip


def has_office_to_read(actor: Actor) -> bool:
    """Whether a person's office opens what is hidden in a country."""
    return any(has_permission(actor, office) for office in OFFICES_TO_READ)


@dataclass(frozen=True, slots=True)
class Source:
    """A reference as the check sees it."""

    key: str
    identified: bool
    licence: str = ""
    quotation: str = "cited"
    permitted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A block as the check sees it."""

    key: str
    section: str
    kind: str
    data: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is judged."""

    title: str
    summary: str
    change_note: str
    licence: str
    evidence_searched: bool
    parts: tuple[Part, ...]
    sources: tuple[Source, ...]
    concepts: tuple[tuple[str, str], ...]
    legal_countries: frozenset[str] = field(default_factory=frozenset)
    parents: tuple[licences.Work, ...] = ()
    withdrawn_parent: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A reviewer as the guards see one: the person and the organisations at that time."""

    user_id: int
    kind: str
    organisations: frozenset[int]
    reads_source: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a version stands. `approvals` are those of exactly the present content."""

    state: str
    change_type: str = ChangeType.INITIAL
    has_dose: bool = False
    entry_problems: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    exception: bool = False
    cannot_be_editorial: bool = False
    panel: tuple[Seat, ...] = ()
    approvals: tuple[Seat, ...] = ()
    comments: int = 0
    open_musts: int = 0
    unanswered_musts: int = 0
    countries: frozenset[str] = frozenset()
    interests_declared: bool = True
    interests_undecided: int = 0
    appealed: bool = True
    withdrawal: frozenset[str] = frozenset()
    by_order: bool = False


def entry_problems(content: Content) -> list[Problem]:
    """What stands against submitting: the fields that nobody else can fill."""
    problems = [
        Problem(name, "field_missing", {"name": name})
        for name in ("title", "summary", "change_note")
        if not getattr(content, name).strip()
    ]
    if not content.parts:
        problems.append(Problem("blocks", "blocks_missing"))
    return problems


def publication_problems(content: Content) -> list[Problem]:
    """Everything that stands against publishing."""
    return [
        *entry_problems(content),
        *_sections(content),
        *_concepts(content),
        *_doses(content),
        *_sources(content),
        *licence_problems(content),
        *_parent(content),
        *_legal(content),
    ]


def not_waived(problems: Sequence[Problem], *, exception: bool) -> list[Problem]:
    """What a demonstration exception leaves standing."""
    return [p for p in problems if not (exception and p.code in WAIVABLE)]


def _sections(content: Content) -> Iterator[Problem]:
    present = {part.section for part in content.parts}
    for section in NEEDED_TO_PUBLISH:
        if section not in present:
            yield Problem(f"section-{section}", "section_missing", {"section": str(section)})
    if not content.evidence_searched:
        yield Problem("evidence_searched_on", "field_missing", {"name": "evidence_searched_on"})


def _concepts(content: Content) -> Iterator[Problem]:
    held = [(concept, role) for concept, role in content.concepts if role != Role.EXCLUDED]
    main = [concept for concept, role in held if role == Role.MAIN]
    if not any(concept.startswith(("sub-", "cond-")) for concept in main):
        yield Problem("concepts", "concept_missing", {"scheme": "substance"})
    if not any(concept.startswith("int-") for concept in main):
        yield Problem("concepts", "concept_missing", {"scheme": "intervention"})
    for prefix in ("set-", "pop-"):
        if not any(concept.startswith(prefix) for concept, _ in held):
            yield Problem("concepts", "concept_missing", {"scheme": _SCHEMES[prefix]})


def _doses(content: Content) -> Iterator[Problem]:
    known = {source.key for source in content.sources}
    for part in content.parts:
        if part.kind == Kind.DOSE and part.data.get("source") not in known:
            yield Problem(f"block-{part.key}", "dose_without_source", {"key": part.key})


def _sources(content: Content) -> Iterator[Problem]:
    for source in content.sources:
        if not source.identified:
            yield Problem(f"reference-{source.key}", "source_not_identified", {"key": source.key})


def licence_problems(content: Content) -> Iterator[Problem]:
    """Text taken over binds to the terms of its work, a parent protocol among them, or may not be taken."""
    if content.licence not in LICENCES:
        yield Problem("licence", "licence_unknown", {"licence": content.licence})
        return
    own = [licences.Work(s.key, s.licence, s.quotation, s.permitted) for s in content.sources]
    found = licences.faults(content.licence, [*content.parents, *own])
    for fault in found:
        needed = ", ".join(fault.needed)
        if fault.forbids:
            yield Problem(f"reference-{fault.key}", "licence_forbids", {"key": fault.key})
        else:
            yield Problem("licence", "licence_conflict", {"key": fault.key, "licence": needed})
    works = [work for work in (*content.parents, *own) if licences.MAY_BECOME.get(work.licence)]
    if any(not fault.forbids for fault in found) and not licences.choices(works):
        yield Problem("licence", "licence_irreconcilable")


def _parent(content: Content) -> Iterator[Problem]:
    if content.withdrawn_parent:
        values = {"public_id": content.withdrawn_parent}
        yield Problem("parent", "parent_withdrawn_unanswered", values)


def _legal(content: Content) -> Iterator[Problem]:
    for country in COUNTRIES:
        if country not in content.legal_countries:
            yield Problem(f"legal-{country}", "legal_missing", {"country": country})


def add_months(day: date, months: int) -> date:
    """The same day months later, the month's last where it is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))
