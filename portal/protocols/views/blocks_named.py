"""Blocks and versions as a reader names them: the section, and the first words in the reader's language."""

from portal.core import i18n
from portal.core.i18n import plain_tokens
from portal.protocols.forms import labels
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.page import Text
from portal.protocols.queries.translations import list_views
from portal.protocols.queries.versions import list_blocks
from portal.vocabulary.queries import find_labels

FIRST_WORDS = 60


def block_choices(version: ProtocolVersion) -> list[tuple[str, str]]:
    """(key, "Doses: Methadone …") in reading order."""
    lang = i18n.current()
    blocks = list_blocks(version.id)
    drugs = find_labels({b.data.get("drug", "") for b in blocks}, lang)
    texts = _texts(version, lang)
    firsts = [_first(drugs.get(b.data.get("drug", ""), ""), texts.get(b.block_key, "")) for b in blocks]
    return [
        (b.block_key, f"{labels.SECTIONS[b.section]}: {first}")
        for b, first in zip(blocks, firsts, strict=True)
    ]


def shown_title(version: ProtocolVersion) -> Text:
    """The title in the reader's language, else in the source's."""
    lang, source = i18n.current(), version.protocol.source_lang
    text = _texts(version, lang).get("title", version.title)
    return Text(text, lang if text != version.title else source)


def _texts(version: ProtocolVersion, lang: str) -> dict[str, str]:
    """Texts by unit key: the approved translation where one fits, else the source."""
    return {v.source.key: v.approved.text if v.approved else v.source.text for v in list_views(version, lang)}


def _first(drug: str, text: str) -> str:
    said = plain_tokens(" – ".join(part for part in (drug, " ".join(text.split())) if part))
    return said if len(said) <= FIRST_WORDS else said[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"
