"""Where a demonstration refuses to be."""

import sqlite3

import pytest
from click import ClickException
from factories import make_programme

from portal.app import StartRefused, create_app
from portal.cli.demo.loading import load_demonstration, refuse_beside_people
from portal.cli.setup import forget, refuse_real_data
from portal.config import Config
from portal.core.errors import Conflict


@pytest.fixture
def demonstration(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMONSTRATION", True)  # noqa: FBT003 # a value, not a flag


def test_nothing_is_loaded_outside_a_demonstration(app):
    with pytest.raises(ClickException, match="no demonstration"):
        load_demonstration()


def test_nothing_is_loaded_beside_a_real_programme(demonstration):
    make_programme(synthetic=False)
    with pytest.raises(Conflict, match="real_programmes_present"):
        load_demonstration()


def test_an_empty_database_is_taken(demonstration):
    refuse_beside_people()


def test_a_demonstration_off_loopback_does_not_start(tmp_path):
    config = Config(demonstration=True, base_url="https://portal.example.org", data_dir=tmp_path)
    with pytest.raises(StartRefused, match="loopback"):
        create_app(config)


def test_a_demonstration_with_a_mail_relay_does_not_start(tmp_path):
    with pytest.raises(ValueError, match="sends no mail"):
        Config(demonstration=True, smtp={"host": "mail.example.org"}, data_dir=tmp_path)


def make_database(path, *, synthetic):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE programme (synthetic BOOLEAN)")
        connection.execute("INSERT INTO programme VALUES (?)", (synthetic,))
    connection.close()


@pytest.mark.parametrize("name", ["portal.db", "demonstration.db"])
def test_a_file_with_a_real_programme_is_never_passed_over(tmp_path, name):
    make_database(tmp_path / name, synthetic=False)
    with pytest.raises(Conflict, match="real_programmes_present"):
        refuse_real_data(tmp_path / name)


def test_reset_keeps_a_database_that_holds_a_real_programme(tmp_path):
    make_database(tmp_path / "demonstration.db", synthetic=False)
    with pytest.raises(Conflict, match="real_programmes_present"):
        forget(Config(demonstration=True, data_dir=tmp_path))
    assert (tmp_path / "demonstration.db").exists()


def test_reset_removes_database_snapshots_and_mails_and_keeps_the_keys(tmp_path):
    config = Config(demonstration=True, data_dir=tmp_path)
    make_database(tmp_path / "demonstration.db", synthetic=True)
    kept = tmp_path / "keys" / "field.key"
    gone = [
        tmp_path / "snapshots" / "a.parquet",
        tmp_path / "outbox" / "1.eml",
        tmp_path / "keys" / "release" / "a.key",
    ]
    for path in (kept, *gone):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    forget(config)
    assert kept.exists()
    assert not any(path.exists() for path in (*gone, tmp_path / "demonstration.db"))


def test_reset_of_a_server_database_is_refused(tmp_path):
    with pytest.raises(ClickException, match="SQLite file only"):
        forget(Config(demonstration=True, data_dir=tmp_path, database_url="postgresql://localhost/x"))
