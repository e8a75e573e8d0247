"""Hiding in a country: who may, what it rests on, what is recorded, who is told, and who is shown what."""

import pytest
import sqlalchemy as sa
from factories import make_user
from fate_world import later, told
from hiding_world import ORDER, hide
from protocol_world import NOW, make_draft, make_published, make_world
from sqlalchemy.exc import DatabaseError

from portal.accounts.services.subscriptions import follow
from portal.core import readers
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Invalid, LegallyClosed, NotAllowed
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols import policies, search
from portal.protocols.queries import hiding as read
from portal.protocols.services import endings, hiding
from portal.protocols.services.concerns import Reason
from portal.protocols.services.hiding import Letter
from portal.protocols.services.telling import tell_published


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def version(world):
    return make_published(world)


@pytest.fixture
def reading():
    """`reading(person, told)`: as if a request of this person were answered."""

    def be(person=None, told=""):
        readers.set_current(readers.Reader(told, lambda: person))

    yield be
    readers.set_current(None)


ANSWERS_FOR = {
    ("country_admin", "RU"): {"RU"}, ("country_admin", "IR"): {"IR"}, ("system_admin", "IR"): {"IR", "RU"},
    ("chief_editor", "RU"): set(), ("editor", "RU"): set(), ("moderator", "RU"): set(), ("clinician", "RU"): set(),
}  # fmt: skip


@pytest.mark.parametrize(("role", "country"), ANSWERS_FOR)
def test_an_administrator_answers_for_the_own_country_and_who_runs_the_machine_for_each(app, role, country):
    person = make_user(role, country=country)
    may = {place for place in ("IR", "RU") if policies.can_hide(person, place)}
    assert may == ANSWERS_FOR[role, country]
    for place in {"IR", "RU"} - may:
        with pytest.raises(NotAllowed):
            policies.check_can_hide(person, place)


def test_the_verb_itself_refuses_who_does_not_answer_for_the_country(version):
    iranian = make_user("country_admin", country="IR")
    with pytest.raises(NotAllowed):
        hide(version, "RU", by=iranian)
    row = hide(version, "RU")
    with pytest.raises(NotAllowed):
        hiding.lift(row, by=iranian, now=NOW)


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        (Letter("dislike", "No 5"), "code_unknown"),
        (Letter("court_order", "   "), "reference_needed"),
        (Letter("court_order", "x" * 201), "reference_needed"),
        (Letter("court_order", "Patient, SNILS 112-233-445 95"), "identifier_found"),
    ],
)
def test_it_rests_on_a_known_reason_and_a_paper_that_names_nobody(version, letter, code):
    with pytest.raises(Invalid) as refused:
        hide(version, letter=letter)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert read.list_hidings() == []


def test_only_what_readers_are_shown_can_be_hidden_and_only_once_at_a_time(world, version):
    with pytest.raises(Conflict, match="nothing_to_hide"):
        hide(make_draft(world))
    row = hide(version)
    with pytest.raises(Conflict, match="hidden_already"):
        hide(version)
    hide(version, "IR")
    by = make_user("system_admin")
    hiding.lift(row, by=by, now=later(1))
    with pytest.raises(Conflict, match="hiding_lifted"):
        hiding.lift(row, by=by, now=later(2))
    assert hide(version).id != row.id
    with pytest.raises(Invalid) as refused:
        hiding.hide(version.protocol, "DE", ORDER, by=by, now=NOW)
    assert [problem.code for problem in refused.value.problems] == ["country_unknown"]


def test_a_withdrawn_protocol_has_nothing_left_to_hide(version):
    administrator = make_user("country_admin")
    endings.withdraw_by_order(version, Reason("legal_order", "Order 5."), by=administrator, now=NOW)
    with pytest.raises(Conflict, match="nothing_to_hide"):
        hide(version)


