"""CSL-JSON items of a version and of its references.

A reference is kept as people wrote it. Only the plain shape "Authors. Title. Journal year;volume:pages" is
taken apart; of everything else nothing is guessed: the whole line is the title.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

Item = Mapping[str, Any]
TOKEN: Final = re.compile("[⟦⟧]")
_VANCOUVER: Final = re.compile(
    r"(?P<authors>[^.;:]+?)\. (?P<title>.+?[.?]) ?(?P<journal>[^.;:?]+?) (?P<year>(?:19|20)\d{2});"
    r"(?P<volume>\d+)(?:\((?P<issue>[^()]+)\))?:(?P<pages>[\w–-]+)\.?"
)
_PERSON: Final = re.compile(r"(?P<family>[^\W\d_][^\d,]*?) (?P<given>[A-Z]{1,4})")


@dataclass(frozen=True, slots=True)
class Edition:
    """What is cited: one version in one language. `authors` are names as people write their own."""

    public_id: str
    number: str
    title: str
    lang: str
    authors: Sequence[str]
    published_on: date | None
    url: str
    publisher: str
    doi: str = ""
    demonstration: bool = False


class Work(Protocol):
    """A reference as it is kept."""

    @property
    def key(self) -> str: ...
    @property
    def cite(self) -> str: ...
    @property
    def doi(self) -> str: ...
    @property
    def pmid(self) -> str: ...
    @property
    def isbn(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def language(self) -> str: ...


def of_edition(edition: Edition) -> Item:
    """A version as a numbered report. A name is one field, so it stays whole (`literal`)."""
    title = TOKEN.sub("", edition.title)
    day = edition.published_on
    return _filled(
        {
            "id": f"{edition.public_id}-v{edition.number}",
            "type": "report",
            # A sample must not be mistaken for a protocol once its citation stands in another text.
            "title": f"{title} [DEMONSTRATION]" if edition.demonstration else title,
            "author": [{"literal": name} for name in edition.authors if name],
            "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
            "publisher": edition.publisher,
            # The version stands in the number too: not every style prints a version.
            "number": f"{edition.public_id} v{edition.number}",
            "version": edition.number,
            "URL": edition.url,
            "DOI": edition.doi,
            "language": edition.lang,
        }
    )


def of_works(works: Iterable[Work]) -> list[Item]:
    return [_of_work(work) for work in works]


def _of_work(work: Work) -> Item:
    found = _VANCOUVER.fullmatch(TOKEN.sub("", work.cite).strip())
    own = _article(found) if found else {"type": "document", "title": TOKEN.sub("", work.cite)}
    return _filled(
        {
            "id": work.key, **own, "DOI": work.doi, "PMID": work.pmid, "ISBN": work.isbn, "URL": work.url,
            "language": work.language,
        }
    )  # fmt: skip


def _article(found: re.Match[str]) -> dict[str, Any]:
    return {
        "type": "article-journal",
        "title": found["title"].removesuffix("."),
        "author": _people(found["authors"]),
        "container-title": found["journal"].strip(),
        "issued": {"date-parts": [[int(found["year"])]]},
        "volume": found["volume"],
        "issue": found["issue"],
        "page": found["pages"],
    }


def _people(text: str) -> list[dict[str, str]]:
    """`Wesson DR, Ling W et al` as names; what does not look so stays whole."""
    names, _, rest = text.partition(" et al")
    people = []
    for name in names.split(","):
        found = _PERSON.fullmatch(name.strip())
        people.append(found.groupdict() if found else {"literal": name.strip()})
    return people if rest == text or " et al" not in text else [*people, {"literal": "et al."}]


def _filled(item: dict[str, Any]) -> Item:
    return {name: value for name, value in item.items() if value}
