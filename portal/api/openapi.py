"""The OpenAPI document, generated from the code, and how the API fits into the portal's error handling."""

from typing import Final

from flask import Flask
from flask_smorest import Api

from portal.api.schemas import Problem

PROBLEM: Final = "application/problem+json"
SETTINGS: Final = {"API_TITLE": "Treatment Exchange", "API_VERSION": "v1", "OPENAPI_VERSION": "3.1.0"}


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
    api = PortalApi(app)
    api.register_blueprint(resources)
    return api
