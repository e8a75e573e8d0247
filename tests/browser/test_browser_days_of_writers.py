"""A day's work of who writes, translates, reviews and publishes: from the front page, without an address typed."""

import protocol_world
import pytest
from browser import day_world, day_writing
from protocol_world import bring_to, make_draft, make_published
from translation_world import key_of

STEP = "فرد را {} ساعت پس از دوز زیر نظر بگیرید."


@pytest.fixture
def people(app, site):
    return day_world.make_people()


def test_an_author_of_russia_writes_a_protocol_and_answers_a_reviewer(day, app, site):
    world, author = day_world.make_author()
    with day("author_ru", author) as today:
        version = day_writing.begin(today)
        day_writing.write(today)
        day_writing.tag(today, version)
        day_writing.hand_in(today)
        day_world.ask_for_changes(world, version)
        day_writing.answer(today)
    assert day_world.again(version).state == "submitted"


def press(day, key, do, text, expect=200):
    """Write one text and press one of its buttons."""
    form = day.page.locator(f'main form:has([id="body-{key}"])')
    form.locator("[name=body]").fill(text)
    day._press(form.locator(f"[name=do][value={do}]"), expect)


def test_a_translator_is_stopped_by_a_wrong_number_and_goes_on(day, people):
    version = make_published(people)
    with day("translator", people.translator) as today:
        today.menu("queue").picture("places").follow("/translations").follow("/translations/work")
        today.picture("queue").follow_to("/translations/PR-0001/fa")
        press(today, "title", "next", "درمان نگهدارنده با متادون")
        key = key_of(version, "steps", 1)
        press(today, key, "submit", STEP.format("۳"), 422)
        today.picture("refused")
        press(today, key, "submit", STEP.format("۲"))
        press(today, key_of(version, "monitoring"), "submit", "خواب‌آلودگی پیش از هر دوز.")
        today.follow_to("/translations/work").picture("handed_in")


def remark(day):
    """Words of a block are marked by the mouse; the remark hangs on them."""
    card = day.page.locator(".unit-card").nth(2)
    card.locator("p[lang]").click(click_count=3)
    key = (card.get_attribute("id") or "").removeprefix("block-")
    day.page.locator(f"details:has(#quote-{key}) summary").click()
    assert day.page.locator(f"#quote-{key}").input_value() == "Assess tolerance."
    day.page.locator(f"#severity-{key}").select_option("note")
    day.page.locator(f"#remark-{key}").fill("Хорошо бы назвать шкалу, по которой это оценивают.")
    day.picture("remark")


def test_a_reviewer_of_russia_declares_reads_remarks_and_approves(day, people):
    number, reviewer = bring_to(people, make_draft(people), "in_review").id, people.reviewers[1].id
    with day("reviewer", people.reviewers[1]) as today:
        today.menu("queue").follow("/protocols/reviews").picture("asked").follow_to("/protocols/reviews/")
        today.picture("interests").send(has_conflict="no")
        remark(today)
        today.send(recommendation="approve", summary="Можно публиковать.").picture("judged")
        today.menu("queue").follow("/protocols/reviews")
        today.click(today.page.locator("main a[href*='/protocols/reviews/']:has(bdi)").first)
        today.send(recommendation="approve")
    tasks = protocol_world.list_assignments(day_world.again(number).id)
    assert [task.state for task in tasks if task.reviewer_id == reviewer] == ["submitted", "submitted"]


def begin_review(day, world, version):
    day.menu("queue").follow("/protocols/desk").picture("desk").follow(f"/desk/{version}")
    first, second = (str(person.id) for person in world.reviewers)
    day.fill(clinical_1=first, clinical_2=second, dose_check=second)
    day.picture("panel").send(clinical_1=first)


def judge_interests(day):
    """From the notice that somebody declared something."""
    day.menu("me/notices").click(day.page.locator(".notices a").first)
    day.follow_to("/interests/").picture("interests")
    day.send(decision="manage", note="Лекции были два года назад; дозы проверит второй рецензент.")


def name_a_street_word(day):
    day.home().follow("/vocabulary").follow("/vocabulary/substance").follow_to("/c/sub-methadone").follow(
        "sub-methadone"
    )
    day.send(name="метамфа", lang="ru", kind="synonym").picture("vocabulary")


def test_an_editor_of_russia_brings_a_protocol_to_acceptance(day, people):
    version = bring_to(people, make_draft(people), "submitted").id
    with day("editor", people.editor) as today:
        begin_review(today, people, version)
        day_world.declare_fees(people, version)
        judge_interests(today)
        day_world.approve(people, version)
        today.menu("queue").follow("/protocols/desk").follow(f"/desk/{version}").press("/accept")
        today.picture("accepted")
        name_a_street_word(today)
    assert day_world.again(version).state == "accepted"


def test_a_chief_editor_publishes_what_the_other_country_agreed_to(day, people):
    version = bring_to(people, make_draft(people), "accepted")
    protocol_world.publishing.publish(version, by=people.chiefs[1], now=protocol_world.NOW)
    number, public_id = version.id, version.protocol.public_id
    with day("chief_editor", people.chiefs[0]) as today:
        today.menu("queue").picture("tasks").follow("/protocols/desk").follow(f"/desk/{number}").picture(
            "text"
        )
        today.press("/publish").menu("protocols").follow_to(f"/p/{public_id}").picture("published")
    assert day_world.again(number).state == "published"
