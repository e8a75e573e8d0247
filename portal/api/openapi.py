"""The OpenAPI document, generated from the code, and how the API fits into the portal's error handling."""

from typing import Any, Final

from flask import Flask
from flask_smorest import Api
from werkzeug.routing import BaseConverter

from portal.api.schemas.problems import Problem

PROBLEM: Final = "application/problem+json"
ABOUT: Final = """Read what is published: protocols with their versions, the vocabulary, what changed.

Reading needs no account. Texts come in the language of `?lang=`; a block that is not translated comes in its
source language and says so. Every answer has an `ETag`: send it back as `If-None-Match`, and what did not
change costs nothing. Lists come in pages: `next_cursor` leads on. Errors are `application/problem+json`.

A token of one's own account, sent as `Authorization: Bearer …`, raises the limit of requests and opens what
is one's own. A token is never accepted in an address."""
SETTINGS: Final = {
    "API_TITLE": "Treatment Exchange",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {"info": {"description": ABOUT}, "security": [{}, {"bearer": []}]},
}
BEARER: Final = {"type": "http", "scheme": "bearer", "description": "A token made on the own account page"}


class NumberConverter(BaseConverter):
    """The number of a version."""

    regex = r"[0-9]{1,4}\.[0-9]{1,4}"
    part_isolating = True


class ProtocolConverter(BaseConverter):
    """The public number of a protocol."""

    regex = r"[Pp][Rr]-[0-9]{1,8}"
    part_isolating = True

    def to_python(self, value: str) -> str:
        return value.upper()


class CollectionConverter(BaseConverter):
    """The public number of a collection."""

    regex = r"[Cc][Oo]-[0-9]{1,8}"
    part_isolating = True

    def to_python(self, value: str) -> str:
        return value.upper()


class ConceptConverter(BaseConverter):
    """The id of a concept."""

    regex = r"[a-z0-9][a-z0-9-]{0,59}"
    part_isolating = True


CONVERTERS: Final[dict[str, tuple[type[BaseConverter], str]]] = {
    "number": (NumberConverter, "1.0"),
    "protocol": (ProtocolConverter, "PR-0001"),
    "collection": (CollectionConverter, "CO-0001"),
    "concept": (ConceptConverter, "int-mmt"),
}


class PortalApi(Api):
    """Errors are answered by the portal, as problem documents; here they are only described."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """The portal has one handler for every error; a second one would turn its pages into JSON."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE


def register(app: Flask, resources: object) -> PortalApi:
    """Describe the resources to the application and mount them."""
    app.config.update(SETTINGS)
    for name, (converter, _) in CONVERTERS.items():
        app.url_map.converters[name] = converter
    api = PortalApi(app)
    api.spec.components.security_scheme("bearer", BEARER)
    for converter, example in CONVERTERS.values():
        api.register_converter(converter, _described(converter.regex, example))
    api.register_blueprint(resources)
    return api


def _described(pattern: str, example: str) -> Any:
    return lambda _converter: {"type": "string", "pattern": f"^{pattern}$", "example": example}
