"""What a centre runs on its own machine: the same pseudonyms everywhere, and no identifier in what leaves."""

import csv
import hashlib
import json
import stat
import subprocess
import sys
from datetime import date

import pytest
from persiantools.jdatetime import JalaliDate

from portal.cli.pseudonym import keys
from portal.cli.pseudonym.main import main
from portal.core.pseudonyms import words
from portal.core.pseudonyms.dates import day_number, month_of
from portal.core.pseudonyms.making import TYPES, pseudonym
from portal.core.pseudonyms.refusing import Refused

KEY = bytes(range(32))
OTHER = bytes(range(32, 64))


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "centre.key"
    path.write_text(keys.as_text(KEY))
    return path


@pytest.fixture
def run(capsys):
    def called(*arguments, lang="en"):
        code = main(["--lang", lang, *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return called


def table(tmp_path, *rows, name="in.csv"):
    path = tmp_path / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def written(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_published_vectors_are_reproduced(shared):
    told = json.loads((shared / "data" / "privacy_vectors.json").read_text())["pseudonym"]
    assert len(told["vectors"]) == 8
    for vector in told["vectors"]:
        assert pseudonym(KEY, vector["type"], vector["raw"]) == vector["pseudonym"]
    other = told["other_key"]
    assert pseudonym(OTHER, other["type"], other["id"]) == other["pseudonym"]
    for refused in told["refuse"]:
        with pytest.raises(Refused):
            pseudonym(
                bytes(refused.get("key_bytes", 32)), refused.get("type", "local"), refused.get("raw", "x")
            )


def test_one_person_has_one_pseudonym_however_the_number_is_written():
    ways = ["9990000018", "۹۹۹۰۰۰۰۰۱۸", "999-000001-8", " 9990000018\u200f"]
    assert {pseudonym(KEY, "ir-nc", way) for way in ways} == {"snmjmxqqtqrq2t36rx4jvapu3m"}
    assert (
        pseudonym(KEY, "local", "متن-۱") == pseudonym(KEY, "local", "متن-1") == "j3ztjwyausipeub2aex3xtph3e"
    )


def test_leading_zeros_that_a_spreadsheet_dropped_come_back():
    whole = "0012345679"
    assert pseudonym(KEY, "ir-nc", whole) == pseudonym(KEY, "ir-nc", whole.lstrip("0"))


def test_another_centre_gives_the_same_person_another_pseudonym():
    assert pseudonym(OTHER, "ir-nc", "9990000018") == "didu767ct6dggblooymwgepzcr"


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("ir-nc", "9990000019", "check_digit"),
        ("ir-nc", "1111111111", "check_digit"),
        ("ru-snils", "112-233-445 96", "check_digit"),
        ("ru-snils", "abc", "not_digits"),
        ("local", "  \u200c", "empty"),
        ("passport", "x", "unknown_type"),
    ],
)
def test_what_is_no_identifier_is_refused(kind, raw, code):
    with pytest.raises(Refused) as refusal:
        pseudonym(KEY, kind, raw)
    assert refusal.value.code == code


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(Refused, match="key_length"):
        pseudonym(bytes(length), "local", "x")


def test_a_key_is_random_private_and_never_overwritten(tmp_path, run):
    first, second = tmp_path / "a.key", tmp_path / "b.key"
    assert run("key", first)[0] == run("key", second)[0] == 0
    assert keys.read(first) != keys.read(second)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    before = first.read_text()
    assert (run("key", first)[0], first.read_text()) == (1, before)


def test_a_printed_key_typed_in_with_a_mistake_is_told(key, run):
    text = key.read_text()
    assert run("check", key) == (0, f"The key is sound. Checksum: {keys.checksum(KEY)}.", "")
    key.write_text(text.replace("AAAQ", "AAAR", 1))
    code, out, err = run("check", key, lang="ru")
    assert (code, out) == (1, "")
    assert "Контрольная сумма" in err


def test_a_table_leaves_with_pseudonyms_and_without_identifiers(tmp_path, key, run):
    given = table(
        tmp_path, ["کد ملی", "case", "sex"], ["9990000018", "متن-1", "1"], ["۹۹۹۰۰۰۰۰۱۸", "متن-2", "1"]
    )
    out = tmp_path / "out.csv"
    columns = ("--column", "کد ملی=ir-nc:person_token", "--column", "case=local:source_key")
    assert run("table", key, given, out, *columns)[0] == 0
    rows = written(out)
    assert rows[0] == ["person_token", "source_key", "sex"]
    assert [row[0] for row in rows[1:]] == ["snmjmxqqtqrq2t36rx4jvapu3m"] * 2
    assert rows[1][1] != rows[2][1]
    assert "999000" not in out.read_text()


def test_an_identifier_in_another_column_stops_everything_and_is_not_repeated(tmp_path, key, run):
    given = table(tmp_path, ["code", "note"], ["9990000018", "ok"], ["9990000018", "+79161234567"])
    out = tmp_path / "out.csv"
    code, said, err = run("table", key, given, out, "--column", "code=ir-nc:person_token")
    assert (code, said, out.exists()) == (1, "", False)
    assert "line 3, column 2" in err
    assert "9161234567" not in err
    assert list(tmp_path.glob(".*")) == []


def test_a_column_of_names_stops_everything(tmp_path, key, run):
    given = table(tmp_path, ["code", "ФИО"], ["9990000018", "x"])
    code, _, err = run(
        "table", key, given, tmp_path / "out.csv", "--column", "code=ir-nc:person_token", lang="ru"
    )
    assert code == 1
    assert "столбец 2" in err


def test_a_wrong_number_is_told_by_line_and_column_never_by_value(tmp_path, key, run):
    given = table(tmp_path, ["code"], ["9990000018"], ["9990000019"])
    code, _, err = run(
        "table", key, given, tmp_path / "out.csv", "--column", "code=ir-nc:person_token", lang="fa"
    )
    assert code == 1
    assert "سطر 3" in err
    assert "9990000019" not in err


def test_a_file_that_is_there_is_not_overwritten(tmp_path, key, run):
    given = table(tmp_path, ["code"], ["9990000018"])
    assert run("table", key, given, given, "--column", "code=ir-nc:person_token")[0] == 1
    assert written(given)[0] == ["code"]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig"])
def test_tables_of_older_programs_are_read(tmp_path, key, run, encoding):
    given = tmp_path / "in.csv"
    given.write_bytes("номер;пол\n999-000-001 15;1\n".encode(encoding))
    out = tmp_path / "out.csv"
    named = ("--column", "номер=ru-snils:person_token", "--encoding", encoding)
    assert run("table", key, given, out, *named)[0] == 0
    assert written(out)[1] == ["enqk5juhiihrokkewdnkrmz3zv", "1"]


def test_a_change_of_keys_gives_pairs(tmp_path, key, run):
    newer = tmp_path / "new.key"
    newer.write_text(keys.as_text(OTHER))
    given, out = table(tmp_path, ["code"], ["9990000018"]), tmp_path / "pairs.csv"
    assert run("rotate", key, newer, given, out, "--column", "code=ir-nc:x")[0] == 0
    assert written(out) == [["old", "new"], ["snmjmxqqtqrq2t36rx4jvapu3m", "didu767ct6dggblooymwgepzcr"]]


def test_a_downloaded_file_is_compared_with_its_published_sum(tmp_path, run):
    page = tmp_path / "page.html"
    page.write_text("<p>")
    right = hashlib.sha256(page.read_bytes()).hexdigest()
    assert run("verify", page, right.upper())[0] == 0
    assert run("verify", page, "0" * 64)[0] == 1


def test_it_runs_from_the_keyboard_with_nothing_but_the_standard_library(key):
    code = (
        "import sys; from portal.cli.pseudonym.main import main; code = main(sys.argv[1:]);"
        "ours = {'portal'}; outer = {m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - ours;"
        "assert not {m for m in outer if not m.startswith('_')} - {'sitecustomize'}, outer; sys.exit(code)"
    )
    done = subprocess.run(  # our own program
        [sys.executable, "-S", "-c", code, "one", str(key), "--type", "ir-nc"],
        input="9990000018\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == ("snmjmxqqtqrq2t36rx4jvapu3m", "")


def test_every_sentence_stands_in_three_languages_with_the_same_places():
    for code, texts in words.SENTENCES.items():
        places = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in texts.values()]
        assert set(texts) == set(words.LANGUAGES), code
        assert places[0] == places[1] == places[2], code


def test_kinds_are_those_that_the_sentence_names():
    assert all(kind in words.SENTENCES["unknown_type"]["en"] for kind in TYPES)


DATED = (
    ["code", "admitted", "left", "ФИО"],
    ["9990000018", "05.03.2024", "2024-04-05", "Иванов"],
    ["9990000050", "۱۴۰۲/۱۲/۱۵", "", "Петров"],
)
DATES = ("--column", "code=ir-nc:person_token", "--column", "admitted=month:admission_month")


def test_dates_become_the_month_of_admission_and_days_from_it(tmp_path, key, run):
    out = tmp_path / "out.csv"
    more = ("--column", "left=day:discharge_day", "--column", "ФИО=drop")
    assert run("table", key, table(tmp_path, *DATED), out, *DATES, *more)[0] == 0
    assert written(out)[0] == ["person_token", "admission_month", "discharge_day"]
    assert [row[1:] for row in written(out)[1:]] == [["2024-03", "31"], ["2024-03", ""]]


def test_a_date_that_is_kept_stops_everything(tmp_path, key, run):
    code, _, err = run(
        "table", key, table(tmp_path, *DATED), tmp_path / "out.csv", *DATES, "--column", "ФИО=drop"
    )
    assert code == 1
    assert "line 2, column 3: this looks like an identifier of a person (full date)" in err
    assert "2024-04" not in err


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (("left=day:discharge_day",), "line 2, column “left”: days are counted from admission"),
        (("code=month:admission_month",), "line 2, column “code”: this is no date"),
        (("left=month:admission_month",), "line 3, column “left”: this is no date"),
        (("admitted=day",), "Write a column as"),
    ],
)
def test_dates_that_are_none_are_told_by_line_and_column(tmp_path, key, run, columns, says):
    named = [part for column in columns for part in ("--column", column)]
    code, _, err = run("table", key, table(tmp_path, *DATED), tmp_path / "out.csv", *named)
    assert code == 1
    assert says in err
    assert "9990000018" not in err


def test_the_solar_calendar_agrees_with_the_library_on_every_day():
    first, last = JalaliDate(1300, 1, 1).to_gregorian(), JalaliDate(1499, 12, 29).to_gregorian()
    for number in range(first.toordinal(), last.toordinal() + 1):
        solar = JalaliDate(date.fromordinal(number))
        assert day_number(f"{solar.year}/{solar.month:02}/{solar.day:02}") == number


@pytest.mark.parametrize(
    "text", ["1402/12/30", "1403/07/31", "1403/13/01", "31.04.2024", "2023-02-29", "1899-01-01", "x", ""]
)
def test_days_that_no_calendar_has_are_refused(text):
    with pytest.raises(Refused, match="not_a_date"):
        month_of(text)


def test_a_table_with_the_line_ends_of_an_old_machine_is_read(tmp_path, key, run):
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_bytes(b"code,sex\r9990000018,1\r")
    assert run("table", key, given, out, "--column", "code=ir-nc:person_token")[0] == 0
    assert written(out)[1] == ["snmjmxqqtqrq2t36rx4jvapu3m", "1"]
