"""Quarters of the Gregorian year as codes that sort: `2026Q1`. Declarations and reports are dated by them."""

from datetime import date, timedelta

LAST = "9999Q4"


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def begins_on(quarter: str) -> date:
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def ends_on(quarter: str) -> date:
    return begins_on(shifted(quarter, 1)) - timedelta(days=1)


def shifted(quarter: str, steps: int) -> str:
    """The quarter so many steps later, or earlier when negative."""
    place = int(quarter[:4]) * 4 + int(quarter[5]) - 1 + steps
    return f"{place // 4:04d}Q{place % 4 + 1}"


def is_quarter(text: str) -> bool:
    return (
        len(text) == 6
        and text[:4].isdecimal()
        and text[:4].isascii()
        and text[4] == "Q"
        and text[5] in "1234"
    )


def coming(day: date, count: int = 5) -> list[str]:
    """The current quarter and the next ones."""
    return [shifted(quarter_of(day), step) for step in range(count)]


def past(day: date, count: int = 12) -> list[str]:
    """The current quarter and the ones before it, the latest first."""
    return [shifted(quarter_of(day), -step) for step in range(count)]
