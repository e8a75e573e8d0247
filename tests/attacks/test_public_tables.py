"""Attacks on the public tables: a test passes when its attack fails."""

import inspect
import math

import edition_world as world_of
import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Noise, Policy, noisy_count, noisy_share, release
from analytics.disclosure.measured import CountedTable
from analytics.disclosure.parameters import NOISE_THRESHOLDS, PARAMETERS, SMALLEST_COUNT, SUPPORT
from portal.config import Config
from portal.extensions import db
from portal.releases import catalogue, queries
from portal.releases.builder.results import Source, count_tables, noise_of
from portal.releases.models import ReleasedCell
from portal.releases.services.store import snapshot_path

KEY = bytes(range(32))
PROBABILITY = [
    (upper - lower) / 2**56 for lower, upper in zip((0, *NOISE_THRESHOLDS), NOISE_THRESHOLDS, strict=False)
]


def probability(noise):
    return PROBABILITY[noise + SUPPORT] if abs(noise) <= SUPPORT else 0.0


def noise(digest="00" * 32):
    return Noise.of(KEY, edition="2026H1", digest=digest)


def numbers_in(value):
    if isinstance(value, dict):
        return [n for item in value.values() for n in numbers_in(item)]
    if isinstance(value, list):
        return [n for item in value for n in numbers_in(item)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_a1_nobodys_substance_is_inferred_by_whoever_knows_everybody_else():
    """The strongest outsider: knows the substance of all others and asks for that of each of 200 people."""
    levels = catalogue.level_file()["sub"]
    sure = 0
    for target in range(200):
        source, truth = noise(f"{target:064x}"), levels[target % len(levels)]
        seen = {
            level: (level == truth) + source.draw("sub", level) for level in levels
        }  # the others subtracted
        weight = {
            guess: math.prod(probability(seen[level] - (level == guess)) for level in levels)
            for guess in levels
        }
        sure += max(weight.values()) >= 0.95 * sum(weight.values())
    assert sure == 0


def test_a1_no_small_number_is_printed(published):
    for table in queries.public_tables(queries.latest_edition()).values():
        shown = [cell.count.value for cell in table.value.cells if cell.count.value is not None]
        assert all(value >= SMALLEST_COUNT for value in shown)


def test_a2_margins_do_not_add_up(published):
    """Total minus men is not women: every margin has noise of its own."""
    tables = queries.public_tables(queries.latest_edition())
    total = tables["total"].value.cells[0].count.value
    gaps = [total - sum(table.noisy.values()) for table in tables.values() if table.value.id != "total"]
    assert sum(gap != 0 for gap in gaps) >= len(gaps) - 1


def test_a4_sixty_new_people_change_no_answer(published):
    edition = queries.latest_edition()

    def answers():
        tables = [table.to_json() for table in queries.public_tables(edition).values()]
        return tables + [result.released.to_json() for result in queries.approved_results(edition)]

    before = answers()
    for _ in range(60):
        world_of.add_people(published, published.programmes[0], world_of.plans()[0], 1)
        assert answers() == before


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=12), st.integers(0, 2**32))
def test_a6_no_share_says_nobody_or_everybody(counts, seed):
    cells = {f"level{place}": count for place, count in enumerate(counts)}
    source = noise(f"{seed:064x}")
    shown = release(CountedTable("out", cells, max(400, sum(counts))), Policy.PUBLIC, source).value
    for cell in shown.cells:
        assert cell.share.value is None or 0.01 <= cell.share.value <= 0.99
        assert str(cell.share) not in {"0.0 %", "100.0 %"}


def test_a6_level_that_holds_everybody_is_a_bound(published):
    tables = queries.public_tables(queries.latest_edition())
    assert str(tables["prot"].value.cells[0].share) == ">99 %"


def test_a10_no_table_names_a_programme_and_every_region_is_wide(published):
    edition = queries.latest_edition()
    codes = {shown.code for shown in queries.programmes_in(edition)} | {p.code for p in published.programmes}
    text = b"".join(table.to_json() for table in queries.public_tables(edition).values()).decode()
    assert not [code for code in codes if code in text]


