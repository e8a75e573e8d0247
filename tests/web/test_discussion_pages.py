"""The discussion as pages: without script, in three languages, with every odd text that people send."""

import re
from datetime import timedelta

import discussion_world as world
import pytest
import sqlalchemy as sa
from discussion_world import NOW, Talkers, answer, begin
from web.journey import send

from portal.core import i18n
from portal.core.db import utcnow
from portal.discussion.dictionary import About, Kind
from portal.discussion.models import Post
from portal.discussion.queries.posts import find_post
from portal.discussion.services import flagging, judging, sanctions, writing
from portal.discussion.services.writing import NewThread, Target
from portal.extensions import db
from portal.protocols.queries.versions import find_current, list_blocks

LANGUAGES = ("en", "ru", "fa")


@pytest.fixture
def people(app):
    return Talkers()


@pytest.fixture
def question(people):
    return begin(people.clinician, world.make_protocol())


@pytest.fixture
def count_queries(app):
    """How many statements a call sends."""

    def count(call):
        seen = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        call()
        return len(seen)

    return count


def page_of(post, lang="en"):
    return f"/{lang}/discussion/{post.thread_id}"


def last_post():
    return db.session.query(Post).order_by(Post.id.desc()).first()


def reply(client, question, body, **more):
    path = page_of(question)
    return send(client, f"{path}/reply", form_at=path, body=body, lang="en", once="0123456789", **more)


def test_19_15_a_post_is_flagged_without_script(client, sign_in, people, question):
    sign_in(client, user=people.colleague)
    page = client.get(page_of(question)).text
    link = re.search(r'href="(/en/discussion/posts/\d+/flag)"', page)[1]
    answered = send(client, link, reason="dangerous", note="")
    assert answered.status_code == 302
    assert find_post(question.id).state == "hidden"
    after = client.get(answered.location).text
    assert "out of sight until a moderator decides, within 24 hours" in after
    assert "Hidden until a moderator decides." in after
    assert question.body not in after.partition("<main")[2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_carries_its_own_language_and_direction(client, sign_in, people, question, lang):
    answer(question, people.colleague, "دو ساعت", lang="fa")
    sign_in(client, user=people.colleague)
    page = client.get(page_of(question, lang)).text
    assert re.search(r'lang="fa" dir="rtl"><p>دو ساعت', page)
    assert re.search(r'<div class="spoken" lang="en" dir="ltr">', page)


def test_the_language_of_a_reply_begins_as_the_writers_own(client, sign_in, people, question):
    people.colleague.language = "ru"
    db.session.commit()
    sign_in(client, user=people.colleague)
    page = client.get(page_of(question)).text
    assert re.search(r'<input checked[^>]*value="ru"', page)


def test_a_conversation_begins_on_the_page_of_its_protocol(client, sign_in, people):
    protocol = world.make_protocol()
    sign_in(client, user=people.clinician)
    page = client.get(f"/en/p/{protocol.public_id}/{protocol.slug}").text
    assert "Nobody has written about this protocol yet." in page
    link = re.search(r'href="(/en/discussion/new[^"]+)"', page)[1].replace("&amp;", "&")
    sent = send(client, link, kind="question", title="How long to observe?", body="Two hours?", lang="en",
                once="0123456789")  # fmt: skip
    assert sent.status_code == 302
    page = client.get(f"/en/p/{protocol.public_id}/{protocol.slug}").text
    assert "1 conversation" in page
    assert "1 open question" in page


def test_a_visitor_sees_how_much_is_said_and_nothing_of_what(client, people, question):
    from portal.protocols.queries.versions import find_protocol

    protocol = find_protocol("PR-0001")
    page = client.get(f"/en/p/{protocol.public_id}/{protocol.slug}").text
    assert "1 conversation" in page
    assert "How long after" not in page
    assert client.get(page_of(question)).status_code == 302


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["", "/cases", "/mine", "/cases/new"])
def test_every_page_opens_without_anything_in_it(client, sign_in, lang, path):
    sign_in(client, "clinician")
    assert client.get(f"/{lang}/discussion{path}").status_code == 200


def test_markdown_cannot_bring_a_script(client, sign_in, people, question):
    sign_in(client, user=people.colleague)
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/p.png) **fine**"
    assert reply(client, question, evil).status_code == 302
    page = client.get(page_of(question)).text.partition("<main")[2]
    assert "<script>alert" not in page
    assert "javascript:" not in re.sub(r"&[lg]t;.*", "", page).replace("[x](javascript", "")
    assert "<img" not in page
    assert "<strong>fine</strong>" in page


