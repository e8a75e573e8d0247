"""Pages of a version's life, without script: reviewing with remarks on words, notices, tombstone, appeal."""

import re
from typing import Any

import pytest
from factories import enter_as, make_user
from fate_world import CONCERN, HARM, in_review, make_follower, task_of, told
from protocol_world import NOW, bring_to, make_draft, make_published

from portal.protocols.queries import versions as read
from portal.protocols.queries.interests import list_declarations
from portal.protocols.queries.notices import find_standing
from portal.protocols.services import concerns, endings
from portal.protocols.services.concerns import Reason

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LANGUAGES = ("en", "ru", "fa")
BODY = "Observe the person for 2 hours after the dose."


class Person:
    """Somebody at the pages in one language."""

    def __init__(self, client: Any, user: Any, lang: str = "en") -> None:
        self.client, self.user, self.lang = client, user, lang

    def get(self, path: str, *, expect: int = 200) -> str:
        enter_as(self.client, self.user)
        answer = self.client.get(f"/{self.lang}/{path}")
        assert answer.status_code == expect, (path, answer.status_code)
        return answer.text

    def post(self, path: str, page: str = "", *, expect: int = 302, **fields: Any) -> str:
        token = TOKEN.search(self.get(page or path))
        assert token, page
        answer = self.client.post(f"/{self.lang}/{path}", data={"csrf_token": token[1], **fields})
        assert answer.status_code == expect, (
            path,
            answer.status_code,
            re.findall(r'class="err".*', answer.text),
        )
        return answer.headers.get("Location", "") or answer.text


