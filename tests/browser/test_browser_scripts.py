"""What the small scripts do, and that every page works without them."""

import re

import pytest
from browser import gallery
from factories import make_programme, make_user
from PIL import Image
from playwright.sync_api import expect
from protocol_world import make_draft, make_world

LANGUAGES = ("en", "ru", "fa")
READY = "#f1-plot[data-ready] .main-svg"
PERSIAN = re.compile("[\u0600-\u06ff]")


@pytest.fixture(autouse=True)
def _fresh():
    gallery.DRAFTS.clear()


@pytest.fixture
def steps(app, site):
    """The author of a draft, and the address of a new step in it."""
    world = make_world()
    return world.author, f"protocols/drafts/{make_draft(world).id}/blocks/new?section=steps"


@pytest.fixture
def programme(app, site):
    return make_programme("IR")


def drawn(page):
    page.locator("#f1-plot").scroll_into_view_if_needed()
    page.wait_for_selector(READY)
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plotly_draws_over_the_server_drawing_and_keeps_its_style(visit, lang):
    page = drawn(visit(f"/{lang}/gallery/figures"))
    layer = page.locator("#f1-plot .main-svg").first
    assert layer.evaluate("e => getComputedStyle(e).position") == "absolute"
    assert not page.locator("#f1-plot .plot-static").is_visible()
    assert page.locator("#f1-plot .plot-live").get_attribute("aria-hidden") == "true"


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_the_live_plot_comes(visit, width):
    page = visit("/fa/gallery/figures", width=width)
    box = page.locator("#f1-plot")
    before = box.bounding_box()["height"]
    drawn(page)
    assert abs(box.bounding_box()["height"] - before) < 2


def test_every_persian_line_of_the_live_plot_is_isolated(visit):
    page = drawn(visit("/fa/gallery/figures"))
    lines = page.locator("#f1-plot .plot-live text").all_text_contents()
    persian = [line for line in lines if PERSIAN.search(line) and re.search("[آ-ی]", line)]
    assert persian
    assert all(line.startswith("\u2067") for line in persian)


def test_the_live_plot_follows_the_dark_scheme(visit):
    page = drawn(visit("/en/gallery/figures"))
    point = page.locator("#f1-plot .scatterlayer .point").first
    expect(point).to_have_attribute("style", re.compile("10, 112, 120"))
    page.emulate_media(color_scheme="dark")
    expect(point).to_have_attribute("style", re.compile("79, 211, 224"))


def test_print_shows_the_server_drawing(visit):
    page = drawn(visit("/en/gallery/figures"))
    page.emulate_media(media="print")
    assert page.locator("#f1-plot .plot-static").is_visible()
    assert not page.locator("#f1-plot .plot-live").is_visible()


def test_the_picture_holds_title_plot_and_source(visit, tmp_path):
    page = drawn(visit("/fa/gallery/figures"))
    with page.expect_download() as download:
        page.locator("[data-png=f1]").click()
    path = tmp_path / "figure.png"
    download.value.save_as(path)
    with Image.open(path) as image:
        assert image.width == 2000
        assert image.height > 1100
        assert len(image.convert("RGB").getcolors(maxcolors=2**24)) > 50
    assert download.value.suggested_filename == "f1.png"


def test_when_plotly_cannot_be_had_the_server_drawing_stays(visit):
    page = visit("/en/gallery/empty")
    visit.forgive("net::ERR_FAILED")
    page.route("**/plotly-basic*", lambda route: route.abort())
    page.goto("/en/gallery/figures")
    with page.expect_event("requestfailed"):
        page.locator("#f1-plot").scroll_into_view_if_needed()
    assert page.locator("#f1-plot .plot-static svg").is_visible()


