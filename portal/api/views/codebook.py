"""The codebook: every question of the registry, its codes and its standing, for anybody.

/codebook                              the version that new records follow
/codebook/<version>                    any version
/codebook/<version>/codebook.csv       the same as a table
/codebook/<version>/schema.json        the same as a Frictionless table schema
"""

import json

from flask import Response, abort, render_template
from werkzeug.wrappers import Response as Answer

from portal.api.views import codebook_words as words
from portal.api.views.blueprint import described
from portal.core import i18n, web
from portal.registry.dictionary import CURRENT, Dictionary, load, versions
from portal.registry.exports.codebook import chapters, unverified_values
from portal.registry.exports.codebook.schema import table_schema
from portal.registry.services.templates import codebook_csv


@described.get("/codebook")
@web.public
def book() -> Response:
    return _page(CURRENT)


@described.get("/codebook/<int(max=999):version>")
@web.public
def version_book(version: int) -> Response:
    return _page(version)


@described.get("/codebook/<int(max=999):version>/codebook.csv")
@web.public
def table(version: int) -> Response:
    text = codebook_csv(i18n.current(), _known(version).version)
    return _file(text, "text/csv", f"codebook-v{version}-{i18n.current()}.csv")


@described.get("/codebook/<int(max=999):version>/schema.json")
@web.public
def schema(version: int) -> Response:
    schema = table_schema(_known(version).version, i18n.current())
    text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return _file(text, "application/json", f"schema-v{version}-{i18n.current()}.json")


def _known(version: int) -> Dictionary:
    if version not in versions():
        abort(404)
    return load(version)


def _page(version: int) -> Response:
    book = _known(version)
    return web.published_until_change(lambda: _rendered(book))


def _rendered(book: Dictionary) -> str | Answer:
    return render_template(
        "codebook/codebook.html", book=book, chapters=chapters(book.version), versions=versions(),
        current=CURRENT, words=words, lang=i18n.current(), doubts=unverified_values(),
    )  # fmt: skip


def _file(text: str, mimetype: str, name: str) -> Response:
    response = web.published(text)
    response.headers["Content-Type"] = f"{mimetype}; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
