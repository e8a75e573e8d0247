"""Where the truth data stand, how a command of keys.csv is run, and how a value is compared."""

import contextlib
import csv
import functools
import io
import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from analytics.__main__ import main

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TRUTH = Path(os.environ.get("TRUTH_DIR", ROOT.parent / "shared" / "truth"))
NOT_YET = "not applicable yet"

with_truth = pytest.mark.skipif(
    not TRUTH.is_dir(), reason=f"no truth data at {TRUTH}: set TRUTH_DIR to compare with published values"
)


def lines(path: Path) -> list[dict[str, str]]:
    """Records of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def keys() -> list[dict[str, str]]:
    """Lines of keys.csv."""
    return lines(HERE / "keys.csv")


@functools.cache
def expected(name: str) -> dict[str, dict[str, str]]:
    """Expected values of a set by key."""
    return {line["key"]: line for line in lines(TRUTH / f"{name}.expected.csv")}


@functools.cache
def answer(command: str) -> Any:
    """JSON of a command, run once in this process in the folder of the truth data."""
    words = shlex.split(command)[3:]
    words[1] = str(TRUTH / words[1])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(words) == 0, command
    return json.loads(out.getvalue())


def at(tree: Any, pointer: str) -> float:
    """Value at a JSON pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        tree = tree[int(name)] if isinstance(tree, list) else tree[name]
    return float(tree)


def tolerance(key: str) -> float:
    """Tolerance of the README of the truth data, by kind of quantity."""
    kind = key.split(".", maxsplit=1)[0]
    if kind in {"O", "nrisk"} or ".O." in key:
        return 0.0
    return 1e-8 if kind in {"casemix_logit", "E"} else 1e-10


def wanted(line: dict[str, str]) -> float:
    """R's value, else Python's on rows, else the grouped one."""
    return float(line["R"] or line["python_row_level"] or line["grouped"])
