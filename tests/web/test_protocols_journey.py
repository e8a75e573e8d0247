"""From a blank form to a page in another language, through the pages alone, in each language of the interface."""

import re
from typing import Any

import pytest
from factories import enter_as, make_organisation, make_user
from flask.testing import FlaskClient
from protocol_world import small_vocabulary

from portal.core.permissions import SYSTEM
from portal.protocols.queries import versions as read
from portal.protocols.queries.translations import list_sources, list_views
from portal.vocabulary.services import load_seed

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LANGUAGES = ("en", "ru", "fa")
BLOCKS = (
    ("population", "criterion", "Adults with opioid dependence."),
    ("contraindications", "criterion", "Sedation at the time of dosing."),
    ("steps", "step", "Assess tolerance."),
    ("monitoring", "measure", "Sedation before each dose."),
    ("evidence", "evidence", "Retains people in treatment."),
)
PERSIAN = {
    "title": "درمان با متادون", "summary": "متادون روزانه.", "population": "بزرگسالان دارای وابستگی به مواد افیونی.",
    "contraindications": "خواب‌آلودگی هنگام دریافت دوز.", "steps": "تحمل را ارزیابی کنید.",
    "dosing": "تحمل کم.", "monitoring": "خواب‌آلودگی پیش از هر دوز.",
}  # fmt: skip


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, client: FlaskClient, user: Any, lang: str) -> None:
        self.client, self.user, self.lang = client, user, lang

    def get(self, path: str, *, expect: int = 200) -> str:
        enter_as(self.client, self.user)
        answer = self.client.get(f"/{self.lang}/{path}")
        assert answer.status_code == expect, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, page: str | None = None, *, expect: int = 302, **fields: Any) -> str:
        """Fill in the form of `page` (or of the address itself) and send it."""
        found = TOKEN.search(self.get(page if page is not None else path))
        assert found, page
        answer = self.client.post(f"/{self.lang}/{path}", data={"csrf_token": found[1], **fields})
        assert answer.status_code == expect, (
            path,
            answer.status_code,
            _errors(answer.get_data(as_text=True)),
        )
        return answer.headers.get("Location", "") or answer.get_data(as_text=True)


def _errors(html: str) -> list[str]:
    return re.findall(r'class="err"[^>]*>(.*?)</p>', html, re.DOTALL) + re.findall(
        r'class="errsum".*?</div>', html, re.DOTALL
    )


@pytest.fixture
def people(app, client):
    load_seed(by=SYSTEM, seed=small_vocabulary())
    home, iran, russia = make_organisation("IR"), make_organisation("IR"), make_organisation("RU")
    made = {
        "author": make_user("clinician", organisation=home),
        "first": make_user("clinical_reviewer", organisation=iran),
        "second": make_user("clinical_reviewer", country="RU", organisation=russia),
        "editor": make_user("editor", country="RU"),
        "chief_ir": make_user("chief_editor"),
        "chief_ru": make_user("chief_editor", country="RU"),
        "translator": make_user("translator"),
        "language_reviewer": make_user("language_reviewer"),
        "clinician": make_user("clinician", "language_reviewer"),
    }
    return lambda name, lang: Person(client, made[name], lang)


def write(author: Person) -> int:
    """A complete draft, from the first form to the last block."""
    where = author.post(
        "protocols/new", title="Methadone maintenance", source_lang="en", summary="Daily methadone.",
        slug="methadone", origin_country="IR",
    )  # fmt: skip
    version = int(where.rsplit("/", 1)[1])
    base = f"protocols/drafts/{version}"
    author.post(
        f"{base}/details", title="Methadone maintenance", summary="Daily methadone.", change_note="First.",
        change_type="initial", evidence_searched_on="2026-09-01", licence="CC-BY-4.0",
    )  # fmt: skip
    author.post(
        f"{base}/references", key="WHO", cite="WHO 2009", url="https://example.org/who", quotation="cited"
    )
    for section, kind, text in BLOCKS:
        author.post(
            f"{base}/blocks/new?section={section}", section=section, kind=kind, body=text,
            **({"references": "WHO", "certainty": "ev-high"} if kind == "evidence" else {}),
        )  # fmt: skip
    author.post(
        f"{base}/blocks/new?section=dosing", drug="sub-methadone", route="oral", phase="day_1",
        dose_min="۱۰", dose_max="20", unit="mg", per="day", body="Tolerance low.", source="WHO",
    )  # fmt: skip
    for concept, role in (("sub-methadone", "main"), ("int-mmt", "main"), ("set-oat-clinic", "secondary"),
                          ("pop-adults", "secondary")):  # fmt: skip
        author.post(f"{base}/keywords", concept=concept, role=role)
    author.post(f"{base}/interests", has_conflict="no")
    return version


