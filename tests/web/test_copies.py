"""What a reader takes away: PDF, Markdown, citations, offline zip, in three languages; banners and badges in them."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
import time_machine
from pdf_reading import text_of
from protocol_world import NOW, bring_to, make_draft, make_published, translate

from portal.protocols.forms import copies
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks, drafts
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details

LANGUAGES = ("en", "ru", "fa")
PAGE = "/p/PR-0001/methadone-maintenance"
VERSION = "/p/PR-0001/v/1.0"
LATER = datetime(2027, 12, 1, tzinfo=UTC)
NOT_VERIFIED = {"en": "not verified since October 2026", "ru": "не проверялось с", "fa": "از مهر ۱۴۰۵"}
CHECKED = {"en": "checked: 1 October 2026", "ru": "проверено: 1 октября 2026", "fa": "بررسی‌شده: ۹ مهر ۱۴۰۵"}


def next_version(world, version, **more):
    """2.0 with another dose and another text of monitoring."""
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    details = Details(draft.title, draft.summary, "Another dose.", draft.licence, "clinical", NOW.date())
    drafts.change_details(draft, details, by=world.author, now=NOW)
    for block in list_blocks(draft.id):
        if block.section == "dosing":
            text = BlockText("dosing", "dose", block.source_text, dict(block.data) | {"dose_max": 25})
            blocks.save_block(draft, block.block_key, text, revision=block.revision, by=world.author, now=NOW)
    return bring_to(world, draft, "published")


def pdf_text(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return " ".join(" ".join(text_of(answer.data)).split())


def files_of(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    held = zipfile.ZipFile(io.BytesIO(answer.data))
    return {name: held.read(name).decode() for name in held.namelist()}


@pytest.mark.parametrize("ending", copies.ENDINGS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_copy_is_a_file_of_its_kind_that_is_asked_for_again_by_its_etag(client, version, lang, ending):
    first = client.get(f"/{lang}{VERSION}.{ending}")
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert f"PR-0001-v1.0-{lang}.{ending}" in first.headers["Content-Disposition"]
    again = client.get(f"/{lang}{VERSION}.{ending}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "address", [f"{VERSION}.pdf", f"{VERSION}.zip", "/p/PR-0001/offline.zip", "/offline.zip"]
)
def test_the_same_content_gives_the_same_bytes_and_another_day_the_same_etag(client, version, address):
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False):
        first, second = client.get(f"/fa{address}"), client.get(f"/fa{address}")
    with time_machine.travel(datetime(2026, 11, 3, 9, tzinfo=UTC), tick=False):
        later = client.get(f"/fa{address}")
    assert first.data == second.data
    assert first.headers["ETag"] == later.headers["ETag"]


def test_a_new_translation_gives_another_etag(client, world, version):
    before = client.get(f"/fa{VERSION}.pdf").headers["ETag"]
    step = next(b for b in list_blocks(version.id) if b.source_text == "Assess tolerance.")
    translate(world, version, step.block_key, "تحمل را ارزیابی کنید.")
    assert client.get(f"/fa{VERSION}.pdf").headers["ETag"] != before


def test_a_signed_in_reader_gets_a_private_copy(client, version, sign_in):
    sign_in(client, "clinician")
    assert client.get(f"/en{VERSION}.pdf").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/p/PR-0001/v/9.9.pdf", "/p/PR-0009/v/1.0.pdf", "/p/PR-0009/offline.zip", "/p/PR-0001/v/1.0.exe",
                                     "/p/PR-0001/v/1.pdf", "/offline.zip?p=PR-0099", "/p/PR-0001/v/99999999999.0.pdf"])  # fmt: skip
def test_what_is_not_there_is_not_found(client, version, address):
    assert client.get(f"/en{address}").status_code == 404


def test_a_draft_has_no_copies(client, world):
    make_draft(world)
    assert client.get(f"/en{VERSION}.pdf").status_code == 404
    assert client.get("/en/p/PR-0001/offline.zip").status_code == 404


def test_pdf_of_an_old_version_says_so_and_what_changed(client, world, version):
    next_version(world, version)
    text = pdf_text(client, f"/en{VERSION}.pdf")
    assert "A newer version exists" in text
    assert "Read version 2.0" in text
    assert "Changed: Doses" in text
    assert "A newer version exists" not in pdf_text(client, "/en/p/PR-0001/v/2.0.pdf")


def test_pdf_of_a_version_under_concern_says_so(client, version):
    from portal.extensions import db

    version.state = "under_concern"
    db.session.commit()
    assert "An editor has raised a concern about this version." in pdf_text(client, f"/en{VERSION}.pdf")


@pytest.mark.parametrize(
    "address", [f"{VERSION}.pdf", f"{VERSION}.zip", f"{VERSION}.md", "/p/PR-0001/offline.zip"]
)
def test_no_copy_outlives_a_withdrawn_text_not_even_one_that_is_asked_for_again(client, version, address):
    from portal.extensions import db

    etag = client.get(f"/en{address}").headers["ETag"]
    version.state = "withdrawn"
    db.session.commit()
    assert client.get(f"/en{address}", headers={"If-None-Match": etag}).status_code == 410
    assert client.get("/en/offline.zip").status_code == 404


def test_pdf_names_the_address_the_version_and_the_short_address_of_a_newer_one(client, version):
    text = pdf_text(client, f"/ru{VERSION}.pdf")
    assert f"http://localhost/ru{VERSION}" in text
    assert "http://localhost/p/PR-0001" in text
    assert "PR-0001 v1.0" in text


def test_pdf_holds_every_block_of_the_page_in_its_order(client, version):
    text = pdf_text(client, f"/en{VERSION}.pdf")
    places = [text.find(" ".join(block.source_text.split())) for block in list_blocks(version.id)]
    assert -1 not in places
    assert places == sorted(places)


def test_pdf_labels_what_is_not_translated_and_keeps_its_direction(client, version):
    assert pdf_text(client, f"/ru{VERSION}.pdf").count("ещё не переведено") >= 5
    assert "Assess tolerance." in pdf_text(client, f"/fa{VERSION}.pdf")
    assert "not yet translated" not in pdf_text(client, f"/en{VERSION}.pdf")


def test_pdf_of_a_sample_says_demonstration_on_every_page(client, world):
    bring_to(world, make_draft(world, demonstration=True), "published")
    pages = text_of(client.get(f"/en{VERSION}.pdf").data)
    assert all("DEMONSTRATION" in page for page in pages)


def test_prohibited_treatment_says_so_in_the_russian_pdf_with_the_lawful_alternative(client, world, version):
    from portal.protocols.services import publishing
    from portal.protocols.services.publishing import LegalText

    lawful = make_published(world)
    text = LegalText("RU", "leg-permitted", "", checked_on=NOW.date())
    publishing.set_legal_status(lawful.protocol, text, by=world.editor, now=NOW)
    russian = pdf_text(client, f"/ru{VERSION}.pdf")
    assert "Законные альтернативы" in russian
    assert lawful.protocol.public_id in russian
    assert "Lawful alternatives" not in pdf_text(client, f"/en{VERSION}.pdf")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_legal_badge_of_each_country_tells_the_day_of_its_check(client, version, lang):
    html = client.get(f"/{lang}{PAGE}").text
    badges = re.search(r'<p class="badges">(.*?)</p>', html, re.DOTALL)[1]
    assert badges.count(CHECKED[lang]) == 2
    if lang != "fa":  # a reader of PDF gives Persian letters as they are drawn
        assert pdf_text(client, f"/{lang}{VERSION}.pdf").count(CHECKED[lang]) == 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_19_9_a_legal_status_older_than_12_months_is_shown_as_not_verified_in_all_three_languages(
    client, version, lang
):
    with time_machine.travel(LATER, tick=False):
        html, markdown = client.get(f"/{lang}{PAGE}").text, client.get(f"/{lang}{VERSION}.md").text
        files = files_of(client.get(f"/{lang}/p/PR-0001/offline.zip"))
    badges = re.search(r'<p class="badges">(.*?)</p>', html, re.DOTALL)[1]
    assert (badges.count(NOT_VERIFIED[lang]), html.count(NOT_VERIFIED[lang])) == (2, 4)
    assert CHECKED[lang] not in html + markdown
    assert markdown.count(NOT_VERIFIED[lang]) == 4
    assert files["PR-0001-v1.0.html"].count(NOT_VERIFIED[lang]) == 4
    assert [row["verified"] for row in json.loads(files["PR-0001-v1.0.json"])["legal"]] == [False, False]


def test_an_expired_check_gives_another_etag(client, version):
    before = client.get(f"/en{VERSION}.pdf").headers["ETag"]
    with time_machine.travel(LATER, tick=False):
        assert client.get(f"/en{VERSION}.pdf", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_offline_copy_is_whole_in_itself(client, version, lang):
    files = files_of(client.get(f"/{lang}/p/PR-0001/offline.zip"))
    assert set(files) == {"index.html", "PR-0001-v1.0.html", "PR-0001-v1.0.json"}
    for name in ("index.html", "PR-0001-v1.0.html"):
        direction = "rtl" if lang == "fa" else "ltr"
        assert f'<html lang="{lang}" dir="{direction}">' in files[name]
        assert not re.search(r"<script|<link|<img|src=|url\(|@import", files[name])
    assert 'href="PR-0001-v1.0.html"' in files["index.html"]
    unit = "мг" if lang == "ru" else "mg"
    assert f'<bdi dir="ltr" class="dose">10–20\u00a0{unit}</bdi>' in files["PR-0001-v1.0.html"]
    data = json.loads(files["PR-0001-v1.0.json"])
    assert (data["id"], data["version"], data["language"]) == ("PR-0001", "1.0", lang)
    assert [block["dose"]["dose_max"] for block in data["blocks"] if block["kind"] == "dose"] == [20]


def test_a_saved_copy_says_when_it_was_saved_and_where_a_newer_one_is(client, version):
    with time_machine.travel(datetime(2026, 11, 2, tzinfo=UTC), tick=False):
        page = files_of(client.get("/en/p/PR-0001/offline.zip"))["PR-0001-v1.0.html"]
    assert "saved on 2 November 2026" in page
    assert "http://localhost/p/PR-0001" in page


def test_several_protocols_in_one_zip_by_choice_or_all(client, world, version):
    make_published(world)
    assert len(files_of(client.get("/en/offline.zip"))) == 5
    chosen = files_of(client.get("/en/offline.zip?p=PR-0002&p=PR-0099&p=pr-0002"))
    assert set(chosen) == {"index.html", "PR-0002-v1.0.html", "PR-0002-v1.0.json"}


def test_the_list_offers_its_protocols_for_offline_reading(client, version):
    html = client.get("/en/protocols").text
    assert 'href="/en/offline.zip?p=PR-0001"' in html


def test_markup_in_a_title_stays_text_in_every_copy(client, world):
    draft = make_draft(world)
    details = Details(
        "<b>T</b> & <script>x</script>", draft.summary, "N.", draft.licence, "initial", NOW.date()
    )
    drafts.change_details(draft, details, by=world.author, now=NOW)
    bring_to(world, draft, "published")
    files = files_of(client.get("/en/p/PR-0001/offline.zip"))
    assert "<script" not in files["index.html"] + files["PR-0001-v1.0.html"]
    assert "<b>T</b> & <script>x</script>" in pdf_text(client, f"/en{VERSION}.pdf")
    assert "<script" not in client.get(f"/en{VERSION}").text.replace("<script src", "").replace(
        '<script type="application/ld+json"', ""
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_offers_print_pdf_citations_and_the_offline_copy(client, version, lang):
    html = client.get(f"/{lang}{PAGE}").text
    for ending in ("pdf", "md", "bib", "ris", "csl.json", "references.bib"):
        assert f'href="/{lang}{VERSION}.{ending}"' in html
    assert f'href="/{lang}/p/PR-0001/offline.zip"' in html
    assert "ГОСТ Р 7.0.5-2008" in html
    assert 'media="print"' in html


def test_an_old_version_offers_its_own_copy_not_the_newest(client, world, version):
    next_version(world, version)
    html = client.get(f"/en{VERSION}").text
    assert f'href="/en{VERSION}.zip"' in html
    assert 'href="/en/p/PR-0001/offline.zip"' not in html


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "never checked"), ("ru", "не проверялось"), ("fa", "هرگز بررسی نشده")]
)
def test_a_status_that_nobody_checked_is_never_shown_as_certain(client, world, version, lang, words):
    from portal.protocols.services import publishing
    from portal.protocols.services.publishing import LegalText

    text = LegalText("RU", "leg-permitted", "", checked_on=None)
    publishing.set_legal_status(version.protocol, text, by=world.editor, now=NOW)
    for address in (PAGE, "/protocols"):
        html = client.get(f"/{lang}{address}").text
        badge = next(
            b
            for b in re.findall(r'<span class="pill legal.*?</span>\s*</span>', html, re.DOTALL)
            if words in b
        )
        assert badge.startswith('<span class="pill legal idle">')
