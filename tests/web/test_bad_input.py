"""What nobody should send and somebody will: each has a clear answer, and nothing is lost or let through."""

import json
import re
from html.parser import HTMLParser

import fork_world
import pytest
from factories import enter_as, make_organisation, make_user
from fate_world import HARM, events, in_review, mails, task_of
from protocol_world import NOW, TEXTS, bring_to, make_draft, make_published
from translation_world import key_of
from web.journey import send, token_of

from portal.protocols.queries.versions import find_version, list_blocks, list_comments, valid_approvals
from portal.protocols.services import blocks, drafts, endings
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details

LANGUAGES = ("en", "ru", "fa")
PAGE = "/p/PR-0001/methadone-maintenance"
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)> [x](javascript:alert(4)) "
    "[y](data:text/html,<script>alert(5)</script>) ![z](https://evil.example/p.png) <a href='q' onclick='w'>v</a> **fine**"
)
MEGABYTE = "x" * 1_000_000
SIGNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


class Danger(HTMLParser):
    """Everything in a page that would run, or that another host would be asked for."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        if tag == "script" and not ("src" in held or held.get("type", "").endswith("json")):
            self.found.append("inline script")
        self.found += [name for name in held if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            value = (held.get(name) or "").strip().lower()
            if value.startswith(("javascript:", "data:", "vbscript:")) or (tag == "img" and "evil" in value):
                self.found.append(value)


# --- Markdown with scripts


def hostile(world):
    """A published protocol in which everything that people write is an attack."""
    version = make_draft(world)
    said = Details(f"Methadone {EVIL}"[:200], EVIL, EVIL, "CC-BY-4.0", "initial", NOW.date())
    drafts.change_details(version, said, by=world.author, now=NOW)
    for block in list_blocks(version.id):
        text = BlockText(block.section, block.kind, f"{block.source_text} {EVIL}"[:480], block.data)
        blocks.save_block(version, block.block_key, text, revision=block.revision, by=world.author, now=NOW)
    return version


def test_markdown_with_scripts_is_inert_on_every_page_of_a_protocol(client, world):
    version = bring_to(world, hostile(world), "published")
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    paths = [PAGE, "/p/PR-0001/v/1.0", f"/p/PR-0001/b/{key_of(version, 'steps')}", "/protocols?q=methadone",
             "/protocols/PR-0001/history", "/c/sub-methadone", "/feeds/all.atom"]  # fmt: skip
    own = [
        f"/protocols/drafts/{draft.id}",
        f"/protocols/drafts/{draft.id}/changes",
        "/translations/PR-0001/fa",
    ]
    for lang in LANGUAGES:
        for path in paths:
            check_inert(client, f"/{lang}{path}")
        assert "<strong>fine</strong>" in client.get(f"/{lang}{PAGE}").text
    for person in (world.author, world.translator):
        enter_as(client, person)
        for path in own:
            check_inert(client, f"/en{path}")
    assert client.get("/en/p/PR-0001/v/1.0.pdf").data.startswith(b"%PDF")


def check_inert(client, path):
    answer = client.get(path)
    if answer.status_code == 200 and answer.mimetype == "text/html":
        assert Danger(answer.text).found == [], path
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
        for block in re.findall(
            r"<script type=\"application/[a-z+]*json\"[^>]*>(.*?)</script>", answer.text, re.DOTALL
        ):
            json.loads(block)
    elif answer.status_code == 200:
        assert "<script" not in answer.text, path


def test_markdown_with_scripts_is_inert_in_what_reviewers_write(client, world):
    version = in_review(world)
    review(client, world, version, remark=EVIL)
    for person, path in (
        (world.author, f"/en/protocols/drafts/{version.id}"),
        (world.editor, f"/en/protocols/desk/{version.id}"),
    ):
        enter_as(client, person)
        html = client.get(path).text
        assert "alert(1)" in html  # the words are there, as words
        assert Danger(html).found == []


def review(client, world, version, *, remark, quote="", expect=302):
    """The first reviewer, interests declared, hands in a remark on a step."""
    reviewer = world.reviewers[0]
    enter_as(client, reviewer)
    path = f"/en/protocols/reviews/{task_of(version, reviewer).id}"
    if "/interests" in (client.get(path).headers.get("Location") or ""):
        send(client, f"{path}/interests", has_conflict="no")
    key = key_of(version, "steps", 1)
    seen = find_version(version.id).content_hash
    answer = send(client, path, **{
        f"remark-{key}": remark, f"quote-{key}": quote, f"severity-{key}": "must", "seen_hash": seen,
        "recommendation": "revise",
    })  # fmt: skip
    assert answer.status_code == expect, re.findall(r'class="err".*', answer.text)
    return answer


# --- one megabyte in a field


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/protocols/new", "title", {"summary": "Summary.", "source_lang": "en"}),
        ("/protocols/new", "summary", {"title": "A title", "source_lang": "en"}),
        ("/protocols/drafts/{draft}/details", "summary", {"title": "A title", "change_type": "initial"}),
        ("/protocols/drafts/{draft}/blocks/new?section=steps", "body", {"section": "steps", "kind": "step"}),
        ("/protocols/drafts/{draft}/blocks/new?section=dosing", "body", {"source": "WHO"}),
        ("/protocols/drafts/{draft}/references", "cite", {"key": "BIG"}),
    ],
    ids=["title", "summary", "details", "block", "dose", "reference"],
)
def test_a_megabyte_in_a_field_is_refused_with_its_count_and_comes_back_whole(
    author, draft, lang, path, field, more
):
    before = [block.source_text for block in list_blocks(draft.id)]
    answer = send(author, f"/{lang}{path.format(draft=draft.id)}", **{field: MEGABYTE}, **more)
    assert answer.status_code == 422
    count = {"en": "1,000,000", "ru": "1\u00a0000\u00a0000", "fa": "۱٬۰۰۰٬۰۰۰"}[lang]
    assert count in answer.text.replace("\u202f", "\u00a0")
    assert MEGABYTE in answer.text
    assert [block.source_text for block in list_blocks(draft.id)] == before


def test_a_remark_of_a_megabyte_is_refused_and_not_cut(client, world):
    version = in_review(world)
    answer = review(client, world, version, remark=MEGABYTE, expect=422)
    assert "Write at most 4,000 characters; there are 1,000,000 now." in answer.text
    assert MEGABYTE in answer.text
    assert list_comments(version.id) == []
    review(client, world, version, remark="x" * 4000)
    assert len(list_comments(version.id)[0].body) == 4000


def test_a_query_of_a_megabyte_is_answered_at_once(client, world):
    make_published(world)
    for lang in LANGUAGES:
        assert client.get(f"/{lang}/protocols?q={MEGABYTE}").status_code == 200
    assert client.get(f"/api/v1/search?q={MEGABYTE}").status_code in (400, 422)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_more_than_a_form_may_hold_is_answered_by_a_page_in_words(author, draft, lang):
    path = f"/{lang}/protocols/drafts/{draft.id}/blocks/new?section=steps"
    token = token_of(author.get(path))
    answer = author.post(path, data={"csrf_token": token, "body": "x" * 11_000_000})
    assert answer.status_code == 413
    assert f'<html lang="{lang}"' in answer.text


# --- signs that turn the direction of text


def test_bidi_overrides_never_reach_what_is_kept_or_shown(author, draft, client, world):
    trap = f"Give \u202e02\u202c{SIGNS}\u2066 mg"
    where = send(
        author, "/en/protocols/new", title=f"Methadone {trap}", summary=f"Daily {trap}", source_lang="en"
    )
    made = find_version(int(where.location.rsplit("/", 1)[1]))
    assert (made.title, made.summary) == ("Methadone Give 02 mg", "Daily Give 02 mg")
    path = f"/en/protocols/drafts/{draft.id}"
    send(author, f"{path}/blocks/new?section=steps", section="steps", kind="step", body=f"One.\n{trap}")
    send(author, f"{path}/references", key="B", cite=f"Book {trap}", url="https://example.org/b")
    assert any(block.source_text == "One.\nGive 02 mg" for block in list_blocks(draft.id))
    bring_to(world, draft, "in_review")
    review(client, world, draft, remark=f"Why {trap}?", quote=f"for 2{SIGNS} hours")
    (comment,) = list_comments(draft.id)
    assert (comment.body, comment.quote) == ("Why Give 02 mg?", "for 2 hours")
    enter_as(client, world.author)
    for shown in (path, f"{path}/references", "/en/protocols/mine"):
        assert not re.search("[\u202a-\u202e]", client.get(shown).text), shown


# --- mixed digits


@pytest.mark.parametrize(
    ("low", "high", "kept"),
    [("۱۰", "۲۰", (10, 20)), ("١٠", "20", (10, 20)), ("1۰", "۲0", (10, 20)), ("۲٫۵", "2,5", (2.5, 2.5))],
)
def test_mixed_digits_of_a_dose_are_one_number_and_shown_in_latin(author, draft, low, high, kept):
    path = f"/fa/protocols/drafts/{draft.id}"
    answer = send(
        author, f"{path}/blocks/new?section=dosing", drug="sub-methadone", route="oral", phase="maintenance",
        dose_min=low, dose_max=high, unit="mg", per="day", source="WHO", body="",
    )  # fmt: skip
    assert answer.status_code == 302, re.findall(r'class="err".*', answer.text)
    made = [block for block in list_blocks(draft.id) if block.kind == "dose"][-1]
    assert (made.data["dose_min"], made.data["dose_max"]) == kept
    shown = f"{kept[0]:g}–{kept[1]:g}" if kept[0] != kept[1] else f"{kept[0]:g}"
    assert f">{shown}\u00a0mg</bdi>" in author.get(path).text


@pytest.mark.parametrize("typed", ["1,000", "۱/۲/۳", "1۰ mg", "ten"])
def test_a_dose_that_could_be_read_in_two_ways_is_asked_again(author, draft, typed):
    path = f"/en/protocols/drafts/{draft.id}/blocks/new?section=dosing"
    answer = send(author, path, drug="sub-methadone", dose_max=typed, unit="mg", source="WHO")
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert len([block for block in list_blocks(draft.id) if block.kind == "dose"]) == 1


# --- a fork of a fork of a withdrawn parent


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "have not yet said whether it still holds"),
        ("ru", "Авторы адаптации пока не сообщили, остаётся ли она в силе."),
        ("fa", "نویسندگان این بومی‌سازی هنوز نگفته‌اند که آیا همچنان معتبر است."),
    ],
)
def test_a_fork_of_a_fork_of_a_withdrawn_parent_warns_its_readers_and_asks_its_authors(
    client, world, lang, words
):
    grandparent = make_published(world)
    first, second = (make_user("clinician", organisation=make_organisation("IR")) for _ in range(2))
    parent = adapted(world, grandparent, first, "Methadone in small centres")
    mine = adapted(world, parent, second, "Methadone in villages")
    address = f"/{lang}/p/PR-0003/{mine.protocol.slug}"
    assert words not in client.get(address).text
    notice = endings.propose_withdrawal(grandparent, HARM, by=world.chiefs[0], now=NOW)
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=NOW)
    html = client.get(address).text
    assert words in html
    assert "PR-0001" in html[html.index(words) - 400 : html.index(words)]
    assert ("version_withdrawn", second.email) in mails()
    enter_as(client, second)
    asked = f"/{lang}/protocols/PR-0003/parent/withdrawal"
    assert send(client, asked, reason="").status_code == 422
    assert send(client, asked, reason="The step that harmed was left out.").status_code == 302
    client.delete_cookie("session")
    assert "The step that harmed was left out." in client.get(address).text


def adapted(world, version, by, title):
    fork = fork_world.adapt(version, by, title=title)
    fork_world.details(fork, by=by)
    return fork_world.publish(world, fork, by=by)


# --- a reviewer who becomes conflicted


def test_a_reviewer_who_becomes_conflicted_says_so_on_a_page_and_the_approval_is_gone(client, world):
    version = bring_to(world, make_draft(world), "accepted")
    reviewer = world.reviewers[0]
    task = f"/en/protocols/reviews/{task_of(version, reviewer).id}"
    enter_as(client, reviewer)
    assert f"{task}/interests" in client.get("/en/protocols/reviews").text + client.get(task).text
    answer = send(client, f"{task}/interests", has_conflict="yes", financial="The maker pays me since May.")
    assert answer.status_code == 302
    assert TEXTS[0].text not in client.get(task, follow_redirects=True).text
    assert {seat.user_id for seat in valid_approvals(find_version(version.id))} == {world.reviewers[1].id}
    assert {"protocol.approval_lost", "protocol.reopened"} <= set(events("PR-0001"))
    enter_as(client, world.editor)
    desk = f"/en/protocols/desk/{version.id}"
    assert "/interests/" in client.get(desk).text
    refused = client.post(f"{desk}/accept", data={"csrf_token": token_of(client.get(desk))})
    assert refused.status_code in (409, 422)
    assert find_version(version.id).state == "in_review"
