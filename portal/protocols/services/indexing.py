"""What search is told about a published protocol, in the transaction of the act that changed it."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.core import jobs
from portal.protocols import search
from portal.protocols.dictionary import LANGUAGES, Kind, State
from portal.protocols.models import Protocol, ProtocolVersion
from portal.protocols.queries.translations import UnitView, list_readable
from portal.protocols.queries.versions import (
    find_head,
    list_blocks,
    list_concepts,
    list_legal,
    list_shown,
)
from portal.vocabulary.services import REINDEX


def reindex(protocol: Protocol) -> None:
    """Put what a protocol has come to into the index: retired last, withdrawn not at all."""
    head = find_head(protocol.id)
    if head is None or head.state == State.WITHDRAWN:
        search.remove(protocol.public_id)
    else:
        search.index(document_of(head))


def reindex_everything() -> int:
    """Build the index afresh from what readers get. Returns how many protocols it holds."""
    return search.reindex_all(document_of(version) for version in list_shown())


@jobs.task(REINDEX)
def _reindex_all(_args: dict[str, Any]) -> None:
    """The vocabulary changed: what texts name is read again."""
    reindex_everything()


def document_of(version: ProtocolVersion) -> search.Document:
    """A version in every language in which something fitting is approved."""
    protocol = version.protocol
    source = protocol.source_lang
    views = {lang: list_readable(version, lang) for lang in LANGUAGES if lang != source}
    texts = {lang: _texts(found) for lang, found in views.items()}
    texts[source] = {unit.source.key: unit.source.text for unit in next(iter(views.values()))}
    return search.Document(
        public_id=protocol.public_id,
        slug=protocol.slug,
        source_lang=source,
        titles={lang: held["title"] for lang, held in texts.items() if "title" in held},
        summaries={lang: held["summary"] for lang, held in texts.items() if "summary" in held},
        bodies={lang: _bodies(held) for lang, held in texts.items()},
        tags={link.concept_id: search.TagRole(link.role) for link in list_concepts(version.id)},
        legal={country: row.status for country, row in list_legal(protocol.id).items()},
        facets=_facets(version, texts),
        published_at=version.published_at,
        retired=version.state == State.RETIRED,
    )


def _texts(views: Sequence[UnitView]) -> dict[str, str]:
    return {view.source.key: view.approved.text for view in views if view.approved}


def _bodies(held: Mapping[str, str]) -> list[str]:
    return [text for key, text in held.items() if key not in ("title", "summary", "change_note")]


def _facets(version: ProtocolVersion, texts: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    certainty = {
        block.data["certainty"]
        for block in list_blocks(version.id)
        if block.kind == Kind.EVIDENCE and block.data.get("certainty")
    }
    origin = version.protocol.origin_country
    return {
        "evidence": sorted(certainty),
        "language": sorted(lang for lang, held in texts.items() if "title" in held),
        "origin": [origin] if origin else [],
    }
