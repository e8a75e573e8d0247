"""Home and the pages that are composed from several features."""

from flask import render_template

from portal.core import web

blueprint = web.bp("pages", __name__)


@blueprint.get("/")
@web.public
def home() -> str:
    return render_template("pages/home.html")
