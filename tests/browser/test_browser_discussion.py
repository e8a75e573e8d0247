"""The discussion in a browser: flagged without script, judged with the keyboard alone."""

import pytest

from portal.discussion.models import Post
from portal.extensions import db


def state_of(post_id):
    db.session.rollback()
    return db.session.get(Post, post_id).state


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_19_15_without_script_a_post_is_flagged_and_out_of_sight(visit, stage, lang):
    post = stage.more["other_post"]
    page = visit(
        f"/{lang}/discussion/{stage.more['thread']}", who=stage.person("clinician"), width=390,
        java_script_enabled=False,
    )  # fmt: skip
    page.click(f"#p{post} a[href$='/{post}/flag']")
    page.check("input[value=dangerous]")
    page.click("main form button.btn-primary")
    assert state_of(post) == "hidden"
    assert page.locator(f"#p{post} .tomb").count() == 1


def test_a_moderator_decides_with_the_keyboard_alone_and_stays_in_the_queue(visit, stage):
    page = visit("/en/queue/discussion?kind=safety", who=stage.person("moderator"))
    assert page.locator(".waiting").count() == 1
    page.focus("#waiting")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "disagree":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/discussion?kind=safety#waiting")
    assert page.locator(".waiting").count() == 0
    assert page.evaluate("document.activeElement.closest('#waiting, main') !== null")


def test_a_removal_by_keyboard_opens_its_reason_first(visit, stage):
    page = visit("/en/queue/discussion?kind=safety", who=stage.person("moderator"))
    page.focus(".waiting summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.focus(".waiting [value=agree]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flashes")
    assert "its author and who flagged it were told" in page.inner_text(".flashes")


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_on_a_phone_the_most_urgent_matter_begins_on_the_first_screen(visit, stage, lang):
    page = visit(f"/{lang}/queue/discussion", who=stage.person("moderator"), width=390)
    first = page.locator(".waiting").first
    assert first.get_attribute("id").startswith("safety-")
    assert first.bounding_box()["y"] <= 700
    assert page.locator(".narrowing table").is_hidden()
    page.click(".narrowing summary")
    assert page.locator(".narrowing table").is_visible()


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_on_a_phone_a_ban_stands_above_the_conversation_and_nothing_overflows(visit, stage, lang):
    path = f"/{lang}/discussion/{stage.more['thread']}"
    page = visit(path, who=stage.person("fined"), width=390)
    ban, first = page.locator("main .note.warn").bounding_box(), page.locator("article").first.bounding_box()
    assert ban["y"] + ban["height"] <= first["y"]
    assert page.locator("#reply").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_wide_screens_show_the_filters_and_phones_fold_them(visit, stage):
    wide = visit("/en/discussion", who=stage.person("clinician"))
    assert wide.locator(".narrowing select").first.is_visible()
    phone = visit("/en/discussion", who=stage.person("clinician"), width=390)
    assert phone.locator(".narrowing select").first.is_hidden()
    assert phone.locator(".threads > li").first.bounding_box()["y"] <= 700
