"""What is known of the person of a row from other rows: an episode that is open, or an earlier one at all."""

from typing import TYPE_CHECKING, Protocol

from portal.registry.dictionary import Dictionary
from portal.registry.importer.rowkeys import RowKeys

if TYPE_CHECKING:
    import polars as pl

GAP = "prev_exit_gap_days"


class PersonWork(Protocol):
    """What was met in the chunks before."""

    open_persons: "pl.DataFrame | None"
    met_persons: "pl.DataFrame | None"

    @property
    def dictionary(self) -> Dictionary: ...


def open_before(answers: "pl.DataFrame", keys: RowKeys, work: PersonWork) -> "pl.Series":
    """Whether an earlier episode of the person is open: in this chunk, in those before it, in the store."""
    import polars as pl

    if not keys.any_token:
        return pl.repeat(value=False, n=answers.height, eager=True)
    left = answers["discharge_day"].is_not_null() if "discharge_day" in answers.columns else ~keys.has_token
    frame = pl.DataFrame(
        [
            keys.person_s.alias("person_s"), keys.row_key.alias("row_key"), answers["admission_month"],
            (~left & keys.has_token).alias("open"),
        ]
    )  # fmt: skip
    opened = frame.filter("open").select("person_s", "row_key", "admission_month")
    if work.open_persons is not None:
        before = work.open_persons.join(frame.select("row_key"), on="row_key", how="anti")
        known = pl.concat([before, opened])
        work.open_persons = known
        opened = known
    return _after(_earliest(opened), frame) & keys.has_token


def earlier_known(answers: "pl.DataFrame", keys: RowKeys, work: PersonWork) -> "pl.Series | None":
    """Whether the file has an earlier episode of the person, in this chunk or in those before it."""
    import polars as pl

    if not keys.any_token or GAP not in work.dictionary:
        return None
    frame = pl.DataFrame([keys.person_s.alias("person_s"), answers["admission_month"]])
    met = _earliest(frame.filter(keys.has_token))
    if work.met_persons is not None:
        both = pl.concat([work.met_persons, met])
        met = both.group_by("person_s").agg(pl.col("since").min())
    work.met_persons = met
    return _after(met, frame) & keys.has_token


def _earliest(rows: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    return rows.group_by("person_s").agg(pl.col("admission_month").min().alias("since"))


def _after(earliest: "pl.DataFrame", frame: "pl.DataFrame") -> "pl.Series":
    """Rows whose person was admitted before."""
    import polars as pl

    joined = frame.join(earliest, on="person_s", how="left", maintain_order="left")
    late = (pl.col("since") < pl.col("admission_month")).fill_null(value=False)
    return joined.select(late.alias("late")).to_series()
