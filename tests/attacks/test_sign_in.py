"""Attacks on sign-in and on decisions about accounts: races, floods of hashing, changes by reading."""

import threading
from datetime import timedelta

import sqlalchemy as sa
from factories import PASSWORD, make_organisation, make_programme, make_user
from web.journey import token_of

from portal.accounts import queries
from portal.accounts.models import RoleRequest, User
from portal.accounts.security import passwords
from portal.accounts.services import accounts, factor, registration, roles
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.permissions import Role
from portal.extensions import db


def at_once(app, *acts):
    """Run each act in a thread with a context of its own; returns what happened, sorted."""
    said, start = [], threading.Barrier(len(acts))

    def run(act):
        with app.app_context():
            start.wait()
            try:
                act()
                said.append("done")
            except DomainError as refusal:
                said.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_r18_of_two_answers_at_once_one_counts(app):
    first, person = make_user("country_admin"), make_user("clinician")
    others = [make_user("country_admin").id for _ in range(2)]
    roles.change_roles(person, frozenset({Role.MODERATOR}), by=first, now=utcnow())

    def confirm(user_id):
        asked = db.session.scalar(sa.select(RoleRequest))
        roles.confirm_role(asked, by=db.session.get_one(User, user_id), now=utcnow())

    assert at_once(app, *(lambda i=i: confirm(i) for i in others)) == ["done", "request_expired"]
    db.session.rollback()
    assert [held.name for held in queries.find_user(person.id).roles] == ["moderator"]


def test_r4_of_two_uses_of_a_code_at_once_one_counts(app):
    user, now = make_user("clinician"), utcnow()
    code, taken = factor.current_code(user, now=now), []

    def use():
        mine = db.session.scalar(sa.select(User))
        taken.append(factor.use_code(mine, code, by=mine, now=now))

    at_once(app, use, use)
    assert sorted(taken) == [False, True]


def test_r6_of_two_uses_of_a_link_at_once_one_counts(app):
    user = make_user("clinician")
    link = accounts.make_token("reset", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()

    def reset():
        mine = db.session.scalar(sa.select(User))
        registration.reset_password(link, "hash", by=mine, now=utcnow())

    assert at_once(app, reset, reset) == ["done", "link_used"]


def test_r1_at_most_two_passwords_are_hashed_at_once(app, monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    def slow(*_):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.01)
        with lock:
            running -= 1
        return False

    monkeypatch.setattr(passwords, "_verify", slow)
    at_once(app, *(lambda: passwords.is_password(None, "x") for _ in range(8)))
    assert most <= 2


def test_r33_reading_changes_nothing_but_the_audit(client, sign_in, app):
    sign_in(client, "country_admin")
    centre = make_organisation()
    programme = make_programme(organisation=centre)
    person = make_user("clinician", organisation=centre)
    link = accounts.make_token("reset", person.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    before = contents()
    for path in (
        "sign-in", "register", "forgot", "terms-of-use", f"password/{link}", "me", "second-factor", "admin", "admin/audit",
        f"admin/accounts/{person.id}", "programmes", f"organisations/{centre.id}", f"programmes/{programme.id}",
        f"programmes/{programme.id}/edit", "queue", "sign-in/again",
    ):  # fmt: skip
        assert client.get(f"/en/{path}").status_code == 200, path
    assert contents() == before


def contents():
    """Every row of every table but the audit, and when a session was last seen."""
    db.session.rollback()
    tables = [t for t in db.metadata.sorted_tables if not t.name.startswith("audit_")]
    return {t.name: db.session.execute(sa.select(t).order_by(*t.primary_key)).all() for t in tables}


def test_r20_the_other_countrys_names_are_in_no_answer(client, sign_in):
    marker = "MARKER-7f3a"
    centre = make_organisation("IR", name=f"Centre {marker}")
    programme = make_programme("IR", organisation=centre, name=f"Programme {marker}")
    person = make_user("clinician", name=f"Person {marker}", organisation=centre)
    sign_in(client, "country_admin", country="RU")
    paths = [
        "admin", "admin/audit", "programmes", "queue", f"programmes/{programme.id}", f"organisations/{centre.id}",
        f"admin/accounts/{person.id}",
    ]  # fmt: skip
    assert [path for path in paths if marker in client.get(f"/en/{path}").text] == []


def test_passwords_and_codes_are_in_no_answer(client):
    user = make_user("clinician")
    page = client.get("/en/sign-in")
    fields = {"email": user.email, "password": PASSWORD + "x", "csrf_token": token_of(page)}
    answer = client.post("/en/sign-in", data=fields)
    assert PASSWORD not in answer.text
