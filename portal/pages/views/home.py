"""Home."""

from flask import render_template

from portal.core import web
from portal.pages.views.blueprint import blueprint


@blueprint.get("/")
@web.public
def home() -> str:
    return render_template("pages/home.html")
