"""Pages of refusals: a signed-in person stays signed in, and a missing page offers the search."""

import pytest

LANGUAGES = ("en", "ru", "fa")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_that_is_not_there_offers_the_search(client, lang):
    answer = client.get(f"/{lang}/nothing-here")
    assert answer.status_code == 404
    assert 'role="search"' in answer.text


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
