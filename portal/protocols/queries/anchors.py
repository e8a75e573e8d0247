"""Where a remark stands in a text: by the words that it quotes, found again when the text moved."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.protocols.models import ReviewComment

# Marks that keep a dose in one piece are not seen on the page, so nobody quotes them.
_UNSEEN = "[\u27e6\u27e7\\s]*"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; the numbers are those of the remarks on it."""

    text: str
    remarks: tuple[int, ...] = ()


def find_span(text: str, quote: str, *, near: int = 0) -> tuple[int, int] | None:
    """Start and end of the quoted words in characters, the place nearest to `near`; None where they are not.

    Spaces and the marks around doses may differ: a reader copies what the page shows.
    """
    letters = [re.escape(letter) for letter in re.sub(r"[\u27e6\u27e7\s]", "", quote)]
    if not letters:
        return None
    found = [match.span() for match in re.finditer(_UNSEEN.join(letters), text)]
    best = min(found, key=lambda span: abs(span[0] - near), default=None)
    return _whole(text, *best) if best else None


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A dose is one piece: a span that reaches into it takes all of it."""
    for dose in re.finditer("\u27e6[^\u27e7]*\u27e7", text):
        if dose.start() < end and start < dose.end():
            start, end = min(start, dose.start()), max(end, dose.end())
    return start, end


def place_of(comment: ReviewComment, text: str) -> tuple[int, int] | None:
    """Where the words of a remark stand in the text as it is now; None when they are gone."""
    if comment.anchor_start is None:
        return None
    return find_span(text, comment.quote, near=comment.anchor_start)


def pieces_of(text: str, comments: Sequence[ReviewComment]) -> list[Piece]:
    """The text cut where remarks begin and end."""
    spans = {c.id: span for c in comments if (span := place_of(c, text)) is not None}
    cuts = sorted({0, len(text), *(edge for span in spans.values() for edge in span)})
    return [
        Piece(text[start:end], tuple(n for n, (a, b) in spans.items() if a <= start and end <= b))
        for start, end in pairwise(cuts)
    ]


def list_moved(text: str, comments: Sequence[ReviewComment]) -> set[int]:
    """Remarks whose words the text no longer holds."""
    return {c.id for c in comments if c.anchor_start is not None and place_of(c, text) is None}
