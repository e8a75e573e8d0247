"""The report of an import for the people of its programmes: counts, faults, and the file to correct."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.registry.importer.report import RowError, error_file, errors_of
from portal.registry.models import ImportBatch
from portal.registry.queries import (
    count_codes,
    count_waiting_in,
    count_warnings,
    find_own_batch,
    list_codes,
    list_waiting,
    list_warnings,
)

ON_SCREEN = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What a page or a command shows. `errors` is cut to what was asked for, `by_code` counts all."""

    batch: ImportBatch
    errors: list[RowError]
    warnings: list[RowError]
    by_code: dict[str, int]
    by_column: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        batch = self.batch
        errors = [{"line": e.line, "column": e.column, "code": e.code} for e in self.errors]
        return {
            "import_id": batch.id, "submitted": batch.submitted, "accepted": batch.accepted,
            "rejected": batch.rejected, "ignored": batch.ignored, "errors": errors,
        }  # fmt: skip


def report_of(batch: ImportBatch, *, limit: int | None = None) -> Report:
    """The report of an import; at most `limit` faults and warnings of each kind."""
    errors = errors_of(list_codes(batch.id), batch.dictionary_version)
    errors.sort()
    version = batch.dictionary_version
    warnings = [RowError(line, "", rule, sev, version) for line, rule, sev in list_warnings(batch.id)]
    return Report(
        batch, errors[:limit], warnings[:limit], dict(Counter(e.code for e in errors).most_common()),
        dict(Counter(e.column for e in errors if e.column).most_common()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """The report as a page shows it: counts of all faults, and the first of them one by one."""

    batch: ImportBatch
    errors: list[RowError]
    total: int
    by_code: list[tuple[str, int]]
    by_column: list[tuple[str, int]]
    warnings: list[tuple[str, str, int]]
    waiting: int


def page_of(batch: ImportBatch) -> Page:
    """Faults counted in the database: a large import has half a million rows with them."""
    codes, columns = Counter[str](), Counter[str]()
    for marks, rows in count_codes(batch.id):
        for error in errors_of([(0, marks)], batch.dictionary_version):
            codes[error.code] += rows
            columns[error.column] += rows
    columns.pop("", None)
    errors = sorted(errors_of(list_codes(batch.id, limit=ON_SCREEN), batch.dictionary_version))[:ON_SCREEN]
    return Page(
        batch, errors, codes.total(), codes.most_common(), columns.most_common(),
        list(count_warnings(batch.id)), count_waiting_in(batch.id),
    )  # fmt: skip


def errors_csv(batch_id: int, language: str, *, by: Actor) -> Iterator[str]:
    """Lines of the file to correct: rows that still wait."""
    batch = find_own_batch(batch_id, by)
    if batch is None:
        raise NotFound("unknown_import")
    return error_file(batch, list_waiting(batch.id), language)
