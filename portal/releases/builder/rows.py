"""One eligible episode as a row of the snapshot: public levels, case mix, outcomes, quality marks."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from analytics import outcomes
from analytics.engine import Layout
from portal.programmes.models import Programme
from portal.releases import catalogue
from portal.releases.builder.eligible import EpisodeRow
from portal.releases.catalogue import Levels

Row = dict[str, str | int | None]

YES, NO, UNKNOWN, NOT_DUE = 1, 0, -1, -2
PATTERNS: Final = 500
AGES: Final = ("<25", "25-34", "35-44", "45-54", "55+")
CASE_MIX: Final = {
    "cm_age": AGES,
    "cm_sex": ("F", "M"),
    "cm_substance": ("alcohol", "opioid", "opium", "other"),
    "cm_inject": ("ever", "never"),
    "cm_prior": ("first", "repeated"),
}
"""Terms of case mix version 1 with their levels; a value that is not known is the level `missing`."""

RETENTION: Final = {f"ret_{day}": day for day in (28, 56, 84, 90, 180, 182)}
OUTCOMES: Final = {
    **{f"RET-F-{day}": column for column, day in RETENTION.items()},
    "CMP-TEDS": "completed",
    "CMP-PLANNED": "completed_or_transferred",
    "ABS-28": "abstinent",
    "DQ03": "start_in_time",
    "DQ05": "exit_in_time",
    "DQ11": "reason_unknown",
}
"""Id and column of everything that is counted; columns hold 1, 0, -1 unknown, -2 not due."""

_TIMELY_DAYS: Final = 14
_EXIT_DUE: Final = frozenset({11, 12, 13, 21, 32, 33})
_EXACT: Final = 1


def layout(programmes: Sequence[Programme], levels: Levels) -> Layout:
    """Columns and code lists of the snapshot of an edition."""
    return Layout(
        coded={
            "programme": sorted(programme.code for programme in programmes),
            "country": ("IR", "RU"),
            "klass": tuple(outcomes.Klass),
            "curve": ("no", "yes"),
            **levels,
            **CASE_MIX,
        },
        integers=("los", "week", "dropped", *OUTCOMES.values()),
        tokens=("s",),
        sort=("programme", "los"),
    )


def snapshot_row(episode: EpisodeRow, programme: Programme, region: str, levels: Levels) -> Row:
    """Everything that an edition uses of one person; the token is stored to keep the digest honest."""
    los = _length_of_stay(episode)
    reason = episode["discharge_reason"]
    standing = outcomes.standing(los, reason)
    week, dropped = outcomes.curve_point(standing.day, standing.cause)
    return {
        "s": episode["person_s"].hex(),
        "programme": programme.code,
        "country": programme.country,
        "klass": outcomes.class_of(episode["modality"]),
        "curve": "yes" if _has_curve(episode) else "no",
        **_public_levels(episode, region, standing.way, levels),
        **_case_mix(episode),
        "los": standing.day,
        "week": week,
        "dropped": dropped,
        **_outcomes(episode, los, reason),
        **_quality(episode, los, reason),
    }


def merge_rarest(rows: list[Row], *, limit: int = PATTERNS) -> int:
    """Merge the rarest level of any case-mix term into its commonest until few enough patterns are left.

    Returns how many levels were merged.
    """
    merged = 0
    while len({tuple(row[name] for name in CASE_MIX) for row in rows}) > limit:
        name, rare, common = _rarest(rows)
        for row in rows:
            if row[name] == rare:
                row[name] = common
        merged += 1
    return merged


def _rarest(rows: list[Row]) -> tuple[str, str | int | None, str | int | None]:
    found = []
    for name in CASE_MIX:
        counted = Counter(row[name] for row in rows).most_common()
        if len(counted) > 1:
            found.append((counted[-1][1], name, counted[-1][0], counted[0][0]))
    _, name, rare, common = min(found, key=lambda item: item[:2])
    return name, rare, common


def _length_of_stay(episode: EpisodeRow) -> int:
    last = _answer(episode["last_contact_day"]) or 0
    depot = episode["modality"] in outcomes.DEPOT_MODALITIES
    return outcomes.length_of_stay(
        last,
        last_depot_day=_answer(episode["last_depot_day"]) if depot else None,
        depot_interval_days=_answer(episode["depot_interval_days"]) if depot else None,
        discharge_day=_answer(episode["discharge_day"]),
        reason=episode["discharge_reason"],
    )


def _answer(value: int | None) -> int | None:
    """A value, or None for a missing code; days before admission are only asked of assessments."""
    return value if value is not None and value >= 0 else None


def _has_curve(episode: EpisodeRow) -> bool:
    return episode["modality"] in outcomes.OPEN_ENDED and episode["day_precision"] == _EXACT


def _public_levels(episode: EpisodeRow, region: str, way: outcomes.Way | None, levels: Levels) -> Row:
    exact_month = episode["admission_precision"] == _EXACT
    half = catalogue.half_of(episode["admission_month"], levels["half"]) if exact_month else catalogue.UNKNOWN
    return {
        "region": region,
        "sex": catalogue.SEXES.get(episode["sex"], catalogue.UNKNOWN),
        "age": catalogue.AGES.get(episode["age_band"], catalogue.UNKNOWN),
        "sub": catalogue.SUBSTANCES.get(episode["substance_1_code"], "other"),
        # Nobody knows how an open episode stands that was last seen before the end: it is lost.
        "out": way or outcomes.Way.LOST,
        "prot": "other",
        "half": half,
    }


def _case_mix(episode: EpisodeRow) -> Row:
    inject, prior = episode["inject_status"], episode["prior_treatment"]
    return {
        "cm_age": catalogue.AGES.get(episode["age_band"]),
        "cm_sex": catalogue.SEXES.get(episode["sex"]),
        "cm_substance": _substance(episode["substance_1_code"]),
        "cm_inject": {0: "never", 1: "ever", 2: "ever", 3: "ever", 4: "ever"}.get(inject),
        "cm_prior": {0: "first", 1: "repeated", 2: "repeated", 3: "repeated", 8: "repeated"}.get(prior),
    }


def _substance(code: int | None) -> str | None:
    if code is None or code < 0 or code == 999:
        return None
    level = catalogue.SUBSTANCES.get(code, "other")
    groups = {"opium": "opium", "alcohol": "alcohol", "heroin": "opioid", "other_opioid": "opioid"}
    return groups.get(level, "other")


def _outcomes(episode: EpisodeRow, los: int, reason: int | None) -> Row:
    return {
        **{column: _retained(los, reason, day) for column, day in RETENTION.items()},
        "completed": _tri(outcomes.completed(los, reason)),
        "completed_or_transferred": _tri(outcomes.completed(los, reason, planned=True)),
        "abstinent": _abstinent(episode, los),
    }


def _tri(value: bool | None) -> int:  # noqa: FBT001 # the answer of an outcome
    return UNKNOWN if value is None else int(value)


def _retained(los: int, reason: int | None, day: int) -> int:
    if not outcomes.judged(los, reason, day=day):
        return NOT_DUE
    return _tri(outcomes.retained(los, reason, day=day))


def _abstinent(episode: EpisodeRow, los: int) -> int:
    first, _ = outcomes.ASSESSMENT_WINDOW
    if los < first:
        return NOT_DUE
    answers = [_review(episode, number) for number in (1, 2)]
    known = [answer for answer in answers if answer is not None]
    return int(known[-1]) if known else UNKNOWN


def _review(episode: EpisodeRow, number: int) -> bool | None:
    item = _days28_item(episode["substance_1_code"])
    used = episode[f"review_{number}_{item}"] if item else None
    environment = episode[f"review_{number}_d28_controlled_env"]
    return outcomes.abstinent(episode[f"review_{number}_day"], used, environment)


def _days28_item(substance: int | None) -> str | None:
    """Which of the asked days of use is about the primary substance; none for the others."""
    level = catalogue.SUBSTANCES.get(substance) if substance is not None else None
    items = {"alcohol": "d28_alcohol", "stimulant": "d28_stimulant"}
    return "d28_opioid" if level in {"opium", "heroin", "other_opioid"} else items.get(level or "")


def _quality(episode: EpisodeRow, los: int, reason: int | None) -> Row:
    ended = reason is not None and los <= outcomes.COHORT_DAYS
    exact = episode["day_precision"] == _EXACT and episode["admission_precision"] == _EXACT
    return {
        "start_in_time": _in_time(episode["start_day"], 0) if exact else NOT_DUE,
        "exit_in_time": (
            _in_time(episode["exit_day"], episode["discharge_day"])
            if exact and ended and reason in _EXIT_DUE
            else NOT_DUE
        ),
        "reason_unknown": int(reason == outcomes.REASON_UNKNOWN) if ended else NOT_DUE,
    }


def _in_time(day: int | None, planned: int | None) -> int:
    if day is None or planned is None:
        return NO
    return int(abs(day - planned) <= _TIMELY_DAYS)
