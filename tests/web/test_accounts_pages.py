"""Every page of accounts, programmes and the queue renders in each language, is private and not kept."""

import pytest
from factories import make_organisation, make_programme, make_user

LANGS = ["en", "ru", "fa"]
PUBLIC = ["sign-in", "register", "forgot", "sent/register", "sent/reset", "terms-of-use"]
ADMIN = ["me", "second-factor", "admin", "admin/audit", "programmes", "queue", "sign-in/again"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_renders_and_is_not_cached(client, lang, path):
    page = client.get(f"/{lang}/{path}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", ADMIN)
def test_administrators_page_renders(client, sign_in, lang, path):
    sign_in(client, "country_admin")
    assert client.get(f"/{lang}/{path}").status_code == 200


@pytest.mark.parametrize("lang", LANGS)
def test_pages_of_one_thing_render(client, sign_in, lang):
    sign_in(client, "country_admin")
    centre = make_organisation()
    programme = make_programme(organisation=centre)
    person = make_user("clinician", organisation=centre)
    for path in (
        f"organisations/{centre.id}",
        f"programmes/{programme.id}",
        f"programmes/{programme.id}/edit",
        f"organisations/{centre.id}/programmes/new",
        f"admin/accounts/{person.id}",
    ):
        assert client.get(f"/{lang}/{path}").status_code == 200, path
