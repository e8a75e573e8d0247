"""Attacks on doors: every button without a right to it, drafts by number, tokens where none is asked for."""

import re

import alert_world
import pytest
import sqlalchemy as sa
from discussion_world import begin
from factories import make_organisation, make_user
from fate_world import task_of
from protocol_world import NOW, bring_to, make_draft, make_published, make_world
from web.journey import token_of

from portal.accounts.services import tokens
from portal.core.audit import AuditEvent, verify
from portal.core.db import utcnow
from portal.extensions import db
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.interests import list_declarations
from portal.protocols.services import assignments
from portal.protocols.services.interests import Interests, decide_interests, declare_as_reviewer

SECRET = "Unmistakable words of a draft."
FEATURES = ("protocols.", "discussion.", "alerts.", "moderation.", "vocabulary.")
# What somebody without an office may do with empty hands: nothing but reading.
HARMLESS = {"account.signed_in", "terms.accepted", "audit.read"}
ROLES = ("member", "clinician", "translator", "language_reviewer", "researcher", "system_admin")


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def draft(world):
    version = make_draft(world)
    version.summary = SECRET
    db.session.commit()
    return version


def buttons(app):
    """Every address that takes a post, with the first things of the database in it."""
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint.startswith(FEATURES):
            path = re.sub(r"<any\(en, ru, fa\):lang>|<lang>", "en", rule.rule)
            for choice in choices(path):
                yield choice.replace("<public_id>", "PR-0001").replace("<number>", "AL-2026-001")


def choices(path):
    found = re.search(r"<any\(([^)]*)\):\w+>", path)
    if not found:
        plain = re.sub(r"<int:\w+>", "1", path)
        return [re.sub(r"<(?!public_id|number)[\w:]+>", "1", plain)]
    options = [option.strip(" '\"") for option in found[1].split(",")]
    return [choice for option in options for choice in choices(path.replace(found[0], option, 1))]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", ["in_review", "accepted", "published"])
def test_no_button_does_anything_for_somebody_without_a_right_to_it(app, client, sign_in, world, state, role):
    version = bring_to(world, make_draft(world), state)
    if state == "published":
        alert_world.make_judged(alert_world.make_desk())
        begin(world.author, version.protocol, now=NOW)
    person = stranger(role, "RU")
    sign_in(client, user=person)
    proof = token_of(client.get("/en/protocols"))
    before = states()
    for path in buttons(app):
        answer = client.post(path, data={"csrf_token": proof}, follow_redirects=False)
        assert answer.status_code < 500, path
    done = set(db.session.scalars(sa.select(AuditEvent.event).where(AuditEvent.actor_id == person.id)))
    assert done <= HARMLESS
    assert states() == before
    assert verify() is None


def stranger(role, country):
    """Somebody of another centre, where the role has one."""
    centre = make_organisation(country) if role in ("clinician", "clinical_reviewer") else None
    return make_user(role, organisation=centre, country=country)


def states():
    db.session.expire_all()
    rows = db.session.execute(
        sa.select(ProtocolVersion.id, ProtocolVersion.state, ProtocolVersion.content_hash)
    )
    return sorted(tuple(row) for row in rows)


def test_no_button_works_without_its_token(app, client, sign_in, world):
    bring_to(world, make_draft(world), "accepted")
    sign_in(client, user=world.chiefs[0])
    for path in buttons(app):
        assert client.post(path).status_code in (400, 403), path


DRAFT_PAGES = (
    "drafts/{id}", "drafts/{id}/details", "drafts/{id}/keywords", "drafts/{id}/blocks/new",
    "drafts/{id}/references", "drafts/{id}/changes", "drafts/{id}/interests", "drafts/{id}/back",
    "drafts/{id}/reasons", "drafts/{id}/appeal", "desk/{id}", "desk/{id}/changes", "desk/{id}/reject",
)  # fmt: skip


@pytest.mark.parametrize("role", [*ROLES, "moderator", "clinical_reviewer", "country_admin", "alert_panel"])
def test_a_draft_does_not_exist_for_others(client, sign_in, draft, role):
    person = stranger(role, "IR")
    sign_in(client, user=person)
    for page in DRAFT_PAGES:
        path = f"/en/protocols/{page.format(id=draft.id)}"
        missing = client.get(f"/en/protocols/{page.format(id=999_999)}")
        answer = client.get(path)
        assert (answer.status_code, SECRET in answer.text) == (missing.status_code, False), path
        assert answer.status_code in (403, 404), path


PUBLIC = (
    "/en/p/{n}", "/en/p/{n}/x", "/en/p/{n}/v/1.0", "/en/p/{n}/v/1.0.pdf", "/en/p/{n}/offline.zip",
    "/en/protocols/{n}/history", "/en/protocols/{n}/field-reports", "/en/protocols/{n}/adapt",
    "/api/v1/protocols/{n}", "/api/v1/protocols/{n}/versions", "/api/v1/protocols/{n}/versions/1.0",
    "/api/v1/protocols/{n}/versions/1.0.fhir.json", "/en/p/{n}/v/1.0/diff/1.0", "/en/translations/{n}/fa",
    "/en/translations/{n}/fa?of=next", "/en/protocols/{n}/notices", "/en/protocols/{n}/parent",
)  # fmt: skip


