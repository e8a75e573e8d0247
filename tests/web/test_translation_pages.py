"""Pages of translators: the bench without script, both texts of two people, reports, second reviews, the matrix."""

import re

import pytest
import sqlalchemy as sa
from factories import enter_as, make_user
from protocol_world import NOW, make_published, translate
from translation_world import STEPS, key_of, next_accepted, publish, translate_whole
from web.journey import send, token_of

from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols.models import UnitComplaint
from portal.protocols.queries.matrix import Wanted, list_matrix
from portal.protocols.queries.sampling import list_drawn
from portal.protocols.queries.translations import find_latest, list_releases
from portal.protocols.services import releasing, sampling, translations

LANGUAGES = ("en", "ru", "fa")
BENCH = "/en/translations/PR-0001/fa"
PAGE = "/p/PR-0001/methadone-maintenance"


class Person:
    """Somebody at the browser; who reads a page is whoever sends the form of it."""

    def __init__(self, client, user):
        self.client, self.user = client, user
        self.post, self.put = client.post, client.put

    def get(self, path):
        enter_as(self.client, self.user)
        return self.client.get(path)


@pytest.fixture
def enter(client):
    return lambda user: Person(client, user)


@pytest.fixture
def count_queries(app):
    def count(call):
        sent = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    return count


def act(client, key, do, bench=BENCH, **fields):
    """Press one of the buttons of a text."""
    return send(client, f"{bench}/unit/{key}", form_at=bench, do=do, **fields)


def html_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_19_15_a_unit_is_translated_and_approved_without_javascript(enter, world, version, lang):
    key, bench = key_of(version, "steps"), f"/{lang}/translations/PR-0001/fa"
    translator, clinician = enter(world.translator), enter(world.clinician)
    assert act(translator, key, "next", bench, body=STEPS[0], revision="0").status_code == 302
    assert act(translator, key, "submit", bench, body=STEPS[0], revision="1").status_code == 302
    answer = act(clinician, key, "return", bench, remark="تحمل به چه؟")
    assert answer.location.endswith(f"#unit-{key}")
    assert "تحمل به چه؟" in html_of(translator, bench)
    act(translator, key, "submit", bench, body=STEPS[0] + " دقیق.", revision="3")
    act(clinician, key, "approve", bench)
    unit = find_latest(version.protocol_id, key, "fa")
    assert (unit.state, unit.text, unit.origin) == ("approved", STEPS[0] + " دقیق.", "human")


def test_save_and_next_leads_to_the_next_text_that_is_not_done(enter, world, version):
    translate(world, version, "summary", "متادون روزانه.")
    answer = act(enter(world.translator), "title", "next", body="درمان با متادون", revision="0")
    assert answer.location.endswith("#unit-change_note")


def test_numbers_that_differ_are_refused_with_what_differs_and_pass_with_a_reason(enter, world, version):
    key, translator = key_of(version, "steps", 1), enter(world.translator)
    answer = act(translator, key, "submit", body="فرد را ۳ ساعت زیر نظر بگیرید.", revision="0")
    assert answer.status_code == 422
    summary, card = answer.text.split('class="errsum"')[1].split("<article", 1)
    assert f'href="#body-{key}"' in summary
    beside = re.search(rf'id="body-{key}-error1".*?</p>', card, re.DOTALL)[0]
    assert re.search(r"missing here: <bdi[^>]*>2</bdi>; not in the source: <bdi[^>]*>3</bdi>", beside)
    assert "فرد را ۳ ساعت زیر نظر بگیرید." in answer.text
    fields = {"body": "فرد را ۳ ساعت زیر نظر بگیرید.", "revision": "0", "reason": "A mistake of the source."}
    assert act(translator, key, "submit", **fields).status_code == 302
    assert find_latest(version.protocol_id, key, "fa").number_check == "waived"
    act(enter(world.clinician), key, "return", remark="۲")
    answer = act(translator, key, "submit", body=STEPS[1], revision="3")
    assert (answer.status_code, find_latest(version.protocol_id, key, "fa").number_check) == (302, "ok")


def test_the_condition_of_a_dose_stands_under_its_dose(enter, world, version):
    key = key_of(version, "dosing")
    card = html_of(enter(world.translator), BENCH).split(f'id="unit-{key}"')[1].split("<form", 1)[0]
    assert "Methadone" in card
    assert "mg</bdi>" in card


