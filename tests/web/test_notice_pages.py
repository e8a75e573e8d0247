"""The notification centre, its settings, following things, and the page behind the link in a mail."""

import re

import pytest
from factories import make_user
from protocol_world import make_published, make_world

from portal.accounts import queries
from portal.accounts.services.subscriptions import follow
from portal.core.db import bookkeeping, utcnow
from portal.core.notify import notify
from portal.core.notify.kinds import Group, choosable
from portal.core.notify.unsubscribing import make_link_token

tell = bookkeeping(notify)
LANGS = ("en", "ru", "fa")
ACCEPTED = {"public_id": "PR-0001"}


def token_of(client, path):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)[1]


def send(client, path, *, at="/en/me/notices", **data):
    return client.post(path, data={"csrf_token": token_of(client, at)} | data)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_head_counts_what_is_unread(client, sign_in, lang):
    reader = sign_in(client)
    assert 'class="count"' not in client.get(f"/{lang}/me").text
    for _ in range(3):
        tell(reader, "protocol_accepted", ACCEPTED)
    assert ">{}</span>".format("۳" if lang == "fa" else "3") in client.get(f"/{lang}/me").text


def test_a_visitor_has_no_bell(client):
    assert "/me/notices" not in client.get("/en/").text


def test_notices_are_listed_newest_first_in_pages_of_twenty(client, sign_in):
    reader = sign_in(client)
    for n in range(45):
        tell(reader, "protocol_accepted", {"public_id": f"PR-{n:04d}"})
    page = client.get("/en/me/notices").text
    assert re.findall(r"PR-(\d{4})</a>", page) == [f"{n:04d}" for n in range(44, 24, -1)]
    for _ in range(2):
        page = client.get(re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")).text
    assert re.findall(r"PR-(\d{4})</a>", page) == [f"{n:04d}" for n in range(4, -1, -1)]
    assert 'rel="next"' not in page


def test_opening_a_notice_leads_to_the_thing_and_reads_it(client, sign_in):
    reader = sign_in(client)
    notice = tell(reader, "protocol_accepted", ACCEPTED)
    answer = client.get(f"/ru/me/notices/{notice.id}")
    assert (answer.status_code, answer.location) == (302, "/ru/protocols/mine")
    assert queries.count_unread(reader.id) == 0


def test_the_notices_of_others_do_not_exist(client, sign_in):
    sign_in(client)
    foreign = tell(make_user(), "protocol_accepted", {"public_id": "PR-0999"})
    assert client.get(f"/en/me/notices/{foreign.id}").status_code == 404
    assert send(client, f"/en/me/notices/{foreign.id}/read", at="/en/me").status_code == 404
    assert "PR-0999" not in client.get("/en/me/notices").text


def test_notices_are_marked_as_read_one_by_one_and_all_together(client, sign_in):
    reader = sign_in(client)
    told = [tell(reader, "protocol_accepted", ACCEPTED) for _ in range(3)]
    send(client, f"/en/me/notices/{told[0].id}/read")
    assert queries.count_unread(reader.id) == 2
    send(client, "/en/me/notices/read")
    assert queries.count_unread(reader.id) == 0


@pytest.mark.parametrize("lang", LANGS)
def test_the_words_of_a_notice_follow_the_reader_not_the_moment(client, sign_in, lang):
    reader = sign_in(client)
    tell(reader, "review_invited", {"public_id": "PR-0001", "due_on": "2026-12-08"})
    day = {"en": "8 December 2026", "ru": "8 декабря 2026", "fa": "۱۷ آذر ۱۴۰۵"}[lang]
    assert day in client.get(f"/{lang}/me/notices").text


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_is_chosen_by_its_rhythm_and_place(client, sign_in, lang):
    reader = sign_in(client, "country_admin")
    path = f"/{lang}/me/notices/settings"
    page = client.get(path).text
    kinds = [kind.key for kind in choosable()]
    assert [key for key in kinds if f'name="rhythm-{key}"' not in page] == []
    assert "rhythm-password_changed" not in page
    chosen = {f"rhythm-{key}": "weekly" for key in kinds} | {
        "site-review_invited": "yes",
        "rhythm-reset": "never",
    }
    assert send(client, path, at=path, **chosen).status_code == 302
    found = queries.list_choices(reader.id)
    assert {key: (c.rhythm, c.on_site) for key, c in found.items()} == {
        key: ("weekly", key == "review_invited") for key in kinds
    }


@pytest.mark.parametrize("lang", LANGS)
def test_the_settings_are_folded_by_purpose_and_say_what_is_inside(client, sign_in, lang):
    sign_in(client)
    page = client.get(f"/{lang}/me/notices/settings").text
    folds = re.findall(r'<details class="choices">\s*<summary>(.*?)</summary>', page, re.DOTALL)
    assert len(folds) == len(Group)
    inside = [re.sub(r"<[^>]+>", " ", line) for line in folds]
    assert all(re.search(r"[0-9۰-۹]", line) for line in inside)


def test_a_whole_group_gets_one_rhythm_and_the_others_keep_theirs(client, sign_in):
    reader, path = sign_in(client), "/en/me/notices/settings"
    own = {f"rhythm-{kind.key}": kind.rhythm for kind in choosable()}
    send(client, path, at=path, **own, **{"all-talk": "never", "site-comment_reply": "yes"})
    found = queries.list_choices(reader.id)
    talk = {kind.key for kind in choosable() if kind.group == "talk"}
    assert {found[key].rhythm for key in talk} == {"never"}
    assert found["comment_reply"].on_site
    assert {key: c.rhythm for key, c in found.items() if key not in talk} == {
        kind.key: kind.rhythm for kind in choosable() if kind.key not in talk | {"audit_head"}
    }


def test_the_way_back_to_the_defaults(client, sign_in):
    reader, path = sign_in(client), "/en/me/notices/settings"
    send(client, path, at=path, **{"rhythm-alert_issued": "never"})
    send(client, path, at=path, **{"rhythm-alert_issued": "never", "defaults": "yes"})
    found = queries.list_choices(reader.id)["alert_issued"]
    assert (found.rhythm, found.on_site) == ("at_once", True)


def test_a_rhythm_that_does_not_exist_changes_nothing(client, sign_in):
    reader, path = sign_in(client), "/en/me/notices/settings"
    send(client, path, at=path, **{"rhythm-review_invited": "hourly"})
    assert queries.list_choices(reader.id) == {}


@pytest.mark.parametrize("lang", LANGS)
def test_the_link_of_a_mail_asks_before_it_ends_and_says_what_it_ended(client, lang):
    reader = make_user()
    path = f"/{lang}/unsubscribe/{make_link_token(reader.id, 'review_invited')}"
    assert client.get(path).status_code == 200
    assert queries.list_choices(reader.id) == {}
    assert client.post(path).status_code == 200
    assert client.post(path).status_code == 200
    assert queries.list_choices(reader.id)["review_invited"].rhythm == "never"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_changed_is_a_dead_link(client, method):
    path = "/en/unsubscribe/" + make_link_token(1, "review_invited")[:-2]
    assert getattr(client, method)(path).status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_followed_is_named_and_can_be_given_up(client, sign_in, lang):
    version = make_published(make_world())
    reader = sign_in(client)
    number = version.protocol.public_id
    for kind, target in (("protocol", number), ("concept", "int-mmt"), ("alerts", "all"), ("language", "fa")):
        follow(kind, target, by=reader, now=utcnow())
    path = f"/{lang}/me/following"
    page = client.get(path).text
    assert version.title in page
    assert f"/{lang}/p/{number}/" in page
    assert f"/{lang}/c/int-mmt" in page
    data = {"kind": "protocol", "target": number, "back": path}
    assert send(client, f"/{lang}/me/unfollow", at=path, **data).location == path
    assert queries.find_subscription(reader.id, "protocol", number) is None


def test_the_rhythm_of_what_is_followed_is_changed_without_script(client, sign_in):
    reader = sign_in(client)
    follow("alerts", "IR", by=reader, now=utcnow())
    data = {"kind": "alerts", "target": "IR", "rhythm": "daily", "back": "//evil.example"}
    answer = send(client, "/en/me/follow", at="/en/me/following", **data)
    assert queries.find_subscription(reader.id, "alerts", "IR").rhythm == "daily"
    assert answer.location == "/en/me/notices"


def test_an_unknown_kind_of_thing_cannot_be_followed(client, sign_in):
    sign_in(client)
    answer = send(client, "/en/me/follow", at="/en/me/following", kind="planet", target="x")
    assert answer.status_code == 422
