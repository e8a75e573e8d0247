"""Where a translation comes from: decided by the texts themselves, never by what a form claims."""

from typing import Final

from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.complaints import find_unit_or_none
from portal.protocols.queries.memory import similarity
from portal.protocols.queries.translations import find_latest, find_source

FROM_MEMORY: Final = 85


def origin_of(version: ProtocolVersion, key: str, lang: str, text: str, *, suggestion: int = 0) -> str:
    """`memory` where the text is a suggestion hardly changed, whose source was at least 85 % alike.

    A text that somebody edits keeps its origin while it is at least 85 % the same.
    """
    if suggestion and _is_from(suggestion, lang, text, find_source(version, key).text):
        return "memory"
    latest = find_latest(version.protocol_id, key, lang)
    kept = latest is not None and similarity(latest.text, text) >= FROM_MEMORY
    return latest.origin if latest is not None and kept else "human"


def _is_from(suggestion: int, lang: str, text: str, source: str) -> bool:
    unit = find_unit_or_none(suggestion)
    if unit is None or unit.state != "approved":
        return False
    pair = (unit.source_text, unit.text) if unit.lang == lang else (unit.text, unit.source_text)
    return similarity(pair[0], source) >= FROM_MEMORY and similarity(pair[1], text) >= FROM_MEMORY
