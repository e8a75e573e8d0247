"""What programs can read, for the people who write them."""

from typing import Final

from flask import Response, current_app, render_template

from portal.core import i18n, web
from portal.pages.views.blueprint import blueprint

VERSION: Final = "/api/v1/protocols/PR-0001/versions/1.0"
FEEDS: Final = ("all", "translations", "alerts")
ENDINGS: Final = ("jsonld", "fhir.json", "bib", "ris", "csl.json", "md", "pdf")


@blueprint.get("/for-programs")
@web.public
def interfaces() -> Response:
    shown = {"lang": i18n.current(), "version": VERSION, "feeds": FEEDS, "endings": _offered()}
    return web.published(render_template("pages/interfaces.html", **shown))


def _offered() -> list[str]:
    """Endings that have an address."""
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    return [ending for ending in ENDINGS if any(rule.endswith(f">.{ending}") for rule in rules)]
