"""Pages of refusals: a signed-in person stays signed in, and a missing page offers the search."""

import pytest

from portal.app import create_app
from portal.config import Config
from portal.extensions import db

LANGUAGES = ("en", "ru", "fa")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_that_is_not_there_offers_the_search(client, lang):
    answer = client.get(f"/{lang}/nothing-here")
    assert answer.status_code == 404
    assert 'role="search"' in answer.text
    assert {"en": "Error 404", "ru": "Ошибка 404", "fa": "خطای ۴۰۴"}[lang] in answer.text


@pytest.mark.parametrize(("path", "status"), [("/en/admin", 403), ("/en/nothing-here", 404)])
def test_who_signed_in_is_not_asked_to_sign_in(client, sign_in, path, status):
    sign_in(client, "researcher")
    answer = client.get(path)
    assert answer.status_code == status
    assert "/en/sign-in" not in answer.text
    assert "/en/sign-out" in answer.text


def test_an_unreadable_request_is_answered_as_to_a_visitor(client, sign_in):
    sign_in(client, "researcher")
    answer = client.get("/en/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "/en/sign-out" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "portal.example.org:1", "[::2]", "a:b:c"]
)
def test_a_foreign_host_is_refused_and_its_name_is_nowhere_on_the_page(client, host):
    answer = client.get("/en/", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8123", "127.0.0.1:5000", "[::1]", "[::1]:8000"])
def test_loopback_is_answered_under_any_port(client, host):
    assert client.get("/en/", headers={"Host": host}).status_code == 200


def test_the_public_host_is_answered_under_its_own_port_only(folder, app):
    config = Config(
        secret_key="x" * 40, data_dir=folder, keys_dir=folder / "keys", testing=True, worker="none",
        base_url="https://portal.example.org", trusted_hosts=["other.example"], proxy_hops=1,
    )  # fmt: skip
    public = create_app(config)
    said = {}
    for host in ("portal.example.org", "portal.example.org:444", "other.example", "other.example:80"):
        page = public.test_client().get("/en/sign-in", base_url=f"https://{host}")
        said[host] = page.status_code
        known = host if said[host] == 200 else "portal.example.org"
        assert f'hreflang="ru" href="https://{known}/ru/sign-in"' in page.text or said[host] == 400
    assert said == {
        "portal.example.org": 200, "portal.example.org:444": 400, "other.example": 200, "other.example:80": 400,
    }  # fmt: skip
    with public.app_context():
        db.engine.dispose()
