"""Which dictionary a file follows, and how many columns it may have."""

from collections.abc import Sequence
from dataclasses import replace

from portal.core.errors import Invalid
from portal.registry.dictionary import CURRENT, Dictionary, load, versions
from portal.registry.importer.header import NOTES
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import Limits


def fitting_version(names: Sequence[str]) -> int:
    """The present dictionary, or another if that one alone knows every column."""
    own = [name for name in names if name not in NOTES]
    fits = [version for version in versions() if all(name in load(version) for name in own)]
    return CURRENT if CURRENT in fits or not fits else fits[-1]


def room_of(limits: Limits) -> Limits:
    """As many columns as the widest template has, until it is known which one this is."""
    return replace(limits, columns=max(_most_columns(load(version), limits) for version in versions()))


def _most_columns(dictionary: Dictionary, limits: Limits) -> int:
    return max(limits.columns, len(dictionary.index) + len(NOTES))


def check_room(names: Sequence[str], dictionary: Dictionary, limits: Limits) -> None:
    most = _most_columns(dictionary, limits)
    if len(names) > most:
        raise FileRefused("too_many_columns", limit=most)


def find_dictionary(version: int) -> Dictionary:
    try:
        return load(version)
    except KeyError:
        raise Invalid("unknown_dictionary", version=str(version)) from None