def review(person: Person, version: int) -> None:
    own = [a for a in read.list_assignments(version) if a.reviewer_id == person.user.id]
    for assignment in own:
        path = f"protocols/reviews/{assignment.id}"
        if read.find_assignment(assignment.id).state == "invited":  # one declaration opens every task
            person.get(path, expect=302)
            person.post(f"{path}/interests", has_conflict="no")
        seen = read.find_version(version).content_hash
        person.post(path, recommendation="approve", seen_hash=seen)


def publish(people: Any, version: int, lang: str) -> None:
    author, editor = people("author", lang), people("editor", lang)
    author.post(f"protocols/drafts/{version}/submit", f"protocols/drafts/{version}")
    desk = f"protocols/desk/{version}"
    for country in ("IR", "RU"):
        public_id = read.find_version(version).protocol.public_id
        editor.post(
            f"protocols/{public_id}/legal/{country}", status="leg-restricted", checked_on="2026-10-01"
        )
    first, second = people("first", lang), people("second", lang)
    editor.post(
        f"{desk}/start", desk, clinical_1=str(first.user.id), clinical_2=str(second.user.id),
        dose_check=str(second.user.id),
    )  # fmt: skip
    review(first, version)
    review(second, version)
    editor.post(f"{desk}/accept", desk)
    for name in ("chief_ir", "chief_ru"):
        people(name, lang).post(f"{desk}/publish", desk)


def translate(people: Any, version: int, lang: str) -> None:
    translator = people("translator", lang)
    found = read.find_version(version)
    bench = f"translations/{found.protocol.public_id}/fa"
    for unit in list_sources([found])[found.id]:
        if unit.name in PERSIAN:
            translator.post(
                f"{bench}/unit/{unit.key}", bench, body=PERSIAN[unit.name], revision="0", do="submit"
            )
    for name in ("clinician", "language_reviewer"):
        people(name, lang).post(f"{bench}/approve", bench)
    people("language_reviewer", lang).post(f"{bench}/publish", bench)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_protocol_travels_from_a_blank_form_to_a_published_translation(app, client, people, lang):
    author = people("author", lang)
    version = write(author)
    publish(people, version, lang)
    translate(people, version, lang)
    with client.session_transaction() as cookie:
        cookie.clear()
    html = client.get("/fa/p/PR-0001/methadone").get_data(as_text=True)
    assert PERSIAN["title"] in html
    assert '<bdi dir="ltr" class="dose">10–20\u00a0mg</bdi>' in html
    assert "First." in html  # the change note was not translated
    assert 'lang="en"' in html
    views = list_views(read.find_version(version), "fa")
    assert sum(view.approved is not None for view in views) == len(PERSIAN)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_second_editor_of_a_block_sees_both_texts_and_loses_none(people, lang):
    author = people("author", lang)
    version = write(author)
    block = read.list_blocks(version)[0]
    path = f"protocols/drafts/{version}/blocks/{block.block_key}"
    fields = {"section": block.section, "kind": block.kind, "revision": "1"}
    author.post(path, body="The text that was first.", **fields)
    html = author.post(path, body="The text that came second.", expect=409, **fields)
    assert "The text that was first." in html
    assert "The text that came second." in html
    assert 'name="revision" type="hidden" value="2"' in html or 'value="2"' in html
    author.post(path, body="The text of both.", **(fields | {"revision": "2"}))
    assert read.list_blocks(version)[0].source_text == "The text of both."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_incomplete_draft_says_what_is_missing_and_stays_a_draft(people, lang):
    author = people("author", lang)
    where = author.post("protocols/new", title="Title", source_lang="en", summary="Summary.")
    version = int(where.rsplit("/", 1)[1])
    html = author.post(f"protocols/drafts/{version}/submit", f"protocols/drafts/{version}", expect=422)
    assert "errsum" in html
    assert read.find_version(version).state == "draft"


