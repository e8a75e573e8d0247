"""Pages of early warnings: reporting without script, the desk, what everybody reads, banners, exports."""

import re

import pytest
from alert_world import GRAVE, NOW, RECORD, make_desk, make_issued, make_judged, make_signal
from factories import enter_as, make_user
from flask_babel import force_locale
from protocol_world import make_published, make_world

from portal.alerts import queries
from portal.alerts.forms.words import LEVELS
from portal.alerts.services import issued, triage
from portal.core.permissions import SYSTEM

LANGS = ("en", "ru", "fa")
TITLES = {"en": "Methadone: opioid poisoning", "ru": "Метадон: ", "fa": "متادون: "}
FORM = {
    "substances": "sub-methadone", "form": "powder", "route": ["smoked"], "first_seen": "1405-08-29", "region": "IR1",
    "events": "5-9", "deaths": "none", "toxidrome": "opioid", "identification": "clinical", "note": "",
    "colour": "", "street_names": "",
}  # fmt: skip


@pytest.fixture
def desk(app):
    return make_desk()


def send(client, path, *, at=None, **data):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(at or path).text)[1]
    return client.post(path, data={"csrf_token": token} | data)


def test_a_signal_is_reported_with_twelve_answers_and_without_script(client, desk):
    enter_as(client, desk.reporter)
    page = client.get("/fa/alerts/signals/new").text
    names = set(re.findall(r'name="(\w+)"', page)) - {"csrf_token", "viewport", "color"}
    assert len(names & {*FORM, "street_names", "colour"}) == 12
    answer = send(client, "/fa/alerts/signals/new", **FORM)
    assert (answer.status_code, answer.location) == (302, "/fa/alerts/signals")
    (alert,) = queries.list_reported(desk.reporter)
    assert alert.record == RECORD | {"identification": "clinical"}
    assert alert.source_lang == "fa"


@pytest.mark.parametrize("lang", LANGS)
def test_a_refused_signal_keeps_what_was_typed_and_says_where(client, desk, lang):
    enter_as(client, desk.reporter)
    path = f"/{lang}/alerts/signals/new"
    page = send(client, path, **(FORM | {"street_names": "10 mg 500 rub", "form": ""}))
    assert page.status_code == 422
    assert 'value="10 mg 500 rub"' in page.text
    page = send(client, path, **(FORM | {"street_names": "10 mg 500 rub"}))
    assert page.status_code == 422
    assert 'href="#street_names"' in page.text


@pytest.mark.parametrize("lang", LANGS)
def test_a_warning_reads_in_every_language_the_moment_it_is_issued(client, desk, lang):
    alert = make_issued(desk, street_names="شربت", message="تنها نمانید.")
    page = client.get(f"/{lang}/alerts/{alert.public_id}")
    assert TITLES[lang] in page.text
    assert page.headers["Cache-Control"] == "public, no-cache"
    text = re.sub(r"<[^>]+>", " ", page.text)
    assert ("not yet translated" in text or "ещё не переведено" in text or "هنوز" in text) == (lang != "fa")


def test_the_reporter_is_on_no_page_and_in_no_file(client, desk):
    alert = make_issued(desk, message="تنها نمانید.")
    for path in ("", "/report", "/report.json"):
        text = client.get(f"/en/alerts/{alert.public_id}{path}").text
        assert desk.reporter.name not in text
        assert "reporter" not in text
    assert desk.reporter.name not in client.get("/en/alerts").text


@pytest.mark.parametrize("lang", LANGS)
def test_lists_archive_and_withdrawal(client, desk, lang):
    first, second = make_issued(desk), make_issued(desk, colour="white")
    issued.retract(second, "wrong_substance", by=desk.judge, now=NOW)
    current = client.get(f"/{lang}/alerts").text
    archive = client.get(f"/{lang}/alerts?show=archive").text
    assert (first.public_id in current, second.public_id in current) == (True, False)
    assert (first.public_id in archive, second.public_id in archive) == (False, True)
    withdrawn = client.get(f"/{lang}/alerts/{second.public_id}").text
    assert {"en": "It was another substance", "ru": "Это было другое вещество", "fa": "مادهٔ دیگری بود"}[
        lang
    ] in withdrawn


