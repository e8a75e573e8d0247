"""A later edition holds new people only; a programme's result moves by thirty newly known or not at all (P8)."""

import pytest

from portal.releases import queries

GROWS, STANDS = 0, 1


@pytest.fixture
def second(second):
    """The world after its second edition, and that edition."""
    return second, queries.latest_edition()


def rows_of(edition, kind, outcome=""):
    return {
        row.programme: row
        for result in queries.approved_results(edition, kind, country="IR", klass="agonist")
        if result.outcome == outcome
        for row in result.released.value.programmes
    }


def known(row):
    return row.known if hasattr(row, "known") else max(point.known for point in row.points)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("curves", ""),
        ("points", ""),
        ("completeness", ""),
        ("comparison", "RET-F-180"),
        ("comparison", "ABS-28"),
    ],
)
def test_results_differ_by_nothing_or_by_thirty_known(second, kind, outcome):
    world, edition = second
    first = queries.find_edition("2026H1")
    before, after = rows_of(first, kind, outcome), rows_of(edition, kind, outcome)
    compared = 0
    for programme in world.programmes:
        old = before.get(queries.programme_code_in(first, programme.id))
        new = after.get(queries.programme_code_in(edition, programme.id))
        if old is None or new is None or old.withheld or new.withheld:
            continue
        compared += 1
        moved = known(new) - known(old)
        assert moved == 0 or moved >= 30
        assert (new.edition == "2026H1") == (moved == 0)
    assert compared >= 3


def test_standing_programme_is_carried_over_under_its_new_code(second):
    world, edition = second
    first = queries.find_edition("2026H1")
    stands = world.programmes[STANDS].id
    old = rows_of(first, "curves")[queries.programme_code_in(first, stands)]
    new = rows_of(edition, "curves")[queries.programme_code_in(edition, stands)]
    assert new.edition == "2026H1"
    assert (new.known, new.weeks, new.mean) == (old.known, old.weeks, old.mean)


def test_growing_programme_pools_all_released_persons(second):
    world, edition = second
    grown = rows_of(edition, "curves")[queries.programme_code_in(edition, world.programmes[GROWS].id)]
    assert grown.edition == "2026H2"
    assert grown.known > 170


def test_expected_add_up_over_the_programmes_computed_anew(second):
    _, edition = second
    fresh = [
        row
        for row in rows_of(edition, "comparison", "RET-F-180").values()
        if row.edition == "2026H2" and row.observed
    ]
    assert sum(row.observed - row.expected for row in fresh) == pytest.approx(0, abs=0.005 * len(fresh))


def test_public_tables_hold_the_new_people_only(second):
    _, edition = second
    total = queries.public_tables(edition)["total"].value.cells[0].count.value
    assert abs(total - 910) < 24


def test_programme_that_withdrew_is_in_no_later_result(second):
    world, edition = second
    assert queries.programme_code_in(edition, world.programmes[5].id) is None


def test_codes_change_from_edition_to_edition(second):
    world, edition = second
    first = queries.find_edition("2026H1")
    pairs = [
        (queries.programme_code_in(first, p.id), queries.programme_code_in(edition, p.id))
        for p in world.programmes
    ]
    assert any(old != new for old, new in pairs if new is not None)


def test_latest_edition_is_the_one_published_last(second):
    _, edition = second
    assert queries.latest_edition().name == "2026H2" == edition.name
    assert [e.name for e in queries.list_editions()] == ["2026H2", "2026H1"]
    assert queries.latest_edition(synthetic=False) is None
    assert queries.list_freezes() == []
