"""What taking over text obliges to: the table, and the function that judges."""

import pytest

from portal.protocols.dictionary import LICENCES
from portal.protocols.licences import MAY_BECOME, Work, choices, faults, notice_of


def test_the_table_speaks_of_every_licence_of_protocols():
    assert set(LICENCES) <= set(MAY_BECOME)
    assert {licence for allowed in MAY_BECOME.values() for licence in allowed} == set(LICENCES)


@pytest.mark.parametrize("licence", LICENCES)
def test_a_protocol_may_always_keep_the_licence_of_its_parent(licence):
    assert faults(licence, [Work("parent", licence, "adapted_text")]) == []


@pytest.mark.parametrize(
    ("work", "own", "fits"),
    [
        ("CC0-1.0", "CC0-1.0", True),
        ("CC-BY-4.0", "CC-BY-4.0", True),
        ("CC-BY-4.0", "CC0-1.0", False),
        ("CC-BY-4.0", "CC-BY-NC-SA-4.0", True),
        ("CC-BY-SA-4.0", "CC-BY-4.0", False),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", False),
        ("CC-BY-NC-SA-3.0-IGO", "CC-BY-NC-SA-4.0", True),
        ("CC-BY-NC-SA-3.0-IGO", "CC-BY-4.0", False),
        ("CC-BY-NC-4.0", "CC-BY-4.0", False),
        ("CC-BY-ND-4.0", "CC-BY-4.0", False),
        ("all-rights-reserved", "CC-BY-NC-SA-4.0", False),
        ("", "CC-BY-4.0", False),
        ("something else", "CC-BY-4.0", False),
    ],
)
def test_adapted_text_is_published_under_terms_that_its_work_allows(work, own, fits):
    for quotation in ("adapted_text", "translated_text"):
        assert (not faults(own, [Work("w", work, quotation)])) is fits


@pytest.mark.parametrize("quotation", ["cited", "short_quote"])
def test_facts_and_doses_may_be_cited_from_any_work(quotation):
    assert faults("CC0-1.0", [Work("w", "all-rights-reserved", quotation)]) == []


def test_a_recorded_permission_lifts_the_terms():
    assert faults("CC-BY-4.0", [Work("w", "all-rights-reserved", "adapted_text", permitted=True)]) == []


def test_share_alike_terms_of_two_kinds_cannot_be_reconciled():
    works = [Work("a", "CC-BY-SA-4.0", "adapted_text"), Work("b", "CC-BY-NC-SA-4.0", "adapted_text")]
    assert choices(works) == frozenset()
    assert choices(works[:1]) == {"CC-BY-SA-4.0"}


def test_only_translated_text_of_the_un_asks_for_the_notice():
    assert notice_of("CC-BY-NC-SA-3.0-IGO", "translated_text")
    assert not notice_of("CC-BY-NC-SA-3.0-IGO", "adapted_text")
    assert not notice_of("CC-BY-NC-SA-4.0", "translated_text")
