"""The data that pages carry in the words of schema.org."""

import json
import re

import pytest
from interface_world import interface_template, made  # noqa: F401
from protocol_world import bring_to, make_draft, make_world

from portal.protocols.services import drafts
from portal.protocols.services.drafts import Details

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph(client, path):
    page = client.get(path, follow_redirects=True)
    found = BLOCK.findall(page.text)
    assert len(found) == 1
    return json.loads(found[0])


def nodes(told):
    kinds = {}
    for node in told["@graph"]:
        kinds.setdefault(node["@type"], []).append(node)
    return kinds


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_the_readers_page_describes_itself(made, client, lang):  # noqa: F811
    told = graph(client, f"/{lang}/p/PR-0001")
    kinds = nodes(told)
    page, guideline = kinds["MedicalWebPage"][0], kinds["MedicalGuideline"][0]
    assert told["@context"] == "https://schema.org"
    assert (page["inLanguage"], page["version"]) == (lang, "1.0")
    assert page["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert page["citation"][0]["name"] == "WHO guideline 2009"
    assert page["@id"].endswith(f"/{lang}/p/PR-0001/v/1.0")
    assert ("translationOfWork" in page) == (lang != "en")
    assert guideline["evidenceLevel"] == "https://schema.org/EvidenceLevelA"
    assert {one["@type"] for one in guideline["guidelineSubject"]} == {
        "Drug",
        "MedicalCondition",
        "MedicalTherapy",
    }
    assert len(guideline["legalStatus"]) == 2


def test_one_recommendation_for_each_evidence_statement(made, client):  # noqa: F811
    found = nodes(graph(client, "/en/p/PR-0001"))["MedicalGuidelineRecommendation"]
    assert [one["name"] for one in found] == ["Retains people in treatment."]
    assert "RU: Prohibited" in found[0]["legalStatus"][1]


def test_the_file_says_the_same_as_the_page(made, client):  # noqa: F811
    answer = client.get("/api/v1/protocols/PR-0001/versions/1.0.jsonld?lang=fa")
    assert answer.mimetype == "application/ld+json"
    assert answer.json == graph(client, "/fa/p/PR-0001/v/1.0")


def test_a_concept_page_names_its_term_and_codes(made, client):  # noqa: F811
    told = graph(client, "/ru/c/sub-methadone")
    assert told["@type"] == ["DefinedTerm", "Drug"]
    assert (told["name"], told["termCode"]) == ("Метадон", "sub-methadone")
    assert {"@type": "MedicalCode", "codeValue": "N07BC02", "codingSystem": "ATC"} in told["code"]


def test_no_text_ends_the_block_of_data(app, client):
    people = make_world()
    version = make_draft(people)
    title = "</script><script>alert(1)</script><!-- methadone"
    details = Details(title, "Daily.", "First.", "CC-BY-4.0", "initial", version.evidence_searched_on)
    drafts.change_details(version, details, by=people.author, now=version.created_at)
    bring_to(people, version, "published")
    assert nodes(graph(client, "/en/p/PR-0001"))["MedicalWebPage"][0]["name"] == title


def test_no_figure_of_outcomes_is_in_it(made, client):  # noqa: F811
    text = json.dumps(graph(client, "/en/p/PR-0001"))
    assert not re.search(r"retention|%|interval|denominator", text, re.IGNORECASE)
