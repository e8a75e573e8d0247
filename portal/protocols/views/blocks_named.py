"""Blocks and versions as a reader names them: the section, and the first words in the reader's language."""

from dataclasses import dataclass

from portal.core import i18n
from portal.core.i18n import isolated, plain_tokens
from portal.protocols.forms import labels
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.page import Text
from portal.protocols.queries.translations import list_views
from portal.protocols.queries.versions import list_blocks
from portal.vocabulary.queries import find_labels

FIRST_WORDS = 60


@dataclass(frozen=True, slots=True)
class BlockName:
    """A block as its reader knows it: section, drug of a dose line, first words and their language."""

    section: str
    drug: str
    text: str
    lang: str

    def in_a_line(self) -> str:
        """For a choice of a list, which takes no markup: the first words keep their own direction."""
        first = isolated(plain_tokens(self.text), self.lang) if self.text else ""
        return f"{self.section}: " + " – ".join(part for part in (self.drug, first) if part)


def named_blocks(version: ProtocolVersion) -> dict[str, BlockName]:
    """Names by block key, in reading order."""
    lang = i18n.current()
    blocks = list_blocks(version.id)
    drugs = find_labels({b.data.get("drug", "") for b in blocks}, lang)
    texts, no_words = _texts(version, lang), Text("", lang)
    return {
        b.block_key: _named(
            b.section, drugs.get(b.data.get("drug", ""), ""), texts.get(b.block_key, no_words)
        )
        for b in blocks
    }


def block_choices(version: ProtocolVersion) -> list[tuple[str, str]]:
    """(key, "Doses: Methadone – …") in reading order."""
    return [(key, name.in_a_line()) for key, name in named_blocks(version).items()]


def shown_title(version: ProtocolVersion) -> Text:
    """The title in the reader's language, else in the source's."""
    return _texts(version, i18n.current()).get("title") or Text(version.title, version.protocol.source_lang)


def _texts(version: ProtocolVersion, lang: str) -> dict[str, Text]:
    """Texts by unit key: the approved translation where one fits, else the source."""
    source = version.protocol.source_lang
    return {
        v.source.key: Text(v.approved.text, lang) if v.approved else Text(v.source.text, source)
        for v in list_views(version, lang)
    }


def _named(section: str, drug: str, text: Text) -> BlockName:
    return BlockName(str(labels.SECTIONS[section]), drug, _first(text.text), text.lang)


def _first(text: str) -> str:
    """The first words, never half a ⟦token⟧."""
    said = " ".join(text.split())
    if len(said) <= FIRST_WORDS:
        return said
    cut = said[:FIRST_WORDS].rsplit(" ", 1)[0]
    return (cut if cut.count("⟦") == cut.count("⟧") else cut[: cut.rindex("⟦")].rstrip()) + "…"
