"""The content hash of a record: over its coded answers and person, never over spelling, order or version."""

import hashlib
from typing import TYPE_CHECKING, Final

from portal.registry.dictionary import Dictionary
from portal.registry.rules.coding import EMPTY

if TYPE_CHECKING:
    import polars as pl

DIGEST_SIZE: Final = 16


def content_hashes(frame: "pl.DataFrame", dictionary: Dictionary) -> "pl.Series":
    """16 bytes per row. Answers that a file leaves out count as empty: the header does not matter."""
    import polars as pl

    names = [variable.name for variable in dictionary.answers]
    columns = [
        frame[name].fill_null(EMPTY)
        if name in frame.columns
        else pl.Series(name, [EMPTY], dtype=pl.Int16).new_from_index(0, frame.height)
        for name in names
    ]
    matrix = pl.DataFrame(columns).to_numpy(order="c").astype("<i2", order="C", copy=False)
    data, width = memoryview(matrix.tobytes()), 2 * len(names)
    digest = hashlib.blake2b
    hashes = [
        digest(data[start : start + width], digest_size=DIGEST_SIZE, key=person).digest()
        for start, person in zip(range(0, len(data), width), frame["person_s"].to_list(), strict=True)
    ]
    return pl.Series("content_hash", hashes, dtype=pl.Binary)
