"""Which words of a text changed. A word is whole in every script: no half-space or vowel sign splits it.

An amount is one piece with its comparison sign, its range and its unit (`≥ 500 ms`, `20–30 мг`,
`۵ میلی‌گرم`), a marked ⟦token⟧ is another; neither is ever cut.
"""

import functools
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
    rf"(⟦[^⟦⟧]*⟧|[^\W\d_](?:[\w{_MARKS}]|[-'’](?=\w)|\.(?=\d))*|{_AMOUNT}|[^\w\s]|\S|^(?=\s))(\s*)",
    re.IGNORECASE,
)
_Atom = tuple[str, str]
"""A word, amount, token or sign, and the white space that follows it."""


class Piece(NamedTuple):
    """A run of a text. `is_amount`: a number with its unit, a code or a marked token that changed."""

    text: str
    mark: Mark
    is_amount: bool = False


class _Run(NamedTuple):
    """What was and what is in one place; unchanged text is on both sides, each with its white space."""

    was: list[Piece]
    now: list[Piece]
    is_same: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Two texts in pieces, run by run."""

    runs: tuple[_Run, ...]

    @property
    def old(self) -> tuple[Piece, ...]:
        """The old text: same and removed."""
        return _merged(run.was for run in self.runs)

    @property
    def new(self) -> tuple[Piece, ...]:
        """The new text: same and added."""
        return _merged(run.now for run in self.runs)

    @property
    def inline(self) -> tuple[Piece, ...]:
        """Both in one flow."""
        return _merged(run.now if run.is_same else [*run.was, *run.now] for run in self.runs)

    @property
    def differing(self) -> tuple[str, str]:
        """What only the old and what only the new text has, words apart by spaces."""
        changed = [run for run in self.runs if not run.is_same]
        return _joined_text(run.was for run in changed), _joined_text(run.now for run in changed)


@functools.lru_cache(maxsize=512)
def compare_words(old: str, new: str) -> Words:
    """The texts with what differs marked; joined, the pieces of a side are that text (in NFC) exactly."""
    before, after = _atoms(old), _atoms(new)
    old_words, new_words = [word for word, _ in before], [word for word, _ in after]
    steps = _joined(_steps(old_words, new_words), old_words)
    return Words(
        tuple(
            _Run(_same(before[i1:i2]), _same(after[j1:j2]), is_same=True)
            if tag == "equal"
            else _Run(_pieces(before[i1:i2], "removed"), _pieces(after[j1:j2], "added"), is_same=False)
            for tag, i1, i2, j1, j2 in steps
        )
    )


def whole(text: str, mark: Mark) -> tuple[Piece, ...]:
    """A text that has nothing to be compared with, its amounts apart."""
    return _merged([_same(_atoms(text)) if mark == "same" else _pieces(_atoms(text), mark)])


def _atoms(text: str) -> list[_Atom]:
    """The text in atoms; white space at its very beginning follows an empty one."""
    return _ATOM.findall(unicodedata.normalize("NFC", text))


def _is_amount(atom: str) -> bool:
    """A number with its unit, a code, or a marked token."""
    return atom[:1] == "⟦" or any(sign.isdecimal() for sign in atom)


def _is_sign(atom: str) -> bool:
    return len(atom) < 2 and not atom.isalnum()


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


def _joined(steps: Sequence[Step], old: Sequence[str]) -> list[Step]:
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


def _is_island(step: Step, old: Sequence[str]) -> bool:
    """Signs without a word; not after an amount, which stays apart from the next one."""
    _, first, last, _, _ = step
    beside_amount = first > 0 and _is_amount(old[first - 1])
    return not beside_amount and all(_is_sign(atom) for atom in old[first:last])


def _same(atoms: Sequence[_Atom]) -> list[Piece]:
    return [Piece("".join(chain.from_iterable(atoms)), "same")]


def _pieces(atoms: Sequence[_Atom], mark: Mark) -> list[Piece]:
    """A changed run. White space after its last word stays outside of the mark."""
    pieces = []
    for word, space in atoms:
        pieces += [Piece(word, mark, _is_amount(word)), Piece(space, mark)]
    if pieces:
        pieces[-1] = pieces[-1]._replace(mark="same")
    return pieces


def _joined_text(runs: Iterable[Sequence[Piece]]) -> str:
    return " ".join(piece.text for piece in chain.from_iterable(runs))


def _merged(runs: Iterable[Sequence[Piece]]) -> tuple[Piece, ...]:
    """Neighbours of one kind joined, empty pieces left out."""
    merged: list[Piece] = []
    for piece in chain.from_iterable(runs):
        if merged and merged[-1][1:] == piece[1:]:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.mark, piece.is_amount)
        elif piece.text:
            merged.append(piece)
    return tuple(merged)