def test_what_is_not_issued_is_for_those_who_work_on_it(client, desk, sign_in):
    alert = make_signal(desk)
    sign_in(client, "clinician")
    assert client.get(f"/en/alerts/desk/{alert.id}").status_code == 404
    assert client.get("/en/alerts/desk").status_code == 403
    assert client.get("/en/alerts/AL-2026-001").status_code == 404


def test_the_reporter_sees_what_became_of_a_signal_and_not_the_judgements(client, desk):
    alert = make_judged(desk)
    enter_as(client, desk.reporter)
    assert client.get(f"/en/alerts/desk/{alert.id}").status_code == 404
    assert "with the panel" in client.get("/en/alerts/signals").text


@pytest.mark.parametrize("lang", LANGS)
def test_an_update_shows_before_and_after(client, desk, lang):
    alert = make_issued(desk)
    issued.propose(alert, RECORD | {"events": "10-19"}, seen=alert.revision, by=desk.editor, now=NOW)
    issued.sign_update(alert, by=desk.judge, now=NOW)
    page = client.get(f"/{lang}/alerts/{alert.public_id}/changes/2").text
    before, after = ("۵ تا ۹", "۱۰ تا ۱۹") if lang == "fa" else ("5–9", "10–19")
    assert f"<del>{before}</del>" in page
    assert f"<ins>{after}</ins>" in page
    heads = re.findall(r"<th[^>]*>\s*([^<\s][^<]*?)\s*</th>", page)
    assert heads[0] == {"en": "Answer", "ru": "Ответ", "fa": "پاسخ"}[lang]  # the noun
    assert client.get(f"/{lang}/alerts/{alert.public_id}/changes/1").status_code == 404
    assert client.get(f"/{lang}/alerts/{alert.public_id}/changes/9").status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_of_a_concept_and_of_a_linked_protocol_carry_the_banner_while_it_is_in_force(
    client, app, lang
):
    version = make_published(make_world())
    desk, number = make_desk(), version.protocol.public_id
    alert = make_issued(desk, protocols=[number])
    paths = (f"/{lang}/c/sub-methadone", f"/{lang}/p/{number}/{version.protocol.slug}", f"/{lang}/")
    link = f"/{lang}/alerts/{alert.public_id}"
    assert [link in client.get(path).text for path in paths] == [True, True, True]
    issued.expire_due(by=SYSTEM, now=NOW.replace(year=2027))
    assert [link in client.get(path).text for path in paths] == [False, False, False]


def test_the_whole_way_from_the_signal_to_the_public_page_on_pages_alone(client, desk):
    enter_as(client, desk.reporter)
    send(client, "/ru/alerts/signals/new", **FORM)
    alert = queries.list_reported(desk.reporter)[0]
    at = f"/ru/alerts/desk/{alert.id}"
    enter_as(client, desk.editor)
    assert send(client, f"{at}/take", at=at).status_code == 302
    for judge, seat in ((desk.judge, "toxicologist"), (desk.other, "other_country")):
        enter_as(client, judge)
        given = {"seat": seat, "severity": "2", "likelihood": "2", "certainty": "B"}
        assert send(client, f"{at}/judge", at=at, **given).status_code == 302
    enter_as(client, desk.editor)
    assert send(client, f"{at}/sign", at=at).status_code == 302
    enter_as(client, desk.other)
    assert send(client, f"{at}/sign", at=at).status_code == 302
    page = client.get("/ru/alerts/AL-2026-001")
    assert page.status_code == 200
    with client.application.test_request_context(), force_locale("ru"):
        assert str(LEVELS["advisory"]) in page.text


