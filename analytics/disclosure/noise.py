"""Keyed discrete-Gaussian noise: the same cell of the same snapshot always gets the same draw."""

import bisect
import hashlib
import hmac
from dataclasses import dataclass, field

from analytics.disclosure.parameters import NOISE_THRESHOLDS, SUPPORT

_SEPARATOR = b"\x1f"
_LABEL = b"ATP-EDITION"
_KEY_BYTES = 32
_DRAW_BYTES = 7


@dataclass(frozen=True, slots=True)
class Noise:
    """Source of the noise of one edition; the seed is never printed."""

    seed: bytes = field(repr=False)

    @classmethod
    def of(cls, key: bytes, *, edition: str, digest: str) -> "Noise":
        """Bind the release key to the edition's name and to the digest of its snapshot.

        Parameters
        ----------
        key : bytes
            K_release, 32 bytes, new for each edition.
        edition : str
            Name of the edition.
        digest : str
            SHA-256 of the snapshot's rows, hexadecimal.

        Raises
        ------
        ValueError
            When the key is not 32 bytes long.
        """
        if len(key) != _KEY_BYTES:
            raise ValueError(f"release key: expected {_KEY_BYTES} bytes, got {len(key)}")
        message = _SEPARATOR.join((_LABEL, edition.encode(), bytes.fromhex(digest)))
        return cls(hmac.digest(key, message, hashlib.sha256))

    def uniform(self, table: str, cell: str) -> int:
        """Return the 56-bit number of a cell: keyed by its coordinates, never by who is in it."""
        message = _SEPARATOR.join((table.encode(), cell.encode()))
        return int.from_bytes(hmac.digest(self.seed, message, hashlib.sha256)[:_DRAW_BYTES])

    def draw(self, table: str, cell: str) -> int:
        """Return the noise of a cell, -23 to 23: the smallest v whose threshold exceeds the cell's number."""
        return bisect.bisect_right(NOISE_THRESHOLDS, self.uniform(table, cell)) - SUPPORT

    def order(self, label: str) -> bytes:
        """Return a sort key that tells nothing about the label: used to hand out codes of programmes."""
        return hmac.digest(self.seed, b"code" + _SEPARATOR + label.encode(), hashlib.sha256)
