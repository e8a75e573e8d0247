"""The page of a protocol of 40 blocks in three languages with 500 versions, beside a bare Flask page of its size.

Both behind the production server, at 16 connections. The number of queries is compared between a short and a long
history before anything is timed.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import protocol_world
import sqlalchemy as sa
from bench.bench_pages import Asked, Server, asked_by_many, checked, serving
from bench.stage import own_portal
from bench.table import Line
from bench.timing import ROUNDS, Spent, rotated
from flask import Flask

from portal.extensions import db
from portal.protocols.models import Block, ProtocolVersion, TranslationUnit
from portal.protocols.queries.translations import list_sources
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks
from portal.protocols.services.blocks import BlockText

BLOCKS, VERSIONS, EACH = 40, 500, 60
REACH = 2.0
LANGUAGES = ("ru", "fa")
TEXT = (
    "Assess tolerance, other sedatives and pregnancy before anything else; number {n} of the list. "
    "Give ⟦10–20 mg⟧ in the morning and watch the person for 2 hours in a quiet room."
)
SECTIONS = ("assessment", "steps", "monitoring", "adverse_events", "resources")
_COPIED = ("version_id", "id")


def measure(versions: int = VERSIONS, rounds: int = ROUNDS, each: int = EACH) -> list[Line]:
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        with own_portal(folder) as app:
            path = make_protocol()
            few = count_queries(app, path)
            lengthen(versions)
            assert count_queries(app, path) == few, "the number of queries grows with the history"
            (folder / "page.html").write_bytes(app.test_client().get(path).data)
        os.environ["BENCH_PAGE"] = str(folder / "page.html")
        portal = stack.enter_context(serving("portal.app:create_app()", folder))
        plain = stack.enter_context(serving("bench.hello:make_page()", folder))
        return list(_lines(asked_pages(portal, plain, path), few, rounds, each))


def asked_pages(portal: Server, plain: Server, path: str) -> dict[str, Asked]:
    """An address with a query is rendered anew each time."""
    texts = {"kept": path, "anew": f"{path}?anew"}
    pages = {
        name: checked(portal, address, must_hold="number 7 of the list") for name, address in texts.items()
    }
    return {"bare": checked(plain, "/", must_hold="number 7 of the list")} | pages


def _lines(pages: dict[str, Asked], queries: tuple[int, int], rounds: int, each: int) -> Iterator[Line]:
    spent = {name: Spent() for name in pages}
    for number in range(rounds):
        for name in rotated(pages, number):
            asked_by_many(pages[name], max(1, each // 10))
            spent[name].add(*asked_by_many(pages[name], each))
    bare = spent["bare"]
    told = {
        "kept": ("protocol page", REACH, queries[1]),
        "anew": ("the same rendered anew", None, queries[0]),
    }
    for name, (what, reach, number) in told.items():
        page = spent[name]
        note = f"{number} queries; {1000 * page.wall:.1f} / {1000 * bare.wall:.1f} ms"
        whole = f"{what}, {BLOCKS} blocks, p95 / bare page's p95"
        yield Line(whole, page.wall / bare.wall, reach, cpu=page.cpu / bare.cpu, note=note)


def make_protocol() -> str:
    """A published protocol of 40 blocks with every text approved in two more languages; its Persian address."""
    world = protocol_world.make_world()
    draft = protocol_world.make_draft(world)
    said = [
        BlockText(SECTIONS[n % 5], "text", TEXT.format(n=n))
        for n in range(BLOCKS - len(list_blocks(draft.id)))
    ]
    blocks.add_blocks(draft, said, by=world.author, now=protocol_world.NOW)
    protocol_world.bring_to(world, draft, "published")
    people = world.translator.id, world.language_reviewer.id
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(sa.insert(TranslationUnit), list(_units(draft, people)))
    db.session.rollback()
    return f"/fa/p/{draft.protocol.public_id}/{draft.protocol.slug}"


def _units(version: ProtocolVersion, people: tuple[int, int]) -> Iterator[dict[str, object]]:
    now = protocol_world.NOW
    for source in list_sources([version])[version.id]:
        for lang in LANGUAGES:
            yield {
                "protocol_id": version.protocol_id, "unit_key": source.key, "lang": lang, "revision": 1,
                "text": source.text, "source_text": source.text, "source_hash": source.source_hash,
                "state": "approved", "origin": "human", "translated_by": people[0], "reviewed_by": people[1],
                "reviewed_at": now, "created_by": people[1], "created_at": now, "number_check": "ok",
                "number_reason": "", "remark": "", "reopened": False,
            }  # fmt: skip


def lengthen(versions: int) -> None:
    """Earlier versions, 0.1 and on, each with the blocks of the current one."""
    current = db.session.scalars(sa.select(ProtocolVersion)).one()
    own = {c.name: getattr(current, c.name) for c in ProtocolVersion.__table__.columns if c.name != "id"}
    held = [
        {c.name: getattr(block, c.name) for c in Block.__table__.columns if c.name not in _COPIED}
        for block in list_blocks(current.id)
    ]
    db.session.rollback()
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        for number in range(1, versions):
            _earlier(connection, own | {"major": 0, "minor": number}, held)


def _earlier(connection: sa.Connection, own: dict[str, object], held: list[dict[str, object]]) -> None:
    draft = own | {"state": "draft", "published_at": None, "published_by": None}
    key = connection.execute(sa.insert(ProtocolVersion).values(draft)).inserted_primary_key[0]
    connection.execute(sa.insert(Block), [block | {"version_id": key} for block in held])
    published = protocol_world.NOW - timedelta(days=VERSIONS - int(str(own["minor"])))
    connection.execute(
        sa.update(ProtocolVersion)
        .where(ProtocolVersion.id == key)
        .values(state="superseded", published_at=published, published_by=own["published_by"])
    )


def count_queries(app: Flask, path: str) -> tuple[int, int]:
    """Queries of the page rendered anew, and of the kept one."""
    client = app.test_client()
    client.get(path)
    return _sent(client, f"{path}?anew"), _sent(client, path)


def _sent(client: object, path: str) -> int:
    sent = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
    return len([statement for statement in sent if statement.startswith("SELECT")])
