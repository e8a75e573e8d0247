"""What stands before a day begins, and what others do meanwhile: through services, as at their own screens."""

from datetime import timedelta
from typing import Any

import discussion_world
import protocol_world
from factories import make_organisation, make_programme, make_user
from following_world import Followers
from protocol_world import World
from translation_world import translate_whole

from portal.accounts import queries as accounts
from portal.accounts.services import registration
from portal.accounts.services.accounts import make_token
from portal.accounts.services.registration import Registration
from portal.core import jobs
from portal.core.db import utcnow
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.reports import list_of_centres
from portal.protocols.queries.versions import find_version, list_assignments, list_blocks
from portal.protocols.services import interests, releasing, reports, reviews
from portal.protocols.services.interests import Interests
from portal.protocols.services.reviews import Opinion, Remark
from portal.vocabulary.services import load_seed


def make_people() -> World:
    """The people of a protocol, with names of their countries."""
    load_seed(by=SYSTEM, seed=protocol_world.small_vocabulary())
    home, iran, russia = make_organisation("IR"), make_organisation("IR"), make_organisation("RU")
    ru = {"country": "RU", "language": "ru"}
    return World(
        author=make_user("clinician", organisation=home, name="مهدی رستمی"),
        colleague=make_user("clinical_reviewer", "clinician", organisation=home, name="رضا امینی"),
        reviewers=(
            make_user("clinical_reviewer", organisation=iran, name="علی موسوی"),
            make_user("clinical_reviewer", organisation=russia, name="Анна Соколова", **ru),
        ),
        editor=make_user("editor", name="Ольга Кузнецова", **ru),
        chiefs=(
            make_user("chief_editor", name="فرهاد ایزدی", language="fa"),
            make_user("chief_editor", name="Виктор Лебедев", **ru),
        ),
        translator=make_user("translator", name="سارا نوری", language="fa"),
        language_reviewer=make_user("language_reviewer", name="مینا کاظمی"),
        clinician=make_user("clinician", name="Пётр Орлов", **ru),
    )


def make_ward() -> Followers:
    """An Iranian clinic, and a protocol that its clinicians read in Persian."""
    world = make_people()
    version = protocol_world.make_published(world)
    translate_whole(world, version)
    releasing.publish_translation(version, "fa", by=world.language_reviewer, now=utcnow())
    clinic = make_organisation("IR", name="درمانگاه مهر")
    programme = make_programme("IR", modality="M20", organisation=clinic, name="برنامهٔ مهر")
    nurse = make_user("clinician", organisation=clinic, name="نرگس کریمی", language="fa")
    return Followers(world, version, programme, nurse, world.editor, None, None)


def accept_reports(ward: Followers) -> None:
    """An editor accepts what the clinic sent."""
    db.session.rollback()
    for report in list_of_centres(ward.clinician.organisation_ids):
        reports.accept_report(report, by=ward.editor, now=utcnow())
    jobs.run_until_idle(["mail"])


def make_author() -> tuple[World, Any]:
    """A Russian clinician, and people of other organisations who will review; the whole vocabulary."""
    world = make_people()
    load_seed(by=SYSTEM)
    clinic = make_organisation("RU", name="Клиника на Речной")
    return world, make_user(
        "clinician", country="RU", organisation=clinic, name="Ирина Белова", language="ru"
    )


def ask_for_changes(world: World, version_id: int) -> None:
    """The review begins; one reviewer declares nothing and asks for a change of the first step."""
    version = again(version_id)
    protocol_world.start_review(world, version)
    task, step = list_assignments(version.id)[1], _first_step(version)
    by = world.reviewers[1]
    interests.declare_as_reviewer(task, Interests(), by=by, now=utcnow())
    remark = Remark("must", "Укажите, через сколько дней после последнего приёма опиоидов.", step.block_key)
    said = Opinion("revise", version.content_hash, "ru", "Близко к готовому.", (remark,))
    reviews.submit_review(task, said, by=by, now=utcnow())


def _first_step(version: ProtocolVersion) -> Any:
    return next(block for block in list_blocks(version.id) if block.section == "steps")


def declare_fees(world: World, version_id: int) -> None:
    """One of the reviewers declares something."""
    version, by = again(version_id), world.reviewers[1]
    task = next(task for task in list_assignments(version.id) if task.reviewer_id == by.id)
    said = Interests(financial="Гонорар за лекции от производителя в прошлом году.")
    interests.declare_as_reviewer(task, said, by=by, now=utcnow())


def approve(world: World, version_id: int) -> None:
    """Everybody who was asked approves what they read."""
    version, people = again(version_id), {person.id: person for person in world.reviewers}
    for task in list_assignments(version.id):
        person = people[task.reviewer_id]
        if task.state == "invited":
            interests.declare_as_reviewer(task, Interests(), by=person, now=utcnow())
        reviews.approve(task, seen_hash=version.content_hash, by=person, now=utcnow())


def again(version_id: int) -> ProtocolVersion:
    """The version as others left it."""
    db.session.rollback()
    found = find_version(version_id)
    assert found is not None
    return found


def make_talk() -> Any:
    """A conversation with flags, a first post and appeals; its moderator."""
    version = protocol_world.make_published(make_people())
    talkers = {
        "clinician": make_user("clinician", name="نرگس کریمی"),
        "moderator": make_user("moderator", name="لیلا حسینی", language="fa"),
    }
    discussion_world.on_stage(version.protocol, **talkers)
    return talkers["moderator"]


def make_applicant() -> None:
    """Somebody whose confirmed request waits for the administrator of Iran."""
    form = Registration(
        "zahra@example.org", "زهرا احمدی", "IR", "fa", "مرکز درمان شیراز", "clinician",
        "پزشک مرکز درمان شیراز هستم و می‌خواهم پروتکل‌ها را بخوانم.",
    )  # fmt: skip
    registration.ask_registration(form)
    jobs.run_until_idle(["mail"])
    user = accounts.find_by_email(form.email)
    assert user is not None
    token = make_token("confirm", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    registration.confirm_address(token, "hash", by=user, now=utcnow())
