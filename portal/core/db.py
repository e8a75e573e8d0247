"""Database rules that hold for every feature: base model, UTC moments, transactions.

A write transaction begins IMMEDIATE on SQLite: with the deferred default, concurrent read-then-write fails.
Tables outside the audit (drafts, login sessions, jobs, postings) set `__audited__ = False`. A transaction
that changed audited tables and recorded no event is refused.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.types import TypeDecorator

from portal.extensions import Base, db

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

P = ParamSpec("P")
R = TypeVar("R")


class UnrecordedChange(RuntimeError):
    """A programmer's mistake: audited tables changed and no event was recorded."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Stored without zone, handed out with it."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            message = "moments need a time zone"
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value is not None else None


def utcnow() -> datetime:
    return datetime.now(UTC)


def both_or_neither(first: str, second: str) -> sa.CheckConstraint:
    """CHECK that two columns, such as who and when, are set together."""
    text = f"({first} IS NULL) = ({second} IS NULL)"
    return sa.CheckConstraint(text, name=f"{first}_with_{second}")


def transaction(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one write transaction. The outermost call opens, checks and commits.

    Pending changes made before the call are dropped and loaded objects are read afresh, so a verb never
    acts on what the session saw before it held the lock.
    """
    return _in_transaction(verb, audited=True)


def bookkeeping(verb: Callable[P, R]) -> Callable[P, R]:
    """As `transaction`, for tables outside the audit (drafts, login sessions, jobs, postings)."""
    return _in_transaction(verb, audited=False)


def on_commit(call: Callable[[], object]) -> None:
    """Run after the outermost commit; dropped on rollback. Outside a transaction, run now."""
    if db.session.info.get("depth", 0):
        db.session.info.setdefault("after_commit", []).append(call)
    else:
        call()


def note_event() -> None:
    """Called by the audit: the running transaction has recorded an event."""
    db.session.info["events"] = db.session.info.get("events", 0) + 1


def _in_transaction(verb: Callable[P, R], *, audited: bool) -> Callable[P, R]:
    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session.info.get("depth", 0):
            return verb(*args, **kwargs)
        _open()
        try:
            result = verb(*args, **kwargs)
            _close(audited=audited)
        except BaseException:
            db.session.rollback()
            raise
        finally:
            calls = _forget()
        for call in calls:
            call()
        return result

    run.__transaction__ = "audited" if audited else "bookkeeping"  # type: ignore[attr-defined]
    return run


def _open() -> None:
    db.session.rollback()
    db.session.connection(execution_options={"write": True})
    db.session.info.update(depth=1, events=0, changed=set(), after_commit=[])


def _close(*, audited: bool) -> None:
    db.session.flush()
    changed: set[str] = db.session.info["changed"]
    silent = {name for name in changed if _is_audited(name)}
    if silent and not db.session.info["events"]:
        kind = "left no audit event" if audited else "is bookkeeping but touched audited tables"
        raise UnrecordedChange(f"transaction changed {sorted(silent)} and {kind}")
    db.session.commit()
    db.session.info["committed"] = True


def _forget() -> list[Callable[[], object]]:
    info = db.session.info
    calls = info.get("after_commit", []) if info.pop("committed", False) else []
    info.update(depth=0, events=0, changed=set(), after_commit=[])
    return list(calls)


def _is_audited(table: str) -> bool:
    return (
        bool(Base.metadata.tables[table].info.get("audited", True))
        if table in Base.metadata.tables
        else False
    )


def _note(session: Session, table: str) -> None:
    if session.info.get("depth"):
        session.info["changed"].add(table)


@event.listens_for(Session, "before_flush")
def _note_objects(session: Session, _context: object, _instances: object) -> None:
    touched = [*session.new, *session.deleted, *(o for o in session.dirty if session.is_modified(o))]
    for thing in touched:
        _note(session, thing.__tablename__)


@event.listens_for(Session, "do_orm_execute")
def _note_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if table is not None:
            _note(state.session, table.name)


def ddl_after(table: sa.Table, statements: Mapping[str, Sequence[str]]) -> None:
    """Run statements (triggers, first rows) after the table is made, per dialect; "" means every dialect.

    Migrations carry their own copy: a revision must not change when this list does.
    """
    for dialect, texts in statements.items():
        for text in texts:
            ddl = sa.DDL(text.replace("%", "%%"))
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect) if dialect else ddl)


def raising(said: str, values: str = "") -> str:
    """What refuses in a trigger of PostgreSQL, as the error that a refusal of SQLite is in Python."""
    return f"RAISE EXCEPTION '{said}'{values} USING ERRCODE = 'integrity_constraint_violation'"


def append_only(table: str, *, columns: str = "") -> dict[str, tuple[str, ...]]:
    """Trigger texts that refuse DELETE, and UPDATE of the named columns (all when empty)."""
    of = f" OF {columns}" if columns else ""
    refuse = f"SELECT RAISE(ABORT, '{table} is immutable')"
    refused = raising("% is immutable", ", TG_TABLE_NAME")
    return {
        "sqlite": (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} BEGIN {refuse}; END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END",
        ),
        "postgresql": (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {refused}; END $$",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ),
    }


def listen(engine: Engine) -> None:
    """Set up a SQLite engine: our own BEGIN, write-ahead log, full durability, foreign keys."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open transactions by itself
        # recursive_triggers: without it INSERT OR REPLACE deletes rows past the triggers that refuse it.
        pragmas = ("synchronous=full", "foreign_keys=on", "recursive_triggers=on", "busy_timeout=15000")
        for pragma in ("journal_mode=wal", *pragmas):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


__all__ = [
    "Model",
    "Moment",
    "UnrecordedChange",
    "append_only",
    "bookkeeping",
    "both_or_neither",
    "ddl_after",
    "listen",
    "note_event",
    "on_commit",
    "raising",
    "transaction",
    "utcnow",
]
