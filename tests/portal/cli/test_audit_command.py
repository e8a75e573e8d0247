"""`portal audit verify`: what it says of a whole chain, and of one in which a byte was changed."""

import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from factories import make_user

from portal.cli import audit as command
from portal.cli import session
from portal.core import audit
from portal.core.db import transaction
from portal.extensions import db

COLUMNS = tuple(column.name for column in audit.AuditEvent.__table__.columns if column.name != "seq")
TOUCHED = 2


@transaction
def act(by):
    audit.record(
        "protocol.published", by=by, target=("protocol", "PR-0001"), changes={"state": ["accepted", "published"]},
        acting_role="editor", country="IR", hash_before="a" * 64, hash_after="b" * 64, reason_code="outdated",
        reason_text="Evidence has moved on.",
    )  # fmt: skip


@pytest.fixture
def verify(app, monkeypatch):
    """Run the command on the test's database: its status and what it printed."""
    monkeypatch.setattr(session, "_factories", [lambda _config=None: app])

    def run(*options):
        done = CliRunner().invoke(command.audit, ["verify", *options], standalone_mode=False)
        assert done.exception is None
        return done.return_value, done.output

    return run


@pytest.fixture
def chain(app):
    """Entries of which the second may be touched by whoever holds the file of the database."""
    by = make_user("editor")
    first = db.session.scalar(sa.select(sa.func.max(audit.AuditEvent.seq))) or 0
    for _ in range(3):
        act(by)
    for name in ("audit_event_no_update", "audit_event_no_delete"):
        db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    db.session.commit()
    return first + TOUCHED


def test_a_whole_chain_holds(verify, chain):
    assert verify() == (0, "the chain holds\n")


def turned(value, place):
    """The value as its file holds it, with one byte changed."""
    if isinstance(value, int):
        return value ^ 1
    held = bytearray(value.encode())
    held[place] ^= 1
    return held.decode()


@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.parametrize("column", COLUMNS)
def test_19_13_changing_one_byte_in_the_audit_table_makes_verify_fail_and_name_the_event(
    verify, chain, column, place
):
    held = db.session.scalar(sa.text(f"SELECT {column} FROM audit_event WHERE seq = {chain}"))
    changed = turned(held, place) if held != "" else "x"  # the request's id is empty outside of one
    assert changed != held
    db.session.execute(
        sa.text(f"UPDATE audit_event SET {column} = :changed WHERE seq = {chain}"), {"changed": changed}
    )
    db.session.commit()
    db.session.expire_all()
    status, told = verify("--json")
    assert (status, json.loads(told)["broken_at"]) == (2, chain)
    assert verify()[1].startswith(f"broken at entry {chain}: ")