@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "changes_requested"])
def test_the_number_of_a_draft_answers_like_no_number(client, sign_in, world, state):
    version = bring_to(world, make_draft(world), "in_review" if state == "changes_requested" else state)
    version.summary = SECRET
    version.state = state
    db.session.commit()
    for who in (None, "clinician", "translator"):
        if who:
            sign_in(client, who)
        for path in PUBLIC:
            real, none = client.get(path.format(n="PR-0001")), client.get(path.format(n="PR-9999"))
            assert real.status_code == none.status_code, (who, path)
            assert SECRET not in real.text, (who, path)
    for path in (
        "/en/protocols",
        "/en/feeds/all.atom",
        "/api/v1/changes",
        "/api/v1/protocols",
        "/en/offline.zip",
    ):
        assert SECRET not in client.get(path).text


def test_a_reviewer_reads_after_declaring_and_never_after_being_shut_out(client, sign_in, world):
    version = bring_to(world, make_draft(world), "in_review")
    version.summary = SECRET
    db.session.commit()
    first, second = world.reviewers
    task = task_of(version, first)
    paths = (f"/en/protocols/drafts/{version.id}", f"/en/protocols/reviews/{task.id}")

    def reads(person):
        sign_in(client, user=person)
        return any(SECRET in client.get(path, follow_redirects=True).text for path in paths)

    assert not reads(first)
    declare_as_reviewer(task, Interests(), by=first, now=NOW)
    assert reads(first)
    declare_as_reviewer(task, Interests(financial="Shares of the maker."), by=first, now=NOW)
    assert not reads(first)
    row = next(row for row in list_declarations(version) if row.decision is None)
    decide_interests(row, "exclude", "Shares.", by=world.editor, now=NOW)
    assert not reads(first)
    other = task_of(version, second)
    assignments.decline(other, by=second, now=NOW)
    assert not reads(second)


@pytest.mark.parametrize("path", ["/en/protocols/mine", "/en/me", "/en/notices", "/en/protocols/reviews"])
def test_a_token_for_programs_opens_no_page(client, world, path):
    secret = tokens.make_token("copy", tokens.SCOPES, 30, by=world.author, now=utcnow())
    answer = client.get(path, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code in (302, 401, 404)


@pytest.mark.parametrize("header", ["Bearer {s}x", "Basic {s}", "Bearer", "Bearer {s} {s}", "Token {s}"])
def test_a_refusal_does_not_repeat_what_was_sent(client, world, header):
    secret = tokens.make_token("copy", tokens.SCOPES, 30, by=world.author, now=utcnow())
    answer = client.get("/api/v1/own/versions", headers={"Authorization": header.format(s=secret)})
    assert answer.status_code == 401
    assert secret not in answer.text + str(answer.headers)


def test_the_token_of_a_closed_account_opens_nothing(client, world):
    from portal.accounts.services import accounts

    secret = tokens.make_token("copy", tokens.SCOPES, 30, by=world.author, now=utcnow())
    accounts.disable(world.author, by=make_user("country_admin"), now=utcnow())
    for path in ("/api/v1/own/versions", "/api/v1/protocols"):
        assert client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize("back", [
    "//evil.example", "/\\evil.example", "https://evil.example", "/%5cevil.example", "/\tevil", "javascript:x",
    "/%2f%2fevil.example", "\\/evil.example", "/ /evil.example", "http:evil.example",
])  # fmt: skip
@pytest.mark.parametrize("path", ["/en/protocols/kept/new/discard", "/en/me/follow"])
def test_the_way_back_stays_here(app, client, sign_in, back, path):
    sign_in(client, "clinician")
    proof = token_of(client.get("/en/protocols"))
    answer = client.post(path, data={"csrf_token": proof, "back": back, "kind": "alerts", "target": "all"})
    place = answer.headers.get("Location", "/")
    assert re.match(r"/(?![/\\])", place), place
    assert "evil" not in place


def test_what_was_published_is_changed_by_no_statement(world):
    version = make_published(world)
    attempts = [
        "UPDATE protocol_version SET title = 'x' WHERE id = :v", "UPDATE block SET data = '{}' WHERE version_id = :v",
        "DELETE FROM block WHERE version_id = :v", "UPDATE protocol_version SET state = 'draft' WHERE id = :v",
        "UPDATE review SET recommendation = 'approve' WHERE version_id = :v", "DELETE FROM publication_approval",
        "UPDATE audit_event SET actor_id = 1", "DELETE FROM audit_event",
        "UPDATE protocol_version SET published_at = NULL WHERE id = :v",
        "UPDATE protocol_version SET content_hash = 'x' WHERE id = :v",
        "INSERT OR REPLACE INTO protocol_version SELECT * FROM protocol_version WHERE id = :v",
        "UPDATE block SET version_id = 0 WHERE version_id = :v",
        "INSERT OR REPLACE INTO block SELECT * FROM block WHERE version_id = :v",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
    ]  # fmt: skip
    for statement in attempts:
        with pytest.raises(sa.exc.DatabaseError, match=r"immutable|append"):
            db.session.execute(sa.text(statement), {"v": version.id} if ":v" in statement else {})
        db.session.rollback()
    assert verify() is None
