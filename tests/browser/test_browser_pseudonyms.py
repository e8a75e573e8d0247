"""The page that makes pseudonyms, from a saved file with the network off: the command line's text, no request."""

import csv
import io
import json
import random
import sys
import unicodedata
from datetime import date, timedelta

import pytest
from persiantools.jdatetime import JalaliDate

from portal.cli.pseudonym import keys, tables
from portal.core.identifiers import Level, scan, scan_column, scan_header
from portal.core.pseudonyms import page as pages
from portal.core.pseudonyms.dates import days_between, month_of
from portal.core.pseudonyms.making import plain, pseudonym
from portal.core.pseudonyms.refusing import Refused

KEY = bytes(range(32))
ODD = [
    "9990000018", "۹۹۹۰۰۰۰۰۱۸", "٩٩٩٠٠٠٠٠١٨", "999-000001-8", " 9990000018\u200f", "\u0649\u064a\u0643\u0640", "علي كريم",
    "ёлка", "е\u0308лка", "Ёж-７", "İi\u0307", "ﬁ", "Å", "A\u030a", "\x1c x \x85", "\u3000y\u2003", "𝟗𝟗", "১২৩", "e\u0301\u200d1", "ẛ̣", "a\u00adb",
    "كد\u200c-۷", "", "  ", "a\tb", "١٢٣٤٥٦٧٨٩٠", "00123-456.79", "12345679", "112-233-445 95", "999−000001—8", "ے", "ﷲ", "ﻻ",
]  # fmt: skip
TABLE = (
    "\ufeffکد ملی;پرونده;пол;Дата поступления;выписка;ФИО;примечание\r\n"
    '9990000018;متن-1;1;05.03.2024;2024-04-05;Иванов;"a;b"\r\n'
    '۹۹۹۰۰۰۰۰۱۸;متن-۲;2;۱۴۰۲/۱۲/۱۵;;Петров;"он ""ок"""\n'
    "\n"
    "9990000050;ё-3;1;2024/3/1;2024-03-01;x;\n"
)  # fmt: skip
COLUMNS = [
    ("کد ملی", "ir-nc", "person_token"), ("پرونده", "local", "source_key"), ("Дата поступления", "month", "admission_month"),
    ("выписка", "day", "discharge_day"), ("ФИО", "drop", ""),
]  # fmt: skip


@pytest.fixture
def said():
    """What the console and the scripts of the saved file said; nothing, unless a test takes it out."""
    return []


@pytest.fixture
def offline(browser, tmp_path, said):
    """The saved file, opened without a network, and every request that it makes."""
    path = tmp_path / pages.NAME
    path.write_text(pages.single_file(), encoding="utf-8")
    context = browser.new_context(offline=True, accept_downloads=True, locale="en-GB")
    page, asked = context.new_page(), []
    page.set_default_timeout(10_000)
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    yield page
    assert [url for url in asked if not url.startswith("blob:")] == [path.as_uri()]
    assert said == []
    context.close()


def outcome(make, *given):
    try:
        return make(*given)
    except Refused as refusal:
        return refusal.code


def with_key(page, body, given):
    """What the page answers for each thing given, with the key of the vectors."""
    script = """async ([raw, given]) => {
      const key = await Pseudonyms.key(Uint8Array.from(raw)), find = Pseudonyms.detectors(JSON.parse(document.getElementById("told").textContent).detectors);
      const one = async (x) => { BODY };
      return Promise.all(given.map(async (x) => { try { return await one(x); } catch (e) { return e.code || String(e); } }));
    }""".replace("BODY", body)
    return page.evaluate(script, [list(KEY), given])


def test_the_published_vectors_are_reproduced(offline, shared):
    told = json.loads((shared / "data" / "privacy_vectors.json").read_text())["pseudonym"]
    given = [(v["type"], v["raw"]) for v in told["vectors"]] + [
        (r["type"], r["raw"]) for r in told["refuse"] if "raw" in r
    ]
    made = with_key(offline, "return Pseudonyms.pseudonym(key, ...x);", given)
    assert made[: len(told["vectors"])] == [v["pseudonym"] for v in told["vectors"]]
    assert made == [outcome(pseudonym, KEY, *each) for each in given]
    assert offline.evaluate("Pseudonyms.key(new Uint8Array(31)).catch((e) => e.code)") == "key_length"


