"""One door: nothing is released another way, and what was published comes back byte for byte."""

import copy
import dataclasses
import json
import pickle
from pathlib import Path

import pytest

from analytics.disclosure import Hidden, Noise, Policy, Released, release, restore, restore_table
from analytics.disclosure.measured import (
    CountedTable,
    MeasuredCompleteness,
    MeasuredCompletions,
    MeasuredPointSets,
)
from analytics.disclosure.shown import ShownTable
from analytics.errors import NotReleased

from . import measures as make

NOISE = Noise.of(bytes(range(32)), edition="2026Q1", digest="00" * 32)
TABLE = CountedTable("out", {"completed": 40, "lost": 3, "other": 0}, 400)
VECTORS = Path(__file__).parents[3] / "shared" / "data" / "privacy_vectors.json"


def approved():
    return [
        make.curves(*map(make.curve, "ABC")),
        MeasuredPointSets("RU", "residential", tuple(map(make.points, "ABC"))),
        MeasuredCompletions("RU", "residential", tuple(map(make.completion, "ABC"))),
        make.comparison(*map(make.compared, "ABC")),
        MeasuredCompleteness("IR", "agonist", tuple(map(make.complete, "ABC"))),
    ]


def test_a_released_result_cannot_be_made_outside_the_door():
    with pytest.raises(NotReleased):
        Released(ShownTable("out", ()), hidden=(), noisy={}, door=object())


@pytest.mark.parametrize("measured", approved())
def test_published_bytes_come_back_as_the_same_result(measured):
    released = release(measured, Policy.APPROVED)
    back = restore(released.kind, released.to_json(), released.sha256)
    assert back.value == released.value
    assert back.to_json() == released.to_json()
    assert back.hidden == released.hidden


def test_changed_bytes_do_not_come_back():
    released = release(approved()[0], Policy.APPROVED)
    with pytest.raises(NotReleased):
        restore(released.kind, released.to_json().replace(b"E1", b"E2"), released.sha256)


def test_public_policy_needs_noise_and_a_table():
    with pytest.raises(NotReleased):
        release(TABLE, Policy.PUBLIC)
    with pytest.raises(NotReleased):
        release(approved()[0], Policy.PUBLIC, NOISE)


def test_approved_policy_takes_neither_tables_nor_noise():
    with pytest.raises(NotReleased):
        release(TABLE, Policy.APPROVED)
    with pytest.raises(NotReleased):
        release(approved()[0], Policy.APPROVED, NOISE)


def test_public_table_shows_noisy_values_and_stores_them_for_sums():
    released = release(TABLE, Policy.PUBLIC, NOISE)
    assert released.noisy == {cell: TABLE.cells[cell] + NOISE.draw("out", cell) for cell in TABLE.cells}
    assert [str(cell.count) for cell in released.value.cells] == ["37", "<10", "<10"]
    assert released.hidden == (Hidden("out/lost", "T"), Hidden("out/other", "T"))
    total = 400 + NOISE.draw("total", "all")
    assert restore_table("out", released.noisy, total).value == released.value


def test_total_has_no_share_of_itself():
    released = release(CountedTable("total", {"all": 400}, 400), Policy.PUBLIC, NOISE)
    assert not released.value.cells[0].share.is_shown


def test_what_is_not_released_is_not_drawn():
    released = release(approved()[0], Policy.APPROVED)
    from analytics.disclosure import released as module

    drawn = copy.copy(module._RENDERERS)
    module._RENDERERS.clear()
    try:
        with pytest.raises(NotReleased):
            released.figure()
    finally:
        module._RENDERERS.update(drawn)


def test_shown_values_are_frozen():
    value = release(approved()[0], Policy.APPROVED).value
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.refused = None


def test_released_results_are_not_copied_by_pickle():
    with pytest.raises((TypeError, NotReleased)):
        pickle.loads(pickle.dumps(release(approved()[0], Policy.APPROVED)))


@pytest.mark.truth
@pytest.mark.skipif(not VECTORS.exists(), reason="the published vectors are not on this machine")
def test_every_published_vector_holds():
    from analytics.disclosure import noisy_count, noisy_share

    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    key = bytes.fromhex(vectors["test_keys"]["K_release"])
    for edition in vectors["noise"]["editions"]:
        noise = Noise.of(key, edition=edition["edition"], digest=edition["digest_hex"])
        assert noise.seed.hex() == edition["seed_hex"]
        for cell in edition["cells"]:
            assert noise.draw(cell["table"], cell["cell"]) == cell["v"]
    for vector in vectors["display"]["vectors"]:
        assert str(noisy_count(vector["sum"], cells=vector["cells_summed"])) == vector["shown"]
    for vector in vectors["rate"]["vectors"]:
        share = noisy_share(
            vector["A"], vector["B"], part_cells=vector["cells_A"], whole_cells=vector["cells_B"]
        )
        assert str(share) == vector["shown"]
        assert share.low == pytest.approx(vector.get("low"), abs=1e-6)
