"""Translation memory: approved texts of this portal whose source is like the one to be translated.

Nothing leaves the machine. Units are only ever added, so the highest number of a unit says whether what a
process has in mind is still the whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.protocols.dictionary import CURRENT, State, UnitState
from portal.protocols.models import Protocol, ProtocolVersion, TranslationUnit
from portal.protocols.queries.hiding import shut_numbers
from portal.protocols.units import fold_digits

LIKE: Final = 60
MOST: Final = 3
REMEMBERED: Final = 20_000
_kept: dict[tuple[str, str], tuple[int, "_Memory"]] = {}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An approved text and how like its source is to the present one, in percent (0 to 100)."""

    unit_id: int
    text: str
    source_text: str
    percent: int
    public_id: str


@dataclass(frozen=True, slots=True)
class _Memory:
    """Pairs of one direction; `keys` are the folded sources, in the order of `pairs`."""

    keys: Sequence[str]
    pairs: Sequence[Suggestion]


def similarity(first: str, second: str) -> int:
    """How like two texts are, in percent; case, white space and the kind of digits do not count."""
    from rapidfuzz import fuzz

    return round(fuzz.ratio(_folded(first), _folded(second)))


def suggest(texts: Sequence[str], source_lang: str, lang: str) -> list[list[Suggestion]]:
    """For each text the most alike, the best first; every translation once."""
    memory, gone = _memory(source_lang, lang), _list_gone()
    return [_alike(memory, text, gone) if text else [] for text in texts]


def find_suggested(unit_id: int) -> TranslationUnit | None:
    """A text that may be suggested, by its number; others do not exist for whoever asks."""
    unit = db.session.get(TranslationUnit, unit_id)
    if unit is None or unit.state != UnitState.APPROVED:
        return None
    protocol = db.session.get_one(Protocol, unit.protocol_id)
    return None if protocol.public_id in _list_gone() else unit


def _list_gone() -> frozenset[str]:
    """Withdrawn for everybody, or hidden from who asks."""
    return _list_withdrawn() | shut_numbers()


def _list_withdrawn() -> frozenset[str]:
    """Protocols of which nothing is read any longer: what was wrong in them is not written anew elsewhere."""
    version = ProtocolVersion
    current = sa.exists().where(version.protocol_id == Protocol.id, version.state.in_(CURRENT))
    gone = sa.exists().where(version.protocol_id == Protocol.id, version.state == State.WITHDRAWN)
    return frozenset(db.session.scalars(sa.select(Protocol.public_id).where(gone, ~current)))


def _alike(memory: _Memory, text: str, gone: Collection[str]) -> list[Suggestion]:
    from rapidfuzz import fuzz, process

    found = process.extract(
        _folded(text), memory.keys, scorer=fuzz.ratio, processor=None, score_cutoff=LIKE, limit=4 * MOST
    )
    best: dict[str, Suggestion] = {}
    for _key, score, place in found:
        pair = memory.pairs[place]
        if pair.public_id in gone:
            continue
        best.setdefault(
            pair.text, Suggestion(pair.unit_id, pair.text, pair.source_text, round(score), pair.public_id)
        )
    return list(best.values())[:MOST]


def _memory(source_lang: str, lang: str) -> _Memory:
    newest = db.session.scalar(sa.select(sa.func.max(TranslationUnit.id))) or 0
    held = _kept.get((source_lang, lang))
    if held is None or held[0] != newest:
        pairs = [*_pairs(source_lang, lang), *_turned(_pairs(lang, source_lang))]
        held = newest, _Memory([_folded(pair.source_text) for pair in pairs], pairs)
        _kept[source_lang, lang] = held
    return held[1]


def _pairs(source_lang: str, lang: str) -> list[Suggestion]:
    """Approved pairs, the newest first; none that a complaint sent back."""
    unit, later = TranslationUnit, aliased(TranslationUnit)
    sent_back = sa.exists().where(
        later.protocol_id == unit.protocol_id,
        later.unit_key == unit.unit_key,
        later.lang == unit.lang,
        later.revision > unit.revision,
        later.reopened,
    )
    columns = sa.select(unit.id, unit.text, unit.source_text, Protocol.public_id)
    found = columns.join(Protocol, Protocol.id == unit.protocol_id).where(
        unit.lang == lang, unit.state == UnitState.APPROVED, Protocol.source_lang == source_lang, ~sent_back
    )
    rows = db.session.execute(found.order_by(unit.id.desc()).limit(REMEMBERED))
    return [Suggestion(row[0], row[1], row[2], 0, row[3]) for row in rows]


def _turned(pairs: Sequence[Suggestion]) -> list[Suggestion]:
    """A pair of the opposite direction read backwards."""
    return [Suggestion(p.unit_id, p.source_text, p.text, 0, p.public_id) for p in pairs]


def _folded(text: str) -> str:
    return " ".join(fold_digits(text).casefold().split())
