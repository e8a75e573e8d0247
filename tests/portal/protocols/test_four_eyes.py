"""Nobody approves what they had a part in: people are told apart by their account, never by their address."""

import pytest
from factories import make_organisation, make_user
from protocol_world import NOW, bring_to, make_draft, make_published, start_review

from portal.accounts.models import email_hash
from portal.core.errors import NotAllowed
from portal.extensions import db
from portal.protocols.queries.translations import find_latest
from portal.protocols.queries.versions import list_assignments, valid_approvals
from portal.protocols.services import assignments, reviews, translations
from portal.protocols.services.interests import Interests, declare_as_reviewer


def renamed(person, address):
    """The person under another address; whoever had none takes the one that became free."""
    person.email, person.email_hash = address, email_hash(address)
    db.session.commit()
    return person


def test_19_3_the_author_cannot_approve_by_user_id_not_by_address(world):
    author = make_user("clinician", "clinical_reviewer", organisation=make_organisation("IR"))
    world.author, address = author, author.email
    version = bring_to(world, make_draft(world), "submitted")
    renamed(author, "another@example.org")
    with pytest.raises(NotAllowed, match="own_text"):
        assignments.start_review(version, [(author, "clinical")], by=world.editor, now=NOW)
    stranger = renamed(world.reviewers[0], address)
    start_review(world, version)
    task = next(a for a in list_assignments(version.id) if a.reviewer_id == stranger.id)
    with pytest.raises(NotAllowed, match="own_text"):
        reviews.approve(task, seen_hash=version.content_hash, by=author, now=NOW)
    declare_as_reviewer(task, Interests(), by=stranger, now=NOW)
    reviews.approve(task, seen_hash=version.content_hash, by=stranger, now=NOW)
    assert [seat.user_id for seat in valid_approvals(version)] == [stranger.id]


def test_19_3_a_member_of_the_authors_organisation_cannot_approve_by_user_id_not_by_address(world):
    version = bring_to(world, make_draft(world), "submitted")
    renamed(world.colleague, "colleague@elsewhere.example")
    with pytest.raises(NotAllowed, match="same_organisation"):
        assignments.start_review(version, [(world.colleague, "clinical")], by=world.editor, now=NOW)
    renamed(world.reviewers[0], f"near.{world.author.email}")  # the same host is no nearness
    start_review(world, version)
    task = list_assignments(version.id)[0]
    with pytest.raises(NotAllowed, match="same_organisation"):
        reviews.approve(task, seen_hash=version.content_hash, by=world.colleague, now=NOW)


def test_19_3_the_translator_cannot_approve_by_user_id_not_by_address(world):
    version = make_published(world)
    both = make_user("translator", "language_reviewer", "clinician")
    address = both.email
    translations.save_unit(version, "title", "fa", "درمان با متادون", revision=0, by=both, now=NOW)
    translations.submit_unit(version, "title", "fa", by=both, now=NOW)
    renamed(both, "another@example.org")
    with pytest.raises(NotAllowed, match="own_translation"):
        translations.approve_unit(version, "title", "fa", by=both, now=NOW)
    other = renamed(world.language_reviewer, address)
    translations.approve_unit(version, "title", "fa", by=other, now=NOW)
    assert find_latest(version.protocol_id, "title", "fa").state == "approved"
