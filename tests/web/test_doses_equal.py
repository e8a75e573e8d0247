"""No dose differs between the page, the PDF, Markdown, the offline copy, the data and FHIR, in any language."""

import pytest
from dose_readers import READERS
from pdf_reading import fonts_of
from protocol_world import NOW
from sample_people import make_people

from portal.core.pdf import FACES, compile_with_warnings
from portal.protocols.forms import printing
from portal.protocols.services.seed import load_seed

LANGUAGES = ("en", "ru", "fa")
CODED, LINES = 11, 26


@pytest.fixture
def samples(app, monkeypatch):
    """The samples; a PDF of them that typst has a doubt about, or that holds a face of others, is none."""

    def strict(template, data):
        document, warnings = compile_with_warnings(template, data)
        assert warnings == []
        assert {face.replace(" ", "") for face in FACES} >= fonts_of(document)
        return document

    monkeypatch.setattr(printing, "compile_pdf", strict)
    return load_seed(people=make_people(), now=NOW)


def test_no_dose_differs_between_html_pdf_markdown_offline_copy_data_and_fhir(client, samples):
    counted = 0
    for public_id in samples:
        for lang in LANGUAGES:
            told = {name: read(client, f"/p/{public_id}/v/1.0", lang) for name, read in READERS.items()}
            page = told["html"]
            for name, lines in told.items():
                assert lines == as_far_as_told(page, lines), (public_id, lang, name)
            counted += len(page)
    assert counted > LINES


def as_far_as_told(page, lines):
    """The lines of the page without what the other form does not tell at all (None), such as names of drugs in data."""
    return [
        tuple(None if i < len(lines) and lines[i][part] is None else value for part, value in enumerate(line))
        for i, line in enumerate(page)
    ]


def test_a_changed_dose_would_be_seen():
    from dose_readers import line

    cells = ["Methadone", "Day 1", "10–20\u00a0mg a day", "", "30\u00a0mg a day", ""]
    changed = [*cells[:2], "10–25\u00a0mg a day", *cells[3:]]
    assert line(cells) != line(changed)
    assert line(cells) != line([*cells[:2], "10–20\u00a0g a day", *cells[3:]])
    assert (
        line(cells)[1:]
        == line(["متادون", "", "\u206610–20\u00a0mg\u2069 در روز", "", "\u206630\u00a0mg\u2069 در روز", ""])[
            1:
        ]
    )
