"""Languages, and the only place that formats or reads numbers, dates, digits and calendars.

Outside a token everything follows the reader's language; inside ⟦…⟧ (doses, scores, codes) everything is
Latin, unbreakable and left to right, because a Persian sentence would show "2–4 mg" as "mg 4–2".
"""

import re
import struct
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape
from persiantools.jdatetime import JalaliDate

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class LocaleInfo:
    """A language of the interface and its properties."""

    tag: str
    name: str
    direction: Direction
    digits: str
    calendar: Literal["gregorian", "jalali"]


LOCALES: Final = {
    "en": LocaleInfo("en", "English", "ltr", "0123456789", "gregorian"),
    "ru": LocaleInfo("ru", "Русский", "ltr", "0123456789", "gregorian"),
    "fa": LocaleInfo("fa", "فارسی", "rtl", "۰۱۲۳۴۵۶۷۸۹", "jalali"),
}
DEFAULT: Final = "en"
JALALI_MONTHS: Final = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
RU_MONTHS: Final = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
    "декабрь",
)  # fmt: skip
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
# Nobody sees them, no database but SQLite takes a null, and one of them makes a whole feed unreadable.
UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_TO_PERSIAN: Final = str.maketrans("0123456789.,%-", "۰۱۲۳۴۵۶۷۸۹٫٬٪−")
_TOKEN: Final = re.compile(r"⟦(?!\s)([^⟦⟧]*)(?<!\s)⟧")  # "⟦ and ⟧" names the signs themselves
_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def current() -> str:
    """Tag of the language in force: the page's, or the recipient's while a mail is made."""
    return _current.get()


def set_current(tag: str) -> None:
    _current.set(tag if tag in LOCALES else DEFAULT)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Use another language for a while (mail, jobs, files)."""
    token = _current.set(tag)
    try:
        yield
    finally:
        _current.reset(token)


def direction(tag: str) -> Direction:
    return LOCALES[tag].direction if tag in LOCALES else "ltr"


def _tag(locale: str | None) -> str:
    return locale or current()


def _localise(text: str, tag: str) -> str:
    if tag != "fa":
        return text.replace("-", "−")
    persian = text.translate(_TO_PERSIAN)
    return f"{LRI}{persian}{PDI}" if text.startswith(("-", "−")) else persian


def number(value: float, decimals: int | None = None, locale: str | None = None) -> str:
    """A count or measure in the reader's digits and separators."""
    tag = _tag(locale)
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    source = "en" if tag == "fa" else tag
    return _localise(format_decimal(value, format=pattern, locale=source), tag)


def exact(value: float) -> str:
    """Every digit of a number that is data, in Latin digits; never rounded, never with an exponent."""
    return f"{Decimal(repr(value)).normalize():f}"


def percent(share: float, decimals: int = 1, locale: str | None = None) -> str:
    """A share between 0 and 1 as a percentage. Russian keeps its no-break space."""
    tag = _tag(locale)
    source = Locale.parse("en" if tag == "fa" else tag)
    pattern = source.percent_formats[None]
    pattern.frac_prec = (decimals, decimals)
    return _localise(format_percent(share, format=pattern, locale=source), tag)


def day(value: date | datetime | str, locale: str | None = None) -> str:
    """A date in words, in the reader's calendar."""
    tag, value = _tag(locale), _as_date(value)
    if tag == "fa":
        jalali = JalaliDate(value)
        return f"{jalali.day} {JALALI_MONTHS[jalali.month - 1]} {jalali.year}".translate(_TO_PERSIAN)
    return format_date(value, format="d MMMM y", locale=tag)


def month(value: date | str, locale: str | None = None) -> str:
    """A month (`2024-03` or a date). The Jalali month is the one that starts inside it, as the registry's."""
    tag = _tag(locale)
    value = _as_date(value)
    if tag == "fa":
        jalali = JalaliDate(value.replace(day=15))
        return f"{JALALI_MONTHS[jalali.month - 1]} {jalali.year}".translate(_TO_PERSIAN)
    if tag == "ru":
        return f"{RU_MONTHS[value.month - 1]} {value.year}"
    return format_date(value, format="MMMM y", locale=tag)


def day_span(first: date, last: date, locale: str | None = None) -> str:
    """Two days and what lies between; their year is said once where it is the same."""
    tag = _tag(locale)
    low, high = day(first, tag), day(last, tag)
    year = high.rsplit(" ", 1)[1]
    return span(low.removesuffix(f" {year}"), high, tag)


