"""A protocol of six pages as PDF: from the database to the file, beside typst alone with the data ready.

Both set another day each time, so that neither finds the page that typst laid out before.
"""

import itertools
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import protocol_world
import typst
from bench.stage import own_portal
from bench.table import Line
from bench.timing import ROUNDS, interleaved
from pdf_reading import reader_of

from portal.core import i18n
from portal.core import pdf as typesetter
from portal.core.pdf import STANDARD, TEMPLATES, as_text
from portal.protocols.forms import copies, printing
from portal.protocols.queries.page import Page, find_page
from portal.protocols.services import blocks
from portal.protocols.services.blocks import BlockText

PAGES = 6
REACH = 1.5
STEPS = 60
TODAY = date(2026, 11, 2)
DAY = "the day of printing"
FACES = typesetter._fonts
STEP = (
    "Assess sedation, breathing and withdrawal before the dose; observe for 2 hours and write down what was seen. "
    * 2
)


def line(rounds: int = ROUNDS) -> Line:
    with tempfile.TemporaryDirectory() as folder, own_portal(Path(folder)) as app, app.test_request_context():
        make_protocol()
        spent = interleaved(calls(), rounds=rounds)
    whole, alone = spent["whole"], spent["alone"]
    note = f"{1000 * whole.wall:.0f} / {1000 * alone.wall:.0f} ms"
    what = f"PDF of {PAGES} pages / typst alone"
    return Line(what, whole.wall / alone.wall, REACH, cpu=whole.cpu / alone.cpu, note=note)


def make_protocol() -> None:
    world = protocol_world.make_world()
    draft = protocol_world.make_draft(world)
    more = [BlockText("steps", "step", f"{number}. {STEP}") for number in range(STEPS)]
    blocks.add_blocks(draft, more, by=world.author, now=protocol_world.NOW)
    protocol_world.bring_to(world, draft, "published")


def calls() -> dict[str, Callable[[], bytes]]:
    days = itertools.count(1)

    def day() -> date:
        return TODAY + timedelta(days=next(days))

    with i18n.speaking("en"):
        told = copies.document_of(page(), address="https://example.org", demonstration=False)
        ready = printing.as_data(told, TODAY)
    pdf = whole(day())
    assert len(reader_of(pdf).pages) == PAGES, len(reader_of(pdf).pages)
    text = as_text(ready | {"printed_on": DAY})
    assert pdf == alone(text, TODAY + timedelta(days=1)), "the two give different files"
    return {"whole": lambda: whole(day()), "alone": lambda: alone(text, day())}


def page() -> Page:
    found = find_page("PR-0001", "en", today=TODAY)
    assert found is not None
    return found


def whole(day: date) -> bytes:
    copy = copies.copy_of(page(), "pdf", address="https://example.org", demonstration=False, printed_on=day)
    return copy.make()


def alone(text: str, day: date) -> bytes:
    compiler = typst.Compiler(
        str(TEMPLATES / printing.TEMPLATE), root=str(TEMPLATES), font_paths=FACES(),
        sys_inputs={"data": text.replace(DAY, i18n.day(day, "en"))},
    )  # fmt: skip
    return compiler.compile(format="pdf", pdf_standards=[STANDARD])
