"""What forms say: which field is meant, and what may not be written into it."""

import re

import pytest
from protocol_world import make_draft, make_world
from web.journey import send

from portal.accounts.models import TERMS_VERSION
from portal.core import i18n
from portal.protocols.forms.editing import InterestsForm

SNILS = "112-233-445 95"


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def draft(world):
    return make_draft(world)


@pytest.fixture
def author(client, sign_in, world):
    sign_in(client, user=world.author)
    return client


def summary_of(answer):
    found = re.search(r'class="errsum".*?</div>', answer.text, re.DOTALL)
    assert found
    return [" ".join(re.sub("<[^>]+>", " ", item).split()) for item in found[0].split("<li>")[1:]]


@pytest.mark.parametrize(
    ("lang", "fields"),
    [
        ("en", ("Title: ", "Summary: ", "Language you write in: ")),
        ("ru", ("Название: ", "Краткое изложение: ", "Язык, на котором вы пишете: ")),
        ("fa", ("عنوان: ", "خلاصه: ", "زبانی که به آن می‌نویسید: ")),
    ],
)
def test_each_line_of_the_summary_begins_with_its_field(author, lang, fields):
    told = summary_of(send(author, f"/{lang}/protocols/new"))
    for field in fields:
        assert any(line.startswith(field) for line in told), told


def test_a_question_needs_no_colon_after_it(app):
    with app.test_request_context("/en/", method="POST"), i18n.speaking("en"):
        form = InterestsForm(meta={"csrf": False})
        form.validate()
        html = app.jinja_env.get_template("_components/form.html").module.error_summary(form)
    assert "interest? Fill in this field." in " ".join(re.sub("<[^>]+>", " ", html).split())


def test_the_terms_say_what_is_to_be_ticked(client, sign_in):
    sign_in(client, "researcher", terms=False)
    answer = send(client, "/en/terms-of-use", version=TERMS_VERSION)
    assert summary_of(answer) == ["To go on, tick that you accept the terms."]


@pytest.mark.parametrize("field", ["key", "cite", "doi", "pmid", "isbn", "url", "licence"])
def test_a_reference_holds_no_identifier(author, draft, field):
    good = {"key": "WHO2", "cite": "WHO guideline", "quotation": "cited"}
    answer = send(author, f"/en/protocols/drafts/{draft.id}/references", **(good | {field: f"x {SNILS}"}))
    assert answer.status_code == 422
    assert any("identifier of a person" in line for line in summary_of(answer))
    assert "112-233-445" not in "".join(summary_of(answer))


@pytest.mark.parametrize("field", ["page", "source_quote"])
def test_a_dose_line_holds_no_identifier(author, draft, field):
    where = f"/en/protocols/drafts/{draft.id}/blocks/new?section=dosing"
    answer = send(author, where, source="WHO", **{field: SNILS})
    assert any("identifier of a person" in line for line in summary_of(answer))


def test_the_words_of_an_address_hold_no_identifier(author):
    fields = {"title": "Title", "summary": "Summary", "source_lang": "en", "slug": SNILS}
    answer = send(author, "/en/protocols/new", **fields)
    assert any("identifier of a person" in line for line in summary_of(answer))


@pytest.mark.parametrize("field", ["cite", "url"])
def test_a_legal_basis_holds_no_identifier(client, sign_in, world, draft, field):
    sign_in(client, user=world.editor)
    where = f"/en/protocols/{draft.protocol.public_id}/legal/RU"
    answer = send(client, where, **{"status": "leg-restricted", "checked_on": "2026-09-01", field: SNILS})
    assert any("identifier of a person" in line for line in summary_of(answer))


def test_a_text_that_is_too_long_comes_back_whole_with_its_count(author):
    title = "Methadone " * 30
    page = author.get("/en/protocols/new")
    assert "maxlength" not in page.text
    answer = send(author, "/en/protocols/new", title=title, summary="Summary", source_lang="en")
    assert "Title: Write between 3 and 200 characters; there are 299 now." in summary_of(answer)
    assert title.strip() in answer.text


def test_a_text_without_a_lower_limit_names_the_upper_one(author, draft):
    where = f"/en/protocols/drafts/{draft.id}/blocks/new?section=dosing"
    told = summary_of(send(author, where, source="WHO", body="a" * 1501))
    assert "Condition: Write at most 500 characters; there are 1,501 now." in told
