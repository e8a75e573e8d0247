"""Completion, return to treatment, deaths, and persons treated in a year."""

from __future__ import annotations

from typing import Final

import numpy as np

from analytics.outcomes.cascade import Cascade, Flags, Floats, Judged, judged_as
from analytics.outcomes.catalogue import Definition
from analytics.outcomes.codes import (
    REASON_COMPLETED,
    REASON_DIED,
    REASON_NOT_STARTED,
    REASON_TRANSFERRED,
    REASON_UNKNOWN,
)
from analytics.outcomes.journeys import SAME_JOURNEY, following, has_exact_gaps
from analytics.outcomes.records import Records
from analytics.outcomes.stays import lengths

COMPULSORY: Final = "M60"
DEPENDENCE_FREE: Final = frozenset({11, 12})
COUNTED: Final[dict[str, frozenset[int]]] = {
    "CMP-TEDS": REASON_COMPLETED,
    "CMP-TEDS-TRANSFER": REASON_COMPLETED | REASON_TRANSFERRED,
    "CMP-PLANNED": REASON_COMPLETED | {21},
    "CMP-DEP-FREE": DEPENDENCE_FREE,
}
"""Reasons in the numerator. 71 is in none of them, and an episode of M60 never counts."""

RETURN_DAYS: Final = 182
YEAR_DAYS: Final = 365
PER_YEAR: Final = 365.25
PHARMACOLOGICAL: Final = (
    "M10",
    "M11",
    "M12",
    "M13",
    "M20",
    "M21",
    "M22",
    "M23",
    "M24",
    "M30",
    "M31",
    "M32",
    "M33",
)
PSYCHOSOCIAL: Final = ("M34", "M40", "M41", "M42", "M50", "M51", "M52", "M53", "M54")
TREATED: Final = {
    "SDG-3.5.1-PHARMACOLOGICAL": PHARMACOLOGICAL,
    "SDG-3.5.1-PSYCHOSOCIAL": PSYCHOSOCIAL,
    "SDG-3.5.1-REHABILITATION": ("M80",),
}


def judge_completion(records: Records, definition: Definition) -> Judged:
    """CMP-TEDS and its neighbours: the reasons counted, of all discharges."""
    reason = records.values("discharge_reason")
    cascade = Cascade(len(records))
    cascade.keep("discharged", ~np.isnan(reason))
    cascade.keep("began", reason != REASON_NOT_STARTED)
    value = _completes(records, COUNTED[definition.id]).astype(np.float64)
    compulsory = int((cascade.kept & _compulsory(records)).sum())
    unknown = np.where(reason == REASON_UNKNOWN, np.nan, value)
    return judged_as(definition, cascade, unknown, flagged={"compulsory": compulsory})


def judge_success(records: Records, definition: Definition) -> Judged:
    """CMP-SUCCESS: persons who completed free of dependence and did not return within 182 days."""
    cascade, last = _window(records)
    finished = last & _completes(records, DEPENDENCE_FREE) & ~_returns(records)
    cascade.keep("last_of_the_person", _one_per_person(records, cascade.kept))
    return judged_as(definition, cascade, finished.astype(np.float64), flagged=_cautions(records))


def judge_return(records: Records, definition: Definition) -> Judged:
    """CMP-REP: of those who completed free of dependence in the window, who came back within 182 days."""
    cascade, last = _window(records)
    cascade.keep("completed", last & _completes(records, DEPENDENCE_FREE))
    return judged_as(definition, cascade, _returns(records).astype(np.float64), flagged=_cautions(records))


def judge_deaths(records: Records, definition: Definition) -> Judged:
    """MORT-CMR: deaths and years at risk, in treatment and after it."""
    reason = records.values("discharge_reason")
    cascade = Cascade(len(records))
    cascade.keep("began", reason != REASON_NOT_STARTED)
    died = np.isin(reason, list(REASON_DIED))
    part = definition.id.removeprefix("MORT-CMR-")
    if part == "TREATMENT":
        years = lengths(records) / PER_YEAR
        return judged_as(definition, cascade, died.astype(np.float64), exposure=years)
    cascade.keep("discharged_alive", ~np.isnan(reason) & ~died)
    band = records.values("death_offset_band")
    hit = band == 1 if part == "0-28" else (band == 2) | (band == 3)  # 29-90 and 91-365
    return judged_as(definition, cascade, hit.astype(np.float64), exposure=_after(records, part, band))


