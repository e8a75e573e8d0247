"""Keys as the store keeps them: S = HMAC-SHA256(pepper, programme code 1F P). P itself is never kept."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

BLOCK_SIZE: Final = 64
SEPARATOR: Final = b"\x1f"


class Keyer:
    """Re-keys pseudonyms of one programme. The padded key blocks are hashed once, not once per row."""

    def __init__(self, pepper: bytes, programme_code: str) -> None:
        key = pepper.ljust(BLOCK_SIZE, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in key))
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in key))
        self._tomb = self._inner.copy()
        self._tomb.update(b"tomb" + SEPARATOR + programme_code.encode() + SEPARATOR)
        self._inner.update(programme_code.encode() + SEPARATOR)

    def s(self, pseudonym: str) -> bytes:
        return next(self.many((pseudonym,)))

    def tombstone(self, pseudonym: str) -> bytes:
        inner, outer = self._tomb.copy(), self._outer.copy()
        inner.update(pseudonym.encode())
        outer.update(inner.digest())
        return outer.digest()

    def many(self, pseudonyms: Iterable[str]) -> Iterator[bytes]:
        copy_inner, copy_outer = self._inner.copy, self._outer.copy
        for pseudonym in pseudonyms:
            inner, outer = copy_inner(), copy_outer()
            inner.update(pseudonym.encode())
            outer.update(inner.digest())
            yield outer.digest()
