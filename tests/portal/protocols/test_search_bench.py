"""The benchmark of search runs and compares its answers, at a size that tells nothing about speed."""

from bench.bench_search import measure


def test_benchmark_compares_answers_and_gives_a_ratio(app):
    measured = measure(count=60, asked=10, rounds=1)
    assert measured["ratio"] > 0
