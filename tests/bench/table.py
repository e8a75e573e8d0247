"""Lines of the table that `make bench` prints: a ratio, what it shall reach, whether it does."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

LIBRARIES = ("polars", "duckdb", "pyarrow", "pandas", "SQLAlchemy", "Flask", "gunicorn")


@dataclass(frozen=True, slots=True)
class Line:
    """One ratio by the clock and by processor time. Without a reach it is told for comparison only."""

    what: str
    ratio: float
    reach: float | None = None
    at_least: bool = False
    cpu: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        if self.reach is None:
            return None
        return self.ratio >= self.reach if self.at_least else self.ratio <= self.reach

    @property
    def verdict(self) -> str:
        return {True: "reached", False: "not reached", None: ""}[self.reached]

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        reach = "" if self.reach is None else f"{sign} {self.reach:g}"
        cpu = "" if self.cpu is None else f"{self.cpu:.2f}"
        return (
            f"{self.what:<62} {self.ratio:>7.2f} {cpu:>7} {reach:>8}  {self.verdict:<11} {self.note}".rstrip()
        )


HEAD = f"{'what':<62} {'clock':>7} {'cpu':>7} {'reach':>8}"


def machine() -> dict[str, Any]:
    """Where the numbers come from: versions, cores, load."""
    import sqlite3

    versions = {name: version(name) for name in LIBRARIES} | {"sqlite": sqlite3.sqlite_version}
    return {
        "python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg(), **versions,
    }  # fmt: skip


def as_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [asdict(line) | {"reached": line.reached} for line in lines]
