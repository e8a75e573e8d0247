"""The settings of notices on a phone: folded, opened by keyboard, one rhythm for a whole group."""

import pytest

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def middle(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"] / 2


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_a_group_is_opened_by_keyboard_and_gets_one_rhythm(stage, visit, axe, shot, lang):
    page = visit(f"/{lang}/me/notices/settings", width=390, who=stage.person("told"))
    fold = page.locator("details.choices").filter(has=page.locator("#group-talk"))
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    page.locator("#all-talk").select_option("daily")
    shot(page, f"notice_settings_open_{lang}_390")
    assert axe(page) == []
    assert page.evaluate(OVERFLOW) <= 0
    own = fold.locator(".choice-how", has=page.locator("#rhythm-comment_reply"))
    assert abs(middle(own.locator(".chk")) - middle(own.locator("select"))) < 4  # one row
    page.locator("button.btn-primary").click()
    page.wait_for_selector(".flashes")
    assert page.locator("#rhythm-comment_reply").input_value() == "daily"
    assert page.locator("#rhythm-alert_issued").input_value() == "at_once"