def test_the_second_of_two_people_sees_both_texts_and_can_save_then(enter, world, version):
    first, second = enter(world.translator), enter(make_user("translator"))
    act(first, "title", "save", body="درمان با متادون", revision="0")
    answer = act(second, "title", "save", body="متادون‌درمانی", revision="0")
    assert answer.status_code == 422
    assert "درمان با متادون" in answer.text
    assert "متادون‌درمانی" in answer.text
    revision = re.search(r'id="form-title".*?name="revision" value="(\d+)"', answer.text, re.DOTALL)[1]
    assert act(second, "title", "save", body="متادون‌درمانی", revision=revision).status_code == 302
    assert [u.text for u in _revisions(version)] == ["درمان با متادون", "متادون‌درمانی"]


def _revisions(version, key="title"):
    from portal.protocols.queries.translations import list_units

    return [unit for unit in list_units(version.protocol_id, "fa") if unit.unit_key == key]


def test_what_was_typed_before_the_connection_was_cut_stands_in_the_field(enter, world, version):
    translator = enter(world.translator)
    headers = {"X-CSRFToken": token_of(translator.get(BENCH))}
    typed = {"body": ["متنی که فرستاده نشد"], "revision": ["0"]}
    answer = translator.put("/en/protocols/kept/unit:PR-0001:fa:title", json=typed, headers=headers)
    assert answer.status_code == 200
    assert "متنی که فرستاده نشد" in html_of(translator, BENCH)
    assert "متنی که فرستاده نشد" not in html_of(enter(world.language_reviewer), BENCH)


