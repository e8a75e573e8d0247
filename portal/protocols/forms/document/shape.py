"""The shape of a document. Every text says its language; ⟦tokens⟧ are doses and codes, left to right."""

from dataclasses import dataclass, field
from typing import Literal

from portal.core.i18n import Direction, direction

Mark = Literal["done", "active", "warn", "bad", "off", "idle"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the protocol, in Markdown. `missing` tells that the source stands for a translation."""

    text: str
    lang: str
    missing: str = ""

    @property
    def direction(self) -> Direction:
        return direction(self.lang)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the reader must know before the text: `kind` is info, warn or bad."""

    kind: str
    title: str
    lines: tuple[str, ...] = ()
    items: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """The legal status in one country, and since when that holds or held."""

    country: str
    mark: Mark
    status: str
    since: str
    is_verified: bool
    note: Said | None
    basis: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A dose line: amounts are tokens; what a line cannot be coded into stays a quotation."""

    key: str
    drug: str
    phase: str
    routes: str
    dose: str
    interval: str
    ceiling: str
    observe: str
    note: Said | None
    doubt: str
    source: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of text with what is known about it: certainty, strength, sources."""

    key: str
    said: Said
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it. `kind` is text, steps or dosing."""

    name: str
    title: str
    kind: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A reference as the version cites it."""

    number: str
    cite: str
    lang: str
    ids: tuple[str, ...]
    url: str
    doubt: str

    @property
    def direction(self) -> Direction:
        return direction(self.lang)


@dataclass(frozen=True, slots=True)
class Document:
    """A version in one language. `strip` marks what is no real protocol and stands on every page."""

    lang: str
    public_id: str
    number: str
    address: str
    newest: str
    licence: str
    title: Said
    lead: Said | None
    strip: str
    notices: tuple[Notice, ...]
    facts: tuple[str, ...]
    laws: tuple[Law, ...]
    glance: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    works: tuple[Work, ...]
    change_note: Said | None
    citations: tuple[tuple[str, str], ...]
    words: dict[str, str] = field(default_factory=dict)
    published_on: str = ""

    @property
    def direction(self) -> Direction:
        return direction(self.lang)
