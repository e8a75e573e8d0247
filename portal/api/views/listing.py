"""The list of protocols with the facets that narrow it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, url_for

from portal.api.schemas.content import legal_row
from portal.api.schemas.lists import ProtocolsAnswer
from portal.api.schemas.requests import FACETS, ProtocolsArguments, next_cursor
from portal.api.schemas.texts import plain
from portal.api.views.answers import address, as_json, in_language
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.paging import place_key, place_number
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.protocols import search
from portal.protocols.forms.labels import COUNTRIES
from portal.protocols.queries.lists import Facts, find_facts
from portal.vocabulary.queries import find_labels

Arguments = dict[str, Any]
NOTHING = {"version": "", "demonstration": False, "languages": [], "main_concepts": [], "legal": []}


@resources.route("/protocols")
@resources.arguments(ProtocolsArguments, location="query")
@resources.response(200, ProtocolsAnswer)
@may_answer()
@web.public
def protocols(arguments: Arguments) -> Response:
    """List protocols, narrowed by facets. With words the best come first, without by falling number."""
    filters = {name: arguments[name] for name in FACETS if arguments[name]}
    found, hits, cursor = (_ranked if arguments["q"].strip() else _walked)(arguments, filters)
    facts = find_facts([hit.public_id for hit in hits], arguments["lang"], today=utcnow().date())
    lines = [_line(hit, facts.get(hit.public_id), arguments["lang"]) for hit in hits]
    answer = {"protocols": lines, "total": found.total, "next_cursor": cursor}
    return as_json(ProtocolsAnswer().dump(answer | {"facets": _facets(found, arguments["lang"])}))


Filters = Mapping[str, Sequence[str]]


def _ranked(arguments: Arguments, filters: Filters) -> tuple[search.Found, Sequence[search.Hit], str | None]:
    about, limit = [arguments["q"], filters], arguments["limit"]
    place = place_number(arguments["cursor"], about)
    found = search.query(
        arguments["q"], lang=arguments["lang"], filters=filters, limit=limit, offset=place, facets=not place
    )
    further = place + limit
    return found, found.results, next_cursor(about, further) if further < found.total else None


def _walked(arguments: Arguments, filters: Filters) -> tuple[search.Found, Sequence[search.Hit], str | None]:
    about, limit, lang = ["", filters], arguments["limit"], arguments["lang"]
    place = place_key(arguments["cursor"], about)
    found = search.query("", lang=lang, filters=filters, limit=1, facets=not place)
    walked = search.browse(filters, lang=lang, before=place, limit=limit + 1, highlighter=found.highlighter)
    hits = walked[:limit]
    return found, hits, next_cursor(about, hits[-1].public_id) if len(walked) > limit else None


def _line(hit: search.Hit, facts: Facts | None, lang: str) -> dict[str, Any]:
    path = url_for("pages.protocol", public_id=hit.public_id, slug=hit.slug, lang=lang)
    told = {
        "id": hit.public_id, "slug": hit.slug, "title": _text(hit.title), "summary": _text(hit.summary),
        "retired": hit.retired, "published_at": hit.published_at, "url": address(path), "certainty": None,
    }  # fmt: skip
    return told | (_facts(facts) if facts else NOTHING)


def _facts(facts: Facts) -> dict[str, Any]:
    certainty = {"id": facts.certainty, "label": facts.certainty_label} if facts.certainty else None
    return {
        "version": facts.number, "demonstration": facts.demonstration, "certainty": certainty,
        "languages": facts.languages, "legal": [legal_row(row, "") for row in facts.legal],
        "main_concepts": [{"id": concept.id, "label": concept.label} for concept in facts.main],
    }  # fmt: skip


def _text(text: search.Local) -> dict[str, str]:
    return {"text": plain(text.text, text.lang), "lang": text.lang}


def _facets(found: search.Found, lang: str) -> dict[str, list[dict[str, Any]]]:
    counted = {name: found.facets[name] for name in FACETS if found.facets.get(name)}
    names = find_labels({value.value for values in counted.values() for value in values}, lang)
    with in_language(lang):
        names |= {tag: i18n.language_name(tag) for tag in i18n.LOCALES}
        names |= {country: str(name) for country, name in COUNTRIES.items()}
    return {
        facet: [{"value": v.value, "label": names.get(v.value, v.value), "count": v.count} for v in values]
        for facet, values in counted.items()
    }
