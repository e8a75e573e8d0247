"""The statement that ranks, and its neighbours: the same matches unranked, and counts by facet.

A document's score is the sum of its terms' weights times the worth of the things asked for that it holds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.queries.hiding import shut_numbers
from portal.protocols.search.understanding import Term
from portal.protocols.search.weights import CANDIDATES, VERY_COMMON
from portal.vocabulary.models import IndexedDocument, SearchFacet, SearchPosting

Filters = Mapping[str, Sequence[str]]


def ranked(terms: Sequence[Term], filters: Filters, *, limit: int, offset: int) -> tuple[list[int], int]:
    """Return the best documents and how many match."""
    asked = _asked(terms)
    slots = _slots(terms, asked)
    score = sa.func.sum(SearchPosting.weight * asked.c.weight) * slots
    common = any(term.df > VERY_COMMON for term in terms)
    within = SearchPosting.doc_id.in_(_candidates(terms, filters)) if common else sa.true()
    statement = (
        sa.select(SearchPosting.doc_id, sa.func.count().over().label("total"))
        .join(asked, asked.c.term == SearchPosting.term)
        .where(within, *_narrowed(SearchPosting.doc_id, filters))
        .group_by(SearchPosting.doc_id)
        .having(slots > 0)
        .order_by(score.desc(), SearchPosting.doc_id)
        .limit(limit)
        .offset(offset)
    )
    rows = db.session.execute(statement).all()
    total = rows[0].total if rows else 0
    return [row.doc_id for row in rows], _number_matching(terms, filters) if common and rows else total


def matching(terms: Sequence[Term]) -> sa.Select[int]:
    """Documents that hold any of the things asked for."""
    wanted = [term.term for term in terms if term.slot is not None]
    return sa.select(SearchPosting.doc_id).where(SearchPosting.term.in_(wanted))


def _slots(terms: Sequence[Term], asked: sa.CTE) -> sa.ColumnElement[float]:
    """Add up the things asked for that a document holds; alternatives of one thing count once."""
    numbers = Counter(term.slot for term in terms if term.slot is not None)
    several = sorted(slot for slot, number in numbers.items() if number > 1)
    if not several:
        return sa.func.sum(asked.c.worth)
    # Looking for distinct values is slow, so only things with alternatives are looked at one by one.
    single = sa.func.sum(sa.case((asked.c.slot.not_in(several), asked.c.worth), else_=0.0))
    held = (sa.func.max(sa.case((asked.c.slot == slot, asked.c.worth), else_=0.0)) for slot in several)
    return sum(held, start=single)


def _asked(terms: Sequence[Term]) -> sa.CTE:
    kinds: dict[str, type[sa.types.TypeEngine[Any]]] = {
        "term": sa.String, "slot": sa.Integer, "weight": sa.Float, "worth": sa.Float,
    }  # fmt: skip
    columns = [sa.column(name, kind) for name, kind in kinds.items()]
    rows = [(term.term, term.slot, term.weight, term.worth) for term in terms]
    return sa.values(*columns, name="asked").data(rows).cte("asked")


def _candidates(terms: Sequence[Term], filters: Filters) -> sa.CompoundSelect[int]:
    """Ranking every document that holds a very common word is slow: its best ones stand for the rest."""
    narrowed = _narrowed(SearchPosting.doc_id, filters)
    parts = [matching([term for term in terms if term.df <= VERY_COMMON]).where(*narrowed)]
    for term in terms:
        if term.slot is not None and term.df > VERY_COMMON:
            best = sa.select(SearchPosting.doc_id).where(SearchPosting.term == term.term, *narrowed)
            ordered = best.order_by(SearchPosting.weight.desc()).limit(CANDIDATES)
            parts.append(sa.select(ordered.subquery().c.doc_id))
    return sa.union(*parts)


def _number_matching(terms: Sequence[Term], filters: Filters) -> int:
    found = matching(terms).where(*_narrowed(SearchPosting.doc_id, filters)).distinct().subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def newest(filters: Filters, *, limit: int, offset: int) -> tuple[list[int], int]:
    """Return documents when nothing was asked: the newest first, retired ones last."""
    statement = (
        sa.select(IndexedDocument.id, sa.func.count().over().label("total"))
        .where(*_narrowed(IndexedDocument.id, filters))
        .order_by(
            IndexedDocument.retired, IndexedDocument.published_at.desc().nulls_last(), IndexedDocument.id
        )
        .limit(limit)
        .offset(offset)
    )
    rows = db.session.execute(statement).all()
    return [row.id for row in rows], rows[0].total if rows else 0


def _narrowed(column: Any, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Values of one facet are alternatives; facets narrow together. What is hidden here is never found."""
    return _shown(column) + [
        column.in_(
            sa.select(SearchFacet.doc_id).where(SearchFacet.facet == facet, SearchFacet.value.in_(values))
        )
        for facet, values in filters.items()
        if values
    ]


def _shown(column: Any) -> list[sa.ColumnElement[bool]]:
    shut = shut_numbers()
    hidden = sa.select(IndexedDocument.id).where(IndexedDocument.public_id.in_(shut))
    return [column.not_in(hidden)] if shut else []


def counts(terms: Sequence[Term] | None, filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """Count matches by value. A facet is not narrowed by its own choice: others can be added to it."""
    found = _counted(terms, filters, chosen=None)
    for facet, values in filters.items():
        if values:
            found[facet] = _counted(terms, filters, chosen=facet).get(facet, [])
    return found


def _counted(
    terms: Sequence[Term] | None, filters: Filters, *, chosen: str | None
) -> dict[str, list[tuple[str, int]]]:
    others = {facet: values for facet, values in filters.items() if facet != chosen}
    where = _narrowed(SearchFacet.doc_id, others)
    if terms is not None:
        where.append(SearchFacet.doc_id.in_(matching(terms)))
    if chosen:
        where.append(SearchFacet.facet == chosen)
    statement = (
        sa.select(SearchFacet.facet, SearchFacet.value, sa.func.count().label("n"))
        .where(*where)
        .group_by(SearchFacet.facet, SearchFacet.value)
        .order_by(SearchFacet.facet, sa.desc("n"), SearchFacet.value)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for facet, value, number in db.session.execute(statement):
        found.setdefault(facet, []).append((value, number))
    return found


def by_number(filters: Filters, *, before: str, limit: int) -> list[int]:
    """Return documents by falling number: a lasting order, in which publications move nothing."""
    doc = IndexedDocument
    found = sa.select(doc.id).where(*_narrowed(doc.id, filters)).order_by(doc.public_id.desc()).limit(limit)
    return list(db.session.scalars(found.where(doc.public_id < before) if before else found))
