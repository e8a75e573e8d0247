"""The yardsticks of page times, behind the portal's server settings: Flask's own hello, and a ready page."""

import os
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

TEXT = "Hello, World!"


def make() -> Flask:
    app = Flask("hello")
    app.extensions["portal.config"] = SimpleNamespace(worker="none")  # what the server's settings ask for
    app.add_url_rule("/", "hello", lambda: TEXT)
    return app


def make_page() -> Flask:
    """A bare application that hands out the page which the environment names, ready in memory."""
    app, page = make(), Path(os.environ["BENCH_PAGE"]).read_text("utf-8")
    app.view_functions["hello"] = lambda: page
    return app
