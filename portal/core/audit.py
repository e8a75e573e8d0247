"""The audit: a hash-chained list of what people did, written in the same transaction as the act.

mac_i = HMAC-SHA256(K_audit, mac_{i-1} || canonical JSON of the entry), with the sequence number inside. The
first statement of `record` updates the head row, which locks the chain on SQLite and PostgreSQL alike.
No foreign keys: an entry outlives what it speaks of. Values of people's data never enter it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, ddl_after, note_event, utcnow
from portal.core.permissions import Actor
from portal.extensions import db, keys

FIRST_MAC: Final = bytes(32)
# Entries of people who came, read and went: nothing that anybody else is shown is another after them.
NO_CHANGE: Final = (
    "account.signed_in", "account.signed_out", "audit.read", "data_quality.viewed", "live_figures.viewed",
    "result.viewed",
)  # fmt: skip
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class AuditEvent(Model):
    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int]
    acting_role: Mapped[str] = mapped_column(sa.String(30))
    event: Mapped[str] = mapped_column(sa.String(60), index=True)
    object_type: Mapped[str] = mapped_column(sa.String(40))
    object_id: Mapped[str] = mapped_column(sa.String(60))
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    hash_before: Mapped[str] = mapped_column(sa.String(64), default="")
    hash_after: Mapped[str] = mapped_column(sa.String(64), default="")
    changes: Mapped[str] = mapped_column(sa.Text, default="{}")
    reason_code: Mapped[str] = mapped_column(sa.String(40), default="")
    reason_text: Mapped[str] = mapped_column(sa.Text, default="")
    request_id: Mapped[str] = mapped_column(sa.String(32), default="")
    mac: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Model):
    """One row: the last sequence number and mac. A cut tail differs from it."""

    __tablename__ = "audit_head"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    mac: Mapped[str] = mapped_column(sa.String(64))


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry at which the chain does not hold, and how."""

    seq: int
    reason: str


BODY: Final = (
    "seq", "at", "actor_id", "acting_role", "event", "object_type", "object_id", "country", "hash_before",
    "hash_after", "changes", "reason_code", "reason_text", "request_id",
)  # fmt: skip

ddl_after(AuditEvent.__table__, append_only("audit_event"))  # type: ignore[arg-type] # a Table
ddl_after(
    AuditHead.__table__,  # type: ignore[arg-type] # a Table
    {"": (f"INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '{FIRST_MAC.hex()}')",)},  # noqa: S608 # a constant
)


_HEAD: Final = AuditHead.__table__
_ADVANCE: Final = (
    sa.update(AuditHead)
    .where(_HEAD.c.id == 1)
    .values(seq=_HEAD.c.seq + 1)
    .returning(_HEAD.c.seq, _HEAD.c.mac)
)
_INSERT: Final = sa.insert(AuditEvent)
_EVENTS: Final = AuditEvent.__table__
# Made once, and of plain columns: every kept page asks it, and making it takes longer than the answer.
_LAST_CHANGE: Final = (
    sa.select(_EVENTS.c.mac)
    .where(*(_EVENTS.c.event != name for name in NO_CHANGE))
    .order_by(_EVENTS.c.seq.desc())
    .limit(sa.literal_column("1"))
)
_CLOSE: Final = sa.update(AuditHead).where(_HEAD.c.id == 1).values(mac=sa.bindparam("last_mac"))


def set_request_id(value: str) -> None:
    """Told by the web layer or a command, so that entries can be matched with log lines."""
    _request_id.set(value)


def record(
    event: str,
    *,
    by: Actor,
    target: Model | tuple[str, object],
    changes: Mapping[str, Any] | None = None,
    **details: str | None,
) -> None:
    """Append one entry. Call it last in a verb, inside its transaction.

    `details` may hold acting_role, country, hash_before, hash_after, reason_code, reason_text.
    """
    db.session.flush()
    told = {name: value or "" for name, value in details.items()}
    _append(db.session.connection(), _entry(event, by, target, changes or {}) | told)
    note_event()


def record_reading(event: str, *, by: Actor, target: tuple[str, object]) -> None:
    """Append an entry of what somebody read, where nothing else is written. Not inside a verb.

    A transaction of its own holds the lock of all writers for three statements, and a bare connection leaves
    what the session has loaded as it is.
    """
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        _append(connection, _entry(event, by, target, {}))


def diff(before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of the fields that changed."""
    return {f: [before.get(f), after.get(f)] for f in fields if before.get(f) != after.get(f)}


def find_last_change() -> str:
    """Return the mac of the last entry of a change: it names the present state of all that the audit covers.

    No transaction may change audited tables without an entry, and entries are written one after another, so
    what was made of those tables under an equal answer is still true.
    """
    return db.session.connection().scalar(_LAST_CHANGE) or ""


def verify() -> Break | None:
    """Walk the whole chain. None when it holds to the head, else the first break."""
    previous, expected = FIRST_MAC, 1
    for entry in db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq)):
        if entry.seq != expected:
            return Break(expected, "missing")
        values = {name: getattr(entry, name) for name in BODY}
        if not hmac.compare_digest(chain_mac(previous, body(values)).hex(), entry.mac):
            return Break(entry.seq, "changed")
        previous, expected = bytes.fromhex(entry.mac), expected + 1
    head = db.session.get_one(AuditHead, 1, populate_existing=True)
    held = (head.seq, head.mac) == (expected - 1, previous.hex())
    return None if held else Break(expected, "tail cut or head changed")


def body(values: Mapping[str, Any]) -> str:
    return canonical({**values, "at": values["at"].isoformat()})


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, non-ASCII kept."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def chain_mac(previous: bytes, text: str) -> bytes:
    return hmac.new(keys.audit, previous + text.encode(), hashlib.sha256).digest()


def _entry(
    event: str, by: Actor, target: Model | tuple[str, object], changes: Mapping[str, Any]
) -> dict[str, Any]:
    # Audited tables have an id.
    kind, key = target if isinstance(target, tuple) else (target.__tablename__, target.id)  # type: ignore[attr-defined]
    return {
        "at": utcnow().replace(microsecond=0), "actor_id": by.id, "acting_role": "", "event": event,
        "object_type": kind, "object_id": str(key), "country": by.country, "hash_before": "",
        "hash_after": "", "changes": canonical(dict(changes)), "reason_code": "", "reason_text": "",
        "request_id": _request_id.get(),
    }  # fmt: skip


def _append(connection: sa.Connection, entry: dict[str, Any]) -> None:
    head = connection.execute(_ADVANCE).one()
    entry = {"seq": head.seq, **entry}
    mac = chain_mac(bytes.fromhex(head.mac), body(entry)).hex()
    connection.execute(_INSERT, {**entry, "mac": mac})
    connection.execute(_CLOSE, {"last_mac": mac})
