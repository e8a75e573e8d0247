"""Backup and restore: an encrypted copy comes back equal on an empty machine, and brings nobody back who left."""

import base64
import errno
import json
import os
import shutil
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from conftest import KEYS
from factories import PASSWORD, make_programme, make_user
from postgresql_server import Server
from pyrage import x25519
from registry_records import row, table, token

from portal.accounts.rules import code_at, step_at
from portal.app import create_app, load_keys
from portal.cli.backup import backup as backup_command
from portal.cli.backup import restore as restore_command
from portal.cli.safekeeping.making import make_backup, make_tombstones
from portal.cli.safekeeping.restoring import Sealed, restore
from portal.cli.safekeeping.sealing import PREFIX, seal, unseal, workplace
from portal.cli.setup import migrate_database
from portal.config import Config
from portal.core.audit import verify
from portal.core.db import utcnow
from portal.core.errors import Conflict, DomainError, NotAllowed
from portal.extensions import db
from portal.registry.importer.keys import Keyer
from portal.registry.models import Episode, Person
from portal.registry.services import withdrawing
from portal.registry.services.imports import import_file
from portal.registry.services.submitting import Submission

PEPPER = KEYS["pepper"]


class Machine:
    """A data folder, key files and a database of one instance; `app` is made when asked for."""

    def __init__(self, folder: Path, address: str = "") -> None:
        (folder / "keys").mkdir(parents=True)
        for name, key in KEYS.items():
            (folder / "keys" / f"{name}.key").write_bytes(key)
        self.config = Config(
            secret_key="only-for-tests-0123456789abcdef0123456789", data_dir=folder, keys_dir=folder / "keys",
            testing=True, worker="none", password_memory_kib=64, database_url=address,
        )  # fmt: skip

    @contextmanager
    def running(self):
        """Its application, whose connections are closed at the end."""
        with create_app(self.config).app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()

    def database(self) -> Path:
        return self.config.data_dir / "portal.db"


@pytest.fixture(scope="module")
def origin_address(server):
    """SQLite in the folder, or a database of the server where one is named."""
    if server is None:
        yield ""
        return
    own = Server(server.address)
    own.own += "_backup"
    own.make(own.own)
    yield own.address_of(own.own)
    own.clear()


@pytest.fixture(scope="module")
def world(tmp_path_factory, origin_address):
    """A machine with rows of forty people, its backup, and a withdrawal after it."""
    machine = Machine(tmp_path_factory.mktemp("origin"), origin_address)
    with machine.running():
        migrate_database()
        first = make_user("system_admin", email="first@example.org")
        second = make_user("country_admin", email="second@example.org")
        programme = make_programme("IR")
        clinician = make_user("clinician", organisation=programme.organisation)
        rows = table([row(n) for n in range(40)])
        import_file(Submission(rows, programme=programme.code), mode="valid", by=clinician)
        snapshot = machine.config.data_dir / "snapshots" / "2026-1.parquet"
        snapshot.parent.mkdir()
        snapshot.write_bytes(b"rows of an edition")
        secrets = {u.email: u.totp_secret for u in (first, second, clinician)}
        code = programme.code
        two = [x25519.Identity.generate() for _ in range(2)]
        recipients = "\n".join(str(i.to_public()) for i in two)
        (machine.config.keys / "backup.recipients").write_text(f"# who can open\n{recipients}\n")
        identity = machine.config.data_dir / "first.agekey"
        identity.write_text(f"# created by age-keygen\n{two[0]}\n")
        shelf = machine.config.data_dir / "shelf"
        before = rows_of()
        made, early = make_backup(machine.config, shelf)
        withdraw(token(7, "person"), code, clinician)
        late = make_tombstones(machine.config, shelf)
    return {
        "machine": machine, "made": made, "early": early, "late": late, "identity": identity, "before": before,
        "programme": code, "secrets": secrets,
    }  # fmt: skip


def withdraw(pseudonym, code, by):
    withdrawing.withdraw(pseudonym, [code], "asked", by=by, now=utcnow())


