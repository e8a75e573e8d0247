"""The translators' bench in a browser: keys and buttons help, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect
from protocol_world import make_published, make_world, translate
from translation_world import STEPS, key_of

from portal.extensions import db
from portal.protocols.queries.translations import find_latest

BENCH = "translations/PR-0001/fa"


@pytest.fixture
def world(app, site):
    return make_world()


@pytest.fixture
def version(world):
    return make_published(world)


def field(page, key):
    return page.locator(f"#body-{key}")


def saved(version, key):
    db.session.rollback()
    return find_latest(version.protocol_id, key, "fa")


@pytest.fixture
def bench(visit, world, version):
    def opened(lang="en", path=BENCH, **more):
        return visit(f"/{lang}/{path}", who=world.translator, **more)

    return opened


def test_half_space_digits_and_copy_work_from_the_keyboard(bench, version):
    page = bench()
    area = field(page, "title")
    area.fill("می")
    area.press("End")
    area.press("Shift+Space")
    area.press_sequentially("شود 2")
    assert area.input_value() == "می\u200cشود 2"
    area.press("F4")
    assert area.input_value() == "می\u200cشود ۲"
    area.fill("⟦10 mg⟧ ۲")
    area.press("F4")
    assert area.input_value() == "⟦10 mg⟧ 2"
    area.fill("")
    area.press("F2")
    assert area.input_value() == "Methadone maintenance"
    assert area.get_attribute("dir") == "rtl"


def test_save_and_next_from_the_keyboard_stands_in_the_next_text(bench, version):
    page = bench("fa")
    field(page, "title").fill("درمان با متادون")
    with page.expect_navigation():
        field(page, "title").press("Control+Enter")
    assert page.url.endswith("#unit-summary")
    expect(field(page, "summary")).to_be_focused()
    assert saved(version, "title").text == "درمان با متادون"


@pytest.mark.parametrize("script", [True, False])
def test_a_suggestion_fills_the_text_with_and_without_script(bench, world, version, script):
    key = key_of(version, "steps")
    translate(world, version, key, STEPS[0])
    other = make_published(world)
    place = key_of(other, "steps")
    page = bench(path="translations/PR-0002/fa", java_script_enabled=script)
    card = page.locator(f"#unit-{place}")
    card.locator("summary", has_text="Suggestions").click()
    card.get_by_text("Use this").click()
    assert field(page, place).input_value() == STEPS[0]
    card = page.locator(f"#unit-{place}")
    card.get_by_role("button", name="Save draft").click()
    page.wait_for_load_state()
    assert (saved(other, place).text, saved(other, place).origin) == (STEPS[0], "memory")


def test_enter_in_a_line_presses_no_button(bench, version):
    page = bench()
    page.locator("#unit-title summary", has_text="Remarks").click()
    page.locator("#quote-title").fill("درمان")
    page.locator("#quote-title").press("Enter")
    assert saved(version, "title") is None


def test_source_stands_on_the_side_where_its_language_begins(bench):
    for lang in ("en", "fa"):
        page = bench(lang)
        source = page.locator("#unit-title .pair > .half").first.bounding_box()
        target = page.locator("#unit-title .pair > .half").last.bounding_box()
        assert source["x"] < target["x"]


def test_what_is_typed_without_a_connection_is_kept_when_it_comes_back(bench, visit, version):
    page = bench()
    visit.forgive("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    field(page, "title").fill("بی‌اتصال نوشته شد")
    status = page.locator("#unit-title [role=status]")
    expect(status).not_to_be_empty()
    page.context.set_offline(False)
    with page.expect_response(lambda answer: "/kept/" in answer.url and answer.ok, timeout=10_000):
        pass
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert field(page, "title").input_value() == "بی‌اتصال نوشته شد"
