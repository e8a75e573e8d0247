"""Loading the vocabulary and changing it. The seed is the product's own file; editors change it.

Search reads every change at once; a job indexes protocols anew that name a changed concept in their text.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from portal.core import identifiers, jobs
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.vocabulary import queries
from portal.vocabulary.models import (
    CODED,
    LANGUAGES,
    Concept,
    ConceptName,
    NameKind,
    VocabularyChange,
    VocabularyState,
)
from portal.vocabulary.policies import check_can_edit_vocabulary, check_can_load_vocabulary
from portal.vocabulary.rules import id_fault, name_fault
from portal.vocabulary.thesaurus import spellings

SEED: Final = Path(__file__).parent / "data" / "vocabulary.csv"
# Another number where words are cut in another way: names keep the keys that they were given when loaded.
KEYS: Final = 2
REINDEX: Final = "search.reindex"
_CODES: Final = ("icd10", "icd11", "atc")
Row = Mapping[str, str]


@transaction
def load_seed(*, by: Actor, seed: Path = SEED) -> bool:
    """Load or renew the vocabulary from its file. True when something changed.

    Who: the installation, or who runs the machine. Changes: all concepts and names; ids that left the file
    and what editors changed stay. Records `vocabulary.loaded` with the digest of the file and of how words
    are cut.
    """
    check_can_load_vocabulary(by)
    content = seed.read_bytes()
    before, version = queries.find_seed(), hashlib.sha256(b"%d\n%b" % (KEYS, content)).hexdigest()
    if before == version:
        return False
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    _replace(rows)
    for change in queries.list_every_change():
        _apply(change)
    db.session.merge(VocabularyState(id=1, version=version))
    record("vocabulary.loaded", by=by, target=("vocabulary", "seed"), changes={"concepts": len(rows)},
           hash_before=before, hash_after=version)  # fmt: skip
    return True


def _replace(rows: list[dict[str, str]]) -> None:
    db.session.execute(sa.delete(ConceptName).where(ConceptName.concept_id.in_([row["id"] for row in rows])))
    known = set(db.session.scalars(sa.select(Concept.id)))
    places = {row["id"]: place for place, row in enumerate(rows, 1)}
    concepts = [_concept(row, places[row["id"]]) for row in _parents_first(rows)]
    _write(sa.insert(Concept), [values for values in concepts if values["id"] not in known])
    _write(sa.update(Concept), [values for values in concepts if values["id"] in known])
    _write(sa.insert(ConceptName), [values for row in rows for values in _names(row)])


def _write(statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(statement, rows)


def _parents_first(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Let no row point to one that is not written yet."""
    written: set[str] = set()
    waiting = rows
    while waiting:
        ready = [row for row in waiting if not row["parent"] or row["parent"] in written]
        if not ready:
            raise ValueError("parents_missing_or_circular")
        yield from ready
        written |= {row["id"] for row in ready}
        waiting = [row for row in waiting if row["id"] not in written]


def _concept(row: Row, position: int) -> dict[str, Any]:
    codes = {name: row[name] for name in (*_CODES, "mesh")}
    return {
        "id": row["id"],
        "scheme": row["scheme"],
        "parent_id": row["parent"] or None,
        "position": position,
        "deprecated_by": None,
    } | codes


def _names(row: Row) -> Iterator[dict[str, Any]]:
    for lang in LANGUAGES:
        yield _name(row, lang, NameKind.LABEL, row[f"label_{lang}"])
        for synonym in filter(None, row[f"synonyms_{lang}"].split("|")):
            yield _name(row, lang, NameKind.SYNONYM, synonym)
    if row["scheme"] in CODED:
        for code in (code for name in _CODES for code in row[name].split("|") if code):
            yield _name(row, "und", NameKind.CODE, code)


def _name(row: Row, lang: str, kind: NameKind, text: str) -> dict[str, Any]:
    return _keyed(row["id"], lang, kind, text)


def _keyed(concept_id: str, lang: str, kind: NameKind, text: str) -> dict[str, Any]:
    keys, joined = spellings(text)
    return {"concept_id": concept_id, "lang": lang, "kind": str(kind), "text": text,
            "stem_key": "|".join(sorted(keys)), "joined_key": "|".join(sorted(joined))}  # fmt: skip


@transaction
def rename(concept_id: str, lang: str, text: str, *, by: Actor, now: datetime) -> None:
    """An editor gives a concept another label in one language; its id stays for ever."""
    check_can_edit_vocabulary(by)
    concept, clean = _found(concept_id), _judged(text, lang)
    before = queries.find_labels([concept.id], lang).get(concept.id, "")
    if clean == before:
        raise Conflict("name_same")
    _change(concept.id, "label", lang, before=before, after=clean, by=by, now=now)


@transaction
def add_synonym(concept_id: str, lang: str, text: str, *, by: Actor, now: datetime) -> None:
    """One more word by which people find it; it is never shown to readers."""
    check_can_edit_vocabulary(by)
    concept, clean = _found(concept_id), _judged(text, lang)
    if clean in queries.find_names(concept.id).get(lang, []):
        raise Conflict("name_same")
    _change(concept.id, "synonym_added", lang, before="", after=clean, by=by, now=now)


