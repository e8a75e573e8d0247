"""Definitions read from weekly urine words, each with missed weeks as positive and with them left out.

"Missing is positive" makes drop-out look like relapse: every result therefore stands beside the same rule on
the weeks that have a result, and beside the share who dropped out (DRP-4RUN).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from analytics.outcomes import words as w
from analytics.outcomes.cascade import Cascade, Floats, Judged, judged_as
from analytics.outcomes.catalogue import Definition
from analytics.outcomes.words import Words

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from analytics.outcomes.records import Records

WEEK_DAYS: Final = 7
RUN: Final = 3
LAST_PLANNED: Final = 4

Rule = Callable[[Words], Floats]


def weekly_words(episode: ArrayLike, day: ArrayLike, result: ArrayLike, weeks: ArrayLike) -> Words:
    """Words from urine events.

    Parameters
    ----------
    episode : array_like of int, shape (k,)
        Place of the episode in `weeks`.
    day : array_like of int, shape (k,)
        Days from admission; week 1 is days 0 to 6.
    result : array_like of float, shape (k,)
        1 positive for a substance looked for, 0 negative, NaN planned but missed or invalid.
    weeks : array_like of int, shape (n,)
        Weeks that each episode was observed.

    Returns
    -------
    Words
        One word per episode; events beyond its weeks are left out.

    Examples
    --------
    >>> found = weekly_words([0, 0, 0, 0], [0, 3, 9, 21], [1, 0, 0, np.nan], [4])
    >>> w.write_words(found)
    ['*-_o']
    """
    length = np.asarray(weeks, dtype=np.int64)
    place, week = np.asarray(episode, dtype=np.int64), np.asarray(day, dtype=np.int64) // WEEK_DAYS
    value = np.asarray(result, dtype=np.float64)
    inside = (week >= 0) & (week < length[place])
    bits = np.zeros((len(length), int(length.max(initial=0))), dtype=np.int64)
    seen = np.where(np.isnan(value), 4, np.where(value > 0, 1, 2))
    np.bitwise_or.at(bits, (place[inside], week[inside]), seen[inside])
    letters = np.frombuffer(b"_+-*o+-*", dtype=np.uint8)[bits]
    within = np.arange(bits.shape[1]) < length[:, None]
    return Words(np.where(within, letters, np.uint8(0)), length)


def judge_urine(records: Records, definition: Definition) -> Judged:
    """Apply a definition of 13.3 that is read from words."""
    words = w.read_words([str(text) for text in records.texts("word")])
    cascade = Cascade(len(words))
    cascade.keep("with_a_word", words.length > 0)
    if definition.id.startswith("ABS-W5-15"):
        cascade.keep("fifteen_weeks", words.length >= 15)
    rule, excluded, time = RULES[definition.id]
    value = rule(words)
    return judged_as(
        definition,
        cascade,
        value,
        excluded=excluded(words) if excluded else None,
        time=time(words) if time else None,
    )


def _flag(values: w.Flags) -> Floats:
    return values.astype(np.float64)


def _known(values: w.Flags, known: w.Flags) -> Floats:
    return np.where(known, values.astype(np.float64), np.nan)


def _number(values: w.Ints) -> Floats:
    return values.astype(np.float64)


def _mixed_positive(words: Words) -> Words:
    return Words(np.where(words.has("*"), np.uint8(ord("+")), words.chars), words.length)


def _last_planned(words: Words) -> Floats:
    return _known(*w.last_planned_negative(words, LAST_PLANNED))


def _three_run(words: Words) -> Floats:
    return _flag(w.longest_run(_mixed_positive(words), "-") >= RUN)


def _soft(words: Words) -> Floats:
    last = words.weeks(12, 15)
    absent = 4 - last.length
    return _flag((last.count("+*") == 0) & (last.count("o_") + absent <= 1))


def _soft_excluded(words: Words) -> Floats:
    last = words.weeks(12, 15).missing_excluded()
    return _known(last.count("+") == 0, last.length > 0)


def _weeks_5_15(words: Words) -> Words:
    return words.weeks(5, 15)


def _all_negative(words: Words) -> Floats:
    return _known(words.count("-") == words.length, words.length > 0)


def _fraction_excluded(words: Words) -> Floats:
    good, tested = words.count("-") + 0.5 * words.count("*"), words.count("+-*")
    return np.divide(good, tested, out=np.full(len(words), np.nan), where=tested > 0)


def _relapse(width: int, least: int) -> tuple[Rule, Rule, Rule]:
    """Rule with missing positive, with missed weeks left out, and the week of the first."""

    def event(words: Words) -> Floats:
        return _flag(w.window(words.missing_positive(), "+", width, least).event)

    def excluded(words: Words) -> Floats:
        tested = words.missing_excluded()
        return _known(w.window(tested, "+", width, least).event, tested.length > 0)

    def time(words: Words) -> Floats:
        return _number(w.window(words.missing_positive(), "+", width, least).time)

    return event, excluded, time


def _tested(rule: Callable[[Words], Floats]) -> Rule:
    """The rule on the weeks with a result; unknown where there is none."""

    def judge(words: Words) -> Floats:
        tested = words.missing_excluded()
        return np.where(tested.length > 0, rule(tested), np.nan)

    return judge


def _count(words: Words) -> Floats:
    return _number(words.count("-"))


RULES: Final[dict[str, tuple[Rule, Rule | None, Rule | None]]] = {
    "ABS-UDS-4": (_last_planned, lambda words: _last_planned(words.missing_excluded()), None),
    "ABS-WEEKS": (_count, _tested(_count), None),
    "ABS-3RUN": (_three_run, _tested(_three_run), None),
    "ABS-W5-15-A": (
        lambda words: _all_negative(_weeks_5_15(words)),
        lambda words: _all_negative(_weeks_5_15(words).missing_excluded()),
        None,
    ),
    "ABS-W5-15-B": (
        lambda words: _count(_weeks_5_15(words)),
        lambda words: _tested(_count)(_weeks_5_15(words)),
        None,
    ),
    "ABS-SOFT": (_soft, _soft_excluded, None),
    "ABS-FIRST+": (
        lambda words: _number(w.first_positive(words.missing_positive()).time),
        _tested(lambda words: _number(w.first_positive(words).time)),
        None,
    ),
    "REL-4RUN": _relapse(4, 4),
    "REL-2IN4": _relapse(4, 2),
    "REL-3RUN": _relapse(3, 3),
    "DRP-4RUN": (
        lambda words: _flag(w.window(words, "o", 4, 4).event),
        None,
        lambda words: _number(w.window(words, "o", 4, 4).time),
    ),
    "RED-FRAC": (w.negative_share, _fraction_excluded, None),
}
"""By definition: value with missing as positive, value with missed weeks left out, and week of the event."""
