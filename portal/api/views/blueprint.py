"""The blueprints that the modules of this package share, and the refusals that every resource knows."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask_smorest import Blueprint

from portal.api.openapi import PROBLEM
from portal.api.schemas.problems import Problem
from portal.core import web

View = TypeVar("View", bound=Callable[..., Any])
MEANINGS: Final = {
    400: "The token was sent in the address, or the request cannot be read",
    401: "The token is unknown, revoked or expired",
    403: "The token is not good for this",
    404: "There is no such thing, or it is not public",
    405: "Another method is meant",
    406: "The answer cannot be had in the form asked for",
    410: "The version was withdrawn",
    451: "The protocol is not shown in the reader's country for legal reasons",
    429: "Too many requests; `Retry-After` says how long to wait",
}
ALWAYS: Final = (400, 401, 405, 406, 429)

blueprint = web.bp("api", "portal.api.views")
localised = web.bp("feeds", "portal.api.views")
described = web.bp("codebook", "portal.api.views")
resources = Blueprint(
    "api_v1", "portal.api.views", url_prefix="/api/v1", description="Read what is published"
)


def may_answer(*codes: int) -> Callable[[View], View]:
    """Describe the refusals that a resource knows, beside those of every resource."""

    def decorate(view: View) -> View:
        for code in (*ALWAYS, *codes):
            more = {"schema": Problem, "content_type": PROBLEM, "description": MEANINGS[code]}
            view = resources.alt_response(code, **more)(view)
        unchanged = resources.alt_response(304, description="Nothing changed since `If-None-Match`")
        described: View = unchanged(view)
        return described

    return decorate
