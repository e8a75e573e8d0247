"""The matrix of 2,000 protocols, the clinically stale first, beside the bare reading of the rows that it judges.

The number of queries is compared between two sizes before anything is timed.
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from bench.stage import own_portal
from bench.table import Line
from bench.timing import ROUNDS, interleaved
from factories import make_user

from portal.extensions import db
from portal.protocols.models import Block, Protocol, ProtocolVersion, TranslationUnit
from portal.protocols.queries.matrix import Wanted, list_matrix
from portal.protocols.units import block_hash, field_hash

PROTOCOLS, BLOCKS = 2000, 20
STALE = Wanted(stale_first=True)
REACH = 6.0
NOW = datetime(2026, 11, 1, tzinfo=UTC)
_TABLES = (
    sa.select(ProtocolVersion.id, ProtocolVersion.title, ProtocolVersion.summary),
    sa.select(Block.version_id, Block.block_key, Block.section, Block.kind, Block.source_hash),
    sa.select(
        TranslationUnit.protocol_id, TranslationUnit.lang, TranslationUnit.unit_key, TranslationUnit.state,
        TranslationUnit.source_hash, TranslationUnit.created_at,
    ).order_by(TranslationUnit.id),
)  # fmt: skip


def measure(protocols: int = PROTOCOLS, rounds: int = ROUNDS) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder, own_portal(Path(folder)):
        author, reviewer = make_user("clinician").id, make_user("language_reviewer").id
        fill(range(protocols // 10), author, reviewer)
        few = count_queries()
        fill(range(protocols // 10, protocols), author, reviewer)
        assert count_queries() == few, "the number of queries grows with the protocols"
        spent = interleaved({"matrix": _matrix, "bare": _bare}, rounds=rounds)
        ratio, bare = spent["matrix"], spent["bare"]
        note = f"{few} queries; {1000 * ratio.wall:.0f} / {1000 * bare.wall:.0f} ms"
        what = f"matrix of {protocols:,} protocols, stale first / bare rows"
        yield Line(what, ratio.wall / bare.wall, REACH, cpu=ratio.cpu / bare.cpu, note=note)


def _matrix() -> None:
    db.session.rollback()
    assert len(list_matrix(STALE)) == 50


def _bare() -> None:
    db.session.rollback()
    for statement in _TABLES:
        db.session.execute(statement).all()


def count_queries() -> int:
    sent = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        list_matrix(STALE)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def fill(numbers: range, author: int, reviewer: int) -> None:
    """Published protocols of 20 blocks with a Persian translation, every tenth with a stale text in it."""
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        for number in numbers:
            _one(connection, number, author, reviewer)


def _one(connection: sa.Connection, number: int, author: int, reviewer: int) -> None:
    key = f"PR-{number + 1:04d}"
    protocol = connection.execute(
        sa.insert(Protocol).values(
            public_id=key, slug=key.lower(), source_lang="en", owner_id=author, licence="CC-BY-4.0",
            created_at=NOW, origin_country="IR", organisation_ids=[], demonstration=False,
        )
    ).inserted_primary_key[0]  # fmt: skip
    version = connection.execute(
        sa.insert(ProtocolVersion).values(
            protocol_id=protocol, major=1, minor=0, state="draft", change_type="initial", title=f"Protocol {number}",
            summary="Made up.", change_note="", content_hash="", licence="CC-BY-4.0", created_by=author,
            created_at=NOW, changed_at=NOW,
        )
    ).inserted_primary_key[0]  # fmt: skip
    blocks = [_block(version, number, place) for place in range(BLOCKS)]
    connection.execute(sa.insert(Block), blocks)
    connection.execute(
        sa.update(ProtocolVersion)
        .where(ProtocolVersion.id == version)
        .values(state="published", published_at=NOW, published_by=author)
    )
    connection.execute(sa.insert(TranslationUnit), list(_units(protocol, number, blocks, (author, reviewer))))


def _block(version: int, number: int, place: int) -> dict[str, object]:
    key = f"{number:08d}-{place:04d}-4000-8000-000000000000"
    text = f"Text {place} of protocol {number}."
    return {
        "version_id": version, "block_key": key, "section": "steps", "position": place, "kind": "step", "data": {},
        "source_text": text, "source_hash": block_hash(key, "steps", "step", data={}, text=text), "revision": 1,
    }  # fmt: skip


def _units(
    protocol: int, number: int, blocks: list[dict[str, object]], people: tuple[int, int]
) -> Iterator[dict[str, object]]:
    sources = [("title", field_hash("title", f"Protocol {number}"))]
    sources += [(str(block["block_key"]), str(block["source_hash"])) for block in blocks]
    for place, (key, source_hash) in enumerate(sources):
        stale = number % 10 == 0 and place == 1
        yield {
            "protocol_id": protocol, "unit_key": key, "lang": "fa", "revision": 1, "text": "متن", "source_text": "Text",
            "source_hash": "0" * 64 if stale else source_hash, "state": "approved", "origin": "human",
            "translated_by": people[0], "reviewed_by": people[1], "reviewed_at": NOW, "created_by": people[1],
            "created_at": NOW, "number_check": "ok", "number_reason": "", "remark": "", "reopened": False,
        }  # fmt: skip
