"""The noise is the published one, on every machine, and a changed snapshot gets other noise."""

from decimal import Decimal, getcontext

import numpy as np
import pytest
from scipy import stats

from analytics.disclosure import Noise
from analytics.disclosure.parameters import NOISE_THRESHOLDS, SIGMA, SUPPORT, parameter_hash

KEY = bytes(range(32))
ZERO = "00" * 32
ONE = "00" * 31 + "01"
DRAWS = [
    # edition, digest, table, cell, 56-bit number, noise: published vectors
    ("2026Q1", ZERO, "region|sub", "IR-1|opium", "5beb9a3f5b36f8", -1),
    ("2026Q1", ZERO, "region|sub", "IR-1|heroin", "e0809194afec0c", 3),
    ("2026Q1", ZERO, "out", "completed", "2e13dcc475d93d", -3),
    ("2026Q1", ZERO, "total", "all", "78b6ac467bafe3", 0),
    ("2026Q1", ZERO, "age|sub|out", "<25|opium|completed", "67ce19dcc5156d", -1),
    ("2026Q1", ONE, "sex", "F", "03571532ebc526", -7),
    ("2026Q1", ONE, "out|half", "completed|2026H1", "25420581c7b44f", -3),
    ("2026H2", ZERO, "region|sub", "IR-1|opium", "01de0fea1b9f79", -7),
    ("2026H2", ZERO, "region", "RU-1", "bf206eea5a3403", 2),
]


def test_seed_is_bound_to_edition_and_digest():
    seed = Noise.of(KEY, edition="2026Q1", digest=ZERO).seed
    assert seed.hex() == "967e18919170695f5a2be1ce9bfd7436cb301bb2f5b746a1c9223a7efd21e731"
    assert Noise.of(KEY, edition="2026Q1", digest=ONE).seed != seed
    assert Noise.of(KEY, edition="2026H2", digest=ZERO).seed != seed


@pytest.mark.parametrize(("edition", "digest", "table", "cell", "number", "noise"), DRAWS)
def test_draws_equal_the_published_ones(edition, digest, table, cell, number, noise):
    source = Noise.of(KEY, edition=edition, digest=digest)
    assert source.uniform(table, cell) == int(number, 16)
    assert source.draw(table, cell) == noise


def test_threshold_table_is_the_discrete_gaussian_to_56_bits():
    getcontext().prec = 60
    weights = [(-(Decimal(v) ** 2) / (2 * Decimal(SIGMA) ** 2)).exp() for v in range(-SUPPORT, SUPPORT + 1)]
    total, running = sum(weights), Decimal(0)
    for weight, expected in zip(weights, NOISE_THRESHOLDS, strict=True):
        running += weight
        scaled = running / total * 2**56
        assert abs(scaled - expected) <= 1
    assert NOISE_THRESHOLDS[-1] == 2**56


def test_draws_over_many_cells_follow_the_table():
    source = Noise.of(KEY, edition="2026Q1", digest=ZERO)
    drawn = np.array([source.draw("out", str(cell)) for cell in range(100_000)])
    edges = np.diff([0, *NOISE_THRESHOLDS]) / 2**56
    observed = np.bincount(drawn + SUPPORT, minlength=len(edges))
    middle = slice(SUPPORT - 10, SUPPORT + 11)
    tails = [observed[: SUPPORT - 10].sum() + observed[SUPPORT + 11 :].sum()]
    expected = np.append(edges[middle], 1 - edges[middle].sum()) * 100_000
    assert stats.chisquare([*observed[middle], *tails], expected).pvalue > 0.001


def test_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Noise.of(b"short", edition="x", digest=ZERO)


def test_seed_is_not_printed():
    source = Noise.of(KEY, edition="2026Q1", digest=ZERO)
    assert source.seed.hex() not in repr(source)
    assert str(source.seed) not in repr(source)


def test_parameter_hash_changes_with_any_parameter(monkeypatch):
    from analytics.disclosure import parameters

    before = parameter_hash()
    for name in parameters.PARAMETERS:
        monkeypatch.setitem(parameters.PARAMETERS, name, "other")
        assert parameter_hash() != before
        monkeypatch.undo()
    assert parameter_hash() == before
