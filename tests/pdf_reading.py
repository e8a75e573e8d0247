"""What a PDF holds, read back by its tags: cells of tables, names of fonts, text of pages."""

import io
from collections import defaultdict

from pypdf import PdfReader
from pypdf.generic import ArrayObject, IndirectObject


def reader_of(pdf):
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return [page.extract_text() for page in reader_of(pdf).pages]


def fonts_of(pdf):
    """Names of the embedded faces without the six letters of the subset."""
    resources = [
        page["/Resources"]["/Font"] for page in reader_of(pdf).pages if "/Font" in page["/Resources"]
    ]
    faces = {font.get_object()["/BaseFont"] for held in resources for font in held.values()}
    return {face.split("+")[-1].lstrip("/") for face in faces}


def tables_of(pdf):
    """Tables as lists of rows of cell texts, by the structure that a screen reader follows."""
    reader = reader_of(pdf)
    marked = {page.indirect_reference.idnum: _marked(page) for page in reader.pages}
    tables = []
    _walk(reader.trailer["/Root"]["/StructTreeRoot"], tables, marked, None)
    return tables


def _walk(element, tables, marked, page):
    page = _page(element, page)
    if element.get("/S") == "/Table":
        tables.append([_row(row, marked, page) for row in _rows(element)])
        return
    for kid in _kids(element):
        if hasattr(kid, "get") and "/S" in kid:
            _walk(kid, tables, marked, page)


def _rows(element):
    for kid in _kids(element):
        if not hasattr(kid, "get"):
            continue
        if kid.get("/S") == "/TR":
            yield kid
        elif "/S" in kid:
            yield from _rows(kid)


def _row(row, marked, page):
    page = _page(row, page)
    return [
        _text(cell, marked, page)
        for cell in _kids(row)
        if hasattr(cell, "get") and cell.get("/S") in ("/TD", "/TH")
    ]


def _text(element, marked, page):
    page = _page(element, page)
    if isinstance(element, int):
        return marked[page][int(element)]
    if element.get("/Type") == "/MCR":
        return marked[element.raw_get("/Pg").idnum if "/Pg" in element else page][int(element["/MCID"])]
    return "".join(_text(kid, marked, page) for kid in _kids(element))


def _page(element, page):
    return element.raw_get("/Pg").idnum if hasattr(element, "get") and "/Pg" in element else page


def _kids(element):
    held = element.get("/K", ArrayObject())
    held = held.get_object() if isinstance(held, IndirectObject) else held
    held = held if isinstance(held, ArrayObject) else [held]
    return [kid.get_object() if isinstance(kid, IndirectObject) else kid for kid in held]


def _marked(page):
    """Text by the number of its mark."""
    texts, open_marks = defaultdict(str), []

    def operand(operator, arguments, _cm, _tm):
        if operator in (b"BDC", b"BMC"):
            about = arguments[1] if len(arguments) > 1 else {}
            open_marks.append(about.get("/MCID") if hasattr(about, "get") else None)
        elif operator == b"EMC" and open_marks:
            open_marks.pop()

    def text(found, *_rest):
        number = next((mark for mark in reversed(open_marks) if mark is not None), None)
        if number is not None:
            texts[int(number)] += found

    page.extract_text(visitor_operand_before=operand, visitor_text=text)
    return texts
