"""Citations: files that other programmes read without loss, and texts in three styles that carry no code."""

import json
from dataclasses import dataclass
from datetime import date

import bibtexparser
import pytest
import rispy

from portal.protocols.citations import files, items, styles


@dataclass(frozen=True)
class Cited:
    key: str = "KEY"
    cite: str = "Guideline of a ministry"
    doi: str = ""
    pmid: str = ""
    isbn: str = ""
    url: str = ""
    language: str = "en"


ARTICLE = Cited("KRUP2012", "Krupitsky E, Zvartau E et al. Naltrexone implant vs oral naltrexone. Arch Gen Psychiatry 2012;69(9):973-81",
                doi="10.1001/archgenpsychiatry.2012.1a", pmid="22945623")  # fmt: skip
TITLES = {
    "en": "Methadone maintenance",
    "ru": "Поддерживающая терапия метадоном",
    "fa": "درمان نگهدارنده با متادون",
}
AUTHORS = {"en": "Sara Rezaei", "ru": "Ольга Смирнова", "fa": "آرش کاظمی"}


def edition(lang="en", **more):
    values = {
        "public_id": "PR-0042", "number": "2.1", "title": TITLES[lang], "lang": lang, "authors": (AUTHORS[lang],),
        "published_on": date(2026, 11, 1), "url": f"https://example.org/{lang}/p/PR-0042/v/2.1", "publisher": "Treatment Exchange",
    }  # fmt: skip
    return items.of_edition(items.Edition(**(values | more)))


def parsed(bibtex):
    library = bibtexparser.parse_string(bibtex)
    assert library.failed_blocks == []
    return [
        {field.key: field.value for field in entry.fields} | {"id": entry.key} for entry in library.entries
    ]


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_bibtex_of_a_version_is_read_by_bibtexparser(lang):
    [entry] = parsed(files.to_bibtex([edition(lang)]))
    assert entry["title"] == "{" + TITLES[lang] + "}"
    assert entry["author"] == "{" + AUTHORS[lang] + "}"
    assert (entry["year"], entry["number"], entry["id"]) == ("2026", "PR-0042 v2.1", "PR-0042-v2.1")
    assert entry["url"] == f"https://example.org/{lang}/p/PR-0042/v/2.1"


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_ris_of_a_version_is_read_by_rispy(lang):
    [record] = rispy.loads(files.to_ris([edition(lang)]))
    assert (record["type_of_reference"], record["year"], record["authors"]) == (
        "RPRT",
        "2026",
        [AUTHORS[lang]],
    )
    assert (record["title"], record["number"]) == (TITLES[lang], "PR-0042 v2.1")
    assert record["urls"] == [f"https://example.org/{lang}/p/PR-0042/v/2.1"]


def test_csl_json_of_a_version_is_read_by_citeproc():
    from citeproc.source.json import CiteProcJSON

    [item] = json.loads(files.to_csl_json([edition()]))
    source = CiteProcJSON([{**item, "id": "x"}])
    assert str(source["x"]["title"]) == TITLES["en"]
    assert (item["type"], item["issued"]) == ("report", {"date-parts": [[2026, 11, 1]]})


def test_references_survive_all_three_files():
    works = items.of_works(
        [
            ARTICLE,
            Cited("ID161", "Клинические рекомендации ID 161", url="https://example.org/161", language="ru"),
        ]
    )
    article, guideline = parsed(files.to_bibtex(works))
    assert article["author"] == "Krupitsky, E and Zvartau, E and others"
    assert (article["journal"], article["volume"], article["number"], article["pages"]) == (
        "Arch Gen Psychiatry",
        "69",
        "9",
        "973-81",
    )
    assert guideline["title"] == "{Клинические рекомендации ID 161}"
    first, second = rispy.loads(files.to_ris(works))
    assert (first["type_of_reference"], first["doi"], first["start_page"]) == ("JOUR", ARTICLE.doi, "973")
    assert second["title"] == "Клинические рекомендации ID 161"
    assert [work["id"] for work in json.loads(files.to_csl_json(works))] == ["KRUP2012", "ID161"]


@pytest.mark.parametrize(
    "cite",
    [
        "WHO. Guidelines for the Psychosocially Assisted Pharmacological Treatment. Geneva 2009. Annex 12.", "NICE CG115 Alcohol-use disorders",
        "Table 3, FDA-approved medications for OUD, PMC6774730", "مکری آ. پروتکل درمان. تهران ۱۳۹۰", "", "Title {with braces} & 100 % of # $ _ signs",
    ],
)  # fmt: skip
def test_of_a_line_in_another_shape_nothing_is_guessed(cite):
    [item] = items.of_works([Cited(cite=cite)])
    assert item.get("title", "") == cite
    assert "author" not in item
    assert len(parsed(files.to_bibtex([item]))) == 1


def test_special_signs_do_not_break_a_file():
    hostile = edition(
        title="A } @misc{x, title={y}} \\input{z} % 50\nER  - \nTY  - JOUR", authors=("O'Neil {Jr} and Co",)
    )
    assert len(parsed(files.to_bibtex([hostile]))) == 1
    assert len(rispy.loads(files.to_ris([hostile]))) == 1


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_a_version_is_cited_in_three_styles_with_author_version_and_address(lang):
    told = dict(styles.formatted(edition(lang), lang))
    assert set(told) == {"APA", "Vancouver (NLM)", "ГОСТ Р 7.0.5-2008"}
    for text in told.values():
        assert AUTHORS[lang] in text
        assert "PR-0042 v2.1" in text
        assert "2026" in text
        assert f"https://example.org/{lang}/p/PR-0042/v/2.1" in text


def test_each_style_has_its_form():
    told = dict(styles.formatted(edition("ru"), "ru"))
    address = "https://example.org/ru/p/PR-0042/v/2.1"
    title = TITLES["ru"]
    assert (
        told["APA"] == f"Ольга Смирнова. (2026). <i>{title}</i> (PR-0042 v2.1). Treatment Exchange. {address}"
    )
    assert (
        told["ГОСТ Р 7.0.5-2008"]
        == f"Ольга Смирнова. {title} (PR-0042 v2.1, 2026) [Электронный ресурс]. URL: {address}."
    )


def test_arabic_names_are_never_cut_to_initials():
    item = {
        "id": "x",
        "type": "article-journal",
        "title": "T",
        "author": [{"family": "مکری", "given": "آذرخش"}],
    }
    for _style, text in styles.formatted(item, "fa"):
        assert "مکری، آذرخش" in text


def test_a_citation_carries_no_code():
    hostile = edition(
        title="<script>alert(1)</script><img src=x onerror=alert(1)>T<a href='//evil'>x</a>",
        authors=("<b onclick=x>N</b>",),
    )
    for _style, text in styles.formatted(hostile, "en"):
        assert not any(piece in text for piece in ("<script", "<img", "<a", "onclick", "onerror", "evil"))


def test_the_citation_of_a_sample_says_that_it_is_one():
    item = edition(demonstration=True)
    assert item["title"] == "Methadone maintenance [DEMONSTRATION]"
    assert all("[DEMONSTRATION]" in text for _style, text in styles.formatted(item, "en"))


def test_marks_of_doses_are_no_part_of_a_title():
    assert edition(title="Take ⟦2–4 mg⟧")["title"] == "Take 2–4 mg"