def test_it_is_audited_with_country_reason_and_reference_and_never_rewritten(version):
    by = make_user("country_admin", country="RU")
    row = hide(version, by=by)
    hiding.lift(row, by=by, now=later(3))
    found = sa.select(AuditEvent).where(AuditEvent.event.in_(("protocol.hidden", "protocol.shown_again")))
    events = db.session.scalars(found.order_by(AuditEvent.seq)).all()
    assert [(e.event, e.actor_id, e.country, e.reason_code, e.reason_text) for e in events] == [
        (event, by.id, "RU", ORDER.code, ORDER.reference) for event in ("protocol.hidden", "protocol.shown_again")
    ]  # fmt: skip
    for change in ("SET reference = 'another'", "SET country = 'IR'"):
        with pytest.raises(DatabaseError):
            db.session.execute(sa.text(f"UPDATE protocol_hiding {change}"))
        db.session.rollback()
    with pytest.raises(DatabaseError):
        db.session.execute(sa.text("DELETE FROM protocol_hiding"))


def test_author_editors_and_chief_editors_of_both_countries_are_told_of_both_days(world, version):
    staff = {person.email for person in (world.author, world.editor, *world.chiefs)}
    row = hide(version)
    assert told("protocol_hidden") == staff
    hiding.lift(row, by=make_user("country_admin", country="RU"), now=later(1))
    assert told("protocol_shown_again") == staff


def test_readers_of_the_country_are_shut_out_by_account_or_by_where_they_are(world, version, reading):
    hide(version)
    for person, place in ((world.clinician, ""), (None, "RU"), (make_user("member", country="IR"), "RU")):
        reading(person, place)
        with pytest.raises(LegallyClosed):
            read.check_shown("PR-0001")
        assert read.shut_numbers() == {"PR-0001"}
    for person, place in ((None, ""), (None, "IR"), (make_user("clinician", country="IR"), "")):
        reading(person, place)
        read.check_shown("PR-0001")
        assert read.shut_ids() == frozenset()


def test_who_works_on_it_or_holds_an_office_reads_it_marked(world, version, reading):
    hide(version), hide(version, "IR")
    people = [
        world.author, *world.reviewers, world.editor, *world.chiefs, make_user("moderator", country="RU"),
        make_user("country_admin", country="RU"), make_user("system_admin", country="RU"),
    ]  # fmt: skip
    for person in people:
        reading(person)
        read.check_shown("PR-0001")
        mark = read.find_standing("PR-0001")
        assert mark is not None
        assert mark.reads, person.role_codes
        assert mark.country == person.country
    for person in (world.translator, make_user("clinical_reviewer"), make_user("researcher")):
        reading(person)
        assert read.is_shut("PR-0001"), person.role_codes


def test_where_nobody_is_answered_nothing_is_hidden(version):
    hide(version)
    assert search.query("methadone", lang="en").total == 1


def test_search_counts_and_facets_leave_it_out_and_lifting_brings_it_back(version, reading):
    row = hide(version)
    reading(None, "RU")
    for found in (search.query("methadone", lang="en"), search.query("", lang="en")):
        assert (found.total, found.results, dict(found.facets)) == (0, (), {})
    hiding.lift(row, by=make_user("country_admin", country="RU"), now=later(1))
    reading(None, "RU")
    assert search.query("methadone", lang="en").total == 1


def test_the_question_costs_one_query_a_request_and_none_where_no_country_is_known(version, reading):
    hide(version)
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        for person, place, cost in ((None, "", 0), (None, "RU", 1)):
            reading(person, place)
            statements.clear()
            read.shut_numbers(), read.shut_ids(), read.find_standing("PR-0001"), read.is_shut("PR-0002")
            assert sum("SELECT" in statement for statement in statements) == cost
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def test_the_system_itself_answers_for_nothing(version):
    with pytest.raises(NotAllowed):
        hide(version, by=SYSTEM)


def test_who_follows_it_from_that_country_hears_nothing_of_it(version):
    here, there = (make_user("clinician", country=country) for country in ("RU", "IR"))
    for person in (here, there):
        follow("protocol", version.protocol.public_id, by=person, now=NOW)
    hide(version, "RU")
    tell_published(version)
    db.session.commit()
    assert told("version_published") == {there.email}
