"""Citation files: BibTeX, RIS and CSL-JSON of the same items."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from portal.protocols.citations.items import Item

OTHERS: Final = "et al."
_BIBTEX: Final = {"report": "techreport", "article-journal": "article", "document": "misc"}
_BIBTEX_FIELDS: Final = (
    ("title", "title"), ("container-title", "journal"), ("publisher", "institution"), ("number", "number"),
    ("volume", "volume"), ("issue", "number"), ("page", "pages"), ("DOI", "doi"), ("ISBN", "isbn"),
    ("PMID", "pmid"), ("URL", "url"), ("language", "langid"),
)  # fmt: skip
_LANGID: Final = {"en": "english", "ru": "russian", "fa": "persian"}
_RIS: Final = {"report": "RPRT", "article-journal": "JOUR", "document": "GEN"}
_RIS_FIELDS: Final = (
    ("title", "TI"), ("container-title", "T2"), ("publisher", "PB"), ("number", "IS"), ("version", "ET"),
    ("volume", "VL"), ("issue", "IS"), ("DOI", "DO"), ("ISBN", "SN"), ("PMID", "AN"), ("URL", "UR"),
    ("language", "LA"),
)  # fmt: skip
_SPECIAL: Final = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {char: "\\" + char for char in "{}%&#$_"}
)  # fmt: skip


def to_csl_json(items: Sequence[Item]) -> str:
    return json.dumps(list(items), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def to_bibtex(items: Iterable[Item]) -> str:
    """One entry for each item, in UTF-8. What TeX would read as a command is escaped, addresses are not."""
    return "\n".join(_entry(item) for item in items)


def _entry(item: Item) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(item)]
    key = re.sub(r"[^\w.:/-]", "", str(item["id"]))
    return "\n".join([f"@{_BIBTEX[item['type']]}{{{key},", *lines, "}"]) + "\n"


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    if item.get("author"):
        yield "author", " and ".join(_bibtex_name(name) for name in item["author"])
    for ours, theirs in _BIBTEX_FIELDS:
        if value := item.get(ours):
            yield theirs, _bibtex_value(ours, str(value))
    if "version" in item:
        yield "type", "Clinical protocol, version " + str(item["version"])
    yield from zip(("year", "month", "day"), map(str, _date(item)), strict=False)


def _bibtex_value(name: str, value: str) -> str:
    if name in ("URL", "DOI"):
        return value.replace("{", "%7B").replace("}", "%7D")
    if name == "language":
        return _LANGID.get(value, value)
    text = value.translate(_SPECIAL)
    return f"{{{text}}}" if name in ("title", "publisher") else text


def _bibtex_name(name: dict[str, str]) -> str:
    """Family, given; a name that is one field stays whole in braces."""
    if name.get("literal") == OTHERS:
        return "others"
    if "literal" in name:
        return "{" + name["literal"].translate(_SPECIAL) + "}"
    return f"{name['family']}, {name['given']}".translate(_SPECIAL)


def to_ris(items: Iterable[Item]) -> str:
    """One record for each item; a line for each field."""
    return (
        "\r\n".join(f"{tag}  - {value}".rstrip() for item in items for tag, value in _record(item)) + "\r\n"
    )


def _record(item: Item) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS[item["type"]]
    for name in item.get("author", ()):
        yield "AU", _line(name.get("literal") or f"{name['family']}, {name['given']}")
    yield from ((tag, _line(item[ours])) for ours, tag in _RIS_FIELDS if item.get(ours))
    first, _, last = str(item.get("page", "")).replace("–", "-").partition("-")
    yield from ((tag, value) for tag, value in (("SP", first), ("EP", last)) if value)
    if day := _date(item):
        yield "PY", str(day[0])
        yield "DA", "/".join(f"{part:02d}" for part in day) + "/" * (3 - len(day) + (len(day) < 3))
    yield "ID", _line(item["id"])
    yield "ER", ""


def _line(value: Any) -> str:
    return " ".join(str(value).split())


def _date(item: Item) -> list[int]:
    return list(item.get("issued", {}).get("date-parts", [[]])[0])
