"""Terms of the vocabulary in a text to be translated: the preferred label, and names that are not to be used.

Hidden names are there because people search by them; several hurt. A text uses the preferred label.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from portal.vocabulary import thesaurus
from portal.vocabulary.stem import stem

# What a match must begin with to be a term for translators: grades and legal states are not written in texts.
_SCHEMES: Final = ("sub-", "int-", "cond-", "set-", "pop-", "out-", "ins-", "comp-")


@dataclass(frozen=True, slots=True)
class Term:
    """A concept that the source names, with the label to write; `is_used`: the translation names it."""

    concept: str
    found: str
    label: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A hidden name that stands in the translation, and the label to write in its place."""

    found: str
    label: str


@dataclass(frozen=True, slots=True)
class _Named:
    concept: str
    surface: str
    keys: frozenset[str]


def terms_of(source: str, target: str, lang: str) -> list[Term]:
    """Terms of the source, each once, in their order."""
    known = thesaurus.current()
    used = {named.concept for named in _names(known, target)}
    found: dict[str, Term] = {}
    for named in _names(known, source):
        label = known.label(named.concept, lang)
        term = Term(named.concept, named.surface, label, named.concept in used)
        found.setdefault(named.concept, term)
    return list(found.values())


def forbidden_in(target: str, lang: str) -> list[Forbidden]:
    """Hidden names in a translation, each once. Codes are not names."""
    known = thesaurus.current()
    found = {
        named.surface: Forbidden(named.surface, label)
        for named in _names(known, target)
        if not any(char.isdigit() for char in named.surface)
        and named.keys.isdisjoint(_keys(label := known.label(named.concept, lang)))
    }
    return list(found.values())


def _keys(label: str) -> frozenset[str]:
    spaced, joined = thesaurus.spellings(label)
    return spaced | joined


def _names(known: thesaurus.Thesaurus, text: str) -> Iterable[_Named]:
    """Unambiguous names in running text, with the words that name them."""
    tokens = thesaurus.tokens(text)
    for match in known.match(tokens, everyday=False):
        held = tokens[match.first : match.last]
        if len(match.concepts) == 1 and match.concepts[0].startswith(_SCHEMES):
            keys = {" ".join(token.stem for token in held), stem("".join(token.form for token in held))}
            yield _Named(match.concepts[0], text[held[0].start : held[-1].end], frozenset(keys))