@transaction
def remove_synonym(concept_id: str, lang: str, text: str, *, by: Actor, now: datetime) -> None:
    """The word no longer leads to the concept."""
    check_can_edit_vocabulary(by)
    concept = _found(concept_id)
    if text not in queries.find_names(concept.id).get(lang, []):
        raise NotFound("not_found")
    _change(concept.id, "synonym_removed", lang, before=text, after="", by=by, now=now)


@transaction
def add_concept(
    concept_id: str, scheme: str, parent: str, labels: Mapping[str, str], *, by: Actor, now: datetime
) -> None:
    """A new concept under a broader one of its scheme, with a label in each language."""
    check_can_edit_vocabulary(by)
    faults = [Problem("concept_id", fault)] if (fault := id_fault(concept_id, scheme)) else []
    if queries.exists(concept_id):
        faults.append(Problem("concept_id", "id_taken"))
    above = queries.find_concept(parent) if parent else None
    if parent and (above is None or above.scheme != scheme or above.deprecated_by):
        faults.append(Problem("parent", "parent_wrong"))
    given = {lang: labels.get(lang, "").strip() for lang in LANGUAGES}
    faults += [
        Problem(f"label_{lang}", fault) for lang in LANGUAGES if (fault := name_fault(given[lang], lang))
    ]
    if faults:
        raise Invalid(problems=tuple(faults))
    _change(concept_id, "concept_added", "", before=scheme, after=parent, by=by, now=now)
    for lang, text in given.items():
        _change(concept_id, "label", lang, before="", after=text, by=by, now=now)


@transaction
def deprecate(concept_id: str, successor: str, *, by: Actor, now: datetime) -> None:
    """The concept is no longer used; its words, and its page, lead to its successor of the same scheme."""
    check_can_edit_vocabulary(by)
    concept, after = _found(concept_id), queries.find_concept(successor)
    fits = after is not None and after.scheme == concept.scheme and not after.deprecated_by
    if not fits or after is concept:
        raise Invalid(problems=(Problem("successor", "successor_wrong"),))
    _change(concept.id, "deprecated", "", before="", after=successor, by=by, now=now)


def _found(concept_id: str) -> Concept:
    concept = queries.find_concept(concept_id)
    if concept is None or concept.deprecated_by:
        raise NotFound("not_found")
    return concept


def _judged(text: str, lang: str) -> str:
    clean = text.strip()
    fault = name_fault(clean, lang) if lang in LANGUAGES else "language_unknown"
    if fault is None and any(hit.level == identifiers.Level.BLOCK for hit in identifiers.scan(clean)):
        fault = "identifier_found"
    if fault:
        raise Invalid(problems=(Problem("name", fault),))
    return clean


def _change(
    concept_id: str, what: str, lang: str, *, before: str, after: str, by: Actor, now: datetime
) -> None:
    change = VocabularyChange(
        concept_id=concept_id, what=what, lang=lang, before=before, after=after, made_by=by.id, made_at=now
    )
    db.session.add(change)
    db.session.flush()
    _apply(change)
    jobs.enqueue(REINDEX, {}, dedupe=REINDEX)
    record("vocabulary.changed", by=by, target=("concept", concept_id),
           changes={"what": what, "lang": lang, "name": [before, after]})  # fmt: skip


def _apply(change: VocabularyChange) -> None:
    """Put one change into the tables; once more changes nothing."""
    {"label": _set_label, "concept_added": _insert_concept, "deprecated": _set_successor,
     "synonym_added": _insert_synonym, "synonym_removed": _delete_synonym}[change.what](change)  # fmt: skip


def _set_label(change: VocabularyChange) -> None:
    _delete(change, NameKind.LABEL)
    _write(sa.insert(ConceptName), [_keyed(change.concept_id, change.lang, NameKind.LABEL, change.after)])


def _insert_synonym(change: VocabularyChange) -> None:
    if change.after not in queries.find_names(change.concept_id).get(change.lang, []):
        row = _keyed(change.concept_id, change.lang, NameKind.SYNONYM, change.after)
        _write(sa.insert(ConceptName), [row])


def _delete_synonym(change: VocabularyChange) -> None:
    _delete(change, NameKind.SYNONYM, ConceptName.text == change.before)


def _insert_concept(change: VocabularyChange) -> None:
    if not queries.exists(change.concept_id):
        last = db.session.scalar(sa.select(sa.func.max(Concept.position))) or 0
        row = {"id": change.concept_id, "scheme": change.before, "parent_id": change.after or None,
               "position": last + 1}  # fmt: skip
        _write(sa.insert(Concept), [row])


def _set_successor(change: VocabularyChange) -> None:
    changed = sa.update(Concept).where(Concept.id == change.concept_id)
    db.session.execute(changed.values(deprecated_by=change.after))


def _delete(change: VocabularyChange, kind: NameKind, *more: Any) -> None:
    """Take a concept's names of one kind and language out."""
    of = ConceptName.concept_id == change.concept_id, ConceptName.lang == change.lang
    db.session.execute(sa.delete(ConceptName).where(*of, ConceptName.kind == kind, *more))
