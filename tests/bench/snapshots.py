"""A seeded snapshot of any size in the layout of editions, written column by column."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from edition_world import CLOSING

from analytics import outcomes
from analytics.engine import Layout
from analytics.engine.snapshot import _CODES, _width
from portal.releases import catalogue
from portal.releases.builder import rows as built

PROGRAMMES = 400
REGIONS = tuple(f"{country}-{number}" for country in ("IR", "RU") for number in range(1, 31))
SEED = 11


def layout() -> Layout:
    programmes: Any = [SimpleNamespace(code=code) for code in programme_codes()]
    return built.layout(programmes, catalogue.levels_of(CLOSING, REGIONS))


def programme_codes() -> list[str]:
    return [f"{country}{number:04d}" for country in ("IR", "RU") for number in range(PROGRAMMES // 2)]


def write(path: Path, rows: int, seed: int = SEED) -> None:
    """Write codes without ever holding rows as mappings; the smoke test compares with `write_snapshot`."""
    kinds = layout()
    columns = coded(rows, np.random.default_rng(seed), kinds)
    arrays = {name: columns[name] for name in kinds.columns if name not in kinds.tokens}
    place = np.lexsort((columns["s"].view("S32").ravel(), arrays["los"], arrays["programme"]))
    made = {"s": pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), rows, [None, pa.py_buffer(np.ascontiguousarray(columns["s"][place]))]
    )}  # fmt: skip
    for name, column in arrays.items():
        width = _width(len(kinds.coded[name])) if name in kinds.coded else pa.int16()
        made[name] = pa.array(column[place], width)
    codes = orjson.dumps({name: list(levels) for name, levels in kinds.coded.items()})
    pq.write_table(pa.table(made).replace_schema_metadata({_CODES: codes}), path, compression="zstd")


def coded(rows: int, rng: np.random.Generator, kinds: Layout) -> dict[str, Any]:
    """Codes of every column: sizes of programmes differ tenfold, outcomes follow from the length of stay."""
    programme = programmes_of(rows, rng)
    country = 1 + (programme > PROGRAMMES // 2)
    klass = 1 + programme % len(outcomes.Klass)
    los = np.minimum(rng.exponential(160, rows).astype(np.int16), 183).astype(np.int16)
    ended = (los < 183) & (rng.random(rows) < 0.95)
    week, dropped = -(-los // 7), (ended & (rng.random(rows) < 0.8)).astype(np.int16)
    late = week > outcomes.CURVE_WEEKS
    return {
        "s": rng.integers(0, 256, (rows, 32), dtype=np.uint8), "programme": programme, "country": country,
        "klass": klass, "curve": np.where(klass % 2, 2, 1),
        **{name: levels_in(rows, rng, kinds, name) for name in catalogue.DIMENSIONS},
        **{name: levels_in(rows, rng, kinds, name, missing=name not in ("cm_sex", "cm_substance"))
           for name in built.CASE_MIX},
        "los": los, "week": np.where(late, outcomes.CURVE_WEEKS + 1, week),
        "dropped": np.where(late, 0, dropped), **flags(los, ended, rng),
    }  # fmt: skip


def programmes_of(rows: int, rng: np.random.Generator) -> np.ndarray:
    sizes = rng.lognormal(0, 0.7, PROGRAMMES)
    return 1 + rng.choice(PROGRAMMES, rows, p=sizes / sizes.sum())


def levels_in(
    rows: int, rng: np.random.Generator, kinds: Layout, name: str, *, missing: bool = False
) -> np.ndarray:
    """Levels fall off as in life; missing is 0, in eight rows of a hundred."""
    number = len(kinds.coded[name])
    worth = 1 / np.arange(2, number + 2)
    column = 1 + rng.choice(number, rows, p=worth / worth.sum())
    return np.where(rng.random(rows) < 0.08, 0, column) if missing else column


def flags(los: np.ndarray, ended: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Outcomes as 1, 0, -1 unknown, -2 not due."""
    rows = len(los)
    found = {
        column: np.where(los >= day, 1, np.where(ended, 0, built.UNKNOWN))
        for column, day in built.RETENTION.items()
    }
    chance = rng.random((6, rows))
    found["completed"] = np.where(ended, chance[0] < 0.3, built.UNKNOWN)
    found["completed_or_transferred"] = np.where(ended, chance[0] < 0.4, built.UNKNOWN)
    found["abstinent"] = np.where(
        los < 168, built.NOT_DUE, np.where(chance[1] < 0.1, built.UNKNOWN, chance[2] < 0.5)
    )
    found["start_in_time"] = (chance[3] < 0.9).astype(int)
    found["exit_in_time"] = np.where(ended, chance[4] < 0.7, built.NOT_DUE)
    found["reason_unknown"] = np.where(ended, chance[5] < 0.05, built.NOT_DUE)
    return found
