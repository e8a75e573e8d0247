"""The yardstick of page times: Flask's own hello, behind the portal's server settings."""

from types import SimpleNamespace

from flask import Flask

TEXT = "Hello, World!"


def make() -> Flask:
    app = Flask("hello")
    app.extensions["portal.config"] = SimpleNamespace(worker="none")  # what the server's settings ask for
    app.add_url_rule("/", "hello", lambda: TEXT)
    return app
