"""kill -9 in the middle of an import: nothing partial counts, nothing acknowledged is lost, nothing is there twice."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from factories import make_programme, make_user
from registry_records import row, table

from portal.app import create_app
from portal.config import Config
from portal.core.audit import verify
from portal.extensions import db

ROOT = Path(__file__).resolve().parents[3]
ROWS = 4000
CHUNK = 500
RUN = """
import sys
from portal.registry.importer import loading
from portal.registry.services import imports
loading.CHUNK = {chunk}
imports._is_small = lambda submission: {whole}
from portal.app import main
main()
"""


class World:
    """An instance of its own in a folder, with a file to import."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "keys").mkdir()
        for name in ("audit", "pepper", "field"):
            (folder / "keys" / f"{name}.key").write_bytes(os.urandom(32))
        (folder / "keys" / "secret.key").write_text("only-for-tests-0123456789abcdef0123456789")
        self.config = Config(data_dir=folder, keys_dir=folder / "keys", worker="none", password_memory_kib=64)
        with create_app(self.config).app_context():
            db.create_all()
            programme = make_programme("IR")
            self.programme = programme.code
            self.email = make_user("clinician", organisation=programme.organisation).email
            db.session.remove()
            db.engine.dispose()
        self.file = folder / "rows.csv"
        self.file.write_bytes(table([row(n) for n in range(ROWS)]))

    def start(self, *, whole):
        environment = {
            "PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(self.folder), "PORTAL_WORKER": "none",
            "PORTAL_KEYS_DIR": str(self.folder / "keys"), "PORTAL_PASSWORD_MEMORY_KIB": "64",
        }  # fmt: skip
        arguments = [
            "import",
            str(self.file),
            "--programme",
            self.programme,
            "--mode",
            "valid",
            "--as",
            self.email,
        ]
        code = RUN.format(chunk=CHUNK, whole=whole)
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments, "--json"], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, query):
        store = sqlite3.connect(self.folder / "portal.db", timeout=30)
        try:
            return store.execute(query).fetchone()[0]
        finally:
            store.close()

    def counted(self):
        return self.ask(
            "SELECT count(*) FROM episode WHERE replaced_by IS NULL"
            " AND import_batch_id IN (SELECT id FROM import_batch WHERE visible)"
        )


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def assert_sound(world, acknowledged):
    """Invariants after a kill: whole or absent, once, and the store intact."""
    counted = world.counted()
    assert counted in {0, ROWS}
    assert counted == ROWS or not acknowledged
    assert world.ask("PRAGMA integrity_check") == "ok"
    assert world.ask("SELECT count(*) FROM pragma_foreign_key_check") == 0
    visible = world.ask("SELECT count(*) FROM import_batch WHERE visible")
    assert visible == world.ask("SELECT count(*) FROM audit_event WHERE event = 'import.accepted'")


def kill_at(world, moment, *, whole):
    """Start, kill after a share of the usual time, and say whether it had answered before."""
    run = world.start(whole=whole)
    time.sleep(moment)
    run.send_signal(signal.SIGKILL)
    out, _ = run.communicate()
    return out.strip().endswith("}")


def survive(world, kills, seed, *, whole):
    draw = random.Random(seed)
    began = time.monotonic()
    first = world.start(whole=whole)
    first.communicate()
    assert first.returncode == 0
    usual = time.monotonic() - began
    _empty(world)
    acknowledged = False
    for _ in range(kills):
        acknowledged |= kill_at(world, usual * draw.uniform(0.3, 1.1), whole=whole)
        assert_sound(world, acknowledged)
    last = world.start(whole=whole)
    out, err = last.communicate()
    assert last.returncode == 0, err
    answer = json.loads(out)
    assert answer["submitted"] == answer["accepted"] + answer["ignored"] == ROWS
    assert (
        world.counted()
        == ROWS
        == world.ask(
            "SELECT count(DISTINCT row_key) FROM episode WHERE replaced_by IS NULL AND import_batch_id IN"
            " (SELECT id FROM import_batch WHERE visible)"
        )
    )
    with create_app(world.config).app_context():
        assert verify() is None
        db.session.remove()
        db.engine.dispose()


def _empty(world):
    """As before the first import."""
    store = sqlite3.connect(world.folder / "portal.db", isolation_level=None)
    for name in ("rule_result", "episode_sensitive", "episode", "person", "import_row", "import_batch"):
        store.execute(f"DELETE FROM {name}")
    store.execute("DROP TRIGGER audit_event_no_delete")
    store.execute("DELETE FROM audit_event WHERE event LIKE 'import.%'")
    last = store.execute("SELECT seq, mac FROM audit_event ORDER BY seq DESC LIMIT 1").fetchone()
    store.execute("UPDATE audit_head SET seq = ?, mac = ?", last)
    store.close()


@pytest.mark.parametrize("whole", [False, True], ids=["chunks", "one_transaction"])
def test_killed_imports_leave_nothing_partial(world, whole):
    survive(world, 3 if not whole else 2, 5, whole=whole)


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True], ids=["chunks", "one_transaction"])
def test_sixty_killed_imports_leave_nothing_partial(world, whole):
    survive(world, 30, 60, whole=whole)
