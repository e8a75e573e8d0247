"""Terms of the vocabulary in a text to be translated: the preferred label, and names that are not to be used.

Hidden names are there because people search by them. A text uses the preferred label or a short form of it,
and never a word that makes a person of a diagnosis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.vocabulary import thesaurus

# What a match must begin with to be a term for translators: grades and legal states are not written in texts.
_SCHEMES: Final = ("sub-", "int-", "cond-", "set-", "pop-", "out-", "ins-", "comp-")
_SAME_WORD: Final = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A concept that the source names, with the label to write; `is_used`: the translation names it."""

    concept: str
    found: str
    label: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A word that is not written, and the label in its place; without one the word labels a person."""

    found: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    concept: str
    surface: str
    stems: tuple[str, ...]


def terms_of(source: str, target: str, source_lang: str, lang: str) -> list[Term]:
    """Terms that the source calls by their label or a short form of it, each once, in their order."""
    known = thesaurus.current()
    used = {named.concept for named in _names(known, target)}
    found: dict[str, Term] = {}
    for named in _names(known, source):
        if _is_label(named, known.label(named.concept, source_lang)):
            label = known.label(named.concept, lang)
            found.setdefault(named.concept, Term(named.concept, named.surface, label, named.concept in used))
    return list(found.values())


def forbidden_in(target: str, terms: Iterable[Term]) -> list[Forbidden]:
    """Hidden names of these terms in a translation, and words that make a person of a diagnosis."""
    labels = {term.concept: term.label for term in terms}
    found = [Forbidden(word) for word in _hurtful(target)]
    found += [Forbidden(named.surface, labels[named.concept]) for named in _hidden(target, labels)]
    return list({word.found: word for word in found}.values())


def _hidden(target: str, labels: Mapping[str, str]) -> Iterable[_Named]:
    for named in _names(thesaurus.current(), target):
        coded = any(sign.isdigit() for sign in named.surface)
        if named.concept in labels and not coded and not _is_label(named, labels[named.concept]):
            yield named


def _hurtful(target: str) -> Iterable[str]:
    hurtful = thesaurus.word_lists().hurtful
    return [target[token.start : token.end] for token in thesaurus.tokens(target) if token.form in hurtful]


def _is_label(named: _Named, label: str) -> bool:
    """Whether each word of the name stands in the label, in some form of it."""
    words = [token.stem for token in thesaurus.tokens(label)]
    return all(any(_is_same(stem, word) for word in words) for stem in named.stems)


def _is_same(stem: str, word: str) -> bool:
    short, long = sorted((stem, word), key=len)
    return stem == word or (len(short) >= _SAME_WORD and long.startswith(short))


def _names(known: thesaurus.Thesaurus, text: str) -> Iterable[_Named]:
    """Unambiguous names in running text, with the words that name them."""
    lists, tokens = thesaurus.word_lists(), thesaurus.tokens(text)
    for match in known.match(tokens, everyday=False):
        held = [token for token in tokens[match.first : match.last] if token.form not in lists.stop]
        if held and len(match.concepts) == 1 and match.concepts[0].startswith(_SCHEMES):
            surface = text[held[0].start : held[-1].end].replace("(", "")
            yield _Named(match.concepts[0], surface, tuple(token.stem for token in held))