@pytest.mark.parametrize("name", gallery.PAGES)
def test_every_page_reads_without_script(visit, name):
    page = visit(f"/ru/gallery/{name}", java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.locator("[data-png]:visible").count() == 0


def test_the_draft_goes_to_the_server_and_the_line_says_so(visit):
    page = visit("/fa/gallery/form")
    page.fill("#note", "متن")
    line = page.locator("#draft-status")
    line.filter(has_text=re.compile("[۰-۹]")).wait_for()
    assert gallery.DRAFTS["note"] == ["متن"]
    assert gallery.DRAFTS["start"] == ["۵", "۱۴۰۶"]
    assert "csrf_token" not in gallery.DRAFTS


def test_a_draft_that_did_not_arrive_is_said_in_words(visit):
    page = visit("/en/gallery/form")
    gallery.DRAFTS["refuse"] = True
    page.fill("#note", "x")
    page.locator("#draft-status").filter(has_text="Not saved").wait_for()
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    gallery.DRAFTS["refuse"] = False
    page.fill("#note", "xy")
    page.locator("#draft-status").filter(has_text="Draft saved").wait_for()


def test_progress_is_asked_until_the_work_is_done(visit):
    page = visit("/ru/gallery/report")
    page.clock.install()
    page.reload()
    for _ in range(3):
        with page.expect_response("**/progress"):
            page.clock.run_for(6000)
    page.wait_for_selector("[data-finished]")
    assert page.locator("progress").evaluate("e => e.value / e.max") == 1


@pytest.fixture
def questions():
    """The dialogs that a page opened; each is answered by staying."""
    asked = []

    def listen(page):
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        return asked

    return listen


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "No connection"), ("ru", "Нет связи"), ("fa", "اتصال نیست")]
)
def test_a_form_sent_without_a_connection_stays_and_says_so(visit, lang, word):
    page = visit(f"/{lang}/gallery/sign_in")
    page.fill("#email", "a@b.org")
    page.context.set_offline(True)
    page.press("#email", "Enter")
    assert word in page.locator("form [role=alert]").inner_text()
    assert page.input_value("#email") == "a@b.org"
    page.context.set_offline(False)
    page.locator("form [role=alert]").wait_for(state="detached")


def test_leaving_a_long_form_with_unsaved_answers_asks_first(visit, programme, questions):
    clinician = make_user("clinician", organisation=programme.organisation)
    page = visit(f"/en/programme/{programme.code}/episodes/new", who=clinician)
    asked = questions(page)
    page.locator("input[type=radio]").first.check()
    page.locator(".langs a").first.click(no_wait_after=True)
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    assert "/episodes/new" in page.url
    assert page.locator("input[type=radio]").first.is_checked()


def test_sending_a_long_form_asks_nothing(visit, programme, questions):
    clinician = make_user("clinician", organisation=programme.organisation)
    page = visit(f"/en/programme/{programme.code}/episodes/new", who=clinician)
    asked = questions(page)
    page.locator("input[type=radio]").first.check()
    with page.expect_navigation():
        page.locator("main form .btn-primary").last.click()
    assert page.locator(".errsum").is_visible()
    assert asked == []


def test_a_form_without_long_texts_is_left_without_a_question(visit, questions):
    page = visit("/en/gallery/sign_in")
    asked = questions(page)
    page.fill("#email", "a@b.org")
    page.goto("/en/gallery/list")
    assert asked == []


def test_a_button_marks_the_selected_dose_and_takes_the_mark_away(visit, steps):
    author, address = steps
    page = visit(f"/fa/{address}", who=author, width=390)
    page.fill("#body", "Give 2–4 mg now.")
    select = "e => e.setSelectionRange(4, 11)"
    button = page.locator("#body + button")
    page.locator("#body").evaluate(select)
    button.click()
    assert page.input_value("#body") == "Give ⟦2–4 mg⟧ now."
    page.locator("#body").evaluate("e => e.setSelectionRange(5, 13)")
    button.click()
    assert page.input_value("#body") == "Give 2–4 mg now."
    page.locator("#body").evaluate("e => e.setSelectionRange(5, 5)")
    button.click()
    assert page.input_value("#body") == "Give ⟦⟧2–4 mg now."
    assert page.locator("#body").evaluate("e => e.selectionStart") == 6


def test_a_long_text_comes_back_in_another_language_before_it_was_sent(visit, steps):
    author, address = steps
    page = visit(f"/en/{address}", who=author)
    page.fill("#body", "Half a sentence")
    page.locator("main form [role=status]").filter(has_text="Draft saved").wait_for()
    with page.expect_navigation():
        page.locator(".langs a[lang=ru]").click()
    assert page.input_value("#body") == "Half a sentence"
