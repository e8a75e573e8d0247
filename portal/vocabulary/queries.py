"""Reads of the thesaurus. Preferred labels are for display; the other names leave as keys, for matching."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.vocabulary.models import (
    LANGUAGES,
    Concept,
    ConceptName,
    NameKind,
    Scheme,
    VocabularyChange,
    VocabularyState,
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A concept with its preferred label in one language."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept of a scheme with what is narrower than it."""

    id: str
    label: str
    narrower: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """Everything the page of a concept shows of the thesaurus."""

    id: str
    scheme: str
    labels: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    broader: tuple[Labelled, ...]
    narrower: tuple[Labelled, ...]
    replaced_by: str | None


def find_seed() -> str | None:
    """Digest of the file that is loaded."""
    return db.session.scalar(sa.select(VocabularyState.version).where(VocabularyState.id == 1))


def find_version() -> str | None:
    """What the vocabulary is at this moment: the file, and how many changes editors made to it."""
    last = sa.select(sa.func.max(VocabularyChange.id)).scalar_subquery()
    found = sa.select(VocabularyState.version, last.label("last")).where(VocabularyState.id == 1)
    row = db.session.execute(found).first()
    return f"{row.version}:{row.last or 0}" if row else None


def list_concepts() -> list[tuple[str, str, str | None]]:
    """Return id, scheme and broader concept of every concept, in the order of the seed."""
    rows = db.session.execute(
        sa.select(Concept.id, Concept.scheme, Concept.parent_id).order_by(Concept.position)
    )
    return [(row.id, row.scheme, row.parent_id) for row in rows]


def list_keys() -> list[tuple[str, str, str]]:
    """Return concept id, keys word by word and keys written together of every name.

    Names of a concept that is no longer used lead to the one that took its place.
    """
    stands = sa.func.coalesce(Concept.deprecated_by, ConceptName.concept_id)
    columns = (stands, ConceptName.stem_key, ConceptName.joined_key)
    found = sa.select(*columns).join(Concept, Concept.id == ConceptName.concept_id).order_by(ConceptName.id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(found)]


def list_codes() -> list[tuple[str, str, str]]:
    """Scheme, concept and code of every concept in use, in the order of the seed: broader ones come first."""
    columns = Concept.scheme, Concept.id, Concept.icd10, Concept.icd11, Concept.atc
    found = sa.select(*columns).where(Concept.deprecated_by.is_(None)).order_by(Concept.position)
    return [
        (scheme, concept, code)
        for scheme, concept, *systems in db.session.execute(found)
        for codes in systems
        for code in codes.split("|")
        if code
    ]


def list_texts() -> list[str]:
    """Every name as it is written, hidden ones too: to know words, never to show them as names."""
    return list(db.session.scalars(sa.select(ConceptName.text).order_by(ConceptName.id)))


def list_labels() -> dict[str, dict[str, str]]:
    """Preferred labels: concept id, then language."""
    labels: dict[str, dict[str, str]] = {}
    columns = (ConceptName.concept_id, ConceptName.lang, ConceptName.text)
    for concept, lang, text in db.session.execute(
        sa.select(*columns).where(ConceptName.kind == NameKind.LABEL)
    ):
        labels.setdefault(concept, {})[lang] = text
    return labels


def find_labels(concepts: Collection[str], lang: str) -> dict[str, str]:
    """Preferred labels of some concepts in one language; unknown ids are left out."""
    statement = sa.select(ConceptName.concept_id, ConceptName.text).where(
        ConceptName.kind == NameKind.LABEL, ConceptName.lang == lang, ConceptName.concept_id.in_(concepts)
    )
    return {row.concept_id: row.text for row in db.session.execute(statement)}


