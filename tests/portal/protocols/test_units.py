"""Hashes, the number check, differences between versions, the machine's check: pure functions."""

from datetime import date

import pytest

from portal.protocols.diff import compare, compare_fields, compare_main
from portal.protocols.models import Block
from portal.protocols.rules import Content, Part, Source, add_months, not_waived, publication_problems
from portal.protocols.services.drafts import slug_of
from portal.protocols.units import block_hash, content_hash, fold_digits, number_faults


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("10 mg", "۱۰ میلی‌گرم"),
        ("10 mg", "10 мг"),
        ("2.5 h", "۲٫۵ ساعت"),
        ("52.9%", "52,9 %"),
        ("52.9%", "۵۲٫۹٪"),
        ("7,000 clinics", "۷٬۰۰۰ درمانگاه"),
        ("7,000 clinics", "7000 клиник"),
        ("7,000 clinics", "7\u00a0000 клиник"),
        ("2-3 hours", "۲ تا ۳ ساعت"),
        ("F11.2 and 6C43.2", "⟦F11.2⟧ و ⟦6C43.2⟧"),
        ("1.50 mg", "1,5 мг"),
        ("COWS ≥ 12", "⟦COWS ≥ 12⟧"),
        ("no number", "без числа"),
    ],
)
def test_equal_numbers_in_other_scripts_are_equal(source, target):
    assert number_faults(source, target) == ()


@pytest.mark.parametrize(
    ("source", "target", "faults"),
    [
        ("10 mg", "۱۰۰ میلی‌گرم", ("-10", "+100")),
        ("10 mg", "10 мкг", ("-mg", "+µg")),
        ("10 mg twice", "10 mg 2 раза", ("+2",)),
        ("F11.2", "F11.3", ("-F11.2", "+F11.3")),
        ("N07BC02", "N07BC01", ("-N07BC02", "+N07BC01")),
        ("12 or more: ≥ 12", "≤ 12: 12", ("-≥", "+≤")),
        ("1.5 mg", "15 mg", ("-1.5", "+15")),
        ("20 mg, 20 mg", "20 mg", ("-20",)),
    ],
)
def test_numbers_units_and_codes_that_differ_are_named(source, target, faults):
    assert number_faults(source, target) == faults


def test_folding_keeps_the_half_space():
    assert fold_digits("می‌۱۲٫۵") == "می‌12.5"


def make_block(key, section="steps", kind="step", text="Text.", **data):
    source_hash = block_hash(key, section, kind, data=data, text=text)
    return Block(
        block_key=key, section=section, kind=kind, source_text=text, data=data, source_hash=source_hash
    )


def test_hash_of_a_block_follows_data_and_text_but_not_place():
    assert make_block("a").source_hash == make_block("a").source_hash
    for other in (
        make_block("b"),
        make_block("a", text="Other."),
        make_block("a", x=1),
        make_block("a", kind="text"),
    ):
        assert other.source_hash != make_block("a").source_hash


def test_hash_of_content_follows_order_concepts_references_and_licence():
    base = ({"title": "t", "licence": "CC-BY-4.0"}, ["1", "2"], [("sub-a", "main")], [{"key": "A"}])
    same = content_hash(*base)
    assert same == content_hash(*base)
    for other in (
        ({"title": "t", "licence": "CC0-1.0"}, *base[1:]),
        (base[0], ["2", "1"], *base[2:]),
        (*base[:2], [("sub-a", "secondary")], base[3]),
        (*base[:3], [{"key": "B"}]),
    ):
        assert content_hash(*other) != same