def code_of(secret):
    return code_at(base64.b32decode(secret), step_at(utcnow().timestamp()))


def rows_of():
    """Every row of every table, sorted."""
    with db.engine.connect() as connection:
        present = set(sa.inspect(connection).get_table_names())
        return {
            t.name: sorted(map(repr, connection.execute(sa.select(t))))
            for t in db.metadata.sorted_tables
            if t.name in present
        }


@pytest.fixture
def empty(tmp_path, server):
    """A machine with keys and nothing else."""
    if server is None:
        yield Machine(tmp_path / "empty")
        return
    own = Server(server.address)
    own.own += "_empty"
    own.make(own.own)
    yield Machine(tmp_path / "empty", own.address_of(own.own))
    own.clear()


@pytest.fixture
def sealed(world):
    return Sealed(world["made"], world["late"], world["identity"])


def two_people(*emails):
    from portal.accounts.queries import find_active_by_email

    def confirm():
        return tuple(
            find_active_by_email(email) for email in emails or ("first@example.org", "second@example.org")
        )

    return confirm


def test_what_comes_back_is_equal_but_for_who_withdrew(world, sealed, empty):
    done = restore(empty.config, sealed, two_people())
    assert done.forgotten == 1
    with empty.running():
        after, keyer = rows_of(), Keyer(PEPPER, world["programme"])
        gone = keyer.s(token(7, "person"))
        assert not verify()
        assert db.session.get(Person, (world["programme"], gone)) is None
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Episode)) == 39
        differing = {name for name, rows in world["before"].items() if rows != after[name]}
    assert differing == {"episode", "episode_sensitive", "person", "tombstone", "audit_event", "audit_head"}
    for name in ("episode", "episode_sensitive", "person"):
        assert set(after[name]) < set(world["before"][name])
        assert len(after[name]) == len(world["before"][name]) - 1
    assert set(world["before"]["audit_event"]) < set(after["audit_event"])
    assert (empty.config.data_dir / "snapshots" / "2026-1.parquet").read_bytes() == b"rows of an edition"


def test_a_person_who_withdrew_does_not_come_back_by_a_file_either(world, sealed, empty):
    restore(empty.config, sealed, two_people())
    with empty.running():
        from portal.accounts.queries import find_active_by_email

        clinician = find_active_by_email(next(e for e in world["secrets"] if e.startswith("person")))
        rows = table([row(7), row(8)])
        batch = import_file(Submission(rows, programme=world["programme"]), mode="valid", by=clinician)
        assert (batch.withdrawn, batch.unchanged) == (1, 1)


def test_a_tombstone_of_before_the_backup_changes_nothing(world, empty):
    done = restore(empty.config, Sealed(world["made"], world["early"], world["identity"]), two_people())
    assert done.forgotten == 0


def test_nothing_in_a_sealed_file_can_be_read(world):
    for path in (world["made"], world["late"]):
        content = path.read_bytes()
        assert content.startswith(b"age-encryption.org/v1")
        for marker in (b"example.org", world["programme"].encode(), b"SQLite format", b"manifest", b"PGDMP"):
            assert marker not in content
        assert path.stat().st_mode & 0o777 == 0o400


def test_no_plain_copy_is_left_behind(world):
    left = [p.name for p in world["machine"].config.data_dir.iterdir() if p.name.startswith(PREFIX)]
    assert not left


def test_what_a_killed_run_left_is_swept(world):
    left = world["machine"].config.data_dir / f"{PREFIX}killed"
    left.mkdir()
    (left / "plain").write_text("plain")
    with world["machine"].running():
        make_tombstones(world["machine"].config, world["machine"].config.data_dir / "shelf")
    assert not left.exists()


def test_a_run_beside_another_leaves_its_folder_alone(world):
    data = world["machine"].config.data_dir
    with workplace(data) as first, workplace(data) as second:
        assert first.is_dir()
        assert second.is_dir()
    assert not list(data.glob(f"{PREFIX}*"))


