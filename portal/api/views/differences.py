"""Two versions of a protocol, block by block and word by word."""

from typing import Any

from flask import Response

from portal.api.schemas.differences import DifferencesAnswer, differences_of
from portal.api.schemas.requests import LanguageArguments
from portal.api.views.answers import as_json
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.reading import number_of
from portal.core import web
from portal.core.db import utcnow
from portal.protocols.queries.compare import compare_public, find_pair
from portal.protocols.queries.versions import find_protocol


@resources.route("/protocols/<protocol:public_id>/versions/<number:number>/diff/<number:other>")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, DifferencesAnswer)
@may_answer(404, 451)
@web.public
def differences(arguments: dict[str, Any], public_id: str, number: str, other: str) -> Response:
    """Tell what differs between two versions; whichever is named first, the older one is `old`."""
    protocol = web.get_or_404(find_protocol(public_id))
    older, newer = sorted((number_of(number), number_of(other)))
    before, after = web.get_or_404(find_pair(protocol, newer, older))
    compared = compare_public(before, after, arguments["lang"], today=utcnow().date())
    return as_json(DifferencesAnswer().dump(differences_of(compared)))