def test_every_way_of_writing_gives_what_the_command_line_gives(offline):
    rest = random.Random(1)
    letters = (
        "".join(ODD) + "аяАЯёЁІіқابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئءۀ\u200c\u200d\u200e\u202b\u0301\u064e"
    )
    texts = ODD + ["".join(rest.choices(letters, k=rest.randint(1, 12))) for _ in range(400)]
    assert with_key(offline, "return Pseudonyms.plain(x);", texts) == [plain(text) for text in texts]
    given = [(kind, text) for text in texts for kind in ("ir-nc", "ru-snils", "local")]
    made = with_key(offline, "return Pseudonyms.pseudonym(key, ...x);", given)
    assert made == [outcome(pseudonym, KEY, *each) for each in given]


def test_every_digit_of_every_script_is_read(offline):
    every = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) == "Nd"]
    assert with_key(offline, "return Pseudonyms.plain(x);", every) == [plain(digit) for digit in every]


def test_dates_of_both_calendars_become_the_same_months_and_days(offline):
    first, days = date(1921, 3, 21), random.Random(2).sample(range(70_000), 600)
    gregorian = [first + timedelta(days=n) for n in (*days, *range(37_600, 37_970))]
    written = [f"{d:%Y-%m-%d}" for d in gregorian] + [
        JalaliDate(d).strftime("%Y/%m/%d") for d in gregorian if 1300 <= JalaliDate(d).year < 1500
    ]
    odd = [
        "1403/12/30",
        "1402/12/30",
        "1403/07/31",
        "2023-02-29",
        "31.04.2024",
        "5/13/2024",
        "0999-01-01",
        "1403-13-01",
        "2024-03-05 10:30",
        "05.03-2024",
        "",
        "x",
    ]
    given = [(text, "2000-01-01") for text in written + odd]
    made = with_key(offline, "return [Pseudonyms.monthOf(x[0]), Pseudonyms.daysBetween(...x)];", given)
    expected = [(outcome(month_of, text), outcome(days_between, text, since)) for text, since in given]
    assert [tuple(m) if isinstance(m, list) else (m, m) for m in made] == [
        (month, month if month == "not_a_date" else days) for month, days in expected
    ]


def found(value, header):
    return sorted({h.kind for h in scan_column([value], header) if h.level is Level.BLOCK})


def test_the_detectors_find_what_those_of_the_portal_find(offline, shared):
    told = json.loads((shared / "data" / "identifier_vectors.json").read_text())
    texts = sorted(set(_texts(told)) | set(ODD))
    rest = random.Random(3)
    joined = [f"{rest.choice(texts)} {rest.choice(texts)}"[:300] for _ in range(400)]
    given = [(text, header) for text in texts + joined for header in ("note", "کد ملی", "телефон", "паспорт")]
    made = with_key(offline, "return find.cell(x[0], `${x[1]} `);", given)
    wrong = [(g, m, found(*g)) for g, m in zip(given, made, strict=True) if m != found(*g)]
    assert wrong == []
    headers = [*texts, "name", "ФИО", "نام پدر", "Patient_Name", "sex", "Ф. И. О."]
    made = with_key(offline, "return find.header(x);", headers)
    wanted = [sorted({h.kind for h in scan_header(text) if h.level is Level.BLOCK}) for text in headers]
    assert made == wanted
    assert sum(bool(found(*g)) for g in given) > 200
    assert scan("+79161234567", patient_data=True)


def _texts(told):
    if isinstance(told, str):
        yield told[:300]
    elif isinstance(told, dict):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)


def by_command_line(tmp_path):
    given, made = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_bytes(TABLE.encode())
    columns = [tables.Replaced(*column) for column in COLUMNS]
    tables.write(made, tables.replace(tables.read(given), columns, KEY))
    return made.read_bytes()


def fill(page, text=TABLE):
    page.fill("#key-typed", keys.as_text(KEY))
    page.click("#key-use")
    page.wait_for_selector("#key-said:has-text('" + keys.checksum(KEY) + "')")
    page.fill("#table-pasted", text)
    page.click("#table-read")
    page.wait_for_selector("#table-make")