def test_a_suggestion_is_taken_over_without_script_and_its_origin_is_recorded(enter, world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    other = make_published(world)
    key, bench, translator = key_of(other, "steps"), "/en/translations/PR-0002/fa", enter(world.translator)
    html = html_of(translator, bench)
    unit = find_latest(version.protocol_id, key_of(version, "steps"), "fa")
    assert f'value="use-{unit.id}"' in html
    assert "100" in html
    act(translator, key, f"use-{unit.id}", bench, body="تحمل", revision="0")
    html = html_of(translator, bench)
    card = html[html.index(f'id="form-{key}"') :]
    assert f'name="suggestion" value="{unit.id}"' in card[:2000]
    assert ">تحمل</div>" in card  # what stood in the field before
    fields = {"body": STEPS[0], "revision": "0", "suggestion": str(unit.id)}
    act(translator, key, "save", bench, **fields)
    assert find_latest(other.protocol_id, key, "fa").origin == "memory"
    assert act(translator, key, "use-0", bench).status_code == 404


def test_glossary_names_the_label_to_write_and_warns_of_a_hidden_name(enter, world, version):
    translator = enter(world.translator)
    act(translator, "summary", "save", body="شربت متادون روزانه", revision="0")
    html = html_of(translator, BENCH)
    assert "“شربت متادون” is a name people search by" in html
    assert '<bdi lang="fa"><b>متادون</b></bdi>' in html


def test_every_text_on_the_bench_says_its_language_and_direction(enter, world, version):
    act(enter(world.translator), "title", "save", body="درمان با متادون", revision="0")
    for lang in LANGUAGES:
        html = html_of(enter(world.translator), f"/{lang}/translations/PR-0001/fa")
        areas = re.findall(r'<textarea id="body-[^>]*>', html)
        assert len(areas) == 13
        assert all('lang="fa"' in area and 'dir="rtl"' in area for area in areas)
        assert '<div class="pair" dir="ltr">' in html
        assert all("dir=" in area for area in re.findall(r"<textarea[^>]*>", html))


def test_a_stale_text_shows_the_old_and_the_new_source_and_is_confirmed_in_one_click(enter, world, version):
    key = key_of(version, "steps")
    translate(world, version, key, STEPS[0])
    after = publish(world, next_accepted(world, version, "editorial"))
    clinician = enter(world.clinician)
    html = html_of(clinician, BENCH)
    assert "What changed in the source" in html
    assert re.search(
        r'<p class="words" lang="en" dir="ltr">Assess <ins [^>]*>.*\+</span>the</ins> tolerance', html
    )
    assert act(clinician, key, "confirm").status_code == 302
    unit = find_latest(after.protocol_id, key, "fa")
    assert (unit.state, unit.reviewed_by, unit.text) == ("approved", world.clinician.id, STEPS[0])


def test_a_remark_is_written_and_settled(enter, world, version):
    clinician = enter(world.clinician)
    answer = act(clinician, "title", "comment", comment="Which title?", quote="متادون", body="", revision="0")
    assert answer.status_code == 302
    html = html_of(enter(world.translator), BENCH)
    assert "Which title?" in html
    settle = re.search(r'formaction="([^"]+settle)"', html)[1]
    assert send(enter(world.translator), settle, form_at=BENCH).status_code == 302
    assert "settled" in html_of(clinician, BENCH)
    answer = act(clinician, "title", "comment", comment=" ", body="half a text", revision="0")
    assert (answer.status_code, "Write the text" in answer.text) == (422, True)


def test_a_reader_reports_a_mistake_and_an_editor_sends_the_text_to_draft(enter, world, version):
    translate(world, version, "title", "درمان با متادون")
    reader, editor = enter(make_user()), enter(world.editor)
    assert "/report" in html_of(reader, f"/fa{PAGE}")
    report = f"{BENCH}/report"
    assert send(reader, report, unit="title", body="").status_code == 422
    assert send(reader, report, unit="title", body="It is another drug.").status_code == 302
    assert "waits for an editor" in html_of(reader, report)
    said = db.session.scalars(sa.select(UnitComplaint)).one()
    assert "It is another drug." in html_of(editor, "/en/translations/work?of=fa")
    assert "It is another drug." in html_of(editor, BENCH)
    decide = f"/en/translations/complaints/{said.id}"
    send(editor, decide, form_at=BENCH, do="dismiss", answer="")
    assert db.session.get(UnitComplaint, said.id).state == "open"
    send(editor, decide, form_at=BENCH, do="accept")
    assert "accepted" in html_of(reader, report)
    assert 'lang="en"' in re.search(r"<h1[^>]*>", html_of(reader, f"/fa{PAGE}"))[0]
    assert send(reader, f"{BENCH}/unit/title", form_at=report, do="reopen", remark="x").status_code == 403


def test_pages_of_translators_are_closed_to_readers(enter, world, version):
    reader = enter(make_user())
    for path in (BENCH, "/en/translations", "/en/translations/work"):
        assert reader.get(path).status_code == 403
    assert enter(world.editor).get("/en/translations/PR-0001/en").status_code == 404
    assert reader.get("/en/translations/PR-0001/en/report").status_code == 404


def test_a_second_reviewer_judges_a_drawn_text(enter, world, version):
    translate(world, version, "title", "درمان با متادون")
    sampling.draw_samples("2026-11", by=SYSTEM, now=NOW)
    [drawn] = list_drawn()
    path, second = f"/en/translations/samples/{drawn.sample.id}", enter(make_user("language_reviewer"))
    assert "Second review" in html_of(second, path)
    assert path in html_of(second, "/en/translations/work?of=fa")
    assert send(second, path, verdict="wrong", note="").status_code == 422
    assert send(second, path, verdict="right", note="").status_code == 302
    assert "100" not in html_of(second, path).partition("<main")[2]
    assert "How often approved texts were wrong" in html_of(second, "/en/translations/work?of=fa")
    assert "Somebody who neither" not in html_of(second, path)


def test_translation_is_prepared_for_an_accepted_version_and_released_with_it(enter, world, version):
    translate_whole(world, version)
    draft = next_accepted(world, version, "editorial")
    bench, key = f"{BENCH}?of=next", key_of(draft, "steps")
    reviewer = enter(world.language_reviewer)
    assert "of=next" in html_of(reviewer, BENCH)
    release = f"{BENCH}/publish?of=next"
    assert send(reviewer, release, form_at=bench, do="with_source").status_code == 422
    clinician = enter(world.clinician)
    assert send(clinician, f"{BENCH}/unit/{key}?of=next", form_at=bench, do="confirm").location.endswith(
        f"?of=next#unit-{key}"
    )
    assert send(reviewer, release, form_at=bench, do="with_source").status_code == 302
    assert "Will be published together" in html_of(reviewer, bench)
    assert send(reviewer, release, form_at=bench, do="alone").status_code == 302
    send(reviewer, release, form_at=bench, do="with_source")
    assert "fa" in list_releases(publish(world, draft).id)
    assert reviewer.get(bench).status_code == 404


def test_a_translation_is_withdrawn_with_a_reason_that_readers_see(client, enter, world, version):
    translate_whole(world, version)
    releasing.publish_translation(version, "fa", by=world.language_reviewer, now=NOW)
    editor, path = enter(world.editor), f"{BENCH}/withdraw"
    assert send(editor, path, form_at=BENCH, reason="").status_code == 422
    assert send(editor, path, form_at=BENCH, reason="دوز نادرست خوانده می‌شود.").status_code == 302
    html = html_of(client, f"/fa{PAGE}")
    assert "دوز نادرست خوانده می‌شود." in html
    assert STEPS[0] not in html


def test_header_says_how_much_of_which_version_and_what_changed_since(client, world, version):
    translate_whole(world, version)
    draft = next_accepted(world, version, "clinical", section="monitoring", text="Sedation, daily.")
    publish(world, draft)
    html = re.sub(r"\s+", " ", html_of(client, f"/fa{PAGE}"))
    line = re.search(r'<span class="pill warn">.*?</span>', html)[0]
    assert '<bdi dir="ltr" class="dose">1.0</bdi>' in line
    assert html.count("pill warn") >= 1
    pinned = html_of(client, "/fa/p/PR-0001/v/1.0")
    assert 'class="note warn"' in pinned
    assert "خواب‌آلودگی پیش از هر دوز." in pinned


def test_origin_is_a_mark_of_its_own_beside_the_freshness(client, world, version):
    key = key_of(version, "resources")
    said = {"by": world.translator, "now": NOW}
    translations.save_unit(version, key, "ru", "Врач и медсестра.", revision=0, origin="memory", **said)
    translations.submit_unit(version, key, "ru", **said)
    translations.approve_unit(version, key, "ru", by=world.language_reviewer, now=NOW)
    html = html_of(client, f"/ru{PAGE}")
    assert html.count('<span class="pill off">') == 1
    assert "not yet translated" in html_of(client, f"/en{PAGE}") or html.count("pill idle") > 0


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", 2), ("?country=RU", 0), ("?free=1&lang=fa", 1), ("?stale=1", 2), ("?lang=ru", 2), ("?page=2", 0)],
)
def test_matrix_is_filtered_and_paged(enter, world, version, query, shown):
    make_published(world)
    translations.save_unit(version, "title", "fa", "درمان", revision=0, by=world.translator, now=NOW)
    html = html_of(enter(world.translator), f"/en/translations{query}")
    assert html.count('role="rowheader"') == shown


