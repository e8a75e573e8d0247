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
