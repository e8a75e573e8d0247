"""Programmes, clinicians and editors around a published protocol, for tests of declarations and reports."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from protocol_world import World, approve_all, make_published, make_world, start_review

from portal.accounts.models import User
from portal.core.notify.tables import Notice
from portal.extensions import db
from portal.protocols.queries.versions import find_block, list_blocks
from portal.protocols.services import blocks, decisions, drafts, following, publishing, reports
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details
from portal.protocols.services.following import Declared
from portal.protocols.services.reports import Reported

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
THIS, NEXT = "2026Q4", "2027Q1"
FIVE = (2, 2, 1, 0, 2)


@dataclass
class Followers:
    """Iran lets methadone be used in licensed centres, Russia forbids it."""

    world: World
    version: Any
    programme: Any
    clinician: Any
    editor: Any
    russian: Any
    russian_clinician: Any


def make_followers() -> Followers:
    world = make_world()
    version = make_published(world)
    centre, far = make_organisation("IR"), make_organisation("RU")
    return Followers(
        world=world,
        version=version,
        programme=make_programme("IR", modality="M20", organisation=centre),
        clinician=make_user("clinician", organisation=centre, language="fa"),
        editor=make_user("editor", country="IR"),
        russian=make_programme("RU", modality="M40", organisation=far),
        russian_clinician=make_user("clinician", country="RU", organisation=far, language="ru"),
    )


def said(**more: Any) -> Declared:
    return Declared(**({"modality": "M20", "from_quarter": THIS, "fidelity": FIVE, "lang": "fa"} | more))


def declared(followers: Followers, **more: Any) -> Any:
    return following.declare(
        followers.programme, followers.version, said(**more), by=followers.clinician, now=NOW
    )


def confirmed(followers: Followers, **more: Any) -> Any:
    row = declared(followers, **more)
    following.confirm(row, by=followers.editor, now=NOW)
    return row


def found(**more: Any) -> Reported:
    values = {
        "from_quarter": "2026Q1", "to_quarter": "2026Q3", "started_band": "10-49", "fidelity": FIVE,
        "recommendation": "adopt_with_changes", "setting": "set-oat-clinic", "lang": "fa",
    }  # fmt: skip
    return Reported(**(values | more))


def sent(followers: Followers, **more: Any) -> Any:
    return reports.file_report(
        followers.programme.organisation, followers.version, found(**more), by=followers.clinician, now=NOW
    )


def accepted(followers: Followers, **more: Any) -> Any:
    report = sent(followers, **more)
    reports.accept_report(report, by=followers.editor, now=NOW)
    return report


def dose_key(version: Any) -> str:
    return next(block.block_key for block in list_blocks(version.id) if block.kind == "dose")


def mails(key):
    """Address and values of every notice of this kind."""
    found = sa.select(Notice.values, Notice.user_id).where(Notice.key == key).order_by(Notice.id)
    told = db.session.execute(found).all()
    return [(db.session.get_one(User, person).email, values) for values, person in told]


def next_major(world):
    """2.0: one dose is changed."""
    people = world.world
    version = drafts.new_version(world.version.protocol, by=people.author, now=NOW)
    block = find_block(version.id, dose_key(world.version))
    text = BlockText(block.section, block.kind, block.source_text, block.data | {"dose_max": 25})
    blocks.save_block(version, block.block_key, text, revision=block.revision, by=people.author, now=NOW)
    details = Details(version.title, version.summary, "A dose.", version.licence, "clinical",
                      version.evidence_searched_on)  # fmt: skip
    drafts.change_details(version, details, by=people.author, now=NOW)
    decisions.submit(version, by=people.author, now=NOW)
    start_review(people, version)
    approve_all(people, version)
    decisions.accept(version, by=people.editor, now=NOW)
    for chief in people.chiefs:
        publishing.publish(version, by=chief, now=NOW)
    return version
