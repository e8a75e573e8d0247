"""The benchmarks' comparisons of answers, at sizes that tell nothing about speed."""

import pytest
from bench import (
    bench_cubes,
    bench_diff,
    bench_import,
    bench_matrix,
    bench_pdf,
    bench_protocol,
    bench_sheet,
    bench_start,
    snapshots,
)
from bench.__main__ import main
from bench.stage import own_portal
from bench.table import Line

from analytics import engine
from analytics.cube import Cube
from portal.releases.builder.cubes import SPEC


def test_cube_holds_the_counts_of_the_bare_statements(tmp_path):
    path = tmp_path / "snapshot.parquet"
    snapshots.write(path, 100_000)
    bench_cubes.assert_equal_counts(Cube.build(path, SPEC), bench_cubes.Bare(path), path)


def test_both_readers_of_a_workbook_see_every_row():
    assert len(bench_sheet.measure(50)) == 1


def test_changed_count_is_noticed(tmp_path):
    path = tmp_path / "snapshot.parquet"
    snapshots.write(path, 500)
    cube = Cube.build(path, SPEC)
    cube.outcome.loc[3, "n_known"] += 1
    with pytest.raises(AssertionError, match="differs in n_known"):
        bench_cubes.assert_equal_counts(cube, bench_cubes.Bare(path), path)


def test_benchmark_snapshot_is_what_an_edition_writes(tmp_path):
    fast, slow = tmp_path / "fast.parquet", tmp_path / "slow.parquet"
    snapshots.write(fast, 400)
    engine.write_snapshot(engine.read_rows(fast), slow, snapshots.layout())
    assert engine.read_codes(fast) == engine.read_codes(slow)
    assert engine.read_rows(fast) == engine.read_rows(slow)
    assert (
        engine.columns_of(fast, "SELECT * FROM snapshot")[0].keys()
        == engine.columns_of(slow, "SELECT * FROM snapshot")[0].keys()
    )


def test_imports_with_and_without_rules_and_raw_store_the_same_records():
    lines = bench_import.measure(1000, rounds=1)
    assert [line.reach for line in lines] == [0.95, 0.47, 0.9]
    assert all(line.ratio > 0 for line in lines)


def test_pdf_through_the_portal_is_the_file_that_typst_alone_makes():
    line = bench_pdf.line(rounds=1)
    assert (line.reach, line.ratio > 0) == (1.5, True)


def test_the_differences_that_are_timed_are_there():
    assert [line.reach for line in bench_diff.measure(rounds=1)] == [1.0, None]


def test_importing_the_application_makes_the_factory():
    assert bench_start.run(bench_start.PORTAL)["made"]
    assert not bench_start.run(bench_start.BARE)["made"]


def test_line_tells_whether_its_reach_is_reached():
    assert "  reached" in str(Line("a", 1.2, 1.3))
    assert "not reached" in str(Line("a", 1.4, 1.3))
    assert "not reached" in str(Line("a", 0.9, 0.95, at_least=True))
    assert Line("a", 3.0).reached is None


def test_unknown_part_is_refused(capsys):
    assert main(["everything"], 1) == 2
    assert "unknown part: everything" in capsys.readouterr().err


def test_matrix_makes_as_many_queries_for_two_hundred_protocols_as_for_twenty():
    [line] = bench_matrix.measure(200, rounds=1)
    assert "queries" in line.note


def test_page_of_a_protocol_makes_as_many_queries_with_a_long_history(tmp_path):
    with own_portal(tmp_path) as app:
        path = bench_protocol.make_protocol()
        few = bench_protocol.count_queries(app, path)
        bench_protocol.lengthen(12)
        assert bench_protocol.count_queries(app, path) == few
        assert few[1] == 1
