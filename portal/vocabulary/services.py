"""Loading the vocabulary. The seed is the product's own file; its digest tells whether it is loaded."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.permissions import Actor
from portal.extensions import db
from portal.vocabulary import queries
from portal.vocabulary.models import LANGUAGES, Concept, ConceptName, NameKind, Scheme, VocabularyState
from portal.vocabulary.policies import check_can_load_vocabulary
from portal.vocabulary.thesaurus import spellings

SEED: Final = Path(__file__).parent / "data" / "vocabulary.csv"
# Codes are what people type for these; a substance's own codes would catch its disorders too.
_CODED: Final = frozenset({Scheme.CONDITION, Scheme.INTERVENTION, Scheme.COMPLICATION})
_CODES: Final = ("icd10", "icd11", "atc")
Row = Mapping[str, str]


@transaction
def load_seed(*, by: Actor, seed: Path = SEED) -> bool:
    """Load or renew the vocabulary from its file. True when something changed.

    Who: the installation, or who runs the machine. Changes: all concepts and names; ids that left the file
    stay. Records `vocabulary.loaded` with the file's digest.
    """
    check_can_load_vocabulary(by)
    content = seed.read_bytes()
    before, version = queries.find_version(), hashlib.sha256(content).hexdigest()
    if before == version:
        return False
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    _replace(rows)
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
    if row["scheme"] in _CODED:
        for code in (code for name in _CODES for code in row[name].split("|") if code):
            yield _name(row, "und", NameKind.CODE, code)


def _name(row: Row, lang: str, kind: NameKind, text: str) -> dict[str, Any]:
    keys, joined = spellings(text)
    return {"concept_id": row["id"], "lang": lang, "kind": str(kind), "text": text,
            "stem_key": "|".join(sorted(keys)), "joined_key": "|".join(sorted(joined))}  # fmt: skip
