"""Forms of editors: words of a collection in three languages, a sentence on a protocol; names of states."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.collections.models import (
    LANGUAGES,
    LONGEST_INTRODUCTION,
    LONGEST_NOTE,
    LONGEST_TITLE,
    CollectionText,
    State,
)
from portal.core.forms import LongTextField, PortalForm, TextField, length, no_identifiers
from portal.core.i18n import direction

STATES: Final[dict[str, Any]] = {
    State.DRAFT: lazy_pgettext("collection", "Draft"),
    State.PUBLISHED: lazy_pgettext("collection", "Published"),
    State.RETIRED: lazy_pgettext("collection", "No longer kept up"),
}
STATE_PILLS: Final = {State.DRAFT: "idle", State.PUBLISHED: "done", State.RETIRED: "off"}
TITLES: Final = {
    "en": _l("Title in English"),
    "ru": _l("Title in Russian"),
    "fa": _l("Title in Persian"),
}
INTRODUCTIONS: Final = {
    "en": _l("Introduction in English"),
    "ru": _l("Introduction in Russian"),
    "fa": _l("Introduction in Persian"),
}
NOTES: Final = {
    "en": _l("Sentence in English"),
    "ru": _l("Sentence in Russian"),
    "fa": _l("Sentence in Persian"),
}


class _Words(PortalForm):
    """Texts of one kind stand in fields `<kind>_<language>`; `theirs` is what another editor saved there."""

    theirs: Mapping[str, str] = {}

    def words(self, kind: str) -> dict[str, str]:
        return {lang: self.text(f"{kind}_{lang}") for lang in LANGUAGES}

    def set_beside(self, held: Mapping[str, str]) -> None:
        """Show what is kept beside what was typed, where the two differ."""
        self.theirs = {name: text for name, text in held.items() if text and text != self.text(name)}


def _line(label: Any, lang: str, longest: int) -> TextField:
    return TextField(label, [length(0, longest), no_identifiers()], direction=direction(lang))


class WordsForm(_Words):
    """Title and introduction, language by language."""

    title_en = _line(TITLES["en"], "en", LONGEST_TITLE)
    introduction_en = LongTextField(INTRODUCTIONS["en"], [length(0, LONGEST_INTRODUCTION), no_identifiers()])
    title_ru = _line(TITLES["ru"], "ru", LONGEST_TITLE)
    introduction_ru = LongTextField(INTRODUCTIONS["ru"], [length(0, LONGEST_INTRODUCTION), no_identifiers()])
    title_fa = _line(TITLES["fa"], "fa", LONGEST_TITLE)
    introduction_fa = LongTextField(INTRODUCTIONS["fa"], [length(0, LONGEST_INTRODUCTION), no_identifiers()])


class BeginForm(PortalForm):
    """A title is enough to begin; it is in the language of the page."""

    title = TextField(_l("Title"), [length(1, LONGEST_TITLE), no_identifiers()])


class NoteForm(_Words):
    """A sentence about one protocol."""

    note_en = _line(NOTES["en"], "en", LONGEST_NOTE)
    note_ru = _line(NOTES["ru"], "ru", LONGEST_NOTE)
    note_fa = _line(NOTES["fa"], "fa", LONGEST_NOTE)


def as_typed(words: Mapping[str, CollectionText]) -> dict[str, str]:
    """What is kept, as the form shows it."""
    titles = {f"title_{lang}": row.title for lang, row in words.items()}
    return titles | {f"introduction_{lang}": row.introduction for lang, row in words.items()}
