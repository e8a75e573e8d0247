"""Values that nobody has confirmed yet. They ship as configuration and carry a badge wherever they show."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.registry.dictionary import DATA


@dataclass(frozen=True, slots=True)
class Unverified:
    """One value of the register; `settles` says what would confirm it."""

    key: str
    value: str
    used_in: tuple[str, ...]
    settles: str
    verified: bool
    source: str
    checked_by: str = ""
    checked_on: str = ""


@functools.cache
def unverified_values() -> Mapping[str, Unverified]:
    """The register by key. ValueError where a value claims to be verified without a source."""
    entries = tomllib.loads((DATA / "unverified.toml").read_text("utf-8"))["value"]
    found = {e["key"]: Unverified(**e | {"used_in": tuple(e["used_in"])}) for e in entries}
    baseless = [value.key for value in found.values() if value.verified and not value.source]
    if baseless or len(found) != len(entries):
        raise ValueError(f"verified without a source, or twice: {baseless}")
    return MappingProxyType(found)


def is_open(key: str) -> bool:
    return not unverified_values()[key].verified
