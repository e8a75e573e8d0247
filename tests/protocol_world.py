"""Protocols at a state, for tests: people of two organisations, a complete draft, and the verbs up to there."""

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import remembered
from factories import make_organisation, make_user

from portal.accounts.models import User
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.versions import list_assignments
from portal.protocols.services import (
    assignments,
    blocks,
    decisions,
    drafts,
    publishing,
    reviews,
    translations,
)
from portal.protocols.services.blocks import BlockText, ReferenceText
from portal.protocols.services.drafts import Details, NewDraft
from portal.protocols.services.interests import Interests, declare_as_author, declare_as_reviewer
from portal.protocols.services.publishing import LegalText
from portal.vocabulary.services import SEED
from portal.vocabulary.services import load_seed as load_vocabulary

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
CHECKED = date(2026, 10, 1)
CONCEPTS = {
    "sub-methadone": "main", "int-mmt": "main", "cond-opioid-dependence": "main", "set-oat-clinic": "secondary",
    "pop-adults": "secondary",
}  # fmt: skip
DOSE = {"drug": "sub-methadone", "route": "oral", "phase": "day_1", "dose_min": 10, "dose_max": 20, "unit": "mg",
        "per": "day", "source": "WHO"}  # fmt: skip
TEXTS = (
    BlockText("population", "criterion", "Adults with opioid dependence."),
    BlockText("contraindications", "criterion", "Sedation at the time of dosing."),
    BlockText("steps", "step", "Assess tolerance."),
    BlockText("steps", "step", "Observe the person for 2 hours after the dose."),
    BlockText("dosing", "dose", "Tolerance low or uncertain.", DOSE),
    BlockText("monitoring", "measure", "Sedation before each dose."),
    BlockText("resources", "resource", "A physician and a nurse."),
    BlockText(
        "evidence",
        "evidence",
        "Retains people in treatment.",
        {"certainty": "ev-high", "references": ["WHO"]},
    ),
)


@dataclass
class World:
    """Who acts in a test."""

    author: Any
    colleague: Any
    reviewers: tuple[Any, Any]
    editor: Any
    chiefs: tuple[Any, Any]
    translator: Any
    language_reviewer: Any
    clinician: Any


@lru_cache(maxsize=1)
def small_vocabulary() -> Path:
    """The concepts that these tests name, with what is above them: the whole takes a second to load."""
    rows = list(csv.DictReader(SEED.read_text("utf-8").splitlines()))
    by_id = {row["id"]: row for row in rows}
    kept = (
        set(CONCEPTS)
        | {"sub-opium", "cond-opioid-dependence"}
        | {i for i in by_id if i.startswith(("leg-", "ev-"))}
        | {"int-naltrexone-oral", "pop-pregnant"}
    )
    while missing := {by_id[i]["parent"] for i in kept} - kept - {""}:
        kept |= missing
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(row for row in rows if row["id"] in kept)
    path = Path(tempfile.mkdtemp()) / "vocabulary.csv"
    path.write_text(text.getvalue(), "utf-8")
    return path


def make_world() -> World:
    """The people of a test. They, and drafts and published versions of theirs, are built once and copied."""
    found = remembered.step(("people",), lambda: _numbers_of(_make_world()))
    world = World(**{name: _people(numbers) for name, numbers in found.items()})
    db.session.rollback()  # nothing is loaded, as after the verbs
    return world


def _numbers_of(world: World) -> dict[str, Any]:
    return {
        name: tuple(person.id for person in who) if isinstance(who, tuple) else who.id
        for name, who in vars(world).items()
    }


def _people(numbers: int | tuple[int, ...]) -> Any:
    if isinstance(numbers, tuple):
        return tuple(map(_people, numbers))
    return db.session.get_one(User, numbers)


def _make_world() -> World:
    load_vocabulary(by=SYSTEM, seed=small_vocabulary())
    home, iran, russia = make_organisation("IR"), make_organisation("IR"), make_organisation("RU")
    return World(
        author=make_user("clinician", organisation=home),
        colleague=make_user("clinical_reviewer", "clinician", organisation=home),
        reviewers=(
            make_user("clinical_reviewer", organisation=iran),
            make_user("clinical_reviewer", country="RU", organisation=russia),
        ),
        editor=make_user("editor", country="RU"),
        chiefs=(make_user("chief_editor", country="IR"), make_user("chief_editor", country="RU")),
        translator=make_user("translator"),
        language_reviewer=make_user("language_reviewer"),
        clinician=make_user("clinician", country="RU"),
    )


