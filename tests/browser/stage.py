"""One small world with everything that pages can show, made once and copied for each test."""

from dataclasses import dataclass, field
from typing import Any

import alert_world
import collection_world
import discussion_world
import edition_world
import fork_world
import notice_world
import protocol_world
from browser import following_stage
from browser.fates import make_fates
from factories import make_user
from flask import Flask
from hiding_world import hide
from registry_records import DISCHARGED, row, table

from portal.accounts.models import User
from portal.core.notify.unsubscribing import make_link_token
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.models import Programme
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.sampling import list_drawn
from portal.protocols.queries.versions import list_assignments, list_blocks
from portal.protocols.services import complaints, drafts, sampling
from portal.registry.services.episodes import record_admission, record_discharge
from portal.registry.services.imports import import_file
from portal.registry.services.submitting import Submission

ROLES = (
    "researcher", "translator", "language_reviewer", "clinical_reviewer", "editor", "chief_editor",
    "moderator", "system_admin",
)  # fmt: skip


@dataclass(slots=True)
class Stage:
    """Plain numbers and names of what was made; `people` by role."""

    organisation: int
    programme: int
    waiting: int
    people: dict[str, int] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def person(self, role: str) -> User:
        found = db.session.get(User, self.people[role])
        assert found is not None
        return found


def make(app: Flask) -> Stage:
    """Add people of every role, protocols at several states and somebody who waits for a decision."""
    world = edition_world.recall(app)
    programme = next(p for p in world.programmes if p.country == "IR")
    protocols = protocol_world.make_world()
    published = protocol_world.make_published(protocols)
    review = protocol_world.bring_to(protocols, protocol_world.make_draft(protocols), "in_review")
    draft = protocol_world.make_draft(protocols, lang="fa")
    retired = protocol_world.make_published(protocols, demonstration=True)
    people = {role: make_user(role).id for role in ROLES}
    people |= {"country_admin": world.administrators["IR"].id, "author": protocols.author.id}
    people |= {"clinician": make_user("clinician", organisation=programme.organisation).id}
    people |= {"reviewer": protocols.reviewers[0].id, "its_editor": protocols.editor.id}
    waiting = make_user("member", name="زهرا <b>احمدی</b>")
    dose = next(b for b in list_blocks(draft.id) if b.kind == "dose")
    assigned = list_assignments(review.id)
    more = {
        "public_id": published.protocol.public_id, "slug": published.protocol.slug, "review": review.id, "draft": draft.id,
        "block": list_blocks(draft.id)[0].block_key, "dose": dose.block_key, "waiting_review": assigned[0].id, "demonstration": retired.protocol.public_id,
    }  # fmt: skip
    more |= following_stage.make(programme, published, people)
    adaptation, adopter = _adaptation(protocols)
    people, more = people | {"adopter": adopter}, more | adaptation
    more["sample"], more["drawn_in"] = _drawn(protocols, retired), retired.protocol.public_id
    talkers = {role: db.session.get_one(User, people[role]) for role in ("clinician", "moderator")}
    more |= discussion_world.on_stage(published.protocol, **talkers)
    people["fined"] = more["fined"]
    more |= make_fates(protocols) | _hidden(protocols)
    people["abroad"] = make_user("clinician", country="RU").id
    people["its_chief"] = protocols.chiefs[0].id
    more |= _registry(programme, people["clinician"]) | {"edition": _frozen(world)}
    people |= {"told": notice_world.make_told(published.protocol.public_id).id}
    more |= {"unsubscribe": make_link_token(people["told"], "review_invited")}
    alerts = alert_world.make_shown(published.protocol.public_id)
    people |= alerts.pop("people")
    more |= alerts
    more |= collection_world.make_shown(protocols, published, reader=talkers["clinician"])
    stage = Stage(programme.organisation_id, programme.id, waiting.id, people, more)
    db.session.commit()
    return stage


def _adaptation(world: protocol_world.World) -> tuple[dict[str, Any], int]:
    """A protocol with two versions, and an adaptation of the first that changed one block as the second did."""
    parent = protocol_world.make_published(world)
    adopter = make_user("clinician", organisation=fork_world.make_organisation("IR"))
    first = fork_world.adapt(parent, adopter)
    block = fork_world.save(first, "resources", by=adopter, text="A nurse in the daytime.").block_key
    fork_world.details(first, by=adopter)
    fork_world.publish(world, first, by=adopter)
    adopted = fork_world.Adopted(world, adopter, parent, first)
    fork_world.publish_next(adopted, resources="A physician and two nurses.", dose_max="30")
    draft = drafts.new_version(first.protocol, by=adopter, now=protocol_world.NOW)
    fork_world.save(draft, "dosing", by=adopter, dose_max=15)
    numbers = {"parent_id": parent.protocol.public_id, "fork_id": first.protocol.public_id}
    return numbers | {"fork_draft": draft.id, "fork_block": block}, adopter.id


def _hidden(world: protocol_world.World) -> dict[str, Any]:
    """A protocol that readers in Russia are not shown."""
    version = protocol_world.make_published(world)
    return {"hiding": hide(version).id, "hidden": version.protocol.public_id}


def _drawn(protocols: protocol_world.World, version: ProtocolVersion) -> int:
    """A translated text that a reader reported and that waits for a second review."""
    protocol_world.translate(protocols, version, "title", "درمان نگهدارنده با متادون")
    said = {"by": protocols.author, "now": protocol_world.NOW}
    complaints.complain(version, "title", "fa", "«نگهدارنده» کم است.", **said)
    complaints.comment(version, "title", "fa", "Which term?", quote="متادون", **said)
    sampling.draw_samples("2026-11", by=SYSTEM, now=protocol_world.NOW)
    return list_drawn()[0].sample.id


def _registry(programme: Programme, clinician: int) -> dict[str, Any]:
    """Episodes entered by hand, open and closed, and an import with a row that waits."""
    by = db.session.get_one(User, clinician)
    answers = {k: v for k, v in row(1).items() if k not in {"source_key", "person_token"}}
    opened, _case = record_admission(answers, programme_id=programme.id, by=by)
    closed, _case = record_admission(answers, programme_id=programme.id, by=by)
    record_discharge(closed.number, DISCHARGED, by=by)
    file = Submission(table([row(1), row(2, sex=7)]), programme=programme.code)
    return {
        "episode": opened.number,
        "discharged": closed.number,
        "import": import_file(file, by=by).id,
        "code": programme.code,
    }


def _frozen(world: edition_world.World) -> str:
    """A second edition that waits for its approvals."""
    edition_world.grow(world, stands=1)
    edition_world.freeze(world, "2026H2", closing=edition_world.LATER_CLOSING, now=edition_world.LATER)
    return "2026H2"
