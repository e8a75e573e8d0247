"""Search over 10,000 protocols: what ranking costs beyond finding, and a very common word beside a scan of the texts.

Synthetic protocols in three languages from the labels of the vocabulary and made-up words that follow Zipf's law.
The answers are compared before anything is timed.
"""

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from bench.stage import own_portal
from bench.table import Line

from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols import search
from portal.protocols.search import ranking
from portal.protocols.search.understanding import Term, read
from portal.protocols.search.weights import VERY_COMMON
from portal.vocabulary import services, thesaurus
from portal.vocabulary.models import IndexedDocument, SearchPosting

PROTOCOLS = 10_000
QUERIES = 150
ROUNDS = 5
PAGE = 20
REACH = 3.0
_SYLLABLES = {
    "en": ["ba", "ter", "mo", "lin", "ca", "ro", "sed", "vi", "an", "po", "ket", "dur"],
    "ru": ["ба", "тер", "мо", "лин", "ка", "ро", "сед", "ви", "ан", "по", "кет", "дур"],
    "fa": ["با", "تر", "مو", "لین", "کا", "رو", "سد", "وی", "ان", "پو", "کت", "دور"],
}


def protocols(count: int, seed: int = 17) -> Iterator[search.Document]:
    """Make protocols whose tags and words repeat as unevenly as real ones."""
    dice = random.Random(seed)
    known = thesaurus.current()
    concepts = [entry for entry in known.entries.values() if entry.scheme not in ("legal", "evidence")]
    words = {lang: _words(parts, dice) for lang, parts in _SYLLABLES.items()}
    for number in range(1, count + 1):
        tags = dice.choices(concepts, cum_weights=_zipf(len(concepts)), k=8)
        roles = [search.TagRole.MAIN] * 2 + [search.TagRole.SECONDARY] * 6
        yield search.Document(
            public_id=f"PR-{number:04d}",
            slug=f"protocol-{number}",
            source_lang="en",
            titles={
                lang: f"{tags[0].labels[lang]} {tags[1].labels[lang]} {_text(words[lang], 2, dice)}"
                for lang in words
            },
            summaries={lang: f"{tags[2].labels[lang]} {_text(words[lang], 20, dice)}" for lang in words},
            bodies={lang: [_text(words[lang], 60, dice) for _ in range(3)] for lang in words},
            tags={tag.concept_id: role for tag, role in zip(tags, roles, strict=True)},
        )


def _words(parts: Sequence[str], dice: random.Random) -> list[str]:
    return ["".join(dice.choices(parts, k=dice.randint(2, 4))) for _ in range(4000)]


@cache
def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 3) for rank in range(count)))


def _text(words: Sequence[str], length: int, dice: random.Random) -> str:
    return " ".join(dice.choices(words, cum_weights=_zipf(len(words)), k=length))


def queries(count: int, seed: int = 29) -> list[str]:
    """Make queries of two words: a concept and a word of the texts, in one language."""
    dice = random.Random(seed)
    known = thesaurus.current()
    concepts = list(known.entries.values())
    made = []
    for title in db.session.scalars(
        sa.select(IndexedDocument.titles).order_by(IndexedDocument.id).limit(count)
    ):
        lang = dice.choice(["en", "ru", "fa"])
        concept = dice.choices(concepts, cum_weights=_zipf(len(concepts)))[0]
        made.append(f"{concept.labels[lang]} {title[lang].split()[-1]}")
    return made


def unranked(terms: Sequence[Term], *, limit: int) -> tuple[list[int], int]:
    """Find the same documents and count them, in no order of worth."""
    found = ranking.matching(terms).distinct().subquery()
    statement = sa.select(found.c.doc_id, sa.func.count().over()).order_by(found.c.doc_id).limit(limit)
    rows = db.session.execute(statement).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def assert_equal_answers(terms: Sequence[Term]) -> None:
    """Ranked and unranked find the same documents; the order is that of a plain sum in Python."""
    everything = PROTOCOLS + 1
    ids, total = ranking.ranked(terms, {}, limit=everything, offset=0)
    plain, number = unranked(terms, limit=everything)
    assert total == number
    if all(term.df <= VERY_COMMON for term in terms):
        assert sorted(ids) == plain
    else:
        assert set(ids) <= set(plain)
    scores = plain_scores(terms)
    assert [scores[i] for i in ids] == sorted((scores[i] for i in ids), reverse=True)


def plain_scores(terms: Sequence[Term]) -> dict[int, float]:
    sums: dict[int, float] = {}
    slots: dict[int, dict[int, float]] = {}
    for term in terms:
        rows = sa.select(SearchPosting.doc_id, SearchPosting.weight).where(SearchPosting.term == term.term)
        for doc_id, weight in db.session.execute(rows):
            sums[doc_id] = sums.get(doc_id, 0.0) + weight * term.weight
            slots.setdefault(doc_id, {}).update({} if term.slot is None else {term.slot: term.worth})
    return {doc_id: round(sums[doc_id] * sum(slots[doc_id].values()), 9) for doc_id in sums}


def p95(call: Callable[[Sequence[Term]], object], asked: Sequence[Sequence[Term]]) -> float:
    times = []
    for terms in asked:
        started = time.perf_counter()
        call(terms)
        times.append(time.perf_counter() - started)
    return statistics.quantiles(times, n=20)[-1]


def _warm(
    call: Callable[[Sequence[Term]], object], asked: Sequence[Sequence[Term]]
) -> Sequence[Sequence[Term]]:
    """The untimed run right before the timed one."""
    for terms in asked:
        call(terms)
    return asked


def line(count: int = PROTOCOLS, asked: int = QUERIES, rounds: int = ROUNDS) -> Line:
    """The ratio in an application of its own."""
    with tempfile.TemporaryDirectory() as folder, own_portal(Path(folder)):
        measured = measure(count, asked, rounds)
    note = f"{measured['ranked_p95_ms']:.2f} / {measured['unranked_p95_ms']:.2f} ms"
    return Line(
        f"search over {count:,} protocols, ranked p95 / unranked", measured["ratio"], REACH, note=note
    )


def measure(count: int = PROTOCOLS, asked: int = QUERIES, rounds: int = ROUNDS) -> dict[str, float]:
    """Return p95 of both in milliseconds (medians of interleaved rounds) and their ratio."""
    services.load_seed(by=SYSTEM)
    search.reindex_all(protocols(count))
    readings = [terms for text in queries(asked) if (terms := read(text).terms)]
    for terms in readings:
        assert_equal_answers(terms)
    calls = (
        lambda terms: ranking.ranked(terms, {}, limit=PAGE, offset=0),
        lambda terms: unranked(terms, limit=PAGE),
    )
    pairs = [tuple(p95(call, _warm(call, readings)) for call in calls) for _ in range(rounds)]
    ranked_ms, plain_ms = (1000 * statistics.median(side) for side in zip(*pairs, strict=True))
    return {"ranked_p95_ms": ranked_ms, "unranked_p95_ms": plain_ms, "ratio": ranked_ms / plain_ms}
