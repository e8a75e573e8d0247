"""The settings in effect: for the administrator of the system alone, and without a secret."""

import pytest
from factories import make_user

PAGE = "/en/admin/settings"
ROLES = ("member", "clinician", "editor", "chief_editor", "moderator", "country_admin")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_reads_the_settings(client, sign_in, role):
    sign_in(client, user=make_user(role))
    assert client.get(PAGE).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client):
    assert "sign-in" in client.get(PAGE).headers["Location"]


@pytest.mark.parametrize(
    ("lang", "demonstration"), [("en", "Demonstration"), ("ru", "Демонстрация"), ("fa", "نمایشی")]
)
def test_the_administrator_reads_them_in_the_own_language(client, sign_in, lang, demonstration):
    sign_in(client, user=make_user("system_admin"))
    page = client.get(f"/{lang}/admin/settings").text.partition("<main")[2]
    assert demonstration in page
    assert "PORTAL_DEMONSTRATION" in page


def test_no_key_folder_or_address_of_the_database_is_shown(app, client, sign_in):
    sign_in(client, user=make_user("system_admin"))
    page, config = client.get(PAGE).text, app.extensions["portal.config"]
    hidden = [app.config["SECRET_KEY"], str(config.data_dir), str(config.keys), config.database]
    assert [text for text in hidden if text and text in page] == []
    assert "SQLite" in page or "PostgreSQL" in page