def find_codes(concepts: Collection[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Codes of some concepts by system; a concept without codes has an empty table."""
    found = sa.select(Concept).where(Concept.id.in_(concepts))
    return {concept.id: _codes(concept) for concept in db.session.scalars(found)}


def list_choices(scheme: str, lang: str) -> list[tuple[str, str]]:
    """Pairs of id and label for a form's list, narrower concepts after their broader one."""
    return [pair for branch in list_tree(scheme, lang) for pair in _flat(branch)]


def list_tree(scheme: str, lang: str) -> tuple[Branch, ...]:
    """The concepts of a scheme, narrower ones under their broader one."""
    used = Concept.deprecated_by.is_(None)
    rows = _labelled(lang).where(Concept.scheme == scheme, used).order_by(Concept.position)
    found = [(row.id, row.text, row.parent_id) for row in db.session.execute(rows)]
    known = {concept for concept, _, _ in found}
    below: dict[str | None, list[tuple[str, str]]] = {}
    for concept, label, parent in found:
        below.setdefault(parent if parent in known else None, []).append((concept, label))
    return _branches(below, None)


def _branches(below: Mapping[str | None, list[tuple[str, str]]], parent: str | None) -> tuple[Branch, ...]:
    return tuple(
        Branch(concept, label, _branches(below, concept)) for concept, label in below.get(parent, ())
    )


def _flat(branch: Branch) -> list[tuple[str, str]]:
    return [(branch.id, branch.label), *(pair for part in branch.narrower for pair in _flat(part))]


def count_by_scheme() -> dict[str, int]:
    """Concepts of each scheme, in the order of schemes."""
    rows = db.session.execute(sa.select(Concept.scheme, sa.func.count()).group_by(Concept.scheme))
    counts = {row[0]: row[1] for row in rows}
    return {str(scheme): counts[scheme] for scheme in Scheme if scheme in counts}


def exists(concept: str) -> bool:
    return db.session.get(Concept, concept) is not None


def find_concept_page(concept_id: str, lang: str) -> ConceptPage | None:
    """A concept with its labels in all languages, codes and neighbours; None when there is none."""
    concept = db.session.get(Concept, concept_id)
    if concept is None:
        return None
    return ConceptPage(
        id=concept.id,
        scheme=concept.scheme,
        labels=_all_labels(concept.id),
        codes=_codes(concept),
        broader=_broader(concept, lang),
        narrower=_narrower(concept, lang),
        replaced_by=concept.deprecated_by,
    )


def _all_labels(concept_id: str) -> dict[str, str]:
    statement = sa.select(ConceptName.lang, ConceptName.text).where(
        ConceptName.concept_id == concept_id, ConceptName.kind == NameKind.LABEL
    )
    labels = {row.lang: row.text for row in db.session.execute(statement)}
    return {lang: labels[lang] for lang in LANGUAGES if lang in labels}


def _codes(concept: Concept) -> dict[str, tuple[str, ...]]:
    named = {"icd10": concept.icd10, "icd11": concept.icd11, "atc": concept.atc, "mesh": concept.mesh}
    return {system: tuple(codes.split("|")) for system, codes in named.items() if codes}


def _broader(concept: Concept, lang: str) -> tuple[Labelled, ...]:
    """Return the chain upwards, the broadest first."""
    chain = (
        sa.select(Concept.parent_id.label("id"), sa.literal(1).label("step"))
        .where(Concept.id == concept.id, Concept.parent_id.is_not(None))
        .cte("chain", recursive=True)
    )
    above = aliased(Concept)
    chain = chain.union_all(
        sa.select(above.parent_id, chain.c.step + 1).where(
            above.id == chain.c.id, above.parent_id.is_not(None)
        )
    )
    rows = _labelled(lang).join(chain, chain.c.id == Concept.id).order_by(chain.c.step.desc())
    return tuple(Labelled(row.id, row.text) for row in db.session.execute(rows))


def _narrower(concept: Concept, lang: str) -> tuple[Labelled, ...]:
    rows = _labelled(lang).where(Concept.parent_id == concept.id).order_by(Concept.position)
    return tuple(Labelled(row.id, row.text) for row in db.session.execute(rows))


def _labelled(lang: str) -> sa.Select[str, str | None, str]:
    on = (
        (ConceptName.concept_id == Concept.id)
        & (ConceptName.lang == lang)
        & (ConceptName.kind == NameKind.LABEL)
    )
    return sa.select(Concept.id, Concept.parent_id, ConceptName.text).join(ConceptName, on)


def find_concept(concept_id: str) -> Concept | None:
    return db.session.get(Concept, concept_id)


def find_names(concept_id: str) -> dict[str, list[str]]:
    """Synonyms by language, for editors alone: some are hurtful and stand there because people type them."""
    found = sa.select(ConceptName.lang, ConceptName.text).where(
        ConceptName.concept_id == concept_id, ConceptName.kind == NameKind.SYNONYM
    )
    names: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
    for row in db.session.execute(found.order_by(ConceptName.id)):
        names.setdefault(row.lang, []).append(row.text)
    return names


def list_changes(concept_id: str | None = None, *, limit: int = 200) -> list[VocabularyChange]:
    """What editors changed, the latest first; of one concept or of all."""
    found = sa.select(VocabularyChange).order_by(VocabularyChange.id.desc()).limit(limit)
    if concept_id is not None:
        found = found.where(VocabularyChange.concept_id == concept_id)
    return list(db.session.scalars(found))


def list_every_change() -> list[VocabularyChange]:
    """All changes in the order in which they were made."""
    return list(db.session.scalars(sa.select(VocabularyChange).order_by(VocabularyChange.id)))
