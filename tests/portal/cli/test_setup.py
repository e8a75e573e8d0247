"""Setting an instance up: keys, what the start prints, and how commands find the demonstration."""

import csv
import os
import runpy
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import protocol_world
import pytest

from portal.cli.demo.accounts import everyone, password_of
from portal.cli.opening import greeting
from portal.cli.setup import load_vocabulary, make_folders, make_keys
from portal.config import ROOT, Config, from_environment
from portal.protocols import search
from portal.vocabulary import services


def test_keys_are_32_bytes_and_readable_by_the_owner_only(tmp_path):
    make_keys(tmp_path)
    for name in ("audit", "pepper", "field"):
        path = tmp_path / f"{name}.key"
        assert len(path.read_bytes()) == 32
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert len((tmp_path / "secret.key").read_text()) >= 32


def test_keys_are_never_made_twice(tmp_path):
    make_keys(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    make_keys(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert len(set(before.values())) == 4


def test_a_half_written_key_is_made_anew(tmp_path):
    (tmp_path / "audit.part").write_bytes(b"torn")
    make_keys(tmp_path)
    assert len((tmp_path / "audit.key").read_bytes()) == 32
    assert not list(tmp_path.glob("*.part"))


def test_keys_of_people_lie_outside_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    real = Config(data_dir=tmp_path / "var", demonstration=False)
    invented = Config(data_dir=tmp_path / "var", demonstration=True)
    assert not real.keys.is_relative_to(real.data_dir)
    assert invented.keys == tmp_path / "var" / "keys"


def test_folders_are_closed_to_others(tmp_path):
    config = Config(data_dir=tmp_path / "var", demonstration=True)
    make_folders(config)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in (config.data_dir, config.keys))


def test_what_was_left_open_is_closed(tmp_path):
    config = Config(data_dir=tmp_path / "var", demonstration=True)
    (tmp_path / "var/outbox").mkdir(parents=True)
    files = [tmp_path / "var" / name for name in ("portal.db", "portal.db-wal", "outbox/000001.eml")]
    for path in files:
        path.touch()
        path.chmod(0o644)
    for folder in (config.data_dir, config.data_dir / "outbox"):
        folder.chmod(0o755)
    make_folders(config)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(f.stat().st_mode) for f in (config.data_dir, config.data_dir / "outbox")} == {0o700}


def test_database_and_mails_are_made_for_the_owner_only(tmp_path):
    settings = {
        "PORTAL_DATA_DIR": str(tmp_path / "var"), "PORTAL_KEYS_DIR": str(tmp_path / "keys"), "PORTAL_DEMONSTRATION": "0",
    }  # fmt: skip
    start = (
        "import os, sys; os.umask(0o022); sys.argv = ['portal', 'init']; from portal.app import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", start], env=os.environ | settings, cwd=ROOT, check=False)
    assert done.returncode == 0
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert "portal.db" in {path.name for path in made}
    assert not [path.name for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_the_server_writes_for_the_owner_only():
    before = os.umask(0o022)
    try:
        runpy.run_path(str(ROOT / "gunicorn.conf.py"))
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(before)


def test_the_start_prints_address_accounts_password_and_how_to_get_a_code(tmp_path):
    config = Config(data_dir=tmp_path, demonstration=True, base_url="http://localhost:8123")
    make_folders(config)
    make_keys(config.keys)
    text = greeting(config)
    assert "http://localhost:8123" in text
    assert all(person.email in text for person in everyone())
    assert password_of((config.keys / "field.key").read_bytes()) in text
    assert "demo code clinician.ir@demo.example" in text
    assert "SYNTHETIC" in text


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_DEMONSTRATION", raising=False)
    (tmp_path / "demonstration.db").touch()
    return tmp_path


def test_commands_find_the_demonstration_by_its_database(found):
    config = from_environment()
    assert config.demonstration
    assert config.database.endswith("demonstration.db")


def test_a_setting_goes_before_what_is_found(found, monkeypatch):
    monkeypatch.setenv("PORTAL_DEMONSTRATION", "0")
    config = from_environment()
    assert not config.demonstration
    assert config.database.endswith("portal.db")


def test_a_real_database_goes_before_the_demonstration(found):
    (found / "portal.db").touch()
    assert not from_environment().demonstration


def test_a_name_that_is_new_in_the_vocabulary_is_found_in_published_texts(app, monkeypatch):
    version = protocol_world.make_published(protocol_world.make_world())
    rows = list(csv.DictReader(protocol_world.small_vocabulary().read_text("utf-8").splitlines()))
    opium = next(row for row in rows if row["id"] == "sub-opium")
    opium["synonyms_en"] += "|sedation"  # a word of the protocol's text
    assert _found("opium") == []
    monkeypatch.setattr(services, "load_seed", partial(services.load_seed, seed=_written(rows, app)))
    load_vocabulary()
    assert _found("opium") == [version.protocol.public_id]


def _found(words):
    return [hit.public_id for hit in search.query(words, lang="en").results]


def _written(rows, app):
    path = Path(app.extensions["portal.config"].data_dir) / "changed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
