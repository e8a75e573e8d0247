"""Tables of the thesaurus, and of the search index that is written in its terms.

A concept keeps its id for ever; labels are shown, synonyms only help people find. The index tables are
derived from published texts and can be rebuilt from them at any time, so they stand outside the audit.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, ddl_after

LANGUAGES = ("en", "ru", "fa")
_TERM = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")


class Scheme(StrEnum):
    SUBSTANCE = "substance"
    INTERVENTION = "intervention"
    CONDITION = "condition"
    SETTING = "setting"
    POPULATION = "population"
    OUTCOME = "outcome"
    INSTRUMENT = "instrument"
    COMPLICATION = "complication"
    EVIDENCE = "evidence"
    LEGAL = "legal"


# Codes are what people type for these; a substance's own codes would catch its disorders too.
CODED = frozenset({Scheme.CONDITION, Scheme.INTERVENTION, Scheme.COMPLICATION})


class NameKind(StrEnum):
    LABEL = "label"
    SYNONYM = "synonym"
    CODE = "code"


class Concept(Model):
    """A thing of the field. Codes are separated by bars, as in the seed."""

    __tablename__ = "concept"

    id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    scheme: Mapped[str] = mapped_column(sa.String(20), index=True)
    parent_id: Mapped[str | None] = mapped_column(sa.ForeignKey("concept.id"), index=True)
    position: Mapped[int]
    icd10: Mapped[str] = mapped_column(sa.String(200), default="")
    icd11: Mapped[str] = mapped_column(sa.String(200), default="")
    atc: Mapped[str] = mapped_column(sa.String(200), default="")
    mesh: Mapped[str] = mapped_column(sa.String(200), default="")
    deprecated_by: Mapped[str | None] = mapped_column(sa.ForeignKey("concept.id"))

    __table_args__ = (sa.CheckConstraint(f"scheme IN {tuple(str(s) for s in Scheme)}", name="scheme_known"),)


class ConceptName(Model):
    """A label, a hidden synonym or a code, with the keys it is found by (several separated by bars)."""

    __tablename__ = "concept_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[str] = mapped_column(sa.ForeignKey("concept.id"), index=True)
    lang: Mapped[str] = mapped_column(sa.String(3))
    kind: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.String(200))
    stem_key: Mapped[str] = mapped_column(sa.Text)
    joined_key: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (
        sa.CheckConstraint(f"kind IN {tuple(str(k) for k in NameKind)}", name="kind_known"),
        sa.Index(
            "uq_concept_name_label",
            "concept_id",
            "lang",
            unique=True,
            sqlite_where=sa.text("kind = 'label'"),
            postgresql_where=sa.text("kind = 'label'"),
        ),
    )


class VocabularyState(Model):
    """One row: which vocabulary is loaded. Processes keep it in memory until the version changes."""

    __tablename__ = "vocabulary_state"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(sa.String(64))


class IndexedDocument(Model):
    """A published protocol as search shows it: titles and summaries of all languages."""

    __tablename__ = "search_document"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(100))
    source_lang: Mapped[str] = mapped_column(sa.String(2))
    titles: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    summaries: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    retired: Mapped[bool]
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    length: Mapped[int]

    __table_args__ = (sa.Index(None, "retired", "published_at"),)


class SearchPosting(Model):
    """A term of a document and its weight. Concept terms begin with #, which no word can."""

    __tablename__ = "search_posting"
    __audited__ = False

    term: Mapped[str] = mapped_column(_TERM, primary_key=True)
    doc_id: Mapped[int] = mapped_column(
        sa.ForeignKey("search_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    weight: Mapped[float]

    __table_args__: Any = (
        sa.Index(None, "term", "weight"),
        {"sqlite_with_rowid": False},
    )


class SearchFacet(Model):
    """A value by which results may be narrowed; concept values stand for the broader concepts too."""

    __tablename__ = "search_facet"
    __audited__ = False

    facet: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    doc_id: Mapped[int] = mapped_column(
        sa.ForeignKey("search_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchVocab(Model):
    """A term of the index: in how many documents it stands, and a word it was cut from."""

    __tablename__ = "search_vocab"
    __audited__ = False

    term: Mapped[str] = mapped_column(_TERM, primary_key=True)
    word: Mapped[str] = mapped_column(sa.String(80))
    df: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchState(Model):
    """One row: how many documents the index holds, their length together, and a counter of its changes."""

    __tablename__ = "search_state"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    documents: Mapped[int]
    total_length: Mapped[int]
    revision: Mapped[int]


class VocabularyChange(Model):
    """One change by an editor. They are applied again after the file is loaded anew, so none is lost.

    For `concept_added`, `before` is the scheme, `after` the broader concept; for `deprecated` the successor.
    """

    __tablename__ = "vocabulary_change"
    __table_args__ = (
        sa.CheckConstraint(
            "what IN ('concept_added', 'label', 'synonym_added', 'synonym_removed', 'deprecated')",
            name="what_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[str] = mapped_column(sa.String(60), index=True)
    what: Mapped[str] = mapped_column(sa.String(16))
    lang: Mapped[str] = mapped_column(sa.String(3), default="")
    before: Mapped[str] = mapped_column(sa.String(200), default="")
    after: Mapped[str] = mapped_column(sa.String(200), default="")
    made_by: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)


ddl_after(VocabularyChange.__table__, append_only("vocabulary_change"))  # type: ignore[arg-type] # a Table