def test_what_a_restore_cut_short_put_there_is_no_hindrance(sealed, empty):
    half = empty.config.data_dir / "snapshots" / "2026-1.parquet"
    half.parent.mkdir()
    half.write_bytes(b"rows of")
    restore(empty.config, sealed, two_people())
    assert half.read_bytes() == b"rows of an edition"


def test_snapshots_of_another_origin_are_never_written_over(sealed, empty):
    other = empty.config.data_dir / "snapshots" / "2026-1.parquet"
    other.parent.mkdir()
    other.write_bytes(b"other rows")
    with pytest.raises(Conflict, match="database_present"):
        restore(empty.config, sealed, two_people())
    assert other.read_bytes() == b"other rows"


@pytest.mark.parametrize("place", [0, 60, 400, -1])
def test_one_changed_byte_is_found_out(world, sealed, empty, tmp_path, place):
    content = bytearray(sealed.backup.read_bytes())
    content[place] ^= 1
    broken = tmp_path / "broken.age"
    broken.write_bytes(content)
    with pytest.raises(DomainError, match="backup_unreadable"):
        restore(empty.config, Sealed(broken, sealed.tombstones, sealed.identity), two_people())
    assert not empty.database().exists()


def test_a_cut_file_is_found_out(sealed, empty, tmp_path):
    cut = tmp_path / "cut.age"
    cut.write_bytes(sealed.backup.read_bytes()[:-1000])
    with pytest.raises(DomainError, match="backup_unreadable"):
        restore(empty.config, Sealed(cut, sealed.tombstones, sealed.identity), two_people())


def test_another_key_opens_nothing(sealed, empty, tmp_path):
    other = tmp_path / "other.agekey"
    other.write_text(str(x25519.Identity.generate()))
    with pytest.raises(DomainError, match="backup_unreadable"):
        restore(empty.config, Sealed(sealed.backup, sealed.tombstones, other), two_people())


def test_a_file_that_is_no_key_is_named(sealed, empty, tmp_path):
    other = tmp_path / "other.agekey"
    other.write_text("# nothing\n")
    with pytest.raises(DomainError, match="identity_unreadable"):
        restore(empty.config, Sealed(sealed.backup, sealed.tombstones, other), two_people())


def test_a_file_slipped_into_the_backup_is_found_out(world, sealed, empty, tmp_path):
    from portal.cli.safekeeping.sealing import read_identity, read_recipients

    inside = tmp_path / "inside"
    inside.mkdir()
    unseal(sealed.backup, inside, read_identity(sealed.identity))
    (inside / "snapshots" / "more.parquet").write_bytes(b"more")
    target = tmp_path / "slipped.age"
    seal(inside, target, read_recipients(world["machine"].config.keys))
    with pytest.raises(DomainError, match="backup_incomplete"):
        restore(empty.config, Sealed(target, sealed.tombstones, sealed.identity), two_people())


@pytest.mark.parametrize(
    "emails",
    [
        ("first@example.org", "first@example.org"),
        ("second@example.org", "first@example.org"),
    ],
)
def test_nobody_restores_alone_nor_without_the_administrator_of_the_system(sealed, empty, emails):
    with pytest.raises(NotAllowed):
        restore(empty.config, sealed, two_people(*emails))
    assert not empty.database().exists()
    assert not list(empty.config.data_dir.glob("*.restoring*"))


def test_a_clinician_is_not_the_second_person(world, sealed, empty):
    clinician = next(e for e in world["secrets"] if e.startswith("person"))
    with pytest.raises(NotAllowed, match="second_person_needed"):
        restore(empty.config, sealed, two_people("first@example.org", clinician))


def test_a_database_is_never_written_over(world, sealed):
    with pytest.raises(Conflict, match="database_present"):
        restore(world["machine"].config, sealed, two_people())


def test_a_database_made_while_two_people_confirm_is_kept(sealed, empty, server):
    if server is not None:
        pytest.skip("PostgreSQL asks again before it gives the name")

    def meanwhile():
        empty.database().write_bytes(b"another")
        return two_people()()

    with pytest.raises(Conflict, match="database_present"):
        restore(empty.config, sealed, meanwhile)
    assert empty.database().read_bytes() == b"another"