@pytest.fixture
def person(client):
    return lambda user, lang="en": Person(client, user, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_19_15_without_script_a_version_is_submitted_and_reviewed_with_a_remark_on_words(world, person, lang):
    version = make_draft(world)
    author, editor = person(world.author, lang), person(world.editor, lang)
    draft, desk = f"protocols/drafts/{version.id}", f"protocols/desk/{version.id}"
    author.post(f"{draft}/interests", has_conflict="no")
    author.post(f"{draft}/submit", draft)
    first, second = world.reviewers
    panel = {"clinical_1": first.id, "clinical_2": second.id, "dose_check": second.id}
    editor.post(f"{desk}/start", desk, **{name: str(value) for name, value in panel.items()})
    reviewer, task = person(first, lang), f"protocols/reviews/{task_of(version, first).id}"
    reviewer.post(f"{task}/interests", has_conflict="no")
    block = next(b for b in read.list_blocks(version.id) if b.source_text == BODY)
    fields = {
        f"remark-{block.block_key}": "Why not three?", f"severity-{block.block_key}": "must",
        f"quote-{block.block_key}": "for 2 hours",
        "seen_hash": read.find_version(version.id).content_hash, "recommendation": "revise",
    }  # fmt: skip
    reviewer.post(task, **fields)
    comment = read.list_comments(version.id)[0]
    assert (comment.anchor_start, comment.anchor_end, comment.quote) == (19, 30, "for 2 hours")
    html = author.get(draft)
    assert f'<mark id="words-{comment.id}">for 2 hours</mark>' in html
    author.post(f"{draft}/remarks/{comment.id}", draft, answer="Three are not needed.", disputed="1")
    author.post(f"{draft}/submit", draft)
    assert read.find_version(version.id).state == "submitted"


def test_remark_on_words_that_are_not_there_comes_back_with_everything_typed(world, person):
    version = in_review(world)
    reviewer, task = person(world.reviewers[0]), task_of(version, world.reviewers[0])
    reviewer.post(f"protocols/reviews/{task.id}/interests", has_conflict="no")
    key = read.list_blocks(version.id)[0].block_key
    fields = {f"remark-{key}": "Which?", f"quote-{key}": "Not there", "recommendation": "revise"}
    seen = read.find_version(version.id).content_hash
    html = reviewer.post(f"protocols/reviews/{task.id}", expect=422, seen_hash=seen, **fields)
    assert "These words do not stand in the block" in html
    assert 'value="Not there"' in html
    assert "Which?" in html


def test_decision_about_a_content_that_changed_meanwhile_says_so(world, person):
    version = in_review(world)
    reviewer, task = person(world.reviewers[0]), task_of(version, world.reviewers[0])
    reviewer.post(f"protocols/reviews/{task.id}/interests", has_conflict="no")
    path = f"protocols/reviews/{task.id}"
    html = reviewer.post(path, expect=422, seen_hash="0" * 64, recommendation="approve")
    assert "The content has changed meanwhile" in html


def test_editor_decides_on_interests_before_the_reviewer_reads(world, person):
    version = in_review(world)
    reviewer, editor = person(world.reviewers[0]), person(world.editor)
    task, desk = task_of(version, world.reviewers[0]), f"protocols/desk/{version.id}"
    html = reviewer.post(f"protocols/reviews/{task.id}/interests", expect=422, has_conflict="yes")
    assert "Write which, in at least one of the fields." in html
    reviewer.post(f"protocols/reviews/{task.id}/interests", has_conflict="yes", financial="Fees.")
    reviewer.get(f"protocols/reviews/{task.id}", expect=302)
    assert BODY not in reviewer.get("protocols/reviews")
    row = next(row for row in list_declarations(version) if row.capacity == "reviewer")
    assert f"/interests/{row.id}" in editor.get(desk)
    editor.post(f"{desk}/interests/{row.id}", decision="manage", note="Named in the record.")
    assert BODY in reviewer.get(f"protocols/reviews/{task.id}")


def test_expired_invitation_is_answered_in_words(world, person):
    from fate_world import later

    from portal.protocols.services import reminders

    version = in_review(world)
    task = task_of(version, world.reviewers[0])
    reminders.run_daily(now=later(8))
    reviewer = person(world.reviewers[0])
    reviewer.get("protocols/reviews")
    told_why = reviewer.client.get(f"/en/protocols/reviews/{task.id}", follow_redirects=True)
    assert "This invitation has run out" in told_why.text
    path = f"protocols/reviews/{task.id}/interests"
    html = reviewer.post(path, "protocols/reviews", expect=422, has_conflict="no")
    assert "This invitation has run out" in html


def test_editor_dismisses_asks_another_and_filters_what_is_overdue(world, person):
    version = in_review(world)
    editor, desk = person(world.editor), f"protocols/desk/{version.id}"
    task = task_of(version, world.reviewers[0])
    assert "PR-0001" in editor.get(
        "protocols/desk?show=overdue"
    )  # asked on 1 November 2026, long due by then
    editor.post(f"{desk}/assignments/{task.id}/dismiss", desk)
    editor.post(f"{desk}/ask", desk, reviewer=str(world.reviewers[0].id), kind="clinical")
    assert task_of(version, world.reviewers[0]).state == "invited"


def test_reviewer_declines_or_takes_an_approval_back_on_pages(world, person):
    version = bring_to(world, make_draft(world), "approved")
    reviewer, task = person(world.reviewers[0]), task_of(version, world.reviewers[0])
    assert f"/reviews/{task.id}/withdraw" in reviewer.get("protocols/reviews")
    reviewer.post(f"protocols/reviews/{task.id}/withdraw", reason="I misread the ceiling.")
    reviewer.post(f"protocols/reviews/{task.id}/decline")
    assert task_of(version, world.reviewers[0]).state == "declined"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_notice_of_concern_stands_on_the_page_at_once(client, world, person, lang):
    version = make_published(world)
    person(world.editor, lang).post(
        "protocols/PR-0001/notices/concern", code="dose", body="The first dose may be too high."
    )
    client.delete_cookie("session")
    html = client.get(f"/{lang}/p/PR-0001/methadone-maintenance").text
    assert "The first dose may be too high." in html
    assert 'role="alert"' in html
    assert "The first dose may be too high." in client.get(f"/{lang}/protocols/PR-0001/history").text
    notice = find_standing(version.id, "concern")
    chief = person(world.chiefs[0], lang)
    chief.post(f"protocols/notices/{notice.id}/renew", "protocols/PR-0001/notices")
    chief.post(f"protocols/notices/{notice.id}/close", outcome="The dose is right.")
    assert read.find_version(version.id).state == "published"


def test_retired_ranks_last_and_withdrawn_is_gone_from_page_search_and_api(client, world, person):
    retired, other = make_published(world), make_published(world)
    follower = make_follower("PR-0001")
    chief = person(world.chiefs[0])
    chief.post(
        "protocols/PR-0001/notices/retire", code="replaced", body="See the newer one.", replacement="pr-0002"
    )
    client.delete_cookie("session")
    html = client.get("/en/protocols?q=methadone").text
    assert html.index("/p/PR-0002/") < html.index("/p/PR-0001/")
    page = client.get("/en/p/PR-0001/methadone-maintenance")
    assert page.status_code == 200
    assert "Retired: Replaced by another protocol" in page.text
    assert 'href="/en/p/PR-0002/methadone-maintenance"' in page.text
    assert told("version_retired") >= {follower.email}
    withdraw(world, other)
    for address in ("/en/p/PR-0002/methadone-maintenance", "/en/p/PR-0002/v/1.0", "/fa/p/PR-0002/any-slug"):
        stone = client.get(address)
        assert stone.status_code == 410, address
        assert "Methadone maintenance" in stone.text
        assert world.author.name in stone.text
        assert BODY not in stone.text
        assert "Daily methadone" not in stone.text
    assert client.get("/p/PR-0002").status_code == 303
    assert "PR-0002" not in client.get("/en/protocols?q=methadone").text
    found = client.get("/api/v1/search?q=methadone").json
    assert [hit["id"] for hit in found["results"]] == ["PR-0001"]
    assert BODY not in client.get("/en/protocols/PR-0002/history").text
    assert retired.state == "retired"


def test_tombstone_answers_by_etag_and_shows_staff_the_way_to_the_kept_text(client, world, person):
    withdraw(world, make_published(world))
    first = client.get("/ru/p/PR-0001/methadone-maintenance")
    again = client.get(
        "/ru/p/PR-0001/methadone-maintenance", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (first.status_code, again.status_code) == (410, 304)
    editor = person(world.editor)
    assert "/protocols/PR-0001/notices" in editor.get("p/PR-0001/methadone-maintenance", expect=410)
    assert BODY in editor.get("protocols/desk/1")
    person(make_user("clinician", country="RU")).get("protocols/desk/1", expect=403)


def test_two_chief_editors_withdraw_on_pages(world, person):
    version = make_published(world)
    iran, russia = (person(chief) for chief in world.chiefs)
    iran.post("protocols/PR-0001/notices/withdraw", code="harm", body="Two people were sedated.")
    notice = find_standing(version.id, "withdrawal", "proposed")
    assert "PR-0001" not in iran.get("protocols/overseen")
    assert "PR-0001" in russia.get("protocols/overseen")
    russia.post(f"protocols/notices/{notice.id}/confirm", "protocols/PR-0001/notices")
    assert read.find_version(version.id).state == "withdrawn"


def test_administrator_obeys_a_legal_order_on_pages_and_decides_nothing_clinical(world, person):
    version = make_published(world)
    administrator = person(make_user("country_admin"))
    html = administrator.get("protocols/PR-0001/notices")
    assert "/notices/order" in html
    assert "/notices/retire" not in html
    administrator.post("protocols/PR-0001/notices/order", code="legal_order", body="Order 5 of a court.")
    assert read.find_version(version.id).state == "withdrawn"


def test_pages_of_notices_do_not_exist_for_others(world, person):
    make_published(world)
    stranger = person(world.clinician)
    for path in ("notices", "notices/concern", "notices/retire", "check"):
        stranger.get(f"protocols/PR-0001/{path}", expect=404)
    person(world.translator).get("protocols/overseen", expect=403)


def test_replacement_must_be_a_protocol_that_is_read(world, person):
    make_published(world)
    html = person(world.chiefs[0]).post(
        "protocols/PR-0001/notices/retire", expect=422, code="replaced", body="See.", replacement="PR-0099"
    )
    assert "Name the protocol that replaces this one" in html


def test_check_without_a_change_shows_its_date_to_readers(client, world, person):
    make_published(world)
    person(world.author).post("protocols/PR-0001/check", note="Guidelines of 2026 read.")
    client.delete_cookie("session")
    assert "no change needed." in client.get("/en/p/PR-0001/methadone-maintenance").text


def test_author_reads_why_and_appeals_on_pages(world, person):
    version = bring_to(world, make_draft(world), "submitted")
    editor, author = person(world.editor), person(world.author)
    editor.post(f"protocols/desk/{version.id}/reject", code="scope", reason="Outside our field.")
    html = author.get(f"protocols/drafts/{version.id}")
    assert "Outside our field." in html
    author.post(f"protocols/drafts/{version.id}/appeal", reason="It is what we treat.")
    chief = person(world.chiefs[0])
    assert "PR-0001" in chief.get("protocols/overseen")
    assert "PR-0001" not in person(world.chiefs[1]).get("protocols/overseen")
    chief.post(f"protocols/desk/{version.id}/appeal", verdict="granted", reason="It fits.")
    assert read.find_version(version.id).state == "submitted"


def test_editor_sends_back_with_a_remark_on_words_of_a_block(world, person):
    version = in_review(world)
    block = next(b for b in read.list_blocks(version.id) if b.source_text == BODY)
    person(world.editor).post(
        f"protocols/desk/{version.id}/changes", block=block.block_key, quote="2 hours", severity="must",
        reason="Say why.",
    )  # fmt: skip
    assert read.find_version(version.id).state == "changes_requested"
    assert read.list_comments(version.id)[0].quote == "2 hours"


def test_queue_of_a_chief_editor_counts_what_only_chief_editors_decide(world, person):
    version = make_published(world)
    concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    assert "/protocols/overseen" in person(world.chiefs[0]).get("queue")
    assert "/protocols/overseen" not in person(world.editor).get("queue")


def test_next_version_of_a_withdrawn_protocol_is_refused_in_words(world, person):
    withdraw(world, make_published(world))
    html = person(world.author).post("protocols/PR-0001/next", expect=422)
    assert "This protocol is withdrawn. Begin a new protocol" in html


def test_undeclared_interests_stop_a_submission_in_words(world, person):
    author = person(world.author)
    where = author.post("protocols/new", title="Title", source_lang="en", summary="Summary.")
    draft = f"protocols/drafts/{where.rsplit('/', 1)[1]}"
    assert "Your interests are not declared yet." in author.get(draft)


def withdraw(world, version):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=NOW)


def test_refused_withdrawal_says_who_is_missing(world, person):
    version = make_published(world)
    notice = endings.propose_withdrawal(version, Reason("error", "Wrong."), by=world.chiefs[0], now=NOW)
    chief = person(world.chiefs[0])
    html = chief.post(f"protocols/notices/{notice.id}/confirm", "protocols/PR-0001/notices", expect=422)
    assert "The chief editor of the other country" in html
