"""What a browser prints tells the doses of the page: twelve samples in three languages, read back by their tags."""

from dose_readers import apart, from_html, line
from pdf_reading import tables_of
from protocol_world import NOW
from sample_people import make_people

from portal.protocols.services.seed import load_seed

LANGUAGES = ("en", "ru", "fa")
LINES = 26


def printed_lines(document):
    """Rows of the first table with the columns of a dose table; its head is told again on each sheet."""
    rows = next((rows for rows in tables_of(document) if rows and len(rows[0]) == 6), [])
    lines = [line([apart(cell) for cell in row]) for row in rows]
    return [told for told in lines[1:] if told != lines[0]]


def test_no_printed_dose_differs_from_the_page(app, site, visit, client):
    counted = 0
    for public_id in load_seed(people=make_people(), now=NOW):
        for lang in LANGUAGES:
            address = f"/p/{public_id}/v/1.0"
            shown = from_html(client, address, lang)
            told = printed_lines(visit(f"/{lang}{address}").pdf(prefer_css_page_size=True, tagged=True))
            assert [x[1:] for x in told] == [x[1:] for x in shown], (public_id, lang)
            counted += len(shown)
    assert counted > LINES
