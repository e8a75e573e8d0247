"""Runs of digits: which identifier, if any, their length and check digits make of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portal.core.identifiers import checksums
from portal.core.identifiers.kinds import CONTEXT, CONTEXT_LENGTH

RUN: Final = re.compile(r"\d(?:[ \-/()\[\]]{0,2}\d)*")
GROUP: Final = re.compile(r"\d+")
IR_MOBILE: Final = re.compile(r"(?:0098|98|0)9\d{9}")
RU_MOBILE: Final = re.compile(r"[78]9\d{9}")
RU_PHONE: Final = re.compile(r"[78][348]\d{9}")
MOST_GROUPS: Final = 6  # +7 (900) 000-00-00 has five; more than six is a table, not a number
SHORTEST, LONGEST = 8, 19
LONG_RUN: Final = 9
LONGEST_CELL: Final = 500  # neighbouring groups are tried in cells, not in books of numbers
CHECKED: Final = {
    10: (("ir_national_code", checksums.ir_national_code),),
    11: (("ru_snils", checksums.ru_snils),),
    12: (("ru_inn_person", checksums.ru_inn_person),),
    16: (("bank_card_or_oms", checksums.bank_card_or_oms),),
    18: (("bank_card_or_oms", checksums.bank_card_or_oms),),
    19: (("bank_card_or_oms", checksums.bank_card_or_oms),),
}

Finding = tuple[str, int, int, bool]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a run. `before` is the context: header and the 40 characters that lead up to it."""

    raw: str
    digits: str
    before: str
    plus: bool
    whole: bool

    def says(self, kind: str) -> bool:
        return bool(CONTEXT[kind].search(self.before))


def digit_findings(
    text: str, context: str, taken: Sequence[Span], *, patient_data: bool
) -> Iterator[Finding]:
    """Findings among the runs of digits. `taken` are places that other patterns have explained."""
    for run in RUN.finditer(text):
        if run.end() - run.start() < SHORTEST:
            continue
        found = list(_in_run(run, context, patient_data=patient_data))
        yield from found
        explained = found or any(a < run.end() and run.start() < b for a, b in taken)
        if not explained and _is_long(run):
            yield "long_digit_run", run.start(), run.end(), False


def _in_run(run: re.Match[str], context: str, *, patient_data: bool) -> Iterator[Finding]:
    text = run.string
    for start, end in _spans(run, combine=patient_data):
        raw, lead = text[start:end], text[max(0, start - CONTEXT_LENGTH) : start]
        plus = lead.endswith(("+", "+("))
        candidate = Candidate(
            raw, "".join(GROUP.findall(raw)), f"{context} {lead}", plus, (start, end) == run.span()
        )
        yield from ((kind, start, end, near) for kind, near in _kinds(candidate))


def _spans(run: re.Match[str], *, combine: bool) -> list[Span]:
    """The whole run, each group of it and, in patient data, each few neighbouring groups."""
    length = run.end() - run.start()
    spans = [m.span() for m in GROUP.finditer(run.string, run.start(), run.end())]
    reach = MOST_GROUPS if combine and length <= LONGEST_CELL else 1
    found = {run.span()} if length <= 3 * LONGEST else set()
    for i, (start, _) in enumerate(spans):
        digits = 0
        for first, last in spans[i : i + reach]:
            digits += last - first
            if SHORTEST <= digits <= LONGEST:
                found.add((start, last))
    return sorted(found)


def _kinds(candidate: Candidate) -> Iterator[tuple[str, bool]]:
    digits = candidate.digits
    national = candidate.says("ir_national_code")
    checked = [kind for kind, test in CHECKED.get(len(digits), ()) if test(digits)]
    yield from ((kind, national) for kind in checked)
    if len(digits) in {8, 9} and national and checksums.ir_national_code(digits.zfill(10)):
        yield "ir_national_code_lost_zeros", True
    if phone := _phone(candidate):
        yield phone, False
    alone = candidate.whole or candidate.raw == digits
    if not checked and alone and checksums.ru_inn_org(digits):
        yield "ru_inn_org", False


def _phone(candidate: Candidate) -> str | None:
    digits, plus = candidate.digits, candidate.plus
    if IR_MOBILE.fullmatch(digits):
        return "ir_mobile"
    if len(digits) == 10 and digits[0] == "9" and (plus or candidate.says("ir_mobile")):
        return "ir_mobile"
    if RU_MOBILE.fullmatch(digits):
        return "ru_mobile"
    marked = plus or "(" in candidate.raw or candidate.says("ru_phone")
    return "ru_phone" if marked and RU_PHONE.fullmatch(digits) else None


def _is_long(run: re.Match[str]) -> bool:
    """Nine digits or more, unless a register's letters lead them: NCT01234567, IRCT2020…."""
    if sum(len(group) for group in GROUP.findall(run.group())) < LONG_RUN:
        return False
    return not re.fullmatch(r"[A-Za-z]{3}", run.string[max(0, run.start() - 3) : run.start()])
