"""Triggers beside the services: what was written or decided stays, and a text can only be emptied."""


def erasable(table: str, column: str) -> dict[str, tuple[str, ...]]:
    """A text that may become empty and nothing else."""
    name = f"{table}_{column}_kept"
    refuse = f"SELECT RAISE(ABORT, '{table} is immutable')"
    return {
        "sqlite": (
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table}"
            f" WHEN NEW.{column} <> '' BEGIN {refuse}; END",
        ),
        "postgresql": (
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table}"
            f" FOR EACH ROW WHEN (NEW.{column} <> '') EXECUTE FUNCTION refuse_change()",
        ),
    }
