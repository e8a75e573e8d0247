"""Triggers that keep what was published as it was published, beside the services that refuse before them."""

from collections.abc import Mapping, Sequence

from portal.core.db import raising
from portal.protocols.dictionary import ONCE_PUBLISHED

REFUSED = raising("a published version is immutable")
_STATES = ", ".join(f"'{state}'" for state in ONCE_PUBLISHED)


def sealed_version(columns: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """A published version may change its state among the published ones, and nothing that it says."""
    named = ", ".join(columns)
    kept = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    back = f"NEW.state NOT IN ({_STATES})"
    refuse = "SELECT RAISE(ABORT, 'a published version is immutable')"
    return {
        "sqlite": (
            f"CREATE TRIGGER protocol_version_sealed BEFORE UPDATE OF {named} ON protocol_version"
            f" WHEN OLD.published_at IS NOT NULL BEGIN {refuse}; END",
            "CREATE TRIGGER protocol_version_not_back BEFORE UPDATE OF state ON protocol_version"
            f" WHEN OLD.published_at IS NOT NULL AND {back} BEGIN {refuse}; END",
            "CREATE TRIGGER protocol_version_kept BEFORE DELETE ON protocol_version"
            f" WHEN OLD.published_at IS NOT NULL BEGIN {refuse}; END",
        ),
        "postgresql": (
            "CREATE OR REPLACE FUNCTION protocol_version_sealed() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN"
            f" IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR {back} OR {kept}) THEN"
            f" {REFUSED}; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER protocol_version_sealed BEFORE UPDATE OR DELETE ON protocol_version"
            " FOR EACH ROW EXECUTE FUNCTION protocol_version_sealed()",
        ),
    }


def sealed_part(table: str) -> Mapping[str, tuple[str, ...]]:
    """Rows of a published version (blocks, references, concepts) are neither added, changed nor removed."""
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_sealed_{verb.lower()} BEFORE {verb} ON {table}"  # noqa: S608 # constants
            f" WHEN (SELECT published_at FROM protocol_version WHERE id = {row}.version_id) IS NOT NULL"
            f" BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END"
            for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
        ),
        "postgresql": (
            "CREATE OR REPLACE FUNCTION protocol_part_sealed() RETURNS trigger LANGUAGE plpgsql AS $$"  # noqa: S608 # a constant
            " DECLARE version bigint; BEGIN"
            " IF TG_OP = 'INSERT' THEN version := NEW.version_id; ELSE version := OLD.version_id; END IF;"
            " IF (SELECT published_at FROM protocol_version WHERE id = version) IS NOT NULL THEN"
            f" {REFUSED}; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {table}_sealed BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION protocol_part_sealed()",
        ),
    }