def quarter_span(year: int, number_: int, locale: str | None = None) -> str:
    """A Gregorian quarter by its months; in another calendar by its exact first and last day."""
    tag, first = _tag(locale), date(year, number_ * 3 - 2, 1)
    last = date(year + number_ // 4, number_ % 4 * 3 + 1, 1) - timedelta(days=1)
    if LOCALES[tag].calendar != "gregorian":
        return day_span(first, last, tag)
    low, high = (month(value, tag).rsplit(" ", 1)[0] for value in (first, last))
    return span(low, high, tag)


def moment(value: datetime, locale: str | None = None) -> str:
    """Date and time in UTC, said so."""
    tag = _tag(locale)
    clock = format_time(value.astimezone(UTC).time(), format="HH:mm", locale="en")
    return (
        f"{day(value, tag)}, {_localise(clock, tag)} UTC"
        if tag != "fa"
        else f"{day(value, tag)}، {_localise(clock, tag)} {ltr_text('UTC')}"
    )


def language_name(tag: str, locale: str | None = None) -> str:
    """A language as the reader's language calls it."""
    return str(Locale.parse(tag).get_language_name(_tag(locale)))


def span(low: str, high: str, locale: str | None = None) -> str:
    """A range of two formatted values in prose; Persian joins with «تا»."""
    if _tag(locale) != "fa":
        return f"{low}–{high}"
    # After a Persian word a percent sign would change sides.
    return " تا ".join(ltr_text(value) if "٪" in value else value for value in (low, high))


def digits(text: str, locale: str | None = None) -> str:
    """Replace the digits of a formatted text by the reader's."""
    return text.translate(_TO_PERSIAN) if _tag(locale) == "fa" else text


def ltr_text(code: str) -> str:
    return f"{LRI}{code}{PDI}"


def isolated(text: str, locale: str) -> str:
    """A text of another language inside a line that takes no markup."""
    return f"{RLI if direction(locale) == 'rtl' else LRI}{text}{PDI}"


def rtl_lines(text: str) -> str:
    return "\n".join(f"{RLI}{line}{PDI}" for line in text.split("\n"))


def ltr(code: object) -> Markup:
    """A code, address, version or e-mail inside any sentence, isolated left to right."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(code)


def tokens(text: object) -> Markup:
    """Text with ⟦…⟧ tokens as HTML: each token unbreakable, bold and left to right."""
    parts = _TOKEN.split(str(text))  # a lazy string translates itself now
    dose = Markup('<bdi dir="ltr" class="dose">{}</bdi>')
    return Markup("").join(dose.format(part) if i % 2 else escape(part) for i, part in enumerate(parts))


def plain_tokens(text: str) -> str:
    """The same for plain text: mail, titles, alternative texts."""
    return _TOKEN.sub(lambda found: ltr_text(found[1]), text)


def _as_date(value: date | datetime | str) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    return value.date() if isinstance(value, datetime) else value


# --- reading -----------------------------------------------------------------------------------------------

_SIGNS: Final = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f٬]\d{3})+(?:[.,٫]\d+)?")
_PLAIN: Final = re.compile(r"[+-]?\d+(?:[.,٫]\d+)?")
_AMBIGUOUS: Final = re.compile(r"[+-]?\d{1,3},\d{3}")


def parse_number(text: str) -> float:
    """A number typed in any of the three languages; ValueError when it could mean two things.

    `1,234` is refused (1234 or 1.234?), and `12/5` in Latin digits (a fraction?); Persian ۱۲/۵ is 12.5.
    """
    typed = text.translate(_SIGNS).strip()
    persian_slash = bool(re.fullmatch(r"[−-]?[۰-۹]+/[۰-۹]+", typed))
    ascii_text = "".join(_ascii(c) for c in typed.replace("−", "-"))
    if persian_slash:
        ascii_text = ascii_text.replace("/", ".")
    if _AMBIGUOUS.fullmatch(ascii_text) or not (
        _GROUPED.fullmatch(ascii_text) or _PLAIN.fullmatch(ascii_text)
    ):
        raise ValueError("not_a_number")
    return float(re.sub(r"[ \u00a0\u202f٬]", "", ascii_text).replace(",", ".").replace("٫", "."))


def parse_month(text: str) -> str:
    """`YYYY-MM` (Gregorian) from a Gregorian or Jalali year and month; ValueError otherwise.

    A Jalali month becomes the Gregorian month that holds its 15th. It may be written as a word, as may the
    Gregorian one in Russian; a word with a year of the other calendar is a slip and no month.
    """
    plain = "".join(_ascii(c) for c in text.translate(_SIGNS).strip()).casefold().translate(_FOLD)
    years = range(1300, 2101)
    for names, calendar in ((JALALI_MONTHS, range(1300, 1500)), (RU_MONTHS, range(1900, 2101))):
        for place, name in enumerate(names, 1):
            plain, found_ = re.subn(rf"(?<!\w){name}(?!\w)", f"{place:02d}", plain)
            years = calendar if found_ else years
    found = re.fullmatch(r"(\d{4})[-/. ](\d{1,2})", plain)
    swapped = re.fullmatch(r"(\d{1,2})[-/. ](\d{4})", plain)
    if not (found or swapped):
        raise ValueError("not_a_month")
    year, number_ = (found[1], found[2]) if found else (swapped[2], swapped[1])  # type: ignore[index]
    if int(year) not in years:
        raise ValueError("not_a_year")
    return gregorian_month(int(year), int(number_))


def parse_day(text: str) -> date:
    """A day `YYYY-MM-DD` in either calendar, in any digits; ValueError otherwise."""
    plain = "".join(_ascii(c) for c in text.translate(_SIGNS).strip())
    found = re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", plain)
    if not found:
        raise ValueError("not_a_day")
    year, month_, day_ = (int(part) for part in found.groups())
    if 1300 <= year <= 1499:
        return JalaliDate(year, month_, day_).to_gregorian()
    return date(year, month_, day_)


def gregorian_month(year: int, month_: int) -> str:
    """`YYYY-MM` of a month whose year tells the calendar (1300-1499 Jalali, 1900-2100 Gregorian)."""
    if not 1 <= month_ <= 12:
        raise ValueError("not_a_month")
    if 1300 <= year <= 1499:
        return f"{year + 621 + (month_ >= 10):04d}-{(month_ + 2) % 12 + 1:02d}"
    if 1900 <= year <= 2100:
        return f"{year:04d}-{month_:02d}"
    raise ValueError("not_a_year")


def latest_month(now: datetime) -> str:
    """The latest month that has begun somewhere on earth in either calendar, as `YYYY-MM`.

    A Jalali month starts about a week before the Gregorian one that it is stored as.
    """
    today = (now + timedelta(hours=14)).date()
    jalali = JalaliDate(today)
    return max(gregorian_month(jalali.year, jalali.month), gregorian_month(today.year, today.month))


def this_month(now: datetime, locale: str | None = None) -> str:
    """The month of today in the reader's calendar, as `YYYY-MM`."""
    today: date = now.date()
    if LOCALES[_tag(locale)].calendar != "jalali":
        return f"{today:%Y-%m}"
    jalali = JalaliDate(today)
    return gregorian_month(jalali.year, jalali.month)


def typed_month(value: str, locale: str | None = None) -> str:
    """A stored month as a person would type it into a form: year and month of the reader's calendar."""
    if _tag(locale) != "fa":
        return value
    jalali = JalaliDate(_as_date(value).replace(day=15))
    return "-".join(digits(part, locale) for part in (f"{jalali.year}", f"{jalali.month:02d}"))


def typed_day(value: date, locale: str | None = None) -> str:
    """A stored day as a person would type it into a form: in the calendar and digits of the reader."""
    if _tag(locale) != "fa":
        return value.isoformat()
    return "-".join(digits(part, locale) for part in JalaliDate(value).isoformat().split("-"))


def _ascii(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


# --- sorting -----------------------------------------------------------------------------------------------

_RANK: Final = {c: i for i, c in enumerate("ءآاأإئؤبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهةی")}
_FOLD: Final = {
    0x643: "ک", 0x64A: "ی", 0x649: "ی", 0x6C0: "ه", 0x200C: None, 0x640: None,
    **dict.fromkeys(range(0x64B, 0x653)),
}  # fmt: skip


def fa_sort_bytes(text: str) -> bytes:
    """Sort key in Persian order: punctuation, digits, Persian letters, other scripts."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLD).casefold()
    return b"".join(struct.pack(">BI", *_place(c)) for c in folded)


def _place(char: str) -> tuple[int, int]:
    if char in _RANK:
        return 2, _RANK[char]
    if char.isdecimal():
        return 1, unicodedata.decimal(char)
    return (3 if char.isalpha() else 0), ord(char)