def test_direction_signs_are_taken_out_and_moderators_are_told(client, sign_in, people, question):
    sign_in(client, user=people.member, second_factor=False)
    reply(client, question, "dose \u202eGM 02\u202c and \u2066x\u2069")
    post = last_post()
    assert (post.body, post.signs_removed) == ("dose GM 02 and x", 4)
    client.delete_cookie("session")
    sign_in(client, user=people.moderator)
    assert "4 signs that turn the direction of text were taken out" in client.get("/en/queue/discussion").text


def test_mixed_digits_stay_as_they_were_written(client, sign_in, people, question):
    sign_in(client, user=people.colleague)
    reply(client, question, "۱۰ mg или 10 мг, [[2–4 mg]]")
    page = client.get(page_of(question)).text
    assert "۱۰ mg или 10 мг" in page


def test_a_megabyte_is_refused_with_the_count(client, sign_in, people, question):
    sign_in(client, user=people.colleague)
    refused = reply(client, question, "x" * 1_000_000)
    assert refused.status_code == 422
    assert (
        "Write between" in refused.text
        or "Write at most 10,000 characters; there are 1,000,000" in refused.text
    )


def test_a_double_click_makes_one_post(client, sign_in, people, question):
    sign_in(client, user=people.colleague)
    before = db.session.query(Post).count()
    places = {reply(client, question, "Two hours.").location for _ in range(2)}
    assert len(places) == 1
    assert db.session.query(Post).count() == before + 1


def test_posting_to_a_removed_conversation_has_a_clear_answer(client, sign_in, people, question):
    sign_in(client, user=people.colleague)
    form = client.get(page_of(question)).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    flagging.flag(question, "insult", by=people.colleague, now=NOW)
    judging.decide_flags(question, "agree", "insult", by=people.moderator, now=NOW)
    values = {"csrf_token": token, "body": "A long reply.", "lang": "en", "once": "0123456789"}
    refused = client.post(f"{page_of(question)}/reply", data=values)
    assert refused.status_code == 422
    assert "This conversation is closed: its first post was removed or taken back." in refused.text
    assert "How long after" not in refused.text.partition("<main")[2]


@pytest.mark.parametrize(
    "text",
    ["Пациент Иванов пришёл.", "بیمار به نام رضا احمدی آمد.", "The patient John Smith came.",
     "родился 12.03.1985", "call 8 916 123-45-67"],
)  # fmt: skip
def test_what_may_be_a_person_is_asked_about_with_its_place_and_nothing_is_lost(
    client, sign_in, people, question, text
):
    sign_in(client, user=people.colleague)
    asked = reply(client, question, f"First line.\n{text}")
    assert asked.status_code == 422
    assert "Look at this place" in asked.text or "Look at these places" in asked.text
    assert "line 2:" in asked.text
    assert text in asked.text
    mark = re.search(r'name="nobody-body"\s+value="(\w+)"', asked.text)[1]
    assert reply(client, question, f"First line.\n{text}", **{"nobody-body": mark}).status_code == 302


@pytest.mark.parametrize("text", ["СНИЛС 112-233-445 95", "کد ملی 0499370899", "card 4111 1111 1111 1111"])
def test_a_certain_identifier_is_never_stored(client, sign_in, people, question, text):
    sign_in(client, user=people.colleague)
    refused = reply(client, question, text, **{"nobody-body": "0" * 16})
    assert refused.status_code == 422
    assert "line 1:" in refused.text
    assert db.session.query(Post).filter(Post.body.contains(text)).count() == 0


