"""Snapshots come back as they were written, counts are whole numbers, and the engine can do nothing else."""

import json
import stat
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import engine

LAYOUT = engine.Layout(
    coded={"programme": ("A", "B"), "sex": ("F", "M"), "abs28": ("no", "yes")},
    integers=("los",),
    tokens=("s",),
    sort=("programme", "los"),
)
ROWS = [
    {"s": "bb" * 32, "programme": "B", "sex": "F", "abs28": None, "los": 3},
    {"s": "aa" * 32, "programme": "A", "sex": "M", "abs28": "yes", "los": 183},
    {"s": "cc" * 32, "programme": "A", "sex": "F", "abs28": "no", "los": 10},
]
VECTOR_ROWS = [
    {
        "s": "b" * 64,
        "country": "IR",
        "region": "IR-1",
        "sex": "F",
        "age": "25-34",
        "sub": "opium",
        "out": "completed",
        "prot": "P2",
        "half": "2026H1",
    },
    {
        "s": "a" * 64,
        "country": "RU",
        "region": "RU-1",
        "sex": "M",
        "age": "<25",
        "sub": "heroin",
        "out": "lost",
        "prot": None,
        "half": "2026H1",
    },
]
GROUPED = (
    "SELECT programme, count(*)::BIGINT AS n, sum(los)::BIGINT AS days FROM snapshot GROUP BY 1 ORDER BY 1"
)


@pytest.fixture
def written(tmp_path):
    return engine.write_snapshot(ROWS, tmp_path / "2026H1.parquet", LAYOUT)


def test_digest_equals_the_published_vector():
    expected = "8143748a15e2f20e09c551d6d42fb5afb27bc4a4e1be876108d0c3bb289c479f"
    assert engine.digest(VECTOR_ROWS) == expected
    assert engine.digest(VECTOR_ROWS[::-1]) == expected


def test_canonical_line_is_what_json_writes_without_spaces():
    row = {"fa": "تریاک", "b": None, "a": 3}
    expected = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert engine.canonical_line(row) == expected


def test_rows_come_back_with_their_labels_in_the_order_of_programme_and_stay(written):
    assert [row["s"][:2] for row in engine.read_rows(written.path)] == ["cc", "aa", "bb"]
    assert sorted(engine.read_rows(written.path), key=str) == sorted(ROWS, key=str)
    assert engine.digest(engine.read_rows(written.path)) == written.digest == engine.digest(ROWS)


def test_file_is_read_only_for_its_owner_and_nothing_partial_stays(written):
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o400
    assert [path.name for path in written.path.parent.iterdir()] == ["2026H1.parquet"]


def test_file_holds_small_integer_codes_compressed_by_zstd(written):
    file = pq.ParquetFile(written.path)
    assert str(file.schema_arrow.field("sex").type) == "int8"
    assert file.metadata.row_group(0).column(1).compression == "ZSTD"
    assert engine.read_codes(written.path)["sex"] == ["F", "M"]


def test_same_rows_give_the_same_bytes(tmp_path, written):
    again = engine.write_snapshot(ROWS[::-1], tmp_path / "again.parquet", LAYOUT)
    assert again.file_sha256 == written.file_sha256


def test_failed_write_leaves_the_old_file_and_no_part(written, monkeypatch):
    before = written.path.read_bytes()

    def fails(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(pq, "write_table", fails)
    with pytest.raises(OSError, match="disk full"):
        engine.write_snapshot(ROWS[:1], written.path, LAYOUT)
    assert written.path.read_bytes() == before
    assert len(list(written.path.parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [({**ROWS[0], "sex": "X"}, "snapshot_level"), ({**ROWS[0], "name": "x"}, "snapshot_columns")],
)
def test_row_outside_the_layout_is_refused(tmp_path, row, code):
    with pytest.raises(engine.InvalidSnapshot) as refused:
        engine.write_snapshot([row], tmp_path / "x.parquet", LAYOUT)
    assert refused.value.code == code
    assert str(refused.value)


def test_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    path.write_bytes(b"no parquet")
    with pytest.raises(engine.InvalidSnapshot):
        engine.read_rows(path)


def test_code_outside_its_list_is_refused(tmp_path, written):
    table = pq.read_table(written.path)
    other = tmp_path / "other.parquet"
    codes = b'{"programme":["A"],"sex":["F","M"],"abs28":["no","yes"]}'
    pq.write_table(table.replace_schema_metadata({b"treatment-exchange.codes": codes}), other)
    with pytest.raises(engine.InvalidSnapshot):
        engine.read_rows(other)


def test_counts_are_whole_numbers_from_file_and_from_frame(written):
    from_file = engine.counts(written.path, GROUPED)
    assert from_file == engine.Answer(("programme", "n", "days"), ((1, 2, 193), (2, 1, 3)))
    frame = pd.DataFrame({"programme": [1, 1, 2], "los": [183, 10, 3]})
    assert engine.counts(frame, GROUPED) == from_file
    columns, again = engine.columns_of(written.path, GROUPED, GROUPED)
    assert {name: column.tolist() for name, column in columns.items()} == {
        "programme": [1, 2],
        "n": [2, 1],
        "days": [193, 3],
    }
    assert [str(column.dtype) for column in again.values()][1:] == ["int64", "int64"]


def test_missing_cast_is_refused_instead_of_giving_fractions(written):
    sql = "SELECT avg(los) AS days FROM snapshot"
    with pytest.raises(engine.InvalidSnapshot):
        engine.counts(written.path, sql)
    with pytest.raises(engine.InvalidSnapshot):
        engine.columns_of(written.path, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SET threads = 8",
        "SET enable_external_access = true",
        "COPY (SELECT 1) TO '/tmp/leak.csv'",
        "INSTALL httpfs",
        "ATTACH '/tmp/other.db'",
    ],
)
def test_connection_reads_nothing_but_its_snapshot(written, sql):
    with pytest.raises(duckdb.Error):
        engine.counts(written.path, sql)
    with pytest.raises(duckdb.Error):
        engine.counts(pd.DataFrame({"a": [1]}), sql)


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "s": st.binary(min_size=32, max_size=32).map(bytes.hex),
                "programme": st.sampled_from(("A", "B")),
                "sex": st.sampled_from(("F", "M")),
                "abs28": st.sampled_from(("no", "yes", None)),
                "los": st.integers(0, 183),
            },
        ),
        max_size=20,
    ),
)
def test_any_rows_survive_the_journey(tmp_path_factory, rows):
    path: Path = tmp_path_factory.mktemp("any") / "x.parquet"
    written = engine.write_snapshot(rows, path, LAYOUT)
    assert engine.digest(engine.read_rows(path)) == written.digest
    assert written.rows == len(rows)


def test_columns_ahead_come_in_order_and_a_fault_comes_at_its_turn(written):
    first, last = "SELECT count(*) AS n FROM snapshot", "SELECT nothing FROM snapshot"
    found = engine.columns_ahead(written.path, first, last)
    assert next(found)["n"].tolist() == engine.columns_of(written.path, first)[0]["n"].tolist()
    with pytest.raises(Exception, match="nothing"):
        next(found)


def test_columns_ahead_may_be_left_early(written):
    found = engine.columns_ahead(written.path, "SELECT count(*) AS n FROM snapshot", GROUPED)
    next(found)
    found.close()
    assert list(found) == []
