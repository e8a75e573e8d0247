"""The catalogues: complete in Russian and Persian, safe to read in both directions."""

import re

import polib
import pytest

from portal.cli.i18n import EXTRACT, LANGUAGES, catalogue, every_fault
from portal.config import ROOT

TOKEN = re.compile("⟦[^⟦⟧]*⟧|\u2066[^\u2069]*\u2069|%\\([a-z_0-9]+\\)[sdif]|<[^>]+>|https?://\\S+")
HAZARD = re.compile(r"\d\s*[–-]\s*\d|[<>≤≥±]|(?<!\w)[+−-]\d|\d\s*(mg|ml|mL|kg)\b")


@pytest.fixture(scope="module", params=LANGUAGES)
def entries(request):
    return request.param, [e for e in polib.pofile(str(catalogue(request.param))) if not e.obsolete]


def texts(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_catalogues_are_complete():
    assert list(every_fault()) == []


def test_every_text_is_translated(entries):
    _language, found = entries
    assert not [e.msgid for e in found if not all(texts(e)) or "fuzzy" in e.flags]


def test_placeholders_survive(entries):
    _language, found = entries
    pattern = re.compile(r"%\((\w+)\)[sd]")
    faults = []
    for entry in found:
        names = set(pattern.findall(entry.msgid_plural or entry.msgid))
        forms = [set(pattern.findall(t)) for t in texts(entry)]
        optional = {"count", "num", "n"} if entry.msgid_plural else set()
        faults += [entry.msgid for have in forms if not names - optional <= have <= names]
    assert not faults


def test_tags_survive(entries):
    _language, found = entries
    tags = re.compile(r"</?(\w+)")
    assert not [
        e.msgid
        for e in found
        if any(sorted(tags.findall(e.msgid)) != sorted(tags.findall(t)) for t in texts(e))
    ]


def test_persian_has_persian_letters_and_clean_half_spaces(entries):
    language, found = entries
    if language != "fa":
        return
    faults = [e.msgid for e in found for t in texts(e) if re.search("[يكىة]|\u200c | \u200c", t)]
    assert not faults


def test_persian_holds_no_number_that_a_browser_would_turn_round(entries):
    language, found = entries
    if language != "fa":
        return
    assert not [e.msgid for e in found for t in texts(e) if HAZARD.search(TOKEN.sub("", t))]


def test_each_language_writes_its_own_script(entries):
    language, found = entries
    script = re.compile("[А-Яа-яЁё]" if language == "ru" else "[آ-ی]")
    words = [e for e in found if re.search(r"[a-z]{4,}", TOKEN.sub("", e.msgid))]
    bare = [e.msgid for e in words if not any(script.search(t) for t in texts(e))]
    allowed = {"CC BY 4.0", "Treatment Exchange"}
    assert not [m for m in bare if m not in allowed]


def test_whatever_marks_a_string_is_extracted():
    """Babel finds what it is told to look for; another helper, or another name of one, would stay English."""
    marks = re.compile(r"from flask_babel import (.+)")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "portal").rglob("*.py")]
    found = {name.strip() for text in sources for line in marks.findall(text) for name in line.split(",")}
    others = {"Babel", "force_locale"}
    assert found - others == {"gettext as _", "lazy_gettext as _l", "lazy_pgettext", "ngettext", "pgettext"}
    assert {"_l", "pgettext:1c,2", "lazy_pgettext:1c,2"} <= set(EXTRACT)
