"""Which words of a text changed. A word is whole in every script: no half-space or vowel sign splits it.

An amount is one piece with its comparison sign, its range and its unit (`≥ 500 ms`, `20–30 мг`,
`۵ میلی‌گرم`), a marked ⟦token⟧ is another; neither is ever cut.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Final, Literal, NamedTuple

Mark = Literal["same", "removed", "added"]
Step = tuple[str, int, int, int, int]

# Above this many pairs of equal words (thousands of words, many alike) frequent words are not matched.
MOST_PAIRS: Final = 300_000
# Texts with less than this share of equal words are shown as replaced: scattered matches read as noise.
LEAST_ALIKE: Final = 0.25
FEW_WORDS: Final = 6

_MARKS: Final = "\u200c\u200d\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670"
_UNIT_WORDS: Final = (
    r"mg|[µμm]cg|[µμ]g|kg|g|ml|l|iu|ms|mmhg|mmol|bpm|ng|min(?:ute)?s?|h|hours?|days?|weeks?|months?|years?|times?",
    r"мг|мкг|кг|г|мл|л|ме|ед|мс|мин(?:ут[аы]?)?|ч|час(?:а|ов)?|сут(?:ки|ок)?|д(?:ень|ня|ней|н)|недел[яиюьей]+|"
    r"месяц(?:а|ев)?|год(?:а)?|лет|раз(?:а)?",
    r"میلی[\u200c ]?گرم|میکرو[\u200c ]?گرم|کیلو[\u200c ]?گرم|گرم|میلی[\u200c ]?لیتر|لیتر|"
    r"میلی[\u200c ]?ثانیه|ثانیه|واحد|دقیقه|ساعت|روز|هفته|ماه|سال|بار|درصد",
)
_NUMBER: Final = r"\d+(?:[.,٫٬/]\d+)*"
_AMOUNT: Final = (
    rf"(?:[<>≤≥±]\s?)?{_NUMBER}(?:\s?[–—−-]\s?{_NUMBER})?"
    rf"(?:-[^\W\d_]\w*|\s?[%٪]|\s?(?:{'|'.join(_UNIT_WORDS)})(?:/[^\W\d_]+)*(?![\w{_MARKS}]))?"
)
_ATOM: Final = re.compile(
    rf"(?P<token>⟦[^⟦⟧]*⟧)|(?P<word>[^\W\d_](?:[\w{_MARKS}]|[-'’](?=\w)|\.(?=\d))*)|(?P<amount>{_AMOUNT})"
    r"|(?P<other>[^\w\s])|(?P<space>\s+)|(?P<rest>.)",
    re.IGNORECASE | re.DOTALL,
)


class _Atom(NamedTuple):
    """A word, amount, token or sign with the white space that follows it."""

    text: str
    after: str
    is_amount: bool
    is_word: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text. `is_amount`: a number with its unit, a code or a marked token that changed."""

    text: str
    mark: Mark
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Two texts in pieces: the old one same and removed, the new one same and added, and both in one flow."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    inline: tuple[Piece, ...]


def compare_words(old: str, new: str) -> Words:
    """The texts with what differs marked; joined, the pieces of a side are that text (in NFC) exactly."""
    before, after = _atoms(old), _atoms(new)
    steps = _joined(_steps([atom.text for atom in before], [atom.text for atom in after]), before)
    removed = [_pieces(before[i1:i2], _mark(tag, "removed")) for tag, i1, i2, _, _ in steps]
    added = [_pieces(after[j1:j2], _mark(tag, "added")) for tag, _, _, j1, j2 in steps]
    both = [
        now if tag == "equal" else [*was, *now]
        for (tag, *_), was, now in zip(steps, removed, added, strict=True)
    ]
    return Words(_merged(removed), _merged(added), _merged(both))


def whole(text: str, mark: Mark) -> tuple[Piece, ...]:
    """A text that has nothing to be compared with, its amounts apart."""
    return _merged([_pieces(_atoms(text), mark)])