def test_a_judgement_that_is_not_complete_stays_open_with_its_fault(client, desk):
    alert = make_signal(desk)
    triage.take(alert, by=desk.editor, now=NOW)
    enter_as(client, desk.judge)
    page = send(client, f"/en/alerts/desk/{alert.id}/judge", at=f"/en/alerts/desk/{alert.id}", severity="2")
    assert page.status_code == 422
    assert "<details open>" in page.text
    assert 'href="#seat-0"' in page.text


def test_completing_the_record_keeps_what_was_there(client, desk):
    alert = make_signal(desk, street_names="شربت")
    enter_as(client, desk.editor)
    path = f"/en/alerts/desk/{alert.id}/record"
    page = client.get(path).text
    assert "شربت" in page
    data = FORM | {
        "seen": str(alert.revision),
        "naloxone": "repeat",
        "hospital": "",
        "street_names": "شربت",
        "substances": ["sub-methadone"],
    }
    assert send(client, path, **data).status_code == 302
    assert queries.find_alert(alert.id).record["naloxone"] == "repeat"
    assert send(client, path, **data).status_code == 422  # the revision has moved on


def test_short_texts_are_translated_and_approved_on_one_page(client, desk):
    translator, clinician = make_user("translator"), make_user("clinician")
    alert = make_issued(desk, message="تنها نمانید.")
    path = f"/ru/alerts/{alert.public_id}/texts"
    enter_as(client, translator)
    assert send(client, path, field="message", lang="ru", wording="Не оставайтесь одни.").status_code == 302
    enter_as(client, clinician)
    at = f"/ru/alerts/{alert.public_id}/texts/message/ru/approve"
    assert send(client, at, at=path).status_code == 302
    assert "Не оставайтесь одни." in client.get(f"/ru/alerts/{alert.public_id}").text


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_names_the_ten_headings(client, desk, lang):
    alert = make_issued(desk)
    page = client.get(f"/{lang}/alerts/{alert.public_id}/report").text
    assert re.findall(r'id="part-(\w)"', page) == list("abcdefghij")
    export = client.get(f"/{lang}/alerts/{alert.public_id}/report.json").get_json()
    assert export["headings"]["f"]["events"] == "5-9"


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_labels_free_text_and_says_in_which_language_it_is(client, desk, lang):
    alert = make_issued(desk, advice="نفس را بپایید.", contact="آزمایشگاه مرجع")
    page = client.get(f"/{lang}/alerts/{alert.public_id}/report").text
    care, end = page[page.index('id="part-h"') :], page[page.index('id="part-j"') :]
    words = {
        "en": ("What to do", "Where to ask", "Persian"),
        "ru": ("Что делать", "Где спросить", "персидский"),
        "fa": ("چه باید کرد", "از کجا بپرسیم", "فارسی"),
    }[lang]
    assert words[0] in care[: care.index("نفس را بپایید.")]
    assert words[1] in end[: end.index("آزمایشگاه مرجع")]
    assert re.search(r'<span lang="fa"\s+dir="rtl">آزمایشگاه مرجع</span>', end)
    assert words[2] in end[end.index("آزمایشگاه مرجع") :]


@pytest.mark.parametrize("lang", ["ru", "fa"])
def test_no_page_of_warnings_speaks_english_to_readers_of_other_languages(client, desk, lang):
    alert, judged = make_issued(desk), make_judged(desk, GRAVE, GRAVE)
    enter_as(client, desk.editor)
    paths = (
        "alerts", f"alerts/{alert.public_id}", f"alerts/{alert.public_id}/report", "alerts/desk", f"alerts/desk/{judged.id}",
        f"alerts/desk/{judged.id}/record", "queue",
    )  # fmt: skip
    for path in paths:
        text = re.sub(
            r"<script.*?</script>|<[^>]+>",
            " ",
            client.get(f"/{lang}/{path}").text.split('tabindex="-1">', 1)[1],
            flags=re.DOTALL,
        )
        text = text.split("<footer")[0]
        found = set(re.findall(r"[A-Za-z]{5,}", text)) - {"English", "Treatment", "Exchange", "Person"}
        assert found == set(), path