def test_tombstones_older_than_the_backup_are_refused(world, sealed, empty):
    time.sleep(1.1)  # stamps are whole seconds
    with world["machine"].running():
        made, _ = make_backup(world["machine"].config, world["machine"].config.data_dir / "later")
    with pytest.raises(DomainError, match="tombstones_old"):
        restore(empty.config, Sealed(made, sealed.tombstones, sealed.identity), two_people())


def test_with_other_keys_nothing_is_brought_back(sealed, empty):
    (empty.config.keys / "pepper.key").write_bytes(os.urandom(32))
    with pytest.raises(DomainError, match="keys_differ"):
        restore(empty.config, sealed, two_people())
    assert not empty.database().exists()
    (empty.config.keys / "pepper.key").write_bytes(PEPPER)
    load_keys(empty.config)


def test_one_recipient_is_not_enough(world, tmp_path):
    machine = Machine(tmp_path / "alone")
    (machine.config.keys / "backup.recipients").write_text(f"{x25519.Identity.generate().to_public()}\n" * 2)
    with world["machine"].running(), pytest.raises(DomainError, match="recipients_missing"):
        make_backup(machine.config, tmp_path / "shelf")


def test_a_damaged_database_is_not_sealed(world, tmp_path, server):
    if server is not None:
        pytest.skip("damage to files of PostgreSQL is found by its own checksums")
    machine = Machine(tmp_path / "damaged")
    shutil.copy(world["machine"].config.keys / "backup.recipients", machine.config.keys)
    shutil.copy(world["machine"].database(), machine.database())
    with sqlite3.connect(machine.database()) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET rootpage=3 WHERE name='episode'")
    connection.close()
    with machine.running(), pytest.raises((DomainError, sa.exc.DatabaseError)):
        make_backup(machine.config, tmp_path / "shelf")
    assert not list((tmp_path / "shelf").glob("backup-*"))


def test_a_full_disk_leaves_neither_half_a_backup_nor_a_plain_copy(world, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pyrage.encrypt_file", full)
    with world["machine"].running(), pytest.raises(OSError, match="No space"):
        make_backup(world["machine"].config, tmp_path / "shelf")
    assert not list((tmp_path / "shelf").iterdir())
    assert not list(world["machine"].config.data_dir.glob(f"{PREFIX}*"))


@pytest.fixture
def environment(monkeypatch):
    def use(machine):
        monkeypatch.setattr("portal.config.from_environment", lambda: machine.config)

    return use


def test_both_commands_as_an_operator_runs_them(world, empty, environment, monkeypatch, tmp_path):
    from portal.cli import session

    monkeypatch.setattr(session, "_factories", [lambda config: create_app(config or world["machine"].config)])
    environment(world["machine"])
    made = CliRunner().invoke(backup_command, [str(tmp_path / "shelf"), "--json"], catch_exceptions=False)
    backup_file, tombstones = json.loads(made.output)["files"]
    environment(empty)
    lines = []
    for email in ("first@example.org", "second@example.org"):
        lines += [PASSWORD, code_of(world["secrets"][email])]
    result = CliRunner().invoke(
        restore_command,
        [backup_file, "--tombstones", tombstones, "--identity", str(world["identity"]), "--as",
         "first@example.org", "--with", "second@example.org", "--answers-stdin", "--json"],
        input="\n".join(lines) + "\n", catch_exceptions=False,
    )  # fmt: skip
    assert json.loads(result.output)["forgotten"] == 0
    with empty.running():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Episode)) == 39


def test_a_wrong_code_brings_nothing_back(world, empty, environment):
    environment(empty)
    result = CliRunner().invoke(
        restore_command,
        [str(world["made"]), "--tombstones", str(world["late"]), "--identity", str(world["identity"]), "--as",
         "first@example.org", "--with", "second@example.org", "--answers-stdin"],
        input=f"{PASSWORD}\n000000\n{PASSWORD}\n000000\n",
    )  # fmt: skip
    assert isinstance(result.exception, NotAllowed)
    assert not empty.database().exists()
