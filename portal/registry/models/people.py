"""Persons, known by a re-keyed pseudonym of one programme, and the marks of those who withdrew."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, ddl_after, raising

# A person counts in one edition for life; the database itself refuses a second one.
SQLITE: Final = """
CREATE TRIGGER person_edition_once BEFORE UPDATE OF edition ON person WHEN OLD.edition IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'person.edition is set once'); END
"""
POSTGRESQL: Final = f"""
CREATE FUNCTION refuse_second_edition() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {raising("person.edition is set once")}; END $$;
CREATE TRIGGER person_edition_once BEFORE UPDATE OF edition ON person FOR EACH ROW
WHEN (OLD.edition IS NOT NULL) EXECUTE FUNCTION refuse_second_edition()
"""
TRIGGERS: Final = {"sqlite": (SQLITE,), "postgresql": tuple(POSTGRESQL.split(";\n"))}


class Person(Model):
    """One pseudonym of one programme. An episode without a token has a person of its own: its row key."""

    __tablename__ = "person"
    __table_args__ = (
        sa.Index(
            "ix_person_edition", "edition",
            sqlite_where=sa.text("edition IS NOT NULL"), postgresql_where=sa.text("edition IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    programme_code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    s: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    edition: Mapped[str | None] = mapped_column(sa.String(20))


class Tombstone(Model):
    """`t` = HMAC(pepper, "tomb" 1F programme code 1F P): refuses the return of a withdrawn person."""

    __tablename__ = "tombstone"

    programme_code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    t: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)


ddl_after(Person.__table__, TRIGGERS)  # type: ignore[arg-type] # a Table
