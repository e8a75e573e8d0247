"""Dates of a table: the month of admission, and whole days counted from it. No other date leaves a centre."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from portal.core.pseudonyms.making import plain
from portal.core.pseudonyms.refusing import Refused

CLOCK: Final = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){CLOCK}")
DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){CLOCK}")
SOLAR: Final = range(1300, 1500)
GREGORIAN: Final = range(1900, 2101)
BEFORE_SOLAR: Final = (
    226_894  # the day before the first of the Solar Hijri calendar, counted as Python counts
)
LONG_MONTHS: Final = 6  # of 31 days; the others have 30, the last one 29 outside leap years


def month_of(raw: str) -> str:
    """`YYYY-MM`, Gregorian, of a date in either calendar. Refused: no such day."""
    return date.fromordinal(day_number(raw)).strftime("%Y-%m")


def days_between(raw: str, admission: str) -> str:
    """Whole days from admission to a date; nothing for an empty cell."""
    return str(day_number(raw) - day_number(admission)) if plain(raw) else ""


def day_number(raw: str) -> int:
    """The day of a text such as 2024-03-05, 05.03.2024 or ۱۴۰۲/۱۲/۱۵, the day before the month."""
    year, month, day = _parts(plain(raw))
    if year in SOLAR:
        return _solar(year, month, day)
    if year not in GREGORIAN:
        raise Refused("not_a_date")
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        raise Refused("not_a_date") from None


def _parts(text: str) -> tuple[int, int, int]:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := DAY_FIRST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    raise Refused("not_a_date")


def _solar(year: int, month: int, day: int) -> int:
    start = _new_year(year)
    before = 31 * (month - 1) - max(0, month - 1 - LONG_MONTHS)
    longest = 31 if month <= LONG_MONTHS else 30 if month < 12 else _new_year(year + 1) - start - before
    if not (1 <= month <= 12 and 1 <= day <= longest):
        raise Refused("not_a_date")
    return start + before + day - 1


def _new_year(year: int) -> int:
    """Leap years come eight in 33; this holds for the years that are read here."""
    return BEFORE_SOLAR + 365 * (year - 1) + (8 * year + 21) // 33 + 1
