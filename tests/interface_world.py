"""A database with one published protocol in three languages, made once and copied for each test of a reader."""

import shutil

import pytest
from protocol_world import make_published, make_world, translate

from portal.app import load_keys
from portal.extensions import db
from portal.protocols.queries.translations import list_sources
from portal.protocols.queries.versions import find_current, find_protocol

NUMBER = "PR-0001"
FA = {"title": "درمان نگهدارنده با متادون", "summary": "متادون روزانه.", "steps": "تحمل را بسنجید."}
RU = {"title": "Поддерживающая терапия метадоном", "summary": "Метадон ежедневно."}


@pytest.fixture(scope="session")
def interface_template(prepared, folder):
    application, template = prepared
    load_keys(application.extensions["portal.config"])  # a test may have left keys of its own
    with application.app_context():
        _put(template, folder)
        people = make_world()
        version = make_published(people, demonstration=True)
        for lang, texts in (("fa", FA), ("ru", RU)):
            for source in list_sources([version])[version.id]:
                if source.name in texts and source.text != "Observe the person for 2 hours after the dose.":
                    translate(
                        people, version, source.key, texts[source.name], lang=lang, reason="Names differ."
                    )
        kept = folder / "interfaces.db"
        db.session.commit()
        _close()
        shutil.copy(folder / "portal.db", kept)
    return kept


@pytest.fixture
def made(app, interface_template, folder):
    """The published version, in a fresh copy."""
    _put(interface_template, folder)
    return find_current(find_protocol(NUMBER).id)


def _close():
    db.session.remove()
    db.engine.dispose()


def _put(source, folder):
    _close()
    for end in ("", "-wal", "-shm"):
        (folder / f"portal.db{end}").unlink(missing_ok=True)
    shutil.copy(source, folder / "portal.db")