def test_reviewer_asks_for_changes_on_a_block_and_the_author_answers(people):
    author, editor = people("author", "en"), people("editor", "en")
    version = write(author)
    author.post(f"protocols/drafts/{version}/submit", f"protocols/drafts/{version}")
    first, second = people("first", "en"), people("second", "en")
    desk = f"protocols/desk/{version}"
    panel = {
        "clinical_1": str(first.user.id),
        "clinical_2": str(second.user.id),
        "dose_check": str(second.user.id),
    }
    editor.post(f"{desk}/start", desk, **panel)
    assignment = next(a for a in read.list_assignments(version) if a.reviewer_id == first.user.id)
    path = f"protocols/reviews/{assignment.id}"
    first.post(f"{path}/interests", has_conflict="no")
    block = read.list_blocks(version)[0]
    remark = {f"remark-{block.block_key}": "Say which criteria.", f"severity-{block.block_key}": "must"}
    seen = read.find_version(version).content_hash
    first.post(path, recommendation="revise", seen_hash=seen, **remark)
    assert read.find_version(version).state == "changes_requested"
    assert "Say which criteria." in author.get(f"protocols/drafts/{version}")
    comment = read.list_comments(version)[0]
    draft = f"protocols/drafts/{version}"
    author.post(f"{draft}/submit", draft, expect=422)
    author.post(f"{draft}/remarks/{comment.id}", draft, answer="Added.", disputed="0")
    author.post(f"{draft}/submit", draft)
    assert read.find_version(version).state == "submitted"


def test_reviewer_with_a_conflict_never_reads_the_text(people):
    author, editor = people("author", "ru"), people("editor", "ru")
    version = write(author)
    author.post(f"protocols/drafts/{version}/submit", f"protocols/drafts/{version}")
    first, second = people("first", "ru"), people("second", "ru")
    desk = f"protocols/desk/{version}"
    panel = {
        "clinical_1": str(first.user.id),
        "clinical_2": str(second.user.id),
        "dose_check": str(second.user.id),
    }
    editor.post(f"{desk}/start", desk, **panel)
    assignment = next(a for a in read.list_assignments(version) if a.reviewer_id == first.user.id)
    path = f"protocols/reviews/{assignment.id}"
    first.post(f"{path}/interests", has_conflict="yes", intellectual="We wrote a paper together.")
    first.get(path, expect=302)
    first.get(f"protocols/drafts/{version}", expect=404)


def test_numbers_that_differ_are_refused_until_a_reason_is_given(people):
    author = people("author", "en")
    version = write(author)
    publish(people, version, "en")
    found = read.find_version(version)
    unit = next(u for u in list_sources([found])[found.id] if u.name == "steps")
    bench = f"translations/{found.protocol.public_id}/fa"
    translator = people("translator", "fa")
    fields = {"body": "تحمل را در ۳ گام ارزیابی کنید.", "revision": "0", "do": "submit"}
    html = translator.post(f"{bench}/unit/{unit.key}", bench, expect=422, **fields)
    assert "۳ گام" in html
    assert next(v for v in list_views(found, "fa") if v.source.key == unit.key).latest is None
    translator.post(f"{bench}/unit/{unit.key}", bench, reason="گام‌ها شمرده شد.", **fields)
    assert next(v for v in list_views(found, "fa") if v.source.key == unit.key).state == "needs_review"


def test_drafts_of_others_do_not_exist(people):
    version = write(people("author", "en"))
    people("clinician", "en").get(f"protocols/drafts/{version}", expect=404)
    people("translator", "en").get("protocols/desk", expect=403)


def test_text_with_an_identifier_is_refused_and_stays_in_the_form(people):
    html = people("author", "en").post(
        "protocols/new",
        title="Patient Anna",
        source_lang="en",
        summary="СНИЛС 112-233-445 95.",
        expect=422,
    )
    assert "112-233-445 95" in html
