"""Public tables in the reader's words: what became of people first, every label and bound readable."""

import re
from types import SimpleNamespace

import pytest

from analytics.disclosure import HIDDEN, Share
from analytics.disclosure.display import Bound, Count
from analytics.disclosure.shown import ShownCell
from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.charts.public import sections

LATIN = re.compile("[0-9]")


@pytest.fixture(params=["en", "ru", "fa"])
def lang(app, request):
    with app.test_request_context(f"/{request.param}/"), i18n.speaking(request.param):
        yield request.param


def table(**cells):
    shown = tuple(ShownCell(cell, Count(100), share) for cell, share in cells.items())
    return SimpleNamespace(value=SimpleNamespace(cells=shown))


def labels(id_, *cells):
    made = table(**dict.fromkeys(cells, Share(0.5, 0.4, 0.6)))
    return [row[0] for section in sections({id_: made}) for row in section.rows]


def test_the_share_of_all_persons_is_a_dash(lang):
    (section,) = sections({"total": table(all=HIDDEN)})
    assert section.rows == [[str(words.CELLS["all"]), i18n.number(100), None, None]]


def test_a_hidden_share_says_why(lang):
    (section,) = sections({"sex": table(M=HIDDEN)})
    assert section.rows[0][2] == words.share(HIDDEN)


def test_what_became_of_people_comes_first_with_a_sentence(lang):
    tables = {
        "total": table(all=HIDDEN),
        "out": table(in_treatment=Share(0.389, 0.38, 0.4), completed=Share(0.102, 0.1, 0.11)),
    }
    first, second = sections(tables)
    assert (first.id, second.id, second.finding) == ("out", "total", "")
    for share in (0.389, 0.102):
        assert i18n.percent(share) in first.finding


def test_no_sentence_is_made_of_what_is_not_shown(lang):
    assert sections({"out": table(in_treatment=HIDDEN, completed=Share(0.1, 0.1, 0.1))})[0].finding == ""
    assert sections({"out": table(lost=Share(0.1, 0.1, 0.1))})[0].finding == ""


def test_bounds_ages_and_half_years_are_in_the_digits_of_the_reader(lang):
    written = [
        *(words.share(Share(bound=bound, limit=0.05)) for bound in Bound),
        *labels("age", "<25", "25-34", "55+"),
        *labels("half", "2023H1", "2023H2"),
    ]
    assert len(set(written)) == 9
    if lang == "fa":
        assert not [text for text in written if LATIN.search(text)]
        assert all("٪" in text for text in written[:4])
    else:
        assert all(LATIN.search(text) for text in written)


def test_a_bound_keeps_its_sign_before_its_number(lang):
    assert re.fullmatch("\u2066<[^<>]+\u2069", words.share(Share(bound=Bound.BELOW, limit=0.01)))
    said = words.figure_text("", frozenset()).words
    assert said["at_least"] == "\u2066≥%(limit)s\u2069"


def test_regions_are_named_and_never_look_like_programmes(lang):
    single, pool = labels("region", "IR-1", "RU-2-5")
    assert "IR" not in single
    assert pool.count(" + ") == 1
    assert not re.search(r"\b(IR|RU)\b", pool)


def test_codes_of_no_known_form_are_printed_as_codes(lang):
    assert labels("half", "x") == ["⟦x⟧"]
    assert labels("region", "x") == ["⟦x⟧"]
    assert labels("prot", "PR-0001") == ["⟦PR-0001⟧"]


def test_signs_of_an_interval_stand_on_one_side(lang):
    interval = words.interval(Share(0.25, 0.2, 0.3))
    assert interval.count("\u2066") == interval.count("\u2069") == (2 if lang == "fa" else 0)