def make_draft(
    world: World, *, lang: str = "en", demonstration: bool = False, dose: bool = True
) -> ProtocolVersion:
    return _version(
        ("draft", lang, demonstration, dose, *_who(world)),
        lambda: _make_draft(world, lang=lang, demonstration=demonstration, dose=dose),
    )


def _who(world: World) -> tuple[Any, ...]:
    return tuple(_numbers_of(world).items())


def _version(name: remembered.Step, build: Callable[[], ProtocolVersion]) -> ProtocolVersion:
    version = db.session.get_one(ProtocolVersion, remembered.step(name, lambda: build().id))
    db.session.rollback()  # nothing is loaded, as after the verbs
    return version


def _make_draft(world: World, *, lang: str, demonstration: bool, dose: bool) -> ProtocolVersion:
    new = NewDraft("Methadone maintenance", lang, summary="Daily methadone.", demonstration=demonstration)
    version = drafts.create_draft(new, by=world.author, now=NOW)
    details = Details(
        "Methadone maintenance",
        "Daily methadone.",
        "First version.",
        "CC-BY-4.0",
        "initial",
        date(2026, 9, 1),
    )
    drafts.change_details(version, details, by=world.author, now=NOW)
    reference = ReferenceText("WHO", "WHO guideline 2009", url="https://example.org/who")
    blocks.add_reference(version, reference, by=world.author, now=NOW)
    for text in TEXTS:
        if dose or text.kind != "dose":
            blocks.add_block(version, text, by=world.author, now=NOW)
    drafts.set_concepts(version, CONCEPTS, by=world.author, now=NOW)
    for country, status in (("IR", "leg-restricted"), ("RU", "leg-prohibited")):
        text = LegalText(
            country, status, "In licensed centres." if country == "IR" else "Not allowed.", checked_on=CHECKED
        )
        publishing.set_legal_status(version.protocol, text, by=world.editor, now=NOW)
    declare_as_author(version, Interests(), by=world.author, now=NOW)
    return version


def start_review(world: World, version: ProtocolVersion) -> None:
    first, second = world.reviewers
    panel = [(first, "clinical"), (second, "clinical"), (second, "dose_check")]
    assignments.start_review(version, panel, by=world.editor, now=NOW)


def approve_all(world: World, version: ProtocolVersion) -> None:
    people = {person.id: person for person in world.reviewers}
    for assignment in list_assignments(version.id):
        if assignment.state not in ("invited", "reading"):
            continue
        person = people[assignment.reviewer_id]
        if assignment.state == "invited":
            declare_as_reviewer(assignment, Interests(), by=person, now=NOW)
        reviews.approve(assignment, seen_hash=version.content_hash, by=person, now=NOW)


def bring_to(world: World, version: ProtocolVersion, state: str) -> ProtocolVersion:
    """Move a draft along the way to `published`."""
    return _version((state, version.id, *_who(world)), lambda: _bring_to(world, version, state))


def _bring_to(world: World, version: ProtocolVersion, state: str) -> ProtocolVersion:
    steps = {
        "submitted": lambda: decisions.submit(version, by=world.author, now=NOW),
        "in_review": lambda: start_review(world, version),
        "approved": lambda: approve_all(world, version),
        "accepted": lambda: decisions.accept(version, by=world.editor, now=NOW),
        "published": lambda: [publishing.publish(version, by=chief, now=NOW) for chief in world.chiefs],
    }
    for name, step in steps.items():
        if state == "draft":
            break
        step()
        if name == state:
            break
    return version


def make_published(world: World, **more: Any) -> ProtocolVersion:
    name = ("published at once", *sorted(more.items()), *_who(world))
    return _version(name, lambda: bring_to(world, make_draft(world, **more), "published"))


def translate(
    world: World, version: ProtocolVersion, key: str, text: str, *, lang: str = "fa", reason: str = ""
) -> None:
    """One text saved, handed in and approved."""
    from portal.protocols.queries.translations import find_latest, find_source

    latest = find_latest(version.protocol_id, key, lang)
    revision = latest.revision if latest else 0
    translations.save_unit(version, key, lang, text, revision=revision, by=world.translator, now=NOW)
    translations.submit_unit(version, key, lang, by=world.translator, now=NOW, reason=reason)
    clinical = find_source(version, key).is_clinical
    judge = world.clinician if clinical else world.language_reviewer
    translations.approve_unit(version, key, lang, by=judge, now=NOW)