def _atoms(text: str) -> list[_Atom]:
    """The text in atoms; white space at its very beginning stands alone."""
    atoms: list[_Atom] = []
    for found in _ATOM.finditer(unicodedata.normalize("NFC", text)):
        kind, piece = found.lastgroup, found[0]
        if kind == "space" and atoms:
            atoms[-1] = atoms[-1]._replace(after=atoms[-1].after + piece)
            continue
        is_word = kind in ("word", "token", "amount")
        has_digit = kind == "word" and any(sign.isdecimal() for sign in piece)
        atoms.append(_Atom(piece, "", kind in ("token", "amount") or has_digit, is_word))
    return atoms


def _steps(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """Steps from one list of words to the other, as difflib names them."""
    start = _alike(old, new)
    rest = min(len(old), len(new)) - start
    end = _alike(old[::-1][:rest], new[::-1][:rest])
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    steps: list[Step] = [("equal", 0, start, 0, start)] if start else []
    if a or b:
        steps += [
            (tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in _middle(a, b)
        ]
    if end:
        steps.append(("equal", len(old) - end, len(old), len(new) - end, len(new)))
    return steps


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words at the beginning are equal."""
    for place, (first, second) in enumerate(zip(old, new, strict=False)):
        if first != second:
            return place
    return min(len(old), len(new))


def _middle(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    replaced: list[Step] = [("replace", 0, len(old), 0, len(new))]
    if not old or not new:
        return replaced
    counts, others = Counter(old), Counter(new)
    pairs = sum(number * others[word] for word, number in counts.items())
    matcher = SequenceMatcher(None, old, new, autojunk=pairs > MOST_PAIRS)
    if min(len(old), len(new)) > FEW_WORDS and matcher.ratio() < LEAST_ALIKE:
        return replaced
    return list(matcher.get_opcodes())


def _joined(steps: Sequence[Step], old: Sequence[_Atom]) -> list[Step]:
    """Without islands: signs that stayed between two changed words change with them."""
    kept: list[Step] = []
    for place, step in enumerate(steps):
        follows = bool(kept) and kept[-1][0] != "equal"
        if follows and (step[0] != "equal" or (place + 1 < len(steps) and _is_island(step, old))):
            _, i1, _, j1, _ = kept.pop()
            kept.append(("replace", i1, step[2], j1, step[4]))
        else:
            kept.append(step)
    return kept


def _is_island(step: Step, old: Sequence[_Atom]) -> bool:
    """Signs without a word; not after an amount, which stays apart from the next one."""
    _, first, last, _, _ = step
    beside_amount = first > 0 and old[first - 1].is_amount
    return not beside_amount and not any(atom.is_word for atom in old[first:last])


def _mark(tag: str, mark: Mark) -> Mark:
    return "same" if tag == "equal" else mark


def _pieces(atoms: Sequence[_Atom], mark: Mark) -> list[Piece]:
    """A run of one kind. White space after its last word stays outside of the mark."""
    if mark == "same":
        return [Piece("".join(atom.text + atom.after for atom in atoms), mark)] if atoms else []
    pieces = []
    for place, atom in enumerate(atoms):
        pieces.append(Piece(atom.text, mark, atom.is_amount))
        if atom.after:
            pieces.append(Piece(atom.after, mark if place + 1 < len(atoms) else "same"))
    return pieces


def _merged(runs: Iterable[Sequence[Piece]]) -> tuple[Piece, ...]:
    """Neighbours of one kind joined."""
    merged: list[Piece] = []
    for piece in chain.from_iterable(runs):
        last = merged[-1] if merged else None
        if last and (last.mark, last.is_amount) == (piece.mark, piece.is_amount):
            merged[-1] = Piece(last.text + piece.text, piece.mark, piece.is_amount)
        else:
            merged.append(piece)
    return tuple(merged)
