"""Sentences about files: why one was refused, what is wrong in a row, how an import stands."""

import re
from typing import Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import i18n
from portal.core.identifiers import scan
from portal.core.sentences import register_messages
from portal.registry.dictionary import CURRENT, load
from portal.registry.forms.files import KINDS
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.report import RowError, message_of
from portal.registry.models import BatchState, ImportBatch
from portal.registry.services.quota import TooManyUploads

LONGEST_NAME: Final = 60
MOST_DIGITS: Final = 6
LEFT_TO_RIGHT: Final = re.compile(r"(?<![\w⟦-])(-\d+|\d+(?:-\d+)+)(?![\w⟧])")
STATES: Final = {
    BatchState.LOADING: (_l("running"), "active"),
    BatchState.STAGED: (_l("waits for your decision"), "warn"),
    BatchState.DONE: (_l("accepted"), "done"),
    BatchState.REFUSED: (_l("refused"), "bad"),
    BatchState.SWEPT: (_l("discarded"), "off"),
}
"""Words and mark of each state."""
EXAMPLES: Final = {
    "trial-like": """{
  "programme": {"column": "clinic", "codes": {"1": "CODE1", "2": "CODE2"}},
  "arm": "M20",
  "constants": {"admission_month": "2025-03", "substance_1_code": "150"},
  "ignored": ["dose"]
}""",
    "teds-d-like": """{
  "programme": "CODE1",
  "ignored": ["AGE_NOTE"]
}""",
}
"""Mappings to start from; CODE1 stands for the code of a programme."""

register_messages(
    {
        "import_discarded": _l("This import was discarded already."),
        "unknown_import": _l("This import does not exist, or is not open to your account."),
        "programme_not_of_centre": _l(
            "There is no programme %(programme)s in your centre. Choose one of your own programmes."
        ),
        "programme_needed": _l("Choose the programme that the file is of."),
        "unknown_profile": _l("Choose one of the listed kinds of file."),
        "unknown_dictionary": _l("There is no dictionary of version %(version)s."),
    }
)


class Said(NamedTuple):
    """One row of the report as the reader sees it."""

    line: str
    column: str
    label: str
    code: str
    text: str
    hint: str


def refused(refusal: FileRefused) -> str:
    """Why the whole file was refused: what, where, what to do. An identifier is never repeated."""
    language = i18n.current()
    message = message_of(refusal.code)
    values = _values(refusal.values | {"column": _column_of(refusal)})
    text, hint = (each[language] % values for each in (message.text, message.hint))
    where = {"what": _isolated(text), "advice": _isolated(hint)}
    line = None if refusal.line is None else i18n.number(refusal.line)
    if line is not None and refusal.column:
        return _(
            "%(what)s Line %(line)s, column %(column)s. %(advice)s",
            line=line,
            column=values["column"],
            **where,
        )
    if line is not None:
        return _("%(what)s Line %(line)s. %(advice)s", line=line, **where)
    if refusal.column:
        return _("%(what)s Column %(column)s. %(advice)s", column=values["column"], **where)
    return _("%(what)s %(advice)s", **where)


def too_many(refusal: TooManyUploads) -> str:
    """Why a file is not read, although nothing is wrong with it."""
    return _(
        "You have handed in %(limit)s files within an hour. Wait a while, or put several files into one.",
        limit=i18n.number(refusal.values["limit"]),
    )


def said(error: RowError) -> Said:
    """One fault with its sentence and its advice, the column by name and by label."""
    language = i18n.current()
    message = message_of(error.code, error.column, error.version)
    values = _values({"column": error.column})
    dictionary = load(error.version)
    label = dictionary[error.column].label[language] if error.column in dictionary else ""
    return Said(
        i18n.number(error.line), error.column, label, error.code,
        _isolated(message.text[language] % values), _isolated(message.hint[language] % values),
    )  # fmt: skip


def noticed(rule: str, version: int = CURRENT) -> Said:
    """A warning with its sentence and its advice."""
    return said(RowError(0, "", rule, version=version))


def state(batch: ImportBatch) -> tuple[str, str]:
    """Word and mark of an import's state."""
    word, kind = STATES[BatchState(batch.state)]
    return str(word), kind


def _column_of(refusal: FileRefused) -> str:
    """A column by its name, or by its place; a heading that may say who somebody is stays unsaid."""
    name = refusal.column[:LONGEST_NAME]
    if refusal.code == "Q-PII" and refusal.values.get("kind") == "column":
        return i18n.number(int(name))
    if sum(map(str.isdigit, name)) > MOST_DIGITS or scan(name, context=name):
        return "⟦…⟧"
    return f"⟦{name}⟧" if name else ""


def _values(given: dict[str, object]) -> dict[str, object]:
    values: dict[str, object] = {"column": "", "limit": "", "kind": "", "what": ""} | given
    if isinstance(values["limit"], int):
        values["limit"] = i18n.number(values["limit"])
    column = str(values["column"])
    values["column"] = f"⟦{column}⟧" if column and "⟦" not in column and not column.isdecimal() else column
    values["kind"] = KINDS.get(str(values["kind"]), values["kind"])
    values["what"] = f"⟦{str(values['what'])[:LONGEST_NAME]}⟧" if values["what"] else ""
    return values


def _isolated(text: str) -> str:
    """Signed numbers and numbers with hyphens read left to right in every language."""
    return LEFT_TO_RIGHT.sub(r"⟦\1⟧", text)