def test_who_is_sanctioned_reads_until_when_and_writes_nothing(client, sign_in, people, question):
    sanctions.sanction(
        people.colleague, "insult", "Three insults.", days=2, by=people.moderator, now=utcnow()
    )
    sign_in(client, user=people.colleague)
    page = client.get(page_of(question)).text
    assert "You can post again from:" in page
    assert 'name="body"' not in page
    assert page.index("You can post again from:") < page.index("<article")
    assert 'id="reply"' not in page
    own = client.get("/en/discussion/mine").text
    assert "Your posts appear at once" not in own
    assert "your posts appear at once" not in own
    assert own.index("You cannot post now") < own.index("Three insults.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_appeal_about_a_sanction_names_it_with_its_dates(client, sign_in, people, lang):
    now = utcnow()
    made = sanctions.sanction(people.colleague, "insult", "سه توهین.", days=2, by=people.moderator, now=now)
    sign_in(client, user=people.colleague)
    page = client.get(f"/{lang}/discussion/sanctions/{made.id}/appeal").text
    with i18n.speaking(lang):
        assert i18n.day(made.issued_at) in page
        assert i18n.moment(made.ends_at) in page
    assert re.search(r'<blockquote[^>]*lang="fa"\s+dir="rtl">\s*<p class="noted">سه توهین', page)
    words = {"en": "Appeal a sanction", "ru": "Обжаловать ограничение", "fa": "اعتراض به محدودیت"}
    assert re.search(rf"<h1>\s*{words[lang]}", page)


def test_an_appeal_about_a_post_says_whose_words_are_whose(client, sign_in, people, question):
    flagging.flag(question, "insult", by=people.colleague, now=utcnow())
    judging.decide_flags(question, "agree", "insult", "Stay polite.", by=people.moderator, now=utcnow())
    sign_in(client, user=people.clinician)
    page = client.get(f"/en/discussion/posts/{question.id}/appeal").text
    labels = ["Post removed on", "What the moderator wrote to you", "Stay polite.", "Your post</h2>"]
    places = [page.index(words) for words in [*labels, question.body]]
    assert places == sorted(places)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_quotation_has_its_bar_where_its_text_begins(client, sign_in, people, question, lang):
    russian = answer(question, people.clinician, "Два часа.", lang="ru")
    sign_in(client, user=people.colleague)
    page = client.get(f"/{lang}/discussion/posts/{russian.id}/flag").text
    assert re.search(r'<blockquote class="flagged spoken" lang="ru" dir="ltr">\s*<p>Два часа', page)


@pytest.mark.parametrize("path", ["/{thread}", "", "/cases", "/new?protocol=PR-0001", "/{case}/follow-up"])
def test_a_title_is_isolated_in_its_own_language(client, sign_in, people, question, path):
    case = begin(people.clinician, title="Methadone does not hold.")
    sign_in(client, user=people.clinician)
    page = client.get("/fa/discussion" + path.format(thread=question.thread_id, case=case.thread_id)).text
    main = page.partition("<main")[2]
    titles = {"/new?protocol=PR-0001": "", "/cases": "Methadone", "/{case}/follow-up": "Methadone"}
    assert re.search(rf'<bdi class="named" lang="en" dir="ltr">{titles.get(path, "How long")}', main)
    assert not re.search(r"<(?:a|p|span)\b[^>]* dir=", main)


def test_the_filters_are_folded_and_what_was_chosen_can_be_taken_off(client, sign_in, people, question):
    sign_in(client, user=people.clinician)
    page = client.get("/en/discussion?kind=question&lang_of=en").text.partition("<main")[2]
    assert '<details class="narrowing wide-open">' in page
    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    assert chips == ["/en/discussion?kind=question", "/en/discussion?lang_of=en"]
    assert page.count("btn-primary") == 1


def test_a_moderator_reaches_what_stands_behind_the_first_twenty(client, sign_in, people, question):
    for number in range(23):
        post = answer(question, people.clinician, f"Post {number}", now=NOW + timedelta(hours=number))
        flagging.flag(post, "off_topic", by=people.colleague, now=NOW + timedelta(minutes=number))
    sign_in(client, user=people.moderator)
    first = client.get("/en/queue/discussion?kind=flag").text
    assert first.count('class="waiting') == 20
    assert "3 more wait behind these." in first
    link = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get(link).text
    assert second.count('class="waiting') == 3
    assert "Post 22" in second
    action = re.search(r'action="(/en/queue/posts/\d+[^"]*)"', second)[1].replace("&amp;", "&")
    number = re.search(r"posts/(\d+)", action)[1]
    refused = send(client, action, form_at=link, verdict="agree", **{
        f"p{number}-reason_code": "off_topic", f"p{number}-reason": "Пациент Иванов просил."})  # fmt: skip
    assert refused.status_code == 422
    assert "Пациент Иванов просил." in refused.text


def test_an_appeal_goes_from_ones_own_page_to_the_queue(client, sign_in, people, question):
    now = utcnow()
    flagging.flag(question, "insult", by=people.colleague, now=now)
    judging.decide_flags(question, "agree", "insult", "Stay polite.", by=people.moderator, now=now)
    sign_in(client, user=people.clinician)
    page = client.get("/en/discussion/mine").text
    assert "Stay polite." in page
    link = re.search(r'href="(/en/discussion/posts/\d+/appeal)"', page)[1]
    assert send(client, link, argument="It was polite enough.", lang="en").status_code == 302
    client.delete_cookie("session")
    sign_in(client, user=people.moderator)
    assert (
        "Another moderator decides: this is about a post, a flag or a decision of yours"
        in client.get("/en/queue/discussion").text
    )
    client.delete_cookie("session")
    sign_in(client, user=people.other)
    queue = client.get("/en/queue/discussion").text
    action = re.search(r'action="(/en/queue/appeals/(\d+))"', queue)
    answers = {f"a{action[2]}-answer": "You are right.", "verdict": "grant"}
    assert send(client, action[1], form_at="/en/queue/discussion", **answers).status_code == 302
    assert find_post(question.id).state == "visible"


def test_a_case_is_asked_on_one_form_and_its_follow_up_answered_on_one_page(client, sign_in, people):
    world.make_protocol()
    sign_in(client, user=people.clinician)
    values = {
        "title": "Methadone does not hold", "age_band": "35_44", "sex": "female", "substance": "sub-methadone",
        "setting": "set-oat-clinic", "body": "The dose does not last until the next morning. What now?",
        "tried": "Two raised doses.", "lang": "en", "once": "0123456789",
    }  # fmt: skip
    sent = send(client, "/en/discussion/cases/new", **values)
    assert sent.status_code == 302
    page = client.get(sent.location.partition("#")[0]).text
    for words in ("35 to 44", "female", "Two raised doses."):
        assert words in page
    link = re.search(r'href="(/en/discussion/\d+/follow-up)"', page)[1]
    done = send(client, link, outcome="better", body="Split doses helped.", lang="en", once="9876543210")
    assert done.status_code == 302
    page = client.get(done.location.partition("#")[0]).text
    assert "What became of it:" in page
    assert "Split doses helped." in page


def on_block(people, protocol, version, block, **more):
    target = Target(About.BLOCK, protocol.id, version.id, block.block_key)
    new = NewThread(Kind.QUESTION, "How long is it observed?", world.said(**more))
    return writing.start_thread(new, target, by=people.clinician, now=NOW)


def shown_links(client, path):
    """How many links to begin a conversation about a block, and the words of those that lead to one."""
    page = client.get(path).text
    begun = re.findall(r'<a href="[^"]*/discussion\?[^"]*block=[^"]*">([^<]+)', page)
    return len(re.findall(r'href="[^"]*/discussion/new\?[^"]*block=', page)), begun


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Discussed here (2)"), ("ru", "Обсуждается (2)"), ("fa", "گفت‌وگو (۲)")]
)
def test_each_block_of_a_protocol_says_how_much_is_said_about_it(client, people, lang, said):
    protocol = world.make_protocol()
    version = find_current(protocol.id)
    blocks = list_blocks(version.id)
    for _ in range(2):
        on_block(people, protocol, version, blocks[0])
    flagging.flag(on_block(people, protocol, version, blocks[1]), "patient", by=people.colleague, now=NOW)
    number, begun = shown_links(client, f"/{lang}/p/{protocol.public_id}/{protocol.slug}")
    assert (number, begun) == (len(blocks) - 1, [said])  # a hidden conversation is not counted
    number, begun = shown_links(client, f"/{lang}/p/{protocol.public_id}/b/{blocks[0].block_key}")
    assert (number, begun) == (0, [said])
    number, begun = shown_links(client, f"/{lang}/p/{protocol.public_id}/b/{blocks[1].block_key}")
    assert (number, begun) == (1, [])


