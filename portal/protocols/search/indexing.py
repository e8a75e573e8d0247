"""Writing the index: one document, one document less, or everything afresh, in the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from portal.core.db import bookkeeping
from portal.extensions import db
from portal.protocols.search.documents import Analysed, Document, analyse
from portal.protocols.search.weights import RETIRED, saturated
from portal.vocabulary import thesaurus
from portal.vocabulary.models import IndexedDocument, SearchFacet, SearchPosting, SearchState, SearchVocab

_CHUNK = 5000
_TABLES = (SearchPosting, SearchFacet, SearchVocab, IndexedDocument)


@bookkeeping
def index(document: Document) -> None:
    """Put a protocol into the index, in place of what it held of it."""
    analysed = analyse(document, thesaurus.current())
    _take_out(document.public_id)
    state = _counted(documents=1, length=analysed.length)
    doc_id = _insert_document(analysed)
    _count_terms([*analysed.counts, *analysed.tags], analysed.spelled)
    average = state.total_length / state.documents
    _insert(SearchPosting, _postings(doc_id, analysed, average))
    _insert(SearchFacet, _facets(doc_id, analysed))


@bookkeeping
def remove(public_id: str) -> None:
    """Take a protocol out: withdrawn ones are found no more."""
    _take_out(public_id)


@bookkeeping
def reindex_all(documents: Iterable[Document]) -> int:
    """Build the index afresh and weigh every document against the average length. Return how many."""
    for table in _TABLES:
        db.session.execute(sa.delete(table))
    known = thesaurus.current()
    analysed = [analyse(document, known) for document in documents]
    total = sum(each.length for each in analysed)
    _counted(documents=len(analysed), length=total, afresh=True)
    numbered = [(_insert_document(each), each) for each in analysed]
    _insert(SearchVocab, _vocabulary(analysed))
    average = total / max(1, len(analysed))
    _insert(SearchPosting, (row for doc_id, each in numbered for row in _postings(doc_id, each, average)))
    _insert(SearchFacet, (row for doc_id, each in numbered for row in _facets(doc_id, each)))
    return len(analysed)


def _take_out(public_id: str) -> None:
    found = db.session.execute(
        sa.select(IndexedDocument.id, IndexedDocument.length).where(IndexedDocument.public_id == public_id)
    ).first()
    if found is None:
        return
    terms = sa.select(SearchPosting.term).where(SearchPosting.doc_id == found.id)
    _run(sa.update(SearchVocab).where(SearchVocab.term.in_(terms)).values(df=SearchVocab.df - 1))
    for table in (SearchPosting, SearchFacet):
        _run(sa.delete(table).where(table.doc_id == found.id))
    _run(sa.delete(IndexedDocument).where(IndexedDocument.id == found.id))
    _counted(documents=-1, length=-found.length)


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _counted(*, documents: int, length: int, afresh: bool = False) -> SearchState:
    """Change the counters first: their row is the lock under which the index is written."""
    values: dict[str, Any] = {"documents": documents, "total_length": length}
    if not afresh:
        values = {name: getattr(SearchState, name) + change for name, change in values.items()}
    values["revision"] = SearchState.revision + 1
    changed = sa.update(SearchState).where(SearchState.id == 1).values(values)
    if not db.session.execute(changed, execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined] # an UPDATE has one
        db.session.add(SearchState(id=1, documents=documents, total_length=length, revision=1))
        db.session.flush()
    return db.session.get_one(SearchState, 1, populate_existing=True)


def _insert_document(analysed: Analysed) -> int:
    document = analysed.document
    values = sa.insert(IndexedDocument).values(
        public_id=document.public_id,
        slug=document.slug,
        source_lang=document.source_lang,
        titles=dict(document.titles),
        summaries=dict(document.summaries),
        retired=document.retired,
        published_at=document.published_at,
        length=analysed.length,
    )
    return db.session.execute(values.returning(IndexedDocument.id)).scalar_one()


def _postings(doc_id: int, analysed: Analysed, average: float) -> Iterator[dict[str, Any]]:
    share = RETIRED if analysed.document.retired else 1.0
    for term, count in analysed.counts.items():
        weight = saturated(count, analysed.length, average) * share
        yield {"term": term, "doc_id": doc_id, "weight": weight}
    for term, weight in analysed.tags.items():
        yield {"term": term, "doc_id": doc_id, "weight": weight * share}


def _facets(doc_id: int, analysed: Analysed) -> Iterator[dict[str, Any]]:
    for facet, value in sorted(analysed.facets):
        yield {"facet": facet, "value": value, "doc_id": doc_id}


def _count_terms(terms: Sequence[str], spelled: Any) -> None:
    known = set(db.session.scalars(sa.select(SearchVocab.term).where(SearchVocab.term.in_(terms))))
    if known:
        _run(sa.update(SearchVocab).where(SearchVocab.term.in_(known)).values(df=SearchVocab.df + 1))
    new = ({"term": t, "word": spelled.get(t, t), "df": 1} for t in terms if t not in known)
    _insert(SearchVocab, new)


def _vocabulary(analysed: Iterable[Analysed]) -> Iterator[dict[str, Any]]:
    df: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for each in analysed:
        df.update(each.counts.keys())
        df.update(each.tags.keys())
        spelled |= each.spelled
    yield from ({"term": term, "word": spelled.get(term, term), "df": count} for term, count in df.items())


def _insert(table: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _CHUNK:
            db.session.execute(sa.insert(table.__table__), waiting)
            waiting = []
    if waiting:
        db.session.execute(sa.insert(table.__table__), waiting)
