"""Records from a CSV file whose columns carry the dictionary's names, or are given them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from analytics.errors import CellProblem, InvalidEpisodes, NotEstimable
from analytics.outcomes.records import Records
from analytics.schema import MISSING, ColumnKind, ColumnSpec, read_header, read_text_table

if TYPE_CHECKING:
    import pandas as pd

TEXTS: Final = ("admission_month", "modality", "person", "word")
NUMBERS: Final = (
    "sex", "age_band", "admission_precision", "day_precision", "prev_exit_gap_days", "last_contact_day",
    "last_depot_day", "depot_interval_days", "discharge_day", "discharge_reason", "substance_1_code",
    "death_offset_band", "remission_state", "remission_days",
)  # fmt: skip
STAGES: Final = re.compile(r"(start|exit|review_[1-9]\d?|followup_\d{2,3})_\w+")
ALIASES: Final = {"person": "person_token"}
MONTH: Final = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])", re.ASCII)


def read_records(path: str, names: Mapping[str, str], closing_on: date | None) -> Records:
    """Read a file.

    Parameters
    ----------
    path : str
        UTF-8 CSV with a header line.
    names : mapping of str to str
        Column of the file by the dictionary's name, where they differ.
    closing_on : date, optional
        Last day that the file knows about.

    Returns
    -------
    Records
        Every column that a definition may need; others are ignored.

    Raises
    ------
    NotEstimable
        A name that no definition knows.
    InvalidFile
        The file cannot be read, or a cell breaks its column's rule.
    """
    unknown = [name for name in names if not _is_known(name)]
    if unknown:
        raise NotEstimable(
            "bad_option", option="--column", expected="a name of the dictionary", got=unknown[0]
        )
    header = {column.strip() for column in read_header(path)}
    columns = {name: column for name, column in ALIASES.items() if column in header and name not in header}
    columns |= {name: name for name in header if _is_known(name)} | dict(names)
    if not columns:
        raise NotEstimable("not_collected", id=path, columns="every column that a definition needs")
    specs = [ColumnSpec(column, _kind(name), nullable=True) for name, column in columns.items()]
    frame = read_text_table(path, list(dict.fromkeys(specs)))
    told = {name: _cells(frame, name, column) for name, column in columns.items()}
    _check_months(path, told.get("admission_month"))
    return Records(episodes=frame[[]].assign(**told).reset_index(drop=True), closing_on=closing_on)


def _is_known(name: str) -> bool:
    return name in TEXTS or name in NUMBERS or STAGES.fullmatch(name) is not None


def _kind(name: str) -> ColumnKind:
    return ColumnKind.LABEL if name in TEXTS else ColumnKind.NUMBER


def _cells(frame: pd.DataFrame, name: str, column: str) -> pd.Series[float] | pd.Series[str]:
    return frame[column].replace(MISSING, "") if name in TEXTS else frame[column]


def _check_months(path: str, months: pd.Series[str] | pd.Series[float] | None) -> None:
    """Refuse months that are none, naming the lines."""
    if months is None:
        return
    found = zip(months.index, months.astype(str), strict=True)
    problems = tuple(
        CellProblem(int(str(line)), "admission_month", "a month such as 2026-03", text)
        for line, text in found
        if not MONTH.fullmatch(text)
    )
    if problems:
        raise InvalidEpisodes(path, problems)