def choose(page):
    names = next(csv.reader(io.StringIO(TABLE.lstrip("\ufeff")), delimiter=";"))
    for name, kind, target in COLUMNS:
        place = names.index(name)
        page.select_option(f"#kind-{place}", kind)
        if target:
            page.fill(f"#target-{place}", target)


def test_a_table_leaves_as_the_command_line_writes_it(offline, tmp_path):
    fill(offline)
    choose(offline)
    offline.click("#table-make")
    with offline.expect_download() as saved:
        offline.click("#table-save")
    written = saved.value.path().read_bytes()
    assert written == by_command_line(tmp_path)
    rows = list(csv.reader(io.StringIO(written.decode())))
    assert rows[0] == ["person_token", "source_key", "пол", "admission_month", "discharge_day", "примечание"]
    assert [row[3:5] for row in rows[1:]] == [["2024-03", "31"], ["2024-03", ""], ["2024-03", "0"]]
    assert "999000" not in written.decode()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "Line 2, column 7"), ("ru", "Строка 2, столбец 7"), ("fa", "سطر ۲، ستون ۷")],
)
def test_an_identifier_elsewhere_stops_everything_and_is_not_repeated(offline, lang, words):
    offline.click(f"[data-lang={lang}]")
    fill(offline, TABLE.replace('"a;b"', "+79161234567"))
    choose(offline)
    offline.click("#table-make")
    refusal = offline.locator("#table-said.refused")
    refusal.wait_for()
    assert words in refusal.text_content()
    assert "916" not in refusal.text_content()
    assert offline.locator("#table-done").is_hidden()


def test_a_key_is_made_saved_and_read_by_the_command_line(offline, tmp_path):
    offline.click("summary")
    offline.click("#key-make")
    with offline.expect_download() as saved:
        offline.click("#key-save")
    path = tmp_path / "centre.key"
    saved.value.save_as(path)
    key = keys.read(path)
    assert keys.checksum(key) in offline.locator("#key-said").text_content()
    offline.select_option("#one-kind", "local")
    offline.fill("#one-raw", "متن-۱")
    offline.click("#one-make")
    offline.wait_for_selector("#one-made:not(:empty)")
    assert offline.locator("#one-made").text_content() == pseudonym(key, "local", "متن-1")


def test_the_page_says_what_is_wrong_and_in_the_language_that_is_chosen(offline):
    offline.click("#one-make")
    assert "First choose the key" in offline.locator("#one-said.refused").text_content()
    offline.click("[data-lang=ru]")
    assert "Сначала выберите ключ" in offline.locator("#one-said").text_content()
    offline.fill("#key-typed", keys.as_text(KEY).replace("AAAQ", "AAAR", 1))
    offline.click("#key-use")
    offline.wait_for_selector("#key-said.refused")
    assert "Контрольная сумма не сходится" in offline.locator("#key-said").text_content()
    offline.click("[data-lang=fa]")
    assert offline.locator("html").get_attribute("dir") == "rtl"


def test_the_file_may_connect_to_nothing(offline, said):
    tried = offline.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'stopped')")
    assert tried == "stopped"
    assert "Content Security Policy" in said[0]
    said.clear()


def test_the_served_page_works_under_its_own_policy(visit, tmp_path):
    page = visit("/fa/pseudonyms", width=390)
    fill(page)
    choose(page)
    page.click("#table-make")
    with page.expect_download() as saved:
        page.click("#table-save")
    assert saved.value.path().read_bytes() == by_command_line(tmp_path)
    with page.expect_download() as file:
        page.click("a[download='pseudonyms.html']")
    assert file.value.path().read_text("utf-8") == pages.single_file()


def test_the_keyboard_alone_reaches_a_pseudonym(offline):
    offline.fill("#key-typed", keys.as_text(KEY))
    offline.focus("#key-typed")
    offline.keyboard.press("Tab")
    offline.keyboard.press("Enter")
    offline.wait_for_selector("#key-said:not(:empty)")
    offline.focus("#one-kind")
    offline.keyboard.press("Tab")
    offline.keyboard.type("9990000018")
    offline.keyboard.press("Tab")
    offline.keyboard.press("Enter")
    offline.wait_for_selector("#one-made:not(:empty)")
    assert offline.locator("#one-made").text_content() == "snmjmxqqtqrq2t36rx4jvapu3m"
