"""No English is left on the pages and in the mails of accounts in Russian and Persian."""

import re
from html.parser import HTMLParser

import pytest
from factories import make_organisation, make_programme, make_user
from web.journey import send

from portal.accounts.forms import ROLE_NAMES
from portal.cli.i18n import compile_all
from portal.core.notify import compose
from portal.core.sentences import MESSAGES

PUBLIC = ["sign-in", "register", "forgot", "sent/register", "sent/reset", "terms-of-use", "confirm/x"]
ADMIN = ["me", "me/email", "second-factor", "admin", "admin/audit", "programmes", "queue", "sign-in/again"]
MAILS = ["confirm", "approved", "refused", "reset", "invitation", "new_device", "factor_changed", "password_changed",
         "register_known", "security", "email_confirm", "email_changed", "email_known"]  # fmt: skip
CODES = ["account_exists", "code_wrong", "last_administrator", "link_used", "own_account", "password_common",
         "password_long", "password_short", "second_person_needed", "too_many_attempts", "modality_missing",
         "real_programmes_present", "staff_must_be_clinician"]  # fmt: skip
ENGLISH = re.compile(r"[A-Za-z]{3,}")
EMPTY = {"input", "img", "br", "meta", "link", "hr"}


@pytest.fixture(autouse=True, scope="module")
def catalogues():
    compile_all()


class Words(HTMLParser):
    """Text of <main> outside isolated codes, scripts and texts of another language."""

    def __init__(self):
        super().__init__()
        self.stack, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        if tag in EMPTY:
            self.texts += [held[a] for a in ("alt", "aria-label", "placeholder") if held.get(a)]
            return
        apart = tag in ("bdi", "script", "option") or (tag != "html" and "lang" in held)
        self.stack.append((tag, apart))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(t == "main" for t, _ in self.stack) and not any(apart for _, apart in self.stack):
            self.texts.append(data)


def english(html):
    words = Words()
    words.feed(html)
    return [t.strip() for t in words.texts if ENGLISH.search(t.replace("UTC", ""))]


@pytest.mark.parametrize("lang", ["ru", "fa"])
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_translated(client, lang, path):
    assert english(client.get(f"/{lang}/{path}").text) == []


@pytest.mark.parametrize("lang", ["ru", "fa"])
@pytest.mark.parametrize("path", ADMIN)
def test_a_page_of_an_account_is_translated(client, sign_in, lang, path):
    sign_in(client, "country_admin", name="Имя")
    assert english(client.get(f"/{lang}/{path}").text) == []


@pytest.mark.parametrize("lang", ["ru", "fa"])
def test_pages_of_one_thing_are_translated(client, sign_in, lang):
    sign_in(client, "country_admin", name="Имя")
    centre = make_organisation(name="Центр")
    programme = make_programme(organisation=centre, name="Программа")
    person = make_user("clinician", organisation=centre, name="Имя")
    for path in (
        f"organisations/{centre.id}", f"programmes/{programme.id}", f"programmes/{programme.id}/edit",
        f"organisations/{centre.id}/programmes/new", f"admin/accounts/{person.id}",
    ):  # fmt: skip
        assert english(client.get(f"/{lang}/{path}").text) == [], path


@pytest.mark.parametrize("lang", ["ru", "fa"])
@pytest.mark.parametrize("path", ["sign-in", "register", "forgot"])
def test_faults_are_told_in_the_readers_language(client, lang, path):
    answer = send(client, f"/{lang}/{path}", email="x", country="DE", language="xx", requested_role="boss")
    assert answer.status_code == 422
    assert [t for t in english(answer.text) if "name@hospital.org" not in t] == []


@pytest.mark.parametrize("lang", ["ru", "fa"])
@pytest.mark.parametrize("key", MAILS)
def test_a_mail_is_translated(app, lang, key):
    mail = compose("a@example.org", lang, key, {"token": "1", "reason": "–"})
    text = mail["Subject"] + " " + re.sub(r"http://\S+", "", mail.get_body(("plain",)).get_content())
    assert not ENGLISH.search(text.replace("Treatment Exchange", "")), (
        text
    )  # the name of the product may stay


@pytest.mark.parametrize("lang", ["ru", "fa"])
def test_names_of_roles_and_refusals_are_translated(app, lang):
    from flask_babel import force_locale

    with force_locale(lang):
        texts = [str(name) for name in ROLE_NAMES.values()] + [str(MESSAGES[code]) for code in CODES]
    assert [t for t in texts if ENGLISH.search(t)] == []
