"""P = lower(base32(HMAC-SHA256(key, "ATP-PSEUD" 1F "1" 1F type 1F id)))[:26], 130 bits."""

from __future__ import annotations

import base64
import hmac
import unicodedata
from typing import TYPE_CHECKING, Final

from portal.core.identifiers.checksums import ir_national_code, ru_snils
from portal.core.pseudonyms.refusing import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES: Final = ("ir-nc", "ru-snils", "local")
LENGTH: Final = 26
KEY_BYTES: Final = 32
IR_DIGITS: Final = 10
SHORTEST_IR: Final = 8  # spreadsheets drop up to two leading zeros
_LETTERS: Final = str.maketrans({"ي": "ی", "ك": "ک"})
_BETWEEN: Final = frozenset(" -‐‑‒–—−./\t\u00a0\u202f")


def pseudonym(key: bytes, kind: str, raw: str) -> str:
    """26 letters and digits for one identifier. Refused: unknown kind, a key that is not 32 bytes, an
    identifier that is empty or whose check digit is wrong.
    """
    if len(key) != KEY_BYTES:
        raise Refused("key_length")
    if kind not in TYPES:
        raise Refused("unknown_type")
    message = b"\x1f".join((b"ATP-PSEUD", b"1", kind.encode(), _READERS[kind](raw).encode()))
    return base64.b32encode(hmac.digest(key, message, "sha256")).decode().lower()[:LENGTH]


def plain(raw: str) -> str:
    """NFC, Persian ye and kaf, ASCII digits, no format characters, no space around."""
    text = unicodedata.normalize("NFC", raw).translate(_LETTERS)
    kept = (char for char in text if unicodedata.category(char) != "Cf")
    return "".join(_ascii_digit(char) for char in kept).strip()


def _ascii_digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _digits(raw: str) -> str:
    text = "".join(char for char in plain(raw) if char not in _BETWEEN)
    if not (text.isascii() and text.isdigit()):
        raise Refused("not_digits")
    return text


def _ir_nc(raw: str) -> str:
    digits = _digits(raw)
    padded = digits.zfill(IR_DIGITS) if len(digits) >= SHORTEST_IR else digits
    if not ir_national_code(padded):
        raise Refused("check_digit")
    return padded


def _ru_snils(raw: str) -> str:
    digits = _digits(raw)
    if not ru_snils(digits):
        raise Refused("check_digit")
    return digits


def _local(raw: str) -> str:
    text = plain(raw)
    if not text:
        raise Refused("empty")
    return text


_READERS: Final[dict[str, Callable[[str], str]]] = {"ir-nc": _ir_nc, "ru-snils": _ru_snils, "local": _local}
