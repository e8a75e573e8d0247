"""A test-only blueprint that shows every component in every state. No part of the product."""

from pathlib import Path
from typing import Any

from browser.gallery import figures, forms, words
from flask import Blueprint, abort, flash, g, jsonify, render_template, request

from portal.core import i18n, web

blueprint = Blueprint("gallery", __name__, template_folder=str(Path(__file__).parent / "templates"))
PAGES = ("form", "list", "empty", "protocol", "figures", "report", "sign_in")
DRAFTS: dict[str, Any] = {}


def texts() -> dict[str, Any]:
    return {key: values[g.lang] for key, values in words.TEXTS.items()}


@blueprint.route("/<name>", methods=["GET", "POST"])
@web.public
def show(name: str) -> Any:
    if name not in PAGES:
        abort(404)
    form = forms.make(texts())
    if name == "form":
        form.judge()
    if name == "list":
        flash(texts()["saved"], "done")
    figure = figures.all_of(texts()) if name == "figures" else {}
    return render_template(
        f"gallery/{name}.html", form=form, t=texts(), figure=figure, demonstration=True,
        section="protocols", opened=bool(request.args.get("open")),
    )  # fmt: skip


@blueprint.get("/error/<int:code>")
@web.public
def error(code: int) -> Any:
    return render_template("errors/error.html", code=code, request_id="7f3a91c2", demonstration=True), 200


@blueprint.put("/draft")
@web.public
def draft() -> Any:
    """Takes what draft.js sends; 503 when the test says that the line is bad."""
    if DRAFTS.get("refuse"):
        abort(503)
    DRAFTS.update(request.get_json())
    return jsonify(saved=True)


@blueprint.get("/progress")
@web.public
def progress() -> Any:
    """One step further each time."""
    DRAFTS["step"] = DRAFTS.get("step", 0) + 1
    done = min(DRAFTS["step"], 3)
    text = f"{i18n.number(done)} / {i18n.number(3)}"
    return jsonify(done=done, total=3, finished=done == 3, text=text)
