"""Check digits of identifiers, on strings of ASCII digits. Each function answers for the whole string."""

import re
from typing import Final

INN_ORG: Final = (2, 4, 10, 3, 5, 9, 4, 6, 8)
INN_PERSON: Final = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
SNILS_FIRST: Final = 1001998
IR_AS_NUMBER: Final = "1827"


def ir_national_code(digits: str) -> bool:
    """Ten digits, check digit r or 11 - r. The copied shortcut "sum of all ten is 0" is wrong for r = 1."""
    if len(digits) != 10 or digits.startswith("000") or len(set(digits)) == 1:
        return False
    rest = sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return int(digits[9]) == (rest if rest < 2 else 11 - rest)


def ru_snils(digits: str) -> bool:
    if len(digits) != 11 or int(digits[:9]) <= SNILS_FIRST:
        return False
    rest = sum(int(d) * (9 - i) for i, d in enumerate(digits[:9])) % 101
    return int(digits[9:]) == rest % 100


def ru_inn_person(digits: str) -> bool:
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    return all(int(digits[10 + i]) == _weighted(digits, w) for i, w in enumerate(INN_PERSON))


def ru_inn_org(digits: str) -> bool:
    return len(digits) == 10 and len(set(digits)) > 1 and int(digits[9]) == _weighted(digits, INN_ORG)


def bank_card_or_oms(digits: str) -> bool:
    """Bank card, or the policy number of Russian health insurance, which is checked alike."""
    if len(digits) not in {16, 18, 19} or digits[0] in "01" or len(set(digits)) <= 2:
        return False
    odd = sum(int(d) for d in digits[-1::-2])
    return (odd + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])) % 10 == 0


def ir_iban(digits: str) -> bool:
    """The 24 digits after IR, ISO 7064 mod 97."""
    return bool(re.fullmatch(r"\d{24}", digits)) and int(digits[2:] + IR_AS_NUMBER + digits[:2]) % 97 == 1


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11 % 10
