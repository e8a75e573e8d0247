"""Pseudonyms made in the browser: the page, and the same page as one file to use without a line.

/<lang>/pseudonyms                the page, under a policy of its own that allows no connection
/<lang>/pseudonyms/offline.html   the file, the same bytes in every language
"""

from flask import Flask, Response, request, url_for

from portal.core import i18n, web
from portal.core.pseudonyms import page
from portal.pages.views.blueprint import blueprint

PARTS = (*(f"/static/js/pseudonym/{name}" for name in page.SCRIPTS), "/static/css/pseudonym.css")


def lend_parts(app: Flask) -> None:
    """A sandboxed page has an origin of its own, to which its script and style must be lent."""

    @app.after_request
    def lend(response: Response) -> Response:
        if request.path in PARTS:
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response


@blueprint.get("/pseudonyms")
@web.public
def pseudonyms() -> Response:
    addresses = page.Addresses(
        tuple(web.asset(f"js/pseudonym/{name}") for name in page.SCRIPTS), web.asset("css/pseudonym.css"),
        url_for("pages.pseudonyms_file"), url_for("pages.home"),
    )  # fmt: skip
    response = web.published(page.served(i18n.current(), addresses))
    response.headers["Content-Security-Policy"] = page.SERVED_POLICY
    return response


@blueprint.get("/pseudonyms/offline.html")
@web.public
def pseudonyms_file() -> Response:
    response = web.published(page.single_file())
    response.headers["Content-Disposition"] = f"attachment; filename={page.NAME}"
    return response
