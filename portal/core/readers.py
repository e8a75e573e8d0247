"""Who is answered: the countries whose law holds for this reader, for queries that show less in a country.

Set once a request, before anything is read. Where nobody is answered, as in commands and in the worker, no
reader's law holds.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from portal.core.permissions import Actor

COUNTRIES: Final = ("IR", "RU")


@dataclass(slots=True)
class Reader:
    """`told` is the country that the operator's proxy names; `who` is asked only when it matters."""

    told: str
    who: Callable[[], Actor | None]
    found: dict[str, Any] = field(default_factory=dict)
    """What queries found out about this reader already."""

    @property
    def countries(self) -> frozenset[str]:
        """The account's country and the one that the request comes from: each has a law."""
        actor = self.who()
        return frozenset({self.told, actor.country if actor else ""}) & frozenset(COUNTRIES)


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def current() -> Reader | None:
    return _reader.get()


def set_current(reader: Reader | None) -> None:
    _reader.set(reader)


def told_in(environ: Mapping[str, Any], header: str) -> str:
    """The country of a request as the proxy wrote it into the header; empty for any other and for none.

    Of several values the last counts: what a visitor sends stands before what the proxy adds.
    """
    if not header:
        return ""
    written = str(environ.get("HTTP_" + header.upper().replace("-", "_"), ""))
    said = written.rpartition(",")[2].strip().upper()
    return said if said in COUNTRIES else ""
