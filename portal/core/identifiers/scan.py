"""Scanning of one text. Runs of digits are judged by `digits`, everything with a shape of its own here."""

import re
from collections.abc import Iterator
from typing import Final

from portal.core.identifiers.checksums import ir_iban
from portal.core.identifiers.digits import digit_findings
from portal.core.identifiers.fold import fold
from portal.core.identifiers.kinds import CONTEXT, CONTEXT_LENGTH, Hit, level_of
from portal.core.identifiers.naming import SPOKEN, spoken_findings

# Every repetition is bounded or starts at a boundary, so that no text makes a pattern slow.
RU: Final = "[А-ЯЁ][а-яё]{1,30}"
PATRONYMIC: Final = (
    "(?:[А-ЯЁ][а-яё]{1,25}(?:ович|евич|овна|евна|ична)|Ильич|Кузьмич|Лукич|Фомич|Никитич|Саввич)"
)
CAPS: Final = "[А-ЯЁ]{2,30}"
FA: Final = "[\u0621-\u06cc]{2,30}"
DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[349]\d\d|20\d\d)"
SHAPES: Final = (
    ("email", re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[^\W\d]{2,24}\b")),
    (
        "social_handle",
        re.compile(
            r"\b(?:t\.me|telegram\.me|wa\.me|vk\.(?:com|me)|ok\.ru|instagram\.com|eitaa\.com|ble\.ir|rubika\.ir)"
            r"/[\w.+-]{2,40}",
            re.IGNORECASE,
        ),
    ),
    ("full_date", re.compile(rf"(?<![\d.]){DAY}([./-]){MONTH}\1{YEAR}(?![\d])")),
    ("full_date", re.compile(rf"(?<![\d.]){YEAR}([./-]){MONTH}\1{DAY}(?![\d])")),
    ("ru_name", re.compile(rf"\b{RU}(?:-{RU})? {{1,3}}{PATRONYMIC}\b(?: {{1,3}}{RU}\b)?")),
    ("ru_name", re.compile(rf"\b{CAPS} {{1,3}}[А-ЯЁ]{{2,25}}(?:ОВИЧ|ЕВИЧ|ОВНА|ЕВНА|ИЧНА)\b")),
    ("ru_name", re.compile(rf"\b{RU}(?:-{RU})? {{1,3}}[А-ЯЁ]\. ?[А-ЯЁ]\.")),
    ("ru_name", re.compile(rf"\b[А-ЯЁ]\. ?[А-ЯЁ]\. ?{RU}\b")),
    (
        "ru_name_label",
        re.compile(
            r"(?:\bФИО|Ф\. ?И\. ?О\.|\bфамилия|\bотчество|\bимя пациента)\s?[:=-]\s?\w+", re.IGNORECASE
        ),
    ),
    ("fa_name", re.compile(rf"(?<!\w)(?:آقای|خانم|به نام|فرزند)\s{FA}")),
    ("fa_name", re.compile(rf"(?<!\w)نام(?: پدر| مادر| خانوادگی| بیمار)?\s?:\s?{FA}")),
    ("fa_name", re.compile(rf"(?<!\w)نام (?:پدر|مادر|خانوادگی|بیمار)\s{FA}")),
    ("en_name", re.compile(r"\b(?:Mr|Ms|Mrs|Miss)\b\.? {1,3}[A-Z][\w'-]{1,40}")),
    ("en_name", re.compile(r"\bpatient(?:'s)? name\s?[:=]?\s?\w+", re.IGNORECASE)),
    ("ir_passport", re.compile(r"\b[A-Z]\d{8}\b")),
    ("ru_passport", re.compile(r"\bсери[яи]\b\D{0,15}\d\d ?\d\d\D{0,15}\d{6}(?!\d)", re.IGNORECASE)),
    ("ru_passport", re.compile(r"(?<!\d)\d\d[ -]?\d\d[ -]{1,3}\d{6}(?!\d)")),
)
IBAN: Final = re.compile(r"\bIR ?((?:\d[ -]?){23}\d)(?!\d)", re.IGNORECASE)
DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]{1,200}")
NEEDS_WORD: Final = frozenset({"ir_passport", "ru_passport"})
LABELLED: Final = re.compile(r"серия", re.IGNORECASE)
PASSPORT_SHAPE: Final = re.compile(r"\d\d \d\d \d{6}")

Finding = tuple[str, int, int, bool]  # kind, start, end, near a telling word


def scan(
    text: str, *, context: str = "", patient_data: bool = False, conversation: bool = False
) -> list[Hit]:
    """All findings in a text. `context` is a column's header or a field's label.

    `conversation`: people talk about cases; names after "patient" and whole dates are asked about as well.
    """
    folded, places = (text, None) if text.isascii() else fold(text)
    if not patient_data:  # the digits of a DOI join into a valid card number one time in ten
        folded = DOI.sub(lambda found: " " * len(found[0]), folded)
    hits = {}
    findings = list(_findings(folded, context, patient_data=patient_data))
    findings += spoken_findings(folded) if conversation else ()
    for kind, start, end, near in findings:
        spoken = SPOKEN.get(kind) if conversation else None
        level = spoken or level_of(kind, patient_data=patient_data, context=near)
        if level is not None:
            first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
            hits[kind, first] = Hit(kind, level, first, last)
    return sorted(hits.values(), key=lambda hit: (hit.start, hit.end, hit.kind))


def _findings(text: str, context: str, *, patient_data: bool) -> Iterator[Finding]:
    ibans = [m for m in IBAN.finditer(text) if ir_iban("".join(filter(str.isdigit, m.group(1))))]
    yield from (("ir_iban", m.start(), m.end(), False) for m in ibans)
    shapes = list(_shapes(text, context))
    yield from shapes
    taken = [(m.start(), m.end()) for m in ibans] + [(start, end) for _, start, end, _ in shapes]
    yield from digit_findings(text, context, taken, patient_data=patient_data)


def _shapes(text: str, context: str) -> Iterator[Finding]:
    for kind, pattern in SHAPES:
        for match in pattern.finditer(text):
            found = _with_word(kind, match, text, context) if kind in NEEDS_WORD else kind
            if found:
                yield found, match.start(), match.end(), found in NEEDS_WORD


def _with_word(kind: str, match: re.Match[str], text: str, context: str) -> str | None:
    """Shapes without a check digit count near a telling word; `dd dd dddddd` is a shape of its own."""
    before = text[max(0, match.start() - CONTEXT_LENGTH) : match.start()]
    if CONTEXT[kind].search(f"{context} {before}") or LABELLED.match(match.group()):
        return kind
    return "ru_passport_shape" if PASSPORT_SHAPE.fullmatch(match.group()) else None