def judge_excess(records: Records, definition: Definition) -> Judged:
    """MORT-SMR: deaths in treatment, and those expected by the rates of the population."""
    assert records.population_rates is not None
    cascade = Cascade(len(records))
    cascade.keep("began", records.values("discharge_reason") != REASON_NOT_STARTED)
    rates = {
        (int(age), int(sex), int(year)): float(rate)
        for age, sex, year, rate in records.population_rates[["age_band", "sex", "year", "rate"]].itertuples(
            index=False
        )
    }
    years = [int(text[:4]) if text else -1 for text in records.texts("admission_month")]
    keys = zip(records.values("age_band"), records.values("sex"), years, strict=True)
    rate = np.array(
        [
            np.nan if np.isnan([age, sex]).any() else rates.get((int(age), int(sex), year), np.nan)
            for age, sex, year in keys
        ]
    )
    cascade.keep("with_a_rate", ~np.isnan(rate))
    died = np.isin(records.values("discharge_reason"), list(REASON_DIED)).astype(np.float64)
    return judged_as(definition, cascade, died, exposure=np.nan_to_num(rate) * lengths(records) / PER_YEAR)


def judge_treated(records: Records, definition: Definition) -> Judged:
    """SDG 3.5.1: persons treated in the calendar year before the closing day, the numerator only."""
    year = records.closing().astype("datetime64[Y]") - 1
    first, last = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]")
    begin = records.admitted_about()
    cascade = Cascade(len(records))
    cascade.keep("began", records.values("discharge_reason") != REASON_NOT_STARTED)
    cascade.keep("in_the_year", (begin < last) & (_end(records) >= first))
    kind = np.isin(records.texts("modality"), TREATED[definition.id])
    cascade.keep("kind_of_treatment", kind)
    cascade.keep("person_once", _one_per_person(records, cascade.kept))
    return judged_as(definition, cascade, np.ones(len(records)))


def _completes(records: Records, reasons: frozenset[int]) -> Flags:
    return np.isin(records.values("discharge_reason"), list(reasons)) & ~_compulsory(records)


def _compulsory(records: Records) -> Flags:
    return np.asarray(records.texts("modality") == COMPULSORY)


def _window(records: Records) -> tuple[Cascade, Flags]:
    """Those in treatment in the last twelve months that ended 182 days ago, and whose end lies in them."""
    last = records.closing() - np.timedelta64(RETURN_DAYS, "D")
    first = last - np.timedelta64(YEAR_DAYS - 1, "D")
    begin, end = records.admitted_about(), _end(records)
    cascade = Cascade(len(records))
    cascade.keep("began", records.values("discharge_reason") != REASON_NOT_STARTED)
    cascade.keep("in_treatment_in_the_window", (begin <= last) & (end >= first))
    is_over = ~np.isnan(records.values("discharge_reason"))
    return cascade, np.asarray(is_over & (end >= first) & (end <= last))


def _end(records: Records) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    days = records.values("discharge_day")
    seen = np.where(np.isnan(days), lengths(records), days).astype(np.int64)
    return records.admitted_about() + seen.astype("timedelta64[D]")


def _returns(records: Records) -> Flags:
    """Whether the person begins again more than 21 and at most 182 days after this episode."""
    gap = following(records).gap
    return np.asarray((gap > SAME_JOURNEY) & (gap <= RETURN_DAYS))


def _one_per_person(records: Records, kept: Flags) -> Flags:
    """The latest of the kept episodes of each person; without persons, each episode stands for one."""
    chosen: dict[str, int] = {}
    begin, persons = records.admitted_about(), records.texts("person")
    for place in np.lexsort((np.arange(len(records)), begin)).tolist():
        if kept[place]:
            chosen[persons[place] or f"row {place}"] = place
    flags = np.zeros(len(records), dtype=bool)
    flags[list(chosen.values())] = True
    return flags


def _cautions(records: Records) -> dict[str, int]:
    return {} if has_exact_gaps(records) else {"gaps_by_month": len(records)}


def _after(records: Records, part: str, band: Floats) -> Floats:
    """Years at risk after discharge: to the end of the band, the closing day or the death's middle."""
    first, last = (0, 29) if part == "0-28" else (29, 366)
    end = _end(records)
    seen = (records.closing() - end).astype(np.int64) if records.closing_on else np.full(len(records), last)
    days = np.clip(seen, first, last) - first
    upper = {1: 29, 2: 91, 3: 366}
    for code, limit in upper.items():
        middle = (limit + {1: 0, 2: 29, 3: 91}[code]) / 2
        days = np.where(band == code, np.clip(middle, first, last) - first, days)
    return days / PER_YEAR
