"""PDF: our faces alone, three scripts, tagged; nothing that people write can stop it or change its source."""

import pytest
from pdf_reading import fonts_of, reader_of, text_of

from portal.core import pdf
from portal.core.richtext import to_nodes, to_tree

OWN = {
    "GolosText",
    "GolosTextCyrillic",
    "GolosTextLatinExt",
    "GolosTextCyrillicExt",
    "Vazirmatn",
    "ClinicalSymbols",
}


def said(text, lang="en"):
    direction = "rtl" if lang == "fa" else "ltr"
    return {"lang": lang, "direction": direction, "missing": "", "tree": list(to_tree(text))}


def sample(text="Text.", lang="en", **more):
    words = ("site", "printed", "newer", "at_a_glance", "legal", "references", "changes", "cite", "doses", "drug", "phase", "dose",
             "interval", "ceiling", "note", "quoted")  # fmt: skip
    told = {
        "lang": lang, "direction": "rtl" if lang == "fa" else "ltr", "words": dict.fromkeys(words, "w"), "public_id": "PR-0001",
        "number": "1.0", "address": "https://example.org/v", "newest": "https://example.org/p", "licence": "CC BY 4.0",
        "title": {**said("Title", lang), "tree": to_nodes("Title")}, "plain_title": "Title", "author": "", "lead": None, "strip": "",
        "notices": [], "facts": [], "laws": [], "glance": [], "works": [], "change_note": None, "citations": [], "published_on": "",
        "printed_on": "1 November 2026",
        "sections": [{"title": "Section", "kind": "text", "pieces": [{"said": said(text, lang), "facts": []}], "rows": []}],
    }  # fmt: skip
    return told | more


def made(text="Text.", lang="en", **more):
    document, warnings = pdf.compile_with_warnings("protocol.typ", sample(text, lang, **more))
    assert warnings == []
    return document


@pytest.mark.parametrize(
    ("lang", "text", "face"),
    [
        ("en", "Naltrexone, ≥ 50 mg, β-blocker", "ClinicalSymbols"), ("ru", "Налтрексон **внутрь**", "GolosTextCyrillic"),
        ("fa", "متادون خوراکی می‌دهند", "Vazirmatn"), ("en", "Łukasz Şahin", "GolosTextLatinExt"),
    ],
)  # fmt: skip
def test_each_script_is_set_in_the_faces_of_the_pages(lang, text, face):
    fonts = fonts_of(made(text, lang))
    assert face in fonts
    assert fonts <= OWN


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_pdf_is_tagged_and_declares_ua_1_with_title_and_language(lang):
    document = made("Text.", lang)
    root = reader_of(document).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (lang, True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader_of(document).metadata["/Title"] == "Title"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_equal_data_give_equal_bytes():
    assert made("Text.", published_on="2026-11-01") == made("Text.", published_on="2026-11-01")


def test_a_character_that_no_face_has_leaves_a_visible_gap():
    [text] = text_of(made("Rest 休息 and 😀 end"))
    assert "Rest [?][?] and [?] end" in " ".join(text.split())


def test_signs_without_a_shape_go_and_spaces_stay_spaces():
    assert pdf.printable("a\u2060\u0331\x07b\u202fc") == "ab\u00a0c"


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")', '#import "@preview/x:1.0.0"', "$x$ \\ @ref <label> `raw`", '"; #read("/etc/passwd")', "= Heading\n\n== Next",
        "⟦2–4 mg", "⟦⟧", "a\u202eb", "#" * 500, "- " * 300, "> " * 60 + "deep", "|a|b|\n|-|-|\n|1|", "[x](javascript:alert(1))",
        "![alt](x.png)", "***\n\n<b>x</b>", "\x00\x07 end",
    ],
)  # fmt: skip
def test_whatever_people_write_is_text(text):
    assert made(text).startswith(b"%PDF-1.7")


def test_a_dose_in_a_persian_sentence_stays_from_left_to_right_on_paper():
    """Positions, not letters: the sign stands left of its number, and that left of its unit."""
    places = {}

    def note(text, matrix, *_rest):
        for piece in ("≤", "20 mg"):
            if piece in text:
                places[piece] = matrix[4]

    reader_of(made("مقدار ⟦≤ 20 mg⟧ در روز", "fa")).pages[0].extract_text(visitor_text=note)
    assert places["≤"] < places["20 mg"]


def test_demonstration_stands_on_every_page():
    pages = text_of(made("Long text.\n\n" * 90, strip="DEMONSTRATION: not clinical advice."))
    assert len(pages) > 1
    assert all("DEMONSTRATION: not clinical advice." in text for text in pages)


def test_every_page_says_where_it_came_from_when_it_was_printed_and_where_a_newer_version_is():
    for text in text_of(made("Long text.\n\n" * 90)):
        assert "https://example.org/v" in text
        assert "1 November 2026" in text
        assert "https://example.org/p" in text


def test_without_fonts_the_command_that_makes_them_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf._covered.cache_clear()
    with pytest.raises(pdf.FontsMissing, match="portal assets"):
        pdf.printable("x")
    pdf._covered.cache_clear()
