"""A file for spreadsheets holds no formula, and its numbers stay numbers."""

import pytest

from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.views import _safe


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_is_quoted(sign):
    assert _safe(f"{sign}1+cmd") == f"'{sign}1+cmd"
    assert _safe(f"⟦{sign}A1⟧") == f"'{sign}A1"


@pytest.mark.parametrize("number", ["-1", "-0.25", "0.5", "12", "-1e-05", "1.5e-07"])
def test_a_number_stays_a_number(number):
    assert _safe(number) == number


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Iran: opioid agonist treatment"),
        ("ru", "Иран: терапия агонистами опиоидов"),
        ("fa", "ایران: درمان با آگونیست اپیوئیدی"),
    ],
)
def test_what_follows_a_colon_begins_small(app, lang, said):
    with app.test_request_context(f"/{lang}/"), i18n.speaking(lang):
        assert words.group("IR", "agonist") == said
