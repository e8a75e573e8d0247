"""Typed refusals of the statistics: a code and its values, never a silent table of missing values.

The portal turns the code into a sentence of the reader's language; `str(error)` is the English sentence
of the command line. Nothing here knows data frames.
"""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_PROBLEMS = 10

MESSAGES: dict[str, str] = {
    # too few
    "one_programme": "a comparison needs at least 2 {what}, got {got}",
    "one_pair": "a mean change needs at least 2 pairs, got {got}",
    "no_rows": "no rows to count: {where}",
    "no_known": "every value of {outcome} is unknown: nothing can be estimated",
    # not comparable
    "one_group": "the log-rank test compares at least 2 groups, got {got}",
    "unknown_group": "no group {group}; there are {groups}",
    "too_many_patterns": "expected at most {limit} case-mix patterns, got {got}: merge levels first",
    "bad_option": "{option}: expected {expected}, got {got}",
    # not estimable
    "collinear": "the term {term} is constant or follows from the other terms: leave it out",
    "same_name": "two coefficients would both be called {name}: rename a column or a level",
    "unknown_level": "{term}: the model knows no level {level}",
    "unknown_key": "the counts are not kept by {key}; they are kept by {keys}",
    "unknown_outcome": "no outcome {outcome}; there are {outcomes}",
    "no_durations": "the counts hold no durations",
    "not_collected": "{id}: not collected: {columns}",
    "no_closing": "cohorts need a closing day: give one",
    # definitions
    "definitions_differ": "counts of definitions {left} and {right} cannot be added",
    "broken_counts": "the counts break the rule {rule} ({count} cells)",
    # release
    "not_released": "{kind} has not passed disclosure control: release it first",
    # convergence
    "separated": (
        "the model has no finite estimate for {term}: it tells who reaches the outcome from who does not; "
        "leave the term out, merge its level, or use the Firth penalty (in Python, penalty='firth')"
    ),
    "no_convergence": "no convergence after {iterations} steps",
    # files
    "file_missing": "{path}: no such file",
    "file_unreadable": "{path}: cannot be read ({why})",
    "file_empty": "{path}: expected a header line and rows, got an empty file",
    "file_without_rows": "{path}: a header without rows",
    "column_missing": "{path}, line 1: no column {column}; there are {columns}",
    "column_twice": "{path}, line 1, column {column}: the name stands at positions {first} and {second}",
    "too_many_columns": "{path}, line 1: expected at most {limit} columns, got {got}",
    "not_utf8": "{path}, line {line}, column {column}: expected UTF-8 text, got the byte 0x{byte}",
    "nul_byte": "{path}, line {line}, column {column}: a NUL byte is no text",
    "ragged_row": "{path}, line {line}: expected {expected} cells as in the header, got {got}",
    "missing_twice": (
        "{path}, line {line}, column {column}: the level '{level}' is what empty cells are counted as, and "
        "some cells are empty: give it another name or leave its cells empty"
    ),
    "bad_quotes": "{path}, line {line}: {why}",
    "bad_cells": "{path}: {count} cells cannot be used",
}


class AnalyticsError(Exception):
    """Base of every refusal.

    Parameters
    ----------
    code : str
        Key of the sentence, stable for translation.
    **values : object
        Named values of the sentence.

    Examples
    --------
    >>> str(TooFew("one_programme", what="programmes", got=1))
    'a comparison needs at least 2 programmes, got 1'
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    def __str__(self) -> str:
        return MESSAGES[self.code].format(**self.values)


class TooFew(AnalyticsError):
    """Too little data for the method to mean anything."""


class NotComparable(AnalyticsError):
    """What is asked to be compared cannot be."""


class NotEstimable(AnalyticsError):
    """The data do not determine the quantity."""


class DefinitionsDiffer(AnalyticsError):
    """Counts under different definitions, or counts that break their own rules."""


class NotReleased(AnalyticsError):
    """A result that has not passed `analytics.disclosure` was asked to leave."""


class NotConverged(AnalyticsError):
    """The iteration found no finite maximum."""


class InvalidFile(AnalyticsError):
    """A file that is no table: where it breaks and what was expected."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell that cannot be used: line of the file (the header is line 1), column, what was expected."""

    line: int
    column: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: expected {self.expected}, got {self.got!r}"


class InvalidEpisodes(InvalidFile):
    """Cells that break the column's rule.

    Parameters
    ----------
    path : str
        Name of the file or frame.
    problems : tuple of CellProblem
        In order of the lines; the sentence shows the first ten.
    """

    def __init__(self, path: str, problems: tuple[CellProblem, ...]) -> None:
        super().__init__("bad_cells", path=path, count=len(problems))
        self.problems = problems

    def __str__(self) -> str:
        lines = [f"{self.values['path']}, {problem}" for problem in self.problems[:SHOWN_PROBLEMS]]
        left = len(self.problems) - SHOWN_PROBLEMS
        return "\n".join([*lines, f"and {left} more"] if left > 0 else lines)
