"""Attacks by words: what an author or a reviewer types never runs, and never breaks what others read."""

import io
import re
import zipfile
from datetime import date
from html.parser import HTMLParser

import pytest
from lxml import etree
from pdf_reading import text_of
from protocol_world import NOW, bring_to, make_draft, make_world
from web.journey import send

from portal.core.db import utcnow
from portal.core.forms import clean, clean_lines
from portal.protocols.queries.versions import list_comments
from portal.protocols.services import blocks, drafts
from portal.protocols.services.blocks import BlockText, ReferenceText
from portal.protocols.services.drafts import Details

SECRET = "/../../../pyproject.toml"  # beside the template, if paths were followed
WORDS = (
    f'#read("{SECRET}")', f'#import "{SECRET}": *', "$ x^2 $", '#eval("1+1")', "= heading #x",
    "</script><script>alert(1)</script>", "]]>", "<img src=x onerror=alert(1)>", "&xxe; &#0;",
    "[a](javascript:alert(1))", "[b](https:)", "[c](http://)", "[d](<https://a b>)", "[e](//evil.example)",
    "[f](data:text/html,x)", "![g](https://evil.example/x.png)", "[h](http://[::1)",
    "| a | b |\n|---|---|\n| c |", "> " * 60 + "deep", "- " * 60 + "deep", "1. " * 60 + "deep",
    f'```\n#read("{SECRET}")\n```', "⟦</bdi><script>⟧", f'⟦#read("{SECRET}")⟧',
    "\x0b\x00\x1f control", "\u202e reversed \u2066", "\ufffe\uffff", "***" * 50,
    "| " + "a | " * 200 + "\n|" + "--|" * 200,
)  # fmt: skip
TITLE = f'T #read("{SECRET}") </script> }} \x0b <b>'
RIS = "Evil}, url={http://evil.example}\nUR  - http://evil.example\nER  - \nTY  - JOUR"
HERE = "/en/p/PR-0001/v/1.0"
API = "/api/v1/protocols/PR-0001/versions/1.0"


@pytest.fixture
def hostile(app):
    """A published protocol that says all of this, past the forms."""
    world = make_world()
    draft = make_draft(world)
    texts = [BlockText(section, "text", word) for word in WORDS for section in ("population", "resources")]
    blocks.add_blocks(draft, texts, by=world.author, now=NOW)
    work = ReferenceText("EVIL", RIS, doi="10.1/x\nUR  - evil", url='https://e.example/"><script>')
    blocks.add_reference(draft, work, by=world.author, now=NOW)
    said = Details(TITLE, TITLE, TITLE, "CC-BY-4.0", "initial", date(2026, 9, 1))
    drafts.change_details(draft, said, by=world.author, now=NOW)
    return bring_to(world, draft, "published")


class Reader(HTMLParser):
    """What a browser would run or follow."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        inert = given.get("type") in ("application/json", "application/ld+json") or "src" in given
        if tag == "script" and not inert:
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            value = (given.get(name) or "").strip().lower()
            if re.match(r"(javascript|data|vbscript):|//", value):
                self.found.append(value)


def runs(html):
    reader = Reader()
    reader.feed(html)
    return reader.found


@pytest.mark.parametrize("path", [
    HERE, "/fa/p/PR-0001/v/1.0", "/ru/p/PR-0001/v/1.0", "/en/protocols", "/en/protocols?q=evil",
    "/en/protocols/PR-0001/history", "/en/",
])  # fmt: skip
def test_pages_run_nothing_of_it(client, hostile, path):
    answer = client.get(path)
    assert (answer.status_code, runs(answer.text)) == (200, [])


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_the_printed_copy_is_made_and_reads_no_file(client, hostile, lang):
    answer = client.get(f"/{lang}/p/PR-0001/v/1.0.pdf")
    assert answer.status_code == 200
    text = "".join(text_of(answer.data))
    assert "#read" in text
    assert "[tool." not in text


def test_copies_for_offline_reading_run_nothing(client, hostile):
    packed = zipfile.ZipFile(io.BytesIO(client.get("/en/p/PR-0001/offline.zip").data))
    pages = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".html")]
    assert len(pages) == 2
    found = [what for page in pages for what in runs(page) if what != "style"]
    assert found == []


@pytest.mark.parametrize("path", [
    "/en/feeds/all.atom", "/fa/feeds/all.atom", "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:treatment-exchange:PR-0001/1.0",
])  # fmt: skip
def test_one_odd_title_does_not_break_the_feeds_of_all(client, hostile, path):
    answer = client.get(path)
    assert answer.status_code == 200
    etree.fromstring(answer.data)


@pytest.mark.parametrize(
    "path", [f"{API}.fhir.json", f"{API}.jsonld", "/api/v1/protocols", "/api/v1/changes"]
)
def test_machines_get_whole_documents(client, hostile, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.get_json(force=True)


def test_a_citation_stays_one_record(client, hostile):
    ris = client.get(f"{HERE}.references.ris").text
    assert len(re.findall(r"^TY  - ", ris, re.MULTILINE)) == 2
    assert "evil.example" not in "".join(re.findall(r"^UR  - .*$", ris, re.MULTILINE))
    bib = client.get(f"{HERE}.references.bib").text
    assert len(re.findall(r"^@", bib, re.MULTILINE)) == 2
    assert "url={http" not in bib


def test_the_law_links_to_no_script(client, sign_in, hostile):
    sign_in(client, "editor")
    path = "/en/protocols/PR-0001/legal/IR"
    fields = {"status": "leg-restricted", "checked_on": utcnow().date().isoformat(), "cite": "Act"}
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", " https://evil.example"[1:]):
        answer = send(client, path, **fields, url=url)
        assert answer.status_code == (302 if url.startswith("https") else 422), url


@pytest.mark.parametrize("typed", ["a\nBcc: x@y.zz", "a\r\nSubject: x", "a\x85b", "a\u2028b", "a\tb"])
def test_one_line_stays_one_line(typed):
    assert len(clean(typed).splitlines()) == 1


def test_signs_that_nobody_sees_are_taken_out():
    assert clean("112\x00-233\x0b-445\x1f 95\ufffe") == "112-233-445 95"
    assert clean_lines("a\x00\r\nb\x0c\tc\u202e") == "a\nb\tc"


def test_a_snils_cut_by_signs_that_nobody_sees_is_found(client, sign_in, app):
    world = make_world()
    sign_in(client, user=world.author)
    fields = {"title": "СНИЛС 112\x00-233-4\x1f45 95", "source_lang": "en", "summary": "Daily methadone."}
    answer = send(client, "/en/protocols/new", **fields, origin_country="IR")
    assert answer.status_code == 422
    assert "identifier of a person" in answer.text


def test_a_remark_of_a_reviewer_turns_no_number_round(client, sign_in, app):
    from fate_world import task_of

    from portal.protocols.queries.versions import list_blocks
    from portal.protocols.services.interests import Interests, declare_as_reviewer

    world = make_world()
    version = bring_to(world, make_draft(world), "in_review")
    task = task_of(version, world.reviewers[0])
    declare_as_reviewer(task, Interests(), by=world.reviewers[0], now=NOW)
    sign_in(client, user=world.reviewers[0])
    key = list_blocks(version.id)[0].block_key
    fields = {f"remark-{key}": "Write \u202e02\u202c mg.\x0b\nPlease.", f"severity-{key}": "must"}
    path = f"/en/protocols/reviews/{task.id}"
    sent = send(client, path, recommendation="revise", seen_hash=version.content_hash, **fields)
    assert sent.status_code == 302
    assert list_comments(version.id)[0].body == "Write 02 mg.\nPlease."
