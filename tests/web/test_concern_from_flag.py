"""From a clinician's flag of danger to a notice of concern on the protocol, in one step of the queue."""

import discussion_world as world
import pytest
import sqlalchemy as sa
from discussion_world import NOW, Talkers, begin
from factories import enter_as, make_user
from web.journey import send

from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, InvalidTransition, NotAllowed
from portal.core.notify.tables import Notice
from portal.discussion.queries.flags import list_open_flags
from portal.discussion.services import doubting, flagging
from portal.extensions import db
from portal.protocols.queries.notices import list_notices
from portal.protocols.queries.versions import find_current

LANGUAGES = ("en", "ru", "fa")
BUTTON = {"en": "Put a notice of concern", "ru": "Вынести предупреждение", "fa": "گذاشتن هشدار نگرانی"}
WORDS = "The first dose in the table is above what the source says."


@pytest.fixture
def people(app):
    return Talkers()


@pytest.fixture
def protocol(people):
    return world.make_protocol()


@pytest.fixture
def post(people, protocol):
    return begin(people.clinician, protocol)


def queue(client, lang="en"):
    return client.get(f"/{lang}/queue/discussion").text


def events():
    wanted = ("protocol.concern_raised", "post.doubted")
    found = sa.select(AuditEvent).where(AuditEvent.event.in_(wanted)).order_by(AuditEvent.seq)
    return list(db.session.scalars(found))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_moderator_puts_the_protocol_under_concern_from_the_queue(client, people, protocol, post, lang):
    flagging.flag(post, "dangerous", WORDS, by=people.colleague, now=NOW)
    enter_as(client, people.moderator)
    page = queue(client, lang)
    assert BUTTON[lang] in page
    assert WORDS in page  # the clinician's note is the beginning of what readers are told
    path = f"/{lang}/queue/posts/{post.id}/concern"
    answer = send(client, path, form_at=f"/{lang}/queue/discussion", **{f"c{post.id}-body": WORDS})
    assert answer.status_code == 302
    version = find_current(protocol.id)
    [notice] = list_notices(protocol.id)
    assert (version.state, notice.reason_code, notice.body, notice.lang) == (
        "under_concern",
        "safety",
        WORDS,
        lang,
    )
    assert (notice.ends_at - notice.issued_at).days == 30
    assert WORDS in client.get(f"/{lang}/p/{protocol.public_id}", follow_redirects=True).text
    assert list_open_flags(post.id)  # the post itself still waits
    assert path not in queue(client, lang)


def test_author_and_followers_are_told_and_both_acts_are_recorded(people, protocol, post):
    flagging.flag(post, "dangerous", by=people.colleague, now=NOW)
    doubting.doubt_protocol(post, WORDS, "en", by=people.moderator, now=NOW)
    told = sa.select(Notice.user_id).where(Notice.key == "version_concern")
    assert find_current(protocol.id).created_by in set(db.session.scalars(told))
    assert [(e.event, e.actor_id, e.reason_code) for e in events()] == [
        (event, people.moderator.id, "safety") for event in ("protocol.concern_raised", "post.doubted")
    ]
    with pytest.raises(Conflict, match="under_concern_already"):
        doubting.doubt_protocol(post, WORDS, "en", by=people.moderator, now=NOW)


@pytest.mark.parametrize("reason", ["patient", "promotion", "other"])
def test_no_other_flag_is_enough(client, people, post, reason):
    flagging.flag(post, reason, by=people.colleague, now=NOW)
    with pytest.raises(InvalidTransition, match="safety_flag_missing"):
        doubting.doubt_protocol(post, WORDS, "en", by=people.moderator, now=NOW)
    enter_as(client, people.moderator)
    assert f"/queue/posts/{post.id}/concern" not in queue(client)


def test_the_flag_of_a_member_is_not_enough(people, post):
    flagging.flag(post, "dangerous", by=people.member, now=NOW)
    with pytest.raises(InvalidTransition, match="safety_flag_missing"):
        doubting.doubt_protocol(post, WORDS, "en", by=people.moderator, now=NOW)


def test_a_conversation_about_no_protocol_has_none_to_doubt(people):
    case = begin(people.clinician)
    flagging.flag(case, "dangerous", by=people.colleague, now=NOW)
    with pytest.raises(InvalidTransition, match="safety_flag_missing"):
        doubting.doubt_protocol(case, WORDS, "en", by=people.moderator, now=NOW)


def test_nobody_acts_on_the_own_flag_and_nobody_without_the_role(people, post):
    flagging.flag(post, "dangerous", by=people.moderator, now=NOW)
    with pytest.raises(NotAllowed, match="own_flag"):
        doubting.doubt_protocol(post, WORDS, "en", by=people.moderator, now=NOW)
    with pytest.raises(NotAllowed):
        doubting.doubt_protocol(post, WORDS, "en", by=make_user("clinician"), now=NOW)
    assert events() == []


def test_a_refused_form_keeps_the_words_and_shows_the_queue(client, people, post):
    flagging.flag(post, "dangerous", by=people.colleague, now=NOW)
    enter_as(client, people.moderator)
    said = "Call +98 912 345 6789."
    path = f"/en/queue/posts/{post.id}/concern"
    answer = send(client, path, form_at="/en/queue/discussion", **{f"c{post.id}-body": said})
    assert answer.status_code == 422
    assert said in answer.text
    assert events() == []