def test_the_link_of_a_block_leads_to_its_conversations_and_to_a_new_one(client, sign_in, people):
    protocol = world.make_protocol()
    version = find_current(protocol.id)
    block = list_blocks(version.id)[0]
    sign_in(client, user=people.clinician)
    page = f"/en/p/{protocol.public_id}/b/{block.block_key}"
    begin_at = re.search(r'href="([^"]*/discussion/new[^"]*)"', client.get(page).text)[1].replace(
        "&amp;", "&"
    )
    answer = send(
        client,
        begin_at,
        kind="question",
        title="How long?",
        body="Who observes?",
        lang="en",
        once="0123456789",
    )
    assert answer.status_code == 302
    listed = re.search(r'href="([^"]*/discussion\?[^"]*)"', client.get(page).text)[1].replace("&amp;", "&")
    assert "How long?" in client.get(listed).text


def test_what_is_said_about_forty_blocks_costs_one_query(client, people, count_queries):
    protocol = world.make_protocol()
    version = find_current(protocol.id)
    path = f"/en/p/{protocol.public_id}/{protocol.slug}"
    client.get(path)
    none = count_queries(lambda: client.get(f"{path}?anew=1"))  # the plain address is kept
    for block in list_blocks(version.id):
        on_block(people, protocol, version, block)
    assert count_queries(lambda: client.get(f"{path}?anew=2")) == none


def test_a_long_thread_needs_a_fixed_number_of_queries(client, sign_in, people, question, count_queries):
    sign_in(client, user=people.colleague)

    def look():
        return client.get(page_of(question)).text

    look()
    few, hour = count_queries(look), NOW
    for number in range(60):
        hour += timedelta(hours=1)
        answer(question, (people.clinician, people.colleague, people.moderator)[number % 3], now=hour)
    assert look().count("<article") == 25
    assert count_queries(look) <= few + 1  # an answered post is looked up, once a page


def test_a_post_keeps_its_address_on_any_page(client, sign_in, people, question):
    hour = NOW
    for _ in range(30):
        hour += timedelta(hours=1)
        last = answer(question, people.colleague, now=hour)
    sign_in(client, user=people.colleague)
    led = client.get(f"/en/discussion/posts/{last.id}")
    assert led.location.endswith(f"page=2#p{last.id}")
