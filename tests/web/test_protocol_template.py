"""The parts of a protocol, where a reader finds each, and how one in another language is found."""

import re

import pytest
from protocol_world import NOW, bring_to, make_draft, make_published

from portal.protocols.services import blocks
from portal.protocols.services.blocks import BlockText, ReferenceText

LANGUAGES = ("en", "ru", "fa")
PAGE = "/p/PR-0001/methadone-maintenance"
ORDER = ["population", "contraindications", "steps", "dosing", "monitoring", "resources", "evidence"]


def section(html, name):
    """What stands under one heading."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)
    assert found, name
    return found[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_part_stands_under_a_heading_of_its_own_in_the_order_of_the_template(client, world, lang):
    make_published(world)
    html = client.get(f"/{lang}{PAGE}").text
    shown = [name for name in re.findall(r'<section aria-labelledby="([^"]+)">', html) if name in ORDER]
    assert shown == ORDER
    for name, text in (
        ("population", "Adults with opioid dependence."),
        ("contraindications", "Sedation at the time of dosing."),
        ("monitoring", "Sedation before each dose."),
        ("resources", "A physician and a nurse."),
    ):
        assert f'<div lang="en" dir="ltr"><p>{text}</p>' in section(html, name)
    steps = section(html, "steps")
    assert (steps.count("<ol"), steps.count("<li>")) == (1, 2)


@pytest.mark.parametrize(
    ("lang", "grade", "report"),
    [
        ("en", "GRADE: high certainty", "Local practice or expert consensus only"),
        ("ru", "GRADE: высокая достоверность", "Только локальный опыт или консенсус экспертов"),
        ("fa", "گرید: قطعیت بالا", "تنها تجربه محلی یا اجماع خبرگان"),
    ],
)
def test_evidence_is_graded_or_called_a_report_from_practice(client, world, lang, grade, report):
    version = make_draft(world)
    local = BlockText("evidence", "evidence", "Two centres do so.", {"certainty": "ev-practice-report"})
    blocks.add_block(version, local, by=world.author, now=NOW)
    bring_to(world, version, "published")
    evidence = section(client.get(f"/{lang}{PAGE}").text, "evidence")
    graded, practice = evidence.split("Two centres do so.")
    assert grade in graded
    assert report in practice
    assert (graded.count('class="on"'), practice.count('class="on"')) == (4, 0)


def test_a_reference_is_listed_with_its_doi_and_pmid_and_named_where_it_is_used(client, world):
    version = make_draft(world)
    work = ReferenceText(
        "TRIAL",
        "Krupitsky 2012.",
        doi="10.1001/archgenpsychiatry.2012.1a",
        pmid="22945623",
        quotation="cited",
    )
    blocks.add_reference(version, work, by=world.author, now=NOW)
    data = {"certainty": "ev-high", "references": ["TRIAL"]}
    blocks.add_block(version, BlockText("evidence", "evidence", "A trial.", data), by=world.author, now=NOW)
    bring_to(world, version, "published")
    html = client.get(f"/en{PAGE}").text
    listed = section(html, "references")
    assert "DOI 10.1001/archgenpsychiatry.2012.1a" in listed
    assert "PMID 22945623" in listed
    assert 'href="#ref-TRIAL"' in section(html, "evidence")
    assert 'id="ref-TRIAL"' in listed


@pytest.mark.parametrize(
    ("lang", "query"),
    [("fa", "متادون"), ("ru", "метадон"), ("ru", "метадоном"), ("en", "متادون"), ("fa", "метадон")],
)
def test_a_query_in_another_script_finds_a_protocol_that_nobody_translated(client, world, lang, query):
    make_published(world)
    html = client.get(f"/{lang}/protocols?q={query}").text
    assert '<p lang="en" dir="ltr">Daily' in html
    assert re.search(rf'<a href="/{lang}/p/PR-0001/methadone-maintenance"\s+lang="en"\s+dir="ltr">', html)
