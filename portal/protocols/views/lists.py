"""The list of protocols with search, facets and what the query was understood as."""

from typing import Any, Final

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.web import actor_or_none
from portal.protocols import search
from portal.protocols.forms import labels
from portal.protocols.queries.lists import find_facts, find_translations
from portal.protocols.queries.workplaces import list_workplaces
from portal.protocols.views.blueprint import blueprint
from portal.protocols.views.searches import note
from portal.vocabulary.queries import find_labels

PER_PAGE: Final = 20
LONGEST_QUERY: Final = 200
SHOWN_VALUES: Final = 12
FACETS: Final = {
    "substance": _l("Substance"),
    "condition": _l("Condition"),
    "intervention": _l("Intervention"),
    "setting": _l("Setting"),
    "population": _l("Population"),
    "evidence": _l("Certainty of evidence"),
    "legal_ru": _l("Legal status in Russia"),
    "legal_ir": _l("Legal status in Iran"),
    "language": _l("Title available in"),
    "origin": _l("Country of origin"),
}


@blueprint.get("/protocols")
@web.public
def list_protocols() -> Response:
    text = request.args.get("q", "")[:LONGEST_QUERY]
    chosen = {name: request.args.getlist(name) for name in FACETS if request.args.getlist(name)}
    offset = _offset()
    found = search.query(
        text, lang=i18n.current(), filters=chosen, limit=PER_PAGE, offset=offset,
        without=request.args.getlist("not"), as_typed=request.args.get("exact") == "1",
    )  # fmt: skip
    note(text, found)
    page = {"found": found, "text": text, "labels": labels, "offset": offset} | _about(found)
    return web.published(
        render_template(
            "protocols/list.html", **page, facets=_facets(found, chosen), chips=_chips(chosen),
            understood=_understood(found), left_out=_left_out(found),
            older=_page(offset + PER_PAGE) if offset + PER_PAGE < found.total else None,
            newer=_page(max(0, offset - PER_PAGE)) if offset else None, active=sum(map(len, chosen.values())),
            work=list_workplaces(actor_or_none()), plain=PlainForm() if actor_or_none() else None,
        )
    )  # fmt: skip


def _about(found: Any) -> dict[str, Any]:
    """What the lines say of the protocols, and of their translation into the reader's language."""
    numbers = [hit.public_id for hit in found.results]
    return {
        "facts": find_facts(numbers, i18n.current(), today=utcnow().date()),
        "translated": find_translations(numbers, i18n.current()),
    }


def _offset() -> int:
    given = request.args.get("from", "0")
    return min(int(given), 10_000) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def _facets(found: Any, chosen: dict[str, list[str]]) -> list[tuple[str, Any, list[tuple[Any, ...]]]]:
    """(name, title, options) in the reader's language; chosen values stay even without results."""
    values = {
        name: [(count.value, count.count) for count in found.facets.get(name, ())][:SHOWN_VALUES]
        for name in FACETS
    }
    for name, picked in chosen.items():
        known = {value for value, _ in values[name]}
        values[name] += [(value, 0) for value in picked if value not in known]
    names = _names({value for pairs in values.values() for value, _ in pairs})
    return [
        (name, FACETS[name], [
            (value, names.get(value, value), count, value in chosen.get(name, ())) for value, count in pairs
        ])
        for name, pairs in values.items()
        if pairs
    ]  # fmt: skip


def _names(values: set[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {tag: info.name for tag, info in i18n.LOCALES.items()} | labels.COUNTRIES
    return plain | find_labels(values, i18n.current())


def _chips(chosen: dict[str, list[str]]) -> list[tuple[Any, str]]:
    names = _names({value for picked in chosen.values() for value in picked})
    return [
        (names.get(value, value), _without(name, value))
        for name, picked in chosen.items()
        for value in picked
        if names.get(value)
    ]


def _understood(found: Any) -> list[tuple[str, str]]:
    return [(concept.label, _with("not", concept.id)) for concept in found.understood_as]


def _left_out(found: Any) -> list[tuple[str, str, str]]:
    """(id, label, address that means it again)."""
    return [(concept.id, concept.label, _without("not", concept.id)) for concept in found.left_out]


def _arguments() -> dict[str, Any]:
    return {
        name: request.args.getlist(name) for name in request.args if name in {*FACETS, "q", "not", "exact"}
    }


def _without(name: str, value: str) -> str:
    given = _arguments()
    given[name] = [other for other in given.get(name, []) if other != value]
    return url_for("protocols.list_protocols", **given)


def _with(name: str, value: str) -> str:
    given = _arguments()
    return url_for("protocols.list_protocols", **(given | {name: [*given.get(name, []), value]}))


def _page(offset: int) -> str:
    given: dict[str, Any] = {"from": offset} if offset else {}
    return url_for("protocols.list_protocols", **_arguments(), **given)