def test_matrix_puts_what_is_clinically_out_of_date_first_with_its_age_in_words(enter, world, version):
    make_published(world)
    third = make_published(world)
    key = key_of(third, "steps")
    translate(world, third, key, STEPS[0])
    draft = next_accepted(world, third, "clinical", text="Assess tolerance and pregnancy.")
    publish(world, draft)
    rows = list_matrix(Wanted(("fa",), stale_first=True))
    assert [row.version.protocol.public_id for row in rows] == ["PR-0003", "PR-0001", "PR-0002"]
    assert rows[0].cells["fa"].stale_since == NOW
    html = html_of(enter(world.translator), "/en/translations?stale=1")
    assert html.index("PR-0003") < html.index("PR-0001")
    assert "1 text clinically out of date" in html


def test_matrix_of_many_protocols_makes_a_constant_number_of_queries(world, version, count_queries):
    wanted = Wanted(stale_first=True)
    one = count_queries(lambda: list_matrix(wanted))
    for _ in range(4):
        translate(world, make_published(world), "title", "درمان با متادون")
    assert count_queries(lambda: list_matrix(wanted)) == one
    assert one <= 11


def test_bench_makes_a_constant_number_of_queries(enter, world, version, count_queries):
    translator = enter(world.translator)
    html_of(translator, BENCH)
    plain = count_queries(lambda: html_of(translator, BENCH))
    translate_whole(world, version)
    html_of(translator, BENCH)  # the memory is read anew once
    assert count_queries(lambda: html_of(translator, BENCH)) <= plain + 2


def test_a_megabyte_in_a_text_is_refused_and_marks_of_direction_do_no_harm(enter, world, version):
    translator = enter(world.translator)
    assert act(translator, "title", "save", body="x" * 1_000_000, revision="0").status_code in (413, 422)
    act(translator, "title", "save", body="\u202eدرمان <script>alert(1)</script>", revision="0")
    html = html_of(translator, BENCH)
    assert "<script>alert" not in html
