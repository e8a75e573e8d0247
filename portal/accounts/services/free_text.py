"""Free text about accounts: it is mailed, shown and kept in the audit for good, so it identifies nobody."""

from portal.accounts.rules import holds_identifier
from portal.core.errors import Invalid, Problem


def check_reason(text: str) -> str:
    """A reason without the space around it; refused when empty, or when it names somebody."""
    if not text.strip():
        raise Invalid(problems=(Problem("reason", "reason_missing"),))
    _refuse("reason", text, names=True)
    return text.strip()


def check_own_data(*, name: str, affiliation: str) -> None:
    """A name and a place of work hold no number of a person."""
    _refuse("name", name, names=False)
    _refuse("affiliation", affiliation, names=False)


def _refuse(field: str, text: str, *, names: bool) -> None:
    if holds_identifier(text, names=names):
        raise Invalid("text_identifies", problems=(Problem(field, "text_identifies"),))
