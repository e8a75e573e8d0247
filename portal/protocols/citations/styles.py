"""A citation in the styles that the two countries and their journals ask for, by citeproc.

The style files are those of the Citation Style Language project; `styles/README.md` credits them. What
citeproc gives back is HTML with titles and names as they came, so it passes the sanitiser.
"""

import json
import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import nh3

from portal.protocols.citations.items import Item

STYLES: Final = {
    "apa": "APA",
    "nlm-citation-sequence": "Vancouver (NLM)",
    "gost-r-7-0-5-2008": "ГОСТ Р 7.0.5-2008",
}
LOCALES: Final = {"en": "en-US", "ru": "ru-RU", "fa": "fa-IR"}
TAGS: Final = {"i", "b", "sup", "sub"}
_FILES: Final = Path(__file__).with_name("styles")
_NUMBER: Final = re.compile(r"^\s*(?:\[?\d+[\].]?|\d+\.)\s*")


def formatted(item: Item, lang: str) -> list[tuple[str, str]]:
    """(name of the style, citation as clean HTML) in the words of a language; kept for each item."""
    told = json.dumps(item, sort_keys=True, ensure_ascii=False)
    return [(STYLES[style], _formatted(told, style, LOCALES[lang])) for style in STYLES]


@lru_cache(maxsize=2048)
def _formatted(told: str, style: str, locale: str) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    item = _fitted(json.loads(told) | {"id": "cited"}, style)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fields that citeproc does not know: it says so for each
        source = CiteProcJSON([_directed(item)])
        made = CitationStylesBibliography(_style(style, locale), source, formatter.html)
        made.register(Citation([CitationItem("cited")]))
        text = "".join(str(part) for part in made.bibliography()[0])
    return clean(_NUMBER.sub("", text) if style != "apa" else text)


def clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes={}).strip()


def _fitted(item: dict[str, Any], style: str) -> dict[str, Any]:
    """What citeproc's reading of a style needs: it would print a version twice, or a month without a space.

    The Russian standard asks for the place of a publisher, which a portal has not; it knows addresses.
    """
    if item["type"] != "report":
        return item
    year = {"date-parts": [part[:1] for part in item.get("issued", {}).get("date-parts", [])]}
    bare = {name: value for name, value in item.items() if name != "version"} | {"issued": year}
    if style != "gost-r-7-0-5-2008":
        return bare
    told = [item.get("number", ""), *(str(part[0]) for part in year["date-parts"])]
    return bare | {"type": "webpage", "title": f"{item['title']} ({', '.join(filter(None, told))})"}


def _directed(item: dict[str, Any]) -> dict[str, Any]:
    """Names in Arabic script stay whole: initials of them would be dots without letters."""
    return item | {"author": [_whole(name) for name in item.get("author", ())]}


def _whole(name: dict[str, str]) -> dict[str, str]:
    if "family" not in name or not re.search("[\u0600-\u06ff]", name["family"] + name["given"]):
        return name
    return {"literal": f"{name['family']}، {name['given']}"}


@lru_cache(maxsize=9)
def _style(name: str, locale: str) -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(_FILES / f"{name}.csl"), validate=False, locale=locale)