def test_a11_the_catalogue_holds_counts_only():
    assert isinstance(ReleasedCell.__table__.c.noisy.type, sa.Integer)
    parameters = set(inspect.signature(count_tables).parameters)
    assert parameters == {"source"}
    assert {name for table in catalogue.TABLES for name in table.dimensions} == set(catalogue.DIMENSIONS)


@pytest.mark.parametrize("drawn", range(-SUPPORT, SUPPORT + 1))
def test_a14_the_threshold_looks_at_the_noisy_value_alone(drawn):
    for true in (9, 10):
        noisy = true + drawn
        assert noisy_count(noisy).value == (noisy if noisy >= 10 else None)
        assert noisy_share(noisy, 400) == noisy_share(noisy, 400)
    assert noisy_count(9 + drawn + 1) == noisy_count(10 + drawn)


def test_a15_one_changed_row_gives_other_noise_everywhere():
    first, second = noise("00" * 32), noise("00" * 31 + "01")
    cells = [(table, f"level{n}") for table in catalogue.DIMENSIONS for n in range(200)]
    same = sum(first.draw(*cell) == second.draw(*cell) for cell in cells)
    chance = sum(p * p for p in PROBABILITY)
    assert abs(same / len(cells) - chance) < 4 * math.sqrt(chance / len(cells))


def test_a15_counts_with_and_without_one_person_cannot_be_told_apart(approved):
    frozen = queries.find_freeze("2026H1")
    levels = catalogue.levels_of(frozen.closing_on, ["IR-1", "IR-2", "RU-1", "RU-2"])
    source = Source("2026H1", frozen.digest, levels, snapshot_path("2026H1", frozen.digest))
    other = Source("2026H1", "ab" * 32, levels, source.snapshot)
    drawn = [
        {cell: s.draw(table.id, cell) for table in catalogue.TABLES for cell in table.cells(levels)}
        for s in (noise_of(KEY, source), noise_of(KEY, other))
    ]
    assert drawn[0] != drawn[1]


def test_a16_no_request_setting_or_role_names_a_parameter():
    for function in (
        release,
        noisy_count,
        noisy_share,
        Noise.of,
        queries.public_tables,
        queries.approved_results,
    ):
        names = set(inspect.signature(function).parameters)
        assert not names & {"sigma", "threshold", "limit", "parameters", "minimum"}
    words = {"sigma", "threshold", "noise", "clip", *PARAMETERS}
    assert not [name for name in Config.model_fields if any(word.lower() in name for word in words)]


def test_a18_zero_is_shown_nowhere(published):
    edition = queries.latest_edition()
    for table in queries.public_tables(edition).values():
        for cell in orjson.loads(table.to_json())["cells"]:
            assert 0 not in numbers_in(cell["count"])
            assert cell["share"]["value"] != 0
    stored = db.session.scalars(
        sa.select(ReleasedCell.noisy).where(ReleasedCell.noisy < SMALLEST_COUNT)
    ).all()
    assert stored
    assert all(noisy_count(value).value is None for value in stored)


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=20), st.integers(0, 2**32))
def test_no_released_table_holds_a_cell_below_the_threshold(counts, seed):
    cells = {f"level{place}": count for place, count in enumerate(counts)}
    source = noise(f"{seed:064x}")
    released = release(CountedTable("sub", cells, 1000), Policy.PUBLIC, source)
    shown = orjson.loads(released.to_json())["cells"]
    for cell in shown:
        hidden = released.noisy[cell["cell"]] < SMALLEST_COUNT
        assert (cell["count"] == {"value": None, "below": SMALLEST_COUNT}) == hidden
        if hidden:
            assert cell["share"]["value"] is None
            assert cell["share"]["limit"] in {0.01, 0.02}
    assert {entry.where for entry in released.hidden} == {
        f"sub/{c['cell']}" for c in shown if c["count"]["value"] is None
    }
