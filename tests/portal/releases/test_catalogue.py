"""The catalogue is fixed: tables, levels, codes. Regions are pooled until they may be shown."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure.parameters import MAX_DIMENSIONS, MAX_TABLES
from analytics.outcomes import WAY_OF
from portal.registry.dictionary import load as load_dictionary
from portal.releases import catalogue

LEVEL_FILE_SHA256 = "c145207854c2582bc779c305b2fbb1762c5aeff809c3812ec8ad674dafde0b7d"
CLOSING = date(2026, 7, 31)


def test_level_file_of_a_catalogue_version_never_changes():
    path = Path(catalogue.__file__).parent / "data" / "levels_v1.json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == LEVEL_FILE_SHA256


def test_tables_are_the_total_and_one_for_each_dimension():
    assert [table.id for table in catalogue.TABLES] == [
        "total",
        "region",
        "sex",
        "age",
        "sub",
        "out",
        "prot",
        "half",
    ]
    assert all(len(table.dimensions) <= MAX_DIMENSIONS for table in catalogue.TABLES)
    assert len(catalogue.TABLES) <= MAX_TABLES


def test_no_table_has_a_programme_dimension_or_anything_finer_than_a_half_year():
    assert set(catalogue.DIMENSIONS) == {"region", "sex", "age", "sub", "out", "prot", "half"}


def test_cells_are_the_full_product_of_ascii_levels():
    levels = catalogue.levels_of(CLOSING, ["IR-1", "RU-1"])
    assert catalogue.Table(("region", "sex")).cells(levels) == [
        f"{r}|{s}" for r in ("IR-1", "RU-1") for s in "MFU"
    ]
    assert catalogue.Table(()).cells(levels) == ["all"]
    assert all(level.isascii() for listed in levels.values() for level in listed)


@pytest.mark.parametrize(
    ("closing", "last"),
    [
        (date(2026, 7, 31), date(2025, 12, 31)),
        (date(2026, 8, 1), date(2025, 12, 31)),
        (date(2026, 8, 2), date(2026, 1, 31)),
        (date(2026, 1, 31), date(2025, 7, 31)),
    ],
)
def test_last_admission_month_has_its_whole_window_before_closing(closing, last):
    assert catalogue.last_admission(closing) == last


def test_half_years_follow_from_the_closing_date_alone():
    halves = catalogue.levels_of(CLOSING, [])["half"]
    assert halves == [
        "earlier",
        "2022H1",
        "2022H2",
        "2023H1",
        "2023H2",
        "2024H1",
        "2024H2",
        "2025H1",
        "2025H2",
        "U",
    ]
    assert catalogue.half_of("2025-06", halves) == "2025H1"
    assert catalogue.half_of("2025-07", halves) == "2025H2"
    assert catalogue.half_of("2019-01", halves) == "earlier"


def merged(programmes, country="IR"):
    return catalogue.merge_regions(country, programmes, least=3, percent=60)


def test_region_that_may_be_shown_stands_alone():
    assert merged({"IR1": dict.fromkeys("abc", 10), "IR2": dict.fromkeys("def", 10)}) == [["IR1"], ["IR2"]]


def test_region_with_two_programmes_joins_its_neighbour():
    assert merged({"IR1": dict.fromkeys("ab", 10), "IR3": dict.fromkeys("cde", 10)}) == [["IR1", "IR3"]]
    assert merged({"IR1": dict.fromkeys("abc", 10), "IR3": dict.fromkeys("de", 10)}) == [["IR1", "IR3"]]


def test_region_dominated_by_one_programme_joins_its_neighbour():
    assert merged({"IR1": {"a": 61, "b": 20, "c": 19}, "IR2": dict.fromkeys("def", 30)}) == [["IR1", "IR2"]]
    assert merged({"IR1": {"a": 60, "b": 20, "c": 20}, "IR2": dict.fromkeys("def", 30)}) == [["IR1"], ["IR2"]]


def test_pools_join_until_the_last_one_may_be_shown():
    first, second = {"a": 20, "b": 20, "c": 20}, {"d": 10, "e": 10, "f": 10}
    assert merged({"IR1": first, "IR2": second, "IR3": {"g": 70}}) == [["IR1", "IR2", "IR3"]]


def test_country_that_breaks_the_rule_as_a_whole_has_no_region():
    assert merged({"IR1": {"a": 100, "b": 5, "c": 5}}) is None
    assert merged({"IR1": dict.fromkeys("ab", 10)}) is None
    assert merged({}) is None


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([f"RU{n}" for n in range(1, 9)]),
        st.dictionaries(
            st.text("abcdefghij", min_size=3, max_size=6), st.integers(1, 200), min_size=1, max_size=5
        ),
        min_size=1,
    )
)
def test_every_pool_may_be_shown_and_holds_every_group_once(programmes):
    pools = merged(programmes, "RU")
    if pools is None:
        return
    assert sorted(group for pool in pools for group in pool) == sorted(programmes)
    for pool in pools:
        sizes = [persons for group in pool for persons in programmes[group].values()]
        assert len(sizes) >= 3
        assert max(sizes) <= 0.6 * sum(sizes)


def test_merged_region_names_its_parts():
    assert catalogue.region_code(["RU2", "RU5"]) == "RU-2-5"


def test_every_substance_of_the_dictionary_has_a_level():
    levels = catalogue.levels_of(CLOSING, [])["sub"]
    assert {*catalogue.SUBSTANCES.values(), "other"} == set(levels)
    assert {
        code: level for code, level in listed("substance", "sub").items() if level != "other"
    } == catalogue.SUBSTANCES


def test_every_reason_of_discharge_has_the_level_that_the_dictionary_says():
    assert listed("discharge_reason", "out") == {code: str(way) for code, way in WAY_OF.items()}


def listed(name, fact):
    items = load_dictionary().lists[name].items
    return {item.code: item.facts[fact] for item in items if item.facts.get(fact)}
