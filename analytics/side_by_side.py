"""Every definition of an outcome on the same records, side by side: no reader has to believe one of them.

Composes the methods: judged values from `outcomes`, limits from `intervals`, curves from `survival` and
`competing_risks`, differences from `change`. What cannot be said is refused by name, never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analytics.change import change_classes, mean_change
from analytics.competing_risks import cumulative_incidence
from analytics.cube import Cube, CubeSpec, DurationSpec
from analytics.errors import AnalyticsError, NotEstimable
from analytics.intervals import proportion_ci, rate_ci
from analytics.outcomes.cascade import Judged, Step
from analytics.outcomes.catalogue import Kind, definitions
from analytics.outcomes.changes import Change
from analytics.outcomes.codes import DEFINITIONS_VERSION, END_CAUSES, EndCause
from analytics.outcomes.judging import judge
from analytics.schema import Result
from analytics.survival import kaplan_meier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analytics.outcomes.records import Records

__all__ = ["SideBySide", "side_by_side"]

NUMBERS: Final = ("due", "known", "reached", "estimate", "lower", "upper")
DAYS: Final = (28, 90, 180, 365)
PER_THOUSAND: Final = 1000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideBySide(Result):
    """Results of all definitions.

    Attributes
    ----------
    table : DataFrame
        One row per definition and variant: `id`, `version`, `kind`, `variant`, `due`, `known`, `reached`,
        `estimate`, `lower`, `upper`, `verified`, `flags`.
    cascades : mapping of str to tuple of Step
        The exclusion cascade of each definition that was judged.
    flagged : mapping of str to mapping
        How many carry each caution, by definition.
    refused : mapping of str to AnalyticsError
        Why a definition says nothing: not collected, too few, not estimable.
    """

    cascades: Mapping[str, tuple[Step, ...]]
    flagged: Mapping[str, Mapping[str, int]]
    refused: Mapping[str, AnalyticsError]

    def in_words(self) -> dict[str, Any]:
        """Return all of it as plain values, each definition with its words, exclusions and results."""
        return {
            "n": self.n,
            "definitions_version": self.definitions_version,
            "definitions": {name: self._one(name) for name in self.cascades},
            "refused": {name: str(refusal) for name, refusal in self.refused.items()},
        }

    def _one(self, name: str) -> dict[str, Any]:
        told = asdict(definitions()[name])
        told = {key: list(value) if isinstance(value, tuple) else value for key, value in told.items()}
        rows = self.table[self.table["id"] == name].to_dict("records")
        told["exclusions"] = {step.name: step.left for step in self.cascades[name]}
        told["flagged"] = dict(self.flagged[name])
        told["results"] = {row["variant"]: {key: row[key] for key in NUMBERS} for row in rows}
        return told


def side_by_side(records: Records, ids: Iterable[str] | None = None) -> SideBySide:
    """Apply every definition to the same records.

    Parameters
    ----------
    records : Records
        Episodes and what belongs to them.
    ids : iterable of str, optional
        Definitions to apply; all by default.

    Returns
    -------
    SideBySide

    Raises
    ------
    NotEstimable
        A definition that does not exist.

    Notes
    -----
    A share stands twice: among those known, and over all due, the unknown counted as not reached. One read
    from urine words stands with missed weeks as positive and with them left out, and the share who dropped
    out (DRP-4RUN) belongs beside both.

    References
    ----------
    Each row's definition names its own.

    Examples
    --------
    >>> from analytics.outcomes.records import Records
    >>> records = Records(episodes=pd.DataFrame({"word": ["++++----", "oooo--oo"]}))
    >>> found = side_by_side(records, ["REL-4RUN"]).table
    >>> found[["variant", "known", "reached"]].values.tolist()
    [['missing_positive', 2, 2], ['missing_excluded', 2, 1], ['dropped_out', 2, 1]]
    """
    chosen = definitions()
    asked = list(chosen if ids is None else ids)
    for name in asked:
        if name not in chosen:
            raise NotEstimable("unknown_outcome", outcome=name, outcomes=", ".join(chosen))
    rows: list[Row] = []
    done: dict[str, Judged] = {}
    refused: dict[str, AnalyticsError] = {}
    for each in asked:
        try:
            found = judge(records, chosen[each])
            rows += [_row(found, *part) for part in _parts(found, records)]
        except AnalyticsError as refusal:
            refused[each] = refusal
        else:
            done[each] = found
    return SideBySide(
        table=pd.DataFrame(rows, columns=list(COLUMNS)),
        method="all definitions on the same records",
        reference="the definition of each row",
        n=len(records),
        definitions_version=DEFINITIONS_VERSION,
        cascades={name: found.steps for name, found in done.items()},
        flagged={name: found.flagged for name, found in done.items()},
        refused=refused,
    )


COLUMNS: Final = (
    "id", "version", "kind", "variant", "due", "known", "reached", "estimate", "lower", "upper", "verified",
    "flags",
)  # fmt: skip

Part = tuple[str, Row]


def _row(found: Judged, variant: str, numbers: Row) -> Row:
    about = found.definition
    told: Row = {"id": about.id, "version": about.version, "kind": about.kind.value, "variant": variant}
    told |= {"due": int(found.due.sum()), "known": int(found.known.sum()), "reached": None}
    return told | numbers | {"verified": about.verified, "flags": " ".join(about.flags)}


def _parts(found: Judged, records: Records) -> Iterator[Part]:
    kind = found.definition.kind
    if found.definition.source == "urine":
        yield from _urine(found, records)
    elif kind in {Kind.SURVIVAL, Kind.INCIDENCE}:
        yield from _curve(found)
    else:
        yield from _PARTS[kind](found)


def _share(found: Judged) -> Iterator[Part]:
    known = found.known
    reached, due = int(found.value[known].sum()), int(found.due.sum())
    yield "known", _proportion(reached, int(known.sum()))
    yield "all_due", _proportion(reached, due)


def _urine(found: Judged, records: Records) -> Iterator[Part]:
    """The three numbers: missed as positive, missed left out, and dropped out."""
    yield "missing_positive", _numbers(found, found.value)
    if found.excluded is not None:
        yield "missing_excluded", _numbers(found, found.excluded)
        dropped = judge(records, definitions()["DRP-4RUN"])
        due = found.due & dropped.due
        share = _proportion(int(dropped.value[due].sum()), int(due.sum()))
        yield "dropped_out", share | {"kind": Kind.SHARE.value}


def _numbers(found: Judged, values: NDArray[np.float64]) -> Row:
    known = found.due & ~np.isnan(values)
    if found.definition.kind is Kind.MEAN:
        return _mean_row(values[known])
    return _proportion(int(values[known].sum()), int(known.sum()))


def _mean(found: Judged) -> Iterator[Part]:
    yield "mean", _mean_row(found.value[found.known])


def _mean_row(values: NDArray[np.float64]) -> Row:
    row = mean_change(values).table.iloc[0]
    told = {name: float(row[name]) for name in ("estimate", "lower", "upper")}
    return {"known": len(values), "reached": float(values.sum())} | told


def _rate(found: Judged) -> Iterator[Part]:
    yield "per_1000_years", _events(found, PER_THOUSAND)


def _ratio(found: Judged) -> Iterator[Part]:
    yield "observed_to_expected", _events(found, 1, method="byar")


def _events(found: Judged, per: float, *, method: str = "phe") -> Row:
    assert found.exposure is not None
    events, time = int(found.value[found.known].sum()), float(found.exposure[found.known].sum())
    if time <= 0:
        return {"reached": events, "estimate": np.nan, "lower": np.nan, "upper": np.nan}
    row = rate_ci([events], [time / per], method=method).table.iloc[0]
    lower = float(row["lower"]) if events else 0.0
    return {"reached": events, "estimate": row["estimate"], "lower": lower, "upper": row["upper"]}


def _count(found: Judged) -> Iterator[Part]:
    yield "persons", {"reached": int(found.due.sum()), "estimate": float(found.due.sum())}


def _classes(found: Judged) -> Iterator[Part]:
    places = found.value[found.due].astype(np.int64)
    counts = np.bincount(places, minlength=len(Change))
    table = change_classes(dict(zip(Change, map(int, counts), strict=True))).table
    for row in table.to_dict("records"):
        for among in ("users", "assessed"):
            told = {"estimate": row[f"of_{among}"]}
            told |= {name: row[f"of_{among}_{name}"] for name in ("lower", "upper")}
            yield f"{row['change']} of_{among}", {"reached": row["count"]} | told


def _curve(found: Judged) -> Iterator[Part]:
    assert found.cause is not None
    frame = pd.DataFrame({"time": found.value[found.known], "cause": found.cause[found.known]})
    spec = CubeSpec(duration=DurationSpec("time", "cause"), definitions_version=DEFINITIONS_VERSION)
    cube = Cube.build(frame, spec)
    if found.definition.kind is Kind.SURVIVAL:
        yield from _survival(cube)
    else:
        yield from _incidence(cube)


def _survival(cube: Cube) -> Iterator[Part]:
    dropped = END_CAUSES.index(EndCause.DROPPED_OUT)
    curve = kaplan_meier(cube, causes=[dropped])
    events = int(curve.totals["events"].iloc[0])
    for row in curve.at(DAYS).itertuples():
        told = {"estimate": row.survival, "lower": row.lower, "upper": row.upper}
        yield f"day {row.time:.0f}", {"reached": events, **told}


def _incidence(cube: Cube) -> Iterator[Part]:
    found = cumulative_incidence(cube)
    events = found.table.groupby("cause")["events"].sum().to_dict()
    for row in found.at(DAYS).to_dict("records"):
        told = {"estimate": row["incidence"], "lower": row["lower"], "upper": row["upper"]}
        name = f"{END_CAUSES[row['cause']]} day {row['time']:.0f}"
        yield name, {"reached": events[row["cause"]], **told}


def _proportion(reached: int, known: int) -> Row:
    row = proportion_ci([reached], [known]).table.iloc[0]
    told = {name: float(row[name]) for name in ("estimate", "lower", "upper")}
    return {"known": known, "reached": reached} | told


_PARTS: Final = {
    Kind.SHARE: _share,
    Kind.MEAN: _mean,
    Kind.RATE: _rate,
    Kind.RATIO: _ratio,
    Kind.COUNT: _count,
    Kind.CHANGE: _classes,
}
