"""What forms say: which field is meant, and what may not be written into it."""

import re

import pytest
from protocol_world import make_draft
from web.journey import send

from portal.accounts.models import TERMS_VERSION
from portal.core import i18n
from portal.protocols.forms.editing import ReviewForm
from portal.protocols.forms.lifecycle import InterestsForm

SNILS = "112-233-445 95"


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
    assert "conflict? Fill in this field." in " ".join(re.sub("<[^>]+>", " ", html).split())


def test_the_terms_say_what_is_to_be_ticked(client, sign_in):
    sign_in(client, "researcher", terms=False)
    answer = send(client, "/en/terms-of-use", version=TERMS_VERSION)
    assert summary_of(answer) == ["To go on, tick that you accept the terms."]


@pytest.mark.parametrize("field", ["key", "cite", "doi", "pmid", "isbn", "url"])
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


PHONE = "Call +7 912 345-67-89 at night."
DOUBT = "may be about one person"


def tick_of(answer, name="summary"):
    found = re.search(rf'name="nobody-{name}"\s+value="([0-9a-f]+)"', answer.text)
    return {f"nobody-{name}": found[1]} if found else {}


def begin(author, **changes):
    fields = {"title": "Title", "summary": PHONE, "source_lang": "en", "slug": "title"}
    return send(author, "/en/protocols/new", **(fields | changes))


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        "Write to a.b@example.org.",
        "Пациент Иванов И. И. просит.",
        "آقای محمدی آمد.",
        "No. 1234567890123",
    ],
)
def test_what_looks_like_a_person_is_asked_about_and_saved_with_a_tick(author, text):
    asked = begin(author, summary=text)
    assert asked.status_code == 422
    assert any(line.startswith("Summary: ") and DOUBT in line for line in summary_of(asked))
    assert begin(author, summary=text, **tick_of(asked)).status_code == 302


def test_a_tick_holds_for_the_words_it_was_given_for(author):
    tick = tick_of(begin(author))
    assert begin(author, summary=PHONE.replace("89", "88"), **tick).status_code == 422
    assert begin(author, summary=f"{PHONE} Again.", **tick).status_code == 302


def test_a_tick_stays_when_something_else_is_wrong(author):
    answer = begin(author, title="", **tick_of(begin(author)))
    assert answer.status_code == 422
    assert re.search(r'name="nobody-summary"[^>]*\bchecked', answer.text)
    assert not any(DOUBT in line for line in summary_of(answer))


def test_a_tick_lifts_no_identifier_that_is_certain(author):
    certain = f"{PHONE} {SNILS}"
    assert begin(author, summary=certain, **tick_of(begin(author))).status_code == 422


def test_a_text_that_was_confirmed_is_not_asked_about_again(author, world):
    version = make_draft(world)
    where = f"/en/protocols/drafts/{version.id}/details"
    fields = {
        "title": version.title, "summary": PHONE, "change_note": "First.", "change_type": "initial",
        "licence": "CC-BY-4.0",
    }  # fmt: skip
    asked = send(author, where, **fields)
    assert send(author, where, **fields, **tick_of(asked)).status_code == 302
    assert send(author, where, **fields).status_code == 302


def test_authors_are_named_in_references_and_nothing_is_asked(author, draft):
    good = {
        "key": "RU1", "cite": "Иванов А. Б. Метадон. 2020. doi:10.1016/S0140-6736(10)60832-9", "quotation": "cited",
        "doi": "10.1016/S0140-6736(10)60832-9", "isbn": "978-3-16-148410-0",
    }  # fmt: skip
    assert send(author, f"/en/protocols/drafts/{draft.id}/references", **good).status_code == 302


def test_a_remark_of_a_reviewer_is_asked_about_too(app):
    with app.test_request_context("/en/", method="POST"), i18n.speaking("en"):
        form = ReviewForm(meta={"csrf": False})
        assert form.judge_remarks({"remark-1": PHONE, "severity-1": "must"}) is False
        assert DOUBT in form.form_errors[0]
        mark = form.doubts["remark-1"].mark
    with app.test_request_context("/en/", method="POST", data={"nobody-remark-1": mark}):
        form = ReviewForm(meta={"csrf": False})
        assert form.judge_remarks({"remark-1": PHONE}) is True


def test_a_licence_is_one_of_a_list_and_nothing_else_is_kept(author, draft):
    good = {"key": "WHO2", "cite": "WHO guideline", "quotation": "cited", "licence": f"x {SNILS}"}
    answer = send(author, f"/en/protocols/drafts/{draft.id}/references", **good)
    assert answer.status_code == 422
    assert SNILS not in answer.text
