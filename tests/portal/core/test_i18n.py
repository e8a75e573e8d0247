"""Numbers, dates, digits, tokens and their reading, as the reader of each language expects them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import i18n

NBSP = "\u00a0"


@pytest.mark.parametrize(("tag", "shown"), [("en", "4,876"), ("ru", f"4{NBSP}876"), ("fa", "۴٬۸۷۶")])
def test_counts_follow_the_language(tag, shown):
    assert i18n.number(4876, locale=tag) == shown


@pytest.mark.parametrize(("tag", "shown"), [("en", "62.1%"), ("ru", f"62,1{NBSP}%"), ("fa", "۶۲٫۱٪")])
def test_percents_keep_the_no_break_space_of_russian(tag, shown):
    assert i18n.percent(0.621, locale=tag) == shown


def test_negative_persian_percent_is_isolated():
    assert i18n.percent(-0.05, 0, locale="fa") == "\u2066−۵٪\u2069"


@pytest.mark.parametrize(
    ("tag", "shown"), [("en", "3 August 2026"), ("ru", "3 августа 2026"), ("fa", "۱۲ مرداد ۱۴۰۵")]
)
def test_days_follow_the_calendar(tag, shown):
    assert i18n.day(date(2026, 8, 3), tag) == shown


@pytest.mark.parametrize(
    ("tag", "shown"), [("en", "August 2026"), ("ru", "август 2026"), ("fa", "مرداد ۱۴۰۵")]
)
def test_months_stand_in_the_nominative(tag, shown):
    assert i18n.month("2026-08", tag) == shown


def test_moment_is_told_in_utc():
    at = datetime(2026, 8, 3, 14, 32, tzinfo=UTC)
    assert i18n.moment(at, "en") == "3 August 2026, 14:32 UTC"
    assert i18n.moment(at, "fa").startswith("۱۲ مرداد ۱۴۰۵، ۱۴:۳۲")


@pytest.mark.parametrize("dose", ["2–4 mg", "COWS ≥ 12", "-3.5"])
def test_tokens_are_unbreakable_and_left_to_right(dose):
    assert i18n.tokens(f"روز ۱: ⟦{dose}⟧") == f'روز ۱: <bdi dir="ltr" class="dose">{dose}</bdi>'
    assert i18n.plain_tokens(f"⟦{dose}⟧") == f"\u2066{dose}\u2069"


def test_tokens_escape_what_stands_in_them():
    assert "<script>" not in i18n.tokens("<script>⟦<b>⟧")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("۱۲٫۵", 12.5), ("١٢٫٥", 12.5), ("12.5", 12.5), ("12,5", 12.5), ("۱۲/۵", 12.5), ("۱٬۲۳۴", 1234),
        ("1 234,5", 1234.5), ("−3.5", -3.5), ("\u200e-3٫5", -3.5), ("64", 64),
    ],
)  # fmt: skip
def test_numbers_are_read_in_any_digits(typed, read):
    assert i18n.parse_number(typed) == read


@pytest.mark.parametrize("typed", ["1,234", "1/2", "12/5", "۱۲٬۵", "1 5", "3.5-", "2-4", "12mg", "", "1.2.3"])
def test_ambiguous_numbers_are_refused(typed):
    with pytest.raises(ValueError, match="not_a_number"):
        i18n.parse_number(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2024-3", "2024-03"), ("2024/03", "2024-03"), ("03.2024", "2024-03"), ("1403-01", "2024-04"),
        ("۱۴۰۲/۹", "2023-12"), ("1403-10", "2025-01"), ("۱۴۰۳/۱۲", "2025-03"), ("آذر-۱۴۰۵", "2026-12"),
        ("۱۴۰۵ دی", "2027-01"), ("ارديبهشت 1404", "2025-05"), ("Март 2025", "2025-03"),
    ],
)  # fmt: skip
def test_months_are_read_in_both_calendars(typed, read):
    assert i18n.parse_month(typed) == read


@pytest.mark.parametrize(
    "typed", ["2024-13", "1600-05", "03/04/2024", "24-03", "", "۱۴۰۳", "آذر 2025", "март 1404"]
)
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(ValueError, match="not_a"):
        i18n.parse_month(typed)


def test_a_jalali_month_becomes_the_gregorian_month_of_its_fifteenth():
    from persiantools.jdatetime import JalaliDate

    for year in range(1390, 1420):
        for number in range(1, 13):
            middle = JalaliDate(year, number, 15).to_gregorian()
            assert i18n.gregorian_month(year, number) == f"{middle:%Y-%m}"


@given(st.integers(-(10**9), 10**9))
def test_a_persian_number_reads_back(value):
    assert i18n.parse_number(i18n.number(value, locale="fa")) == value


def test_persian_names_sort_in_persian_order():
    names = ["یزد", "اهواز", "پاوه", "بابل", "گرگان", "کرمان", "همدان", "وان"]
    assert sorted(names, key=i18n.fa_sort_bytes) == [
        "اهواز", "بابل", "پاوه", "کرمان", "گرگان", "وان", "همدان", "یزد",
    ]  # fmt: skip


def test_arabic_and_persian_letters_sort_alike():
    assert i18n.fa_sort_bytes("كرمان علي") == i18n.fa_sort_bytes("کرمان علی")


@pytest.mark.parametrize(("tag", "reader", "name"), [
    ("en", "ru", "английский"), ("en", "fa", "انگلیسی"), ("fa", "en", "Persian"), ("ru", "fa", "روسی"),
])  # fmt: skip
def test_a_language_is_called_as_its_reader_calls_it(tag, reader, name):
    assert i18n.language_name(tag, reader) == name