CHANGES = (
    ([make_block("a")], [make_block("a")], []),
    ([make_block("a")], [make_block("a", text="Other text.")], [("changed", "")]),
    ([make_block("a")], [make_block("a", text="Text 2.")], [("changed", "number")]),
    ([make_block("a", text="2 mg")], [make_block("a", text="2 µg")], [("changed", "number")]),
    ([], [make_block("a", kind="dose", section="dosing")], [("added", "dose")]),
    ([make_block("a", kind="measure")], [], [("removed", "measure")]),
    ([make_block("a", section="monitoring", kind="text")], [make_block("a", section="monitoring", kind="text", text="x")],
     [("changed", "monitoring")]),
    ([make_block("a"), make_block("b")], [make_block("b"), make_block("a")], [("moved", "")]),
    ([make_block("a", kind="evidence", section="evidence", certainty="ev-low")],
     [make_block("a", kind="evidence", section="evidence", certainty="ev-high")], [("changed", "evidence")]),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), CHANGES)
def test_change_is_named_with_the_reason_why_it_is_clinical(old, new, found):
    assert [(change.what, change.reason) for change in compare(old, new)] == found


def test_main_concepts_and_numbers_in_the_title_are_clinical():
    assert compare_main(["a"], ["b"])[0].is_firm
    assert compare_main(["a"], ["a"]) == []
    old, new = {"title": "A", "summary": "B"}, {"title": "A 2", "summary": "C"}
    assert [change.reason for change in compare_fields(old, new)] == ["number", ""]


def complete(**changes):
    parts = tuple(Part(s, s, "text", {}, "x") for s in ("population", "steps", "monitoring", "evidence"))
    good = {
        "title": "t", "summary": "s", "change_note": "n", "licence": "CC-BY-4.0", "evidence_searched": True,
        "parts": parts, "sources": (Source("A", identified=True),),
        "concepts": (("sub-opium", "main"), ("int-mmt", "main"), ("set-x", "secondary"), ("pop-x", "secondary")),
        "legal_countries": frozenset({"IR", "RU"}),
    }  # fmt: skip
    return Content(**(good | changes))


DOSE = Part("d", "dosing", "dose", {"source": "NOBODY"}, "")
MISSING = (
    ({"title": " "}, ["field_missing"]),
    ({"parts": ()}, ["blocks_missing", *["section_missing"] * 4]),
    ({"evidence_searched": False}, ["field_missing"]),
    ({"concepts": ()}, ["concept_missing"] * 4),
    ({"concepts": (("sub-opium", "excluded"), ("int-mmt", "main"), ("set-x", "main"), ("pop-x", "main"))}, ["concept_missing"]),
    ({"parts": (*complete().parts, DOSE)}, ["dose_without_source"]),
    ({"sources": (Source("A", identified=False),)}, ["source_not_identified"]),
    ({"licence": "MIT"}, ["licence_unknown"]),
    ({"sources": (Source("A", identified=True, licence="CC-BY-NC-SA-3.0-IGO", quotation="adapted_text"),)}, ["licence_conflict"]),
    ({"sources": (Source("A", identified=True, licence="all-rights-reserved", quotation="translated_text"),)}, ["licence_forbids"]),
    ({"sources": (Source("A", identified=True, licence="all-rights-reserved", quotation="short_quote"),)}, []),
    ({"legal_countries": frozenset({"IR"})}, ["legal_missing"]),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "codes"), MISSING)
def test_machine_check_names_what_is_missing(changes, codes):
    assert [problem.code for problem in publication_problems(complete(**changes))] == codes


def test_complete_content_has_no_problem():
    assert publication_problems(complete()) == []


def test_exception_waives_missing_sections_but_no_dose_and_no_licence():
    content = complete(parts=(DOSE,), licence="MIT")
    left = {problem.code for problem in not_waived(publication_problems(content), exception=True)}
    assert left == {"dose_without_source", "licence_unknown"}


def test_months_end_on_their_last_day():
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 15), 24) == date(2028, 1, 15)


def test_slug_has_latin_letters_only_and_ends_at_a_word():
    assert slug_of("Buprenorphine: COWS-guided (induction)") == "buprenorphine-cows-guided-induction"
    assert slug_of("درمان") == "protocol"
    assert len(slug_of("word " * 40)) <= 80
    assert slug_of("word " * 40).endswith("word")
