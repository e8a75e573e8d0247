"""What only counts where people talk about cases: a name after the word for a patient, and whole dates.

Texts of protocols say "patient" in every line and carry dates of law; a conversation that does so may be
about one person. Every repetition is bounded.
"""

import re
from collections.abc import Iterator
from typing import Final

from portal.core.identifiers.kinds import Level

RU_WORD: Final = (
    r"(?i:пациент(?:ка|ки|ку|ке|кой|а|у|ом|е)?|больн(?:ой|ая|ого|ому|ую|ым)|подопечн(?:ый|ая|ого|ую))"
)
RU_NAME: Final = r"[А-ЯЁ][а-яё]{1,30}"
FA_WORD: Final = r"(?:بیمار(?:ی)?|مراجع|مددجو)"
FA_NAME: Final = "[\u0621-\u06cc]{2,30}"
FA_CALLED: Final = r"(?:به نام|با نام|به اسم|موسوم به|آقای|خانم|جناب|سرکار خانم)"
# Persian has no capitals. Right after the word for a patient only a known given name is taken for one.
FA_GIVEN: Final = (
    "محمد|علی|حسین|حسن|رضا|مهدی|امیر|احمد|حمید|سعید|مجید|محسن|مصطفی|مرتضی|ابراهیم|اسماعیل|عباس|جواد|کاظم|هادی|"
    "هاشم|یوسف|داود|داوود|ناصر|منصور|مسعود|محمود|وحید|بهرام|بهروز|پرویز|فرهاد|فریدون|کامران|کاوه|کوروش|آرش|"
    "سیامک|شهرام|بابک|پیمان|پویا|نیما|سینا|سهراب|مریم|فاطمه|زهرا|زینب|معصومه|طاهره|سکینه|لیلا|سارا|مینا|نرگس|"
    "نسرین|شیرین|پروین|مهین|فرزانه|فریبا|نازنین|الهام|الهه|سمیه|اعظم|اکرم|اشرف|کبری|صغری|خدیجه|رقیه|هانیه|"
    "عاطفه|مرضیه|راضیه|نگار|نیلوفر|شقایق|ندا|رویا|مهسا|پریسا|آزاده"
)
EN_WORD: Final = r"\b(?:[Pp]atient|PATIENT|Client|client)(?:'s)?"
EN_NAME: Final = r"[A-Z][a-z'-]{1,30}"
LOWER: Final = (
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
)
# "May" and "March" are words of every day unless they are written as months.
CAPITAL: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTHS: Final = f"{LOWER}|{CAPITAL}"
WHEN: Final = r"(?:\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2})"
BIRTH: Final = r"(?:р\.|рожд\w{0,8}|родил\w{0,4}|born|b\.|dob|date of birth|متولد|تولد|زاده)"
SHAPES: Final = (
    (
        "patient_name",
        re.compile(
            rf"\b{RU_WORD}\s{{1,3}}(?:по имени\s{{1,3}}|-\s?)?"
            rf"({RU_NAME}(?: {RU_NAME}){{0,2}}|[А-ЯЁ]\.(?: ?[А-ЯЁ]\.)?)"
        ),
    ),
    ("patient_name", re.compile(rf"(?<!\w){FA_WORD}\s{{1,2}}{FA_CALLED}\s{{1,2}}({FA_NAME}(?: {FA_NAME})?)")),
    ("patient_name", re.compile(rf"(?<!\w){FA_WORD}[،:]?\s{{1,2}}((?:{FA_GIVEN})(?: {FA_NAME})?)(?!\w)")),
    ("patient_name", re.compile(rf"{EN_WORD}(?: named| called|,|:)?\s{{1,3}}({EN_NAME}(?: {EN_NAME})?)")),
    ("birth_date", re.compile(rf"(?<!\d)\d{{1,2}} {{1,2}}(?:{MONTHS}) {{1,2}}\d{{4}}(?!\d)", re.IGNORECASE)),
    ("birth_date", re.compile(rf"\b(?:{MONTHS})\s{{1,2}}\d{{1,2}},?\s{{1,2}}\d{{4}}(?!\d)", re.IGNORECASE)),
    (
        "birth_date",
        re.compile(rf"(?<!\w){BIRTH} {{0,2}}:? {{0,2}}(?:в |in |on |سال )?{WHEN}(?!\d)", re.IGNORECASE),
    ),
    ("birth_date", re.compile(r"(?<!\d)\d{4}\s{0,2}(?:г\. ?р\.|года рожд)", re.IGNORECASE)),
    ("day_and_month", re.compile(rf"(?<!\d)\d{{1,2}}(?:-?(?:го|ام)| ام)?\s{{1,2}}(?:{LOWER})(?!\w)")),
    ("day_and_month", re.compile(rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{CAPITAL})\b")),
    ("day_and_month", re.compile(rf"\b(?:{CAPITAL}) \d{{1,2}}(?!\d)")),
)  # fmt: skip

# Asked about, never refused; a day and a month count only where a text may hold no date at all.
SPOKEN: Final = {
    "patient_name": Level.WARN, "birth_date": Level.WARN, "full_date": Level.WARN,
    "day_and_month": Level.ALLOW,
}  # fmt: skip

Finding = tuple[str, int, int, bool]


def spoken_findings(text: str) -> Iterator[Finding]:
    """Findings of a conversation; the place of a name is the name alone."""
    for kind, pattern in SHAPES:
        for match in pattern.finditer(text):
            start, end = match.span(1 if pattern.groups else 0)
            yield kind, start, end, False
