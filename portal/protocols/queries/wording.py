"""Which words of a text changed, as pieces for a page. Words are whole in every script."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

# A token under its marks stays in one piece; white space belongs to the word before it.
_WORD: Final = re.compile(r"⟦[^⟦⟧]*⟧\s*|\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: `same`, `removed` or `added`; `is_amount` where digits changed."""

    text: str
    mark: str
    is_amount: bool = False


def compare_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The old text in pieces same and removed, the new one in pieces same and added."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return (
        tuple(p for tag, i1, i2, _, _ in steps for p in _piece(before[i1:i2], tag, "removed")),
        tuple(p for tag, _, _, j1, j2 in steps for p in _piece(after[j1:j2], tag, "added")),
    )


def _piece(words: Sequence[str], tag: str, mark: str) -> list[Piece]:
    """A run of one kind; white space after its last word stays outside of the mark."""
    text = "".join(words)
    if tag == "equal" or not text.strip():
        return [Piece(text, "same")] if text else []
    bare = text.rstrip()
    pieces = [Piece(bare, mark, any(sign.isdecimal() for sign in bare))]
    return [*pieces, Piece(text[len(bare) :], "same")] if bare != text else pieces
