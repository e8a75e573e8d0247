"""The digest of a snapshot: what approvals are bound to and what the noise is keyed by."""

import hashlib
from collections.abc import Iterable, Mapping

import orjson

Cell = str | int | None


def canonical_line(row: Mapping[str, Cell]) -> bytes:
    """Return one row as canonical JSON: sorted keys, no spaces, non-ASCII kept, UTF-8.

    Examples
    --------
    >>> canonical_line({"sub": "opium", "age": "<25", "prot": None})
    b'{"age":"<25","prot":null,"sub":"opium"}'
    """
    return orjson.dumps(dict(row), option=orjson.OPT_SORT_KEYS)


def digest(rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return SHA-256 (hex) of the rows, one canonical line each, sorted by bytes, each followed by LF.

    Examples
    --------
    >>> digest([{"a": 1}, {"a": 2}]) == digest([{"a": 2}, {"a": 1}])
    True
    """
    total = hashlib.sha256()
    for line in sorted(canonical_line(row) for row in rows):
        total.update(line + b"\n")
    return total.hexdigest()
