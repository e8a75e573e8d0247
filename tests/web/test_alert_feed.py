"""The feed of early warnings: issued, updated, taken back, read by a parser that is not ours."""

from datetime import timedelta

import feedparser
import pytest
import sqlalchemy as sa
from alert_world import GRAVE, NOW, make_desk, make_issued, make_judged

from portal.alerts.services import issued
from portal.core.permissions import SYSTEM
from portal.extensions import db

LANGUAGES = ("en", "ru", "fa")
SUBSTANCE = {"en": "Methadone", "ru": "Метадон", "fa": "متادون"}
UPDATED = {"en": "updated", "ru": "обновл", "fa": "به‌روز"}


@pytest.fixture
def desk(app):
    return make_desk()


def read(client, lang="en", query=""):
    answer = client.get(f"/{lang}/feeds/alerts.atom{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    feed = feedparser.parse(answer.data)
    assert (feed.bozo, feed.feed.language) == (0, lang)
    return feed.entries


def kinds(entries):
    return [entry.tags[0].term for entry in entries]


def update(desk, alert, *, hours=1, **more):
    later = NOW + timedelta(hours=hours)
    issued.propose(alert, dict(alert.record, **more), seen=alert.revision, by=desk.editor, now=later)
    issued.sign_update(alert, by=desk.judge, now=later)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_issued_warning_is_in_the_feed_of_every_language_at_once(client, desk, lang):
    alert = make_issued(desk, naloxone="repeat", street_names="شربت")
    [entry] = read(client, lang)
    assert SUBSTANCE[lang] in entry.title
    assert entry.link.endswith(f"/{lang}/alerts/{alert.public_id}")
    assert entry.published_parsed[:3] == (2026, 11, 24)
    assert kinds([entry]) == ["alert.issued"]
    assert "شربت" not in entry.title + entry.summary  # free text waits for its translation
    assert "⟦" not in entry.title + entry.summary


def test_an_update_is_an_entry_of_its_own_above_the_first(client, desk):
    update(desk, make_issued(desk), events="10-19")
    entries = read(client)
    assert kinds(entries) == ["alert.updated", "alert.issued"]
    assert len({entry.id for entry in entries}) == 2
    assert entries[0].title.startswith("Alert, updated: ")
    assert [entry.id for entry in read(client, "fa")] == [entry.id for entry in entries]


def test_of_a_retracted_warning_only_the_retraction_and_its_reason_are_told(client, desk):
    alert = make_issued(desk, naloxone="repeat")
    update(desk, alert, events="10-19")
    issued.retract(alert, "wrong_substance", by=desk.judge, now=NOW + timedelta(hours=2))
    [entry] = read(client)
    assert kinds([entry]) == ["alert.retracted"]
    assert entry.title.startswith("Withdrawn, do not act on it: ")
    assert entry.summary == "It was another substance."
    assert entry.updated_parsed[3] == 11


def test_an_expired_warning_says_so(client, desk):
    make_issued(desk)
    assert "In force until " in read(client)[0].summary
    issued.expire_due(by=SYSTEM, now=NOW + timedelta(days=31))
    assert read(client)[0].summary.startswith("This warning has expired.")


def test_signals_are_in_no_feed_and_a_country_narrows_it(client, desk):
    make_judged(desk, GRAVE, GRAVE)
    assert read(client) == []
    make_issued(desk)
    assert [len(read(client, query=f"?country={country}")) for country in ("IR", "RU")] == [1, 0]


def test_the_feed_makes_a_fixed_number_of_queries(client, desk):
    def count():
        sent = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
        read(client)
        return len(sent)

    update(desk, make_issued(desk), events="10-19")
    few = count()
    for _ in range(3):
        update(desk, make_issued(desk), events="10-19")
    assert count() == few


def test_the_page_of_warnings_leads_to_its_feed(client, desk):
    assert "/en/feeds/alerts.atom" in client.get("/en/alerts").text
