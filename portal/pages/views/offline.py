"""A zip for reading without a line: an index, each protocol as one page and as data, whole in themselves."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from flask import render_template
from markupsafe import Markup

from portal.config import ROOT
from portal.core import i18n
from portal.core.richtext import to_html
from portal.protocols.exports import as_json
from portal.protocols.forms import printing
from portal.protocols.forms.copies import Copy, document_of
from portal.protocols.forms.document.shape import Document
from portal.protocols.queries.page import Page
from portal.protocols.units import digest

STYLE: Final = ROOT / "portal" / "static" / "css" / "offline.css"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the oldest day a zip knows: equal content gives equal bytes
INDEX: Final = "index.html"


def copy_of(pages: Sequence[Page], *, address: str, demonstration: bool, saved_on: date) -> Copy:
    """The pages in the language in force. The day of saving stands inside and is not part of the ETag."""
    documents = [document_of(page, address=address, demonstration=demonstration) for page in pages]
    data = [as_json(page) for page in pages]
    etag = digest([[printing.fingerprint(each) for each in documents], data])[:32]
    name = (
        f"{documents[0].public_id}-{i18n.current()}" if len(documents) == 1 else f"protocols-{i18n.current()}"
    )
    return Copy(f"{name}.zip", "application/zip", etag, lambda: _packed(_files(documents, data, saved_on)))


def _files(documents: Sequence[Document], data: Sequence[Any], saved_on: date) -> Iterator[tuple[str, str]]:
    style = Markup("<style>{}</style>").format(Markup(STYLE.read_text("utf-8")))  # noqa: S704 # our own file
    shown = {"style": style, "saved_on": saved_on, "rich": to_html, "file_name": file_name}
    yield INDEX, render_template("protocols/offline_index.html", documents=documents, **shown)
    for document, held in zip(documents, data, strict=True):
        yield file_name(document, "html"), render_template("protocols/offline.html", d=document, **shown)
        yield file_name(document, "json"), json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True)


def file_name(document: Document, ending: str) -> str:
    return f"{document.public_id}-v{document.number}.{ending}"


def _packed(files: Iterator[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, text in files:
            packed.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
