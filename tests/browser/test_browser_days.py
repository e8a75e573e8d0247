"""A day's work of who reads, moderates and administers: from the front page, without an address typed."""

import pytest
from browser import day_world
from browser.days import JOURNEYS
from factories import PASSWORD, make_user

from portal.accounts.services import factor
from portal.core.db import utcnow

CLOSELY = {f"fidelity_{part}": "2" for part in ("people", "doses", "monitoring", "support", "staff")}
REPORT = CLOSELY | {
    "from_quarter": "2026Q2", "to_quarter": "2026Q3", "started_band": "10-49", "recommendation": "adopt",
    "barriers": "staff", "barriers_text": "پرستار شب نداریم.",
}  # fmt: skip
CASE = {
    "title": "متادون تا صبح دوام ندارد", "age_band": "35_44", "sex": "female", "substance": "sub-opium",
    "setting": "set-oat-clinic", "lang": "fa",
    "body": "پس از دو هفته هنوز هر صبح با علائم ترک بیدار می‌شود. شما چه می‌کنید؟",
    "tried": "دوز کمی بیشتر شد و فایده نداشت.",
}  # fmt: skip


@pytest.fixture
def ward(app, site):
    return day_world.make_ward()


def sign_in(day, person):
    """With password and code, as for the first time on this phone."""
    day.menu("sign-in").send(email=person.email, password=PASSWORD)
    return day.send(code=factor.current_code(person, now=utcnow()))


def find_and_read(day):
    day.home().send(button="button", q="متادون").picture("found")
    day.follow_to("/p/PR-0001").picture("read")
    day.press("/me/follow")
    with day.page.expect_download() as copy:
        day.page.locator(".keep a[href$='/offline.zip']").first.click()
    assert copy.value.suggested_filename.endswith((".html", ".zip"))


def report_and_ask(day, ward):
    day.follow("/v/1.0/report").send(organisation=str(ward.programme.organisation_id), **REPORT)
    day.picture("reported")
    day.menu("protocols").follow_to("/p/PR-0001").follow_to("cases/new")
    day.send(**CASE).picture("case")


def test_a_clinician_of_iran_reads_reports_and_asks_on_a_phone(day, ward):
    with day("clinician_ir") as today:
        sign_in(today, ward.clinician)
        find_and_read(today)
        report_and_ask(today, ward)
        day_world.accept_reports(ward)
        today.home().menu("me/notices").picture("told")
        today.click(today.page.locator(".notices a").first)
        assert "/field-reports/" in today.page.url


def decide(day):
    waiting = day.page.locator(".waiting[id^='safety-']")
    before = waiting.count()
    removing = waiting.first.locator("details:not(.concern)")
    removing.locator("summary").click()
    removing.locator("select").select_option("dangerous")
    removing.locator("textarea").fill("چنین مقداری خطرناک است.")
    day.picture("removal").click(removing.locator("button"))
    day.picture("decided")
    assert waiting.count() == before - 1


def test_a_moderator_removes_a_dangerous_post_and_lets_a_first_one_through(day, app, site):
    with day("moderator", day_world.make_talk()) as today:
        today.menu("queue").picture("tasks").follow("/queue/discussion").picture("queue")
        decide(today)
        today.click(today.page.locator(".waiting [value=accept]").first)
        assert today.page.locator(".waiting [value=accept]").count() == 0


def test_an_administrator_of_a_country_lets_a_clinician_in(day, app, site):
    day_world.make_applicant()
    boss = make_user("country_admin", name="مریم رضایی", language="fa")
    with day("country_admin", boss) as today:
        today.menu("queue").picture("tasks").follow("/admin").follow_to("/admin/accounts/").picture("person")
        today.send(roles="clinician").picture("approved")
        today.menu("me/notices").follow("/notices/settings").picture("settings")
        today.menu("admin").follow("/audit").picture("audit")
        assert "زهرا احمدی" in today.text()


def test_who_runs_the_machine_reads_the_audit(day, app, site):
    with day("system_admin", make_user("system_admin", country="RU", name="Sergei Volkov")) as today:
        today.picture("front").menu("queue").follow("/admin/settings").picture("settings")
        today.menu("admin").follow("/audit").picture("audit")
        assert today.page.locator("table#audit tbody tr").count() > 0


def test_nobody_types_an_address(day, app, site):
    today = day("system_admin")
    with pytest.raises(AssertionError, match="types an address"):
        today.page.goto("/en/admin")


def test_a_moment_that_is_not_pictured_is_missed(day, app, site):
    with pytest.raises(AssertionError), day("system_admin"):
        pass


def test_every_picture_has_a_name_of_its_own():
    names = [journey.picture(step) for journey in JOURNEYS for step in journey.steps]
    assert len(set(names)) == len(names)
