"""The page of the audit: events and objects by name, with links to those that have a page."""

import re

import pytest
from factories import make_organisation, make_programme, make_user

from portal.accounts.rules import Proofing
from portal.accounts.services import factor, logins
from portal.accounts.services.logins import Browser
from portal.accounts.views.event_words import EVENTS, OBJECTS
from portal.config import ROOT
from portal.core.db import utcnow

KINDS = (
    "account|appeal|audit|case|edition|episode|import|live_figures|organisation|post|programme|protocol|result|sanction|"
    "terms|thread|translation"
)
CODE = re.compile(rf'(?:record\w*\(\s*|event=)"((?:{KINDS}|vocabulary)\.[a-z_]+)"')


def recorded():
    """Codes that the source records, as far as they stand there as a whole."""
    return {code for path in ROOT.glob("portal/**/*.py") for code in CODE.findall(path.read_text())}


def test_every_event_has_a_name():
    found = recorded()
    assert len(found) > 50
    assert found - set(EVENTS) == set()


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_no_code_of_an_event_is_shown(client, sign_in, lang):
    admin = sign_in(client, "country_admin")
    make_programme(organisation=make_organisation())
    factor.ask_factor_reset(make_user("clinician"), Proofing.IN_PERSON, by=admin, now=utcnow())
    page = client.get(f"/{lang}/admin/audit").text
    assert [
        code for code in (*EVENTS, *OBJECTS) if f">{code}<" in page or ("." in code and code in page)
    ] == []


def test_objects_with_a_page_are_linked_for_the_countrys_administrator(client, sign_in):
    admin = sign_in(client, "country_admin")
    person = make_user("clinician", name="Dr Mina")
    factor.ask_factor_reset(person, Proofing.IN_PERSON, by=admin, now=utcnow())
    page = client.get("/en/admin/audit").text
    assert f'<a href="/en/admin/accounts/{person.id}"><bdi>Dr Mina</bdi></a>' in page
    assert "Met in person, with an identity document" in page
    assert "Removal of a second factor asked for" in page


def test_a_person_of_the_other_country_is_not_named(client, sign_in):
    admin = sign_in(client, "country_admin")
    other = make_user("clinician", country="RU", name="Somebody Else")
    logins.open_login(other, Browser(), second_factor=True, by=admin, now=utcnow())
    page = client.get("/en/admin/audit").text
    assert "Signed in" in page
    assert "Somebody Else" not in page
    assert f"/admin/accounts/{other.id}" not in page


def test_who_may_not_open_accounts_gets_no_links_to_them(client, sign_in):
    sign_in(client, "system_admin")
    make_user("clinician")
    assert "/admin/accounts/" not in client.get("/en/admin/audit").text
