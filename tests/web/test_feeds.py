"""Feeds of change, judged by a parser that is not ours."""

import feedparser
import pytest
from interface_world import interface_template, made  # noqa: F401
from protocol_world import make_draft, make_world

LANGUAGES = ("en", "ru", "fa")
KINDS = ("all", "concept?id=sub-methadone", "concept?id=ev-low", "country?country=IR", "country?country=RU",
         "alerts", "translations")  # fmt: skip


def read(client, lang, kind):
    name, _, query = kind.partition("?")
    answer = client.get(f"/{lang}/feeds/{name}.atom?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return answer, feedparser.parse(answer.data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_feed_is_well_formed(made, client, lang, kind):  # noqa: F811
    answer, feed = read(client, lang, kind)
    assert (feed.bozo, feed.version, feed.feed.language) == (0, "atom10", lang)
    assert feed.feed.title
    assert feed.feed.id.startswith("urn:uuid:")
    assert feed.feed.updated_parsed
    assert all(
        entry.id.startswith("urn:uuid:") and entry.link and entry.updated_parsed for entry in feed.entries
    )
    assert "Set-Cookie" not in answer.headers
    assert (answer.headers["Cache-Control"], bool(answer.headers["ETag"])) == ("public, no-cache", True)


def test_feed_of_an_empty_concept_is_valid_and_empty(made, client):  # noqa: F811
    _, feed = read(client, "fa", "concept?id=ev-low")
    assert (feed.bozo, feed.entries) == (0, [])


def test_entries_keep_their_ids(made, client):  # noqa: F811
    ids = [[entry.id for entry in read(client, "en", "all")[1].entries] for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) == 1


def test_persian_title_stands_in_its_own_isolate(made, client):  # noqa: F811
    title = read(client, "fa", "all")[1].entries[0].title
    assert "\u2067درمان نگهدارنده با متادون\u2069" in title
    assert "\u20661.0\u2069" in title


def test_summary_says_its_own_language(made, client):  # noqa: F811
    answer, _ = read(client, "fa", "all")
    assert '<summary xml:lang="en">First version.</summary>' in answer.text


def test_title_with_markup_is_text(app, client):
    from protocol_world import bring_to

    from portal.protocols.services import drafts
    from portal.protocols.services.drafts import Details

    people = make_world()
    version = make_draft(people)
    title = "<script>alert(1)</script> & ]]> methadone"
    details = Details(title, "Daily.", "First.", "CC-BY-4.0", "initial", version.evidence_searched_on)
    drafts.change_details(version, details, by=people.author, now=version.created_at)
    bring_to(people, version, "published")
    answer, feed = read(client, "en", "all")
    assert (feed.bozo, "<script" in answer.text) == (0, False)
    assert "]]&gt;" in answer.text


def test_drafts_are_in_no_feed(app, client):
    make_draft(make_world())
    assert read(client, "en", "all")[1].entries == []


@pytest.mark.parametrize(
    "path", ["concept.atom?id=sub-none", "concept.atom", "country.atom?country=DE", "all.rss"]
)
def test_unknown_feed_is_a_page_that_says_so(made, client, path):  # noqa: F811
    answer = client.get(f"/en/feeds/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_pages_lead_to_their_feeds(made, client):  # noqa: F811
    for path, feed in (
        ("/fa", "/fa/feeds/all.atom"),
        ("/fa/c/sub-methadone", "/fa/feeds/concept.atom?id=sub-methadone"),
    ):
        page = client.get(path, follow_redirects=True).text
        assert 'type="application/atom+xml"' in page
        assert feed in page
