"""python -m analytics: key names as documented, reading rules, refusals with exit status 2, no traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.__main__ import main

from . import made

ROOT = Path(__file__).resolve().parents[2]
STAYS = "time,event,arm,site\n2,1,a,x\n4,1,a,y\n6,0,a,x\n3,1,b,y\n8,0,b,x\n9,0,b,\n"
SITES = "site,n,dead,expected,variance\nA,100,10,12.5,9\nB,100,15,12.5,9\nC,100,40,13,9.5\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Exit status, JSON (or text) and stderr of a command on a file."""

    def run(data, *words, as_json=True):
        path = tmp_path / "file.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        status = main([words[0], str(path), *words[1:], *(["--json"] if as_json else [])])
        out, err = capsys.readouterr()
        return status, json.loads(out) if as_json and out else out, err

    return run


def retention(*more):
    return ("retention", "--time", "time", "--event", "event", "--group", "arm", *more)


def test_retention_has_the_documented_keys(run):
    status, result, _ = run(STAYS, *retention("--at", "3", "7", "--tau", "5"))
    assert status == 0
    assert list(result) == ["groups", "logrank"]
    group = result["groups"]["a"]
    assert list(group) == ["n", "events", "median", "median_lower", "median_upper", "at", "rmst"]
    assert list(group["at"]) == ["3", "7"]
    assert list(group["at"]["3"]) == ["survival", "se", "lower", "upper", "at_risk"]
    assert list(group["rmst"]) == ["tau", "value", "se"]
    assert list(result["logrank"]) == ["chisq", "df", "p", "groups"]
    assert list(result["logrank"]["groups"]["b"]) == ["observed", "expected"]


def test_beyond_the_last_time_everything_is_null_and_nobody_at_risk(run):
    _, result, _ = run(STAYS, *retention("--at", "7", "--tau", "7"))
    empty = {"survival": None, "se": None, "lower": None, "upper": None, "at_risk": 0}
    assert result["groups"]["a"]["at"]["7"] == empty
    assert result["groups"]["a"]["rmst"] == {"tau": 7.0, "value": None, "se": None}
    assert result["groups"]["b"]["at"]["7"]["at_risk"] == 2


def test_median_that_is_not_reached_is_null(run):
    _, result, _ = run(STAYS, *retention())
    assert result["groups"]["b"]["median"] is None
    assert result["groups"]["b"]["at"] == {}
    assert result["groups"]["b"]["rmst"] is None


def test_strata_change_the_test_only(run):
    _, plain, _ = run(STAYS, *retention("--at", "3"))
    _, strata, _ = run(STAYS, *retention("--at", "3", "--strata", "site"))
    assert strata["groups"] == plain["groups"]
    assert strata["logrank"] != plain["logrank"]


def test_weighting_changes_the_test(run):
    tests = [
        run(STAYS, *retention("--weighting", name))[1]["logrank"]["chisq"]
        for name in ("log-rank", "gehan-breslow")
    ]
    assert tests[0] != tests[1]


def test_one_group_has_curves_and_no_test(run):
    _, result, _ = run("time,event,arm\n2,1,a\n", *retention())
    assert result["logrank"] is None


@pytest.mark.parametrize(
    ("cell", "column"),
    [("-1,1,a,x", "time"), (",1,a,x", "time"), ("1,2,a,x", "event"), ("1,,a,x", "event"), ("1,-1,a,x", "event"),
     ("1,yes,a,x", "event"), ("۳,1,a,x", "time"), ('"1,5",1,a,x', "time"), ("1,1,,x", "arm")],
)  # fmt: skip
def test_bad_cell_is_refused_with_line_and_column(run, cell, column):
    status, out, err = run(f"{STAYS}{cell}\n", *retention())
    assert (status, out) == (2, "")
    assert f"line 8, column {column}: expected" in err


@pytest.mark.parametrize(
    "more",
    [
        ("--at", "-1"),
        ("--at", "۹۰"),
        ("--at", "nan"),
        ("--tau", "1e999"),
        ("--tau", "1_0"),
        ("--strata", "arm"),
    ],
)
def test_bad_option_is_refused_by_name(run, more):
    status, _, err = run(STAYS, *retention(*more))
    assert status == 2
    assert err.startswith(f"refused: {more[0]}: expected")


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", "empty file"), (b"time,event,arm\n", "without rows"), (b"time,event\n1,1\n", "no column arm"),
     (b"time,time,event,arm\n1,1,1,a\n", "column time: the name stands"), (b"time,event,arm\n1,1,\x00\n", "NUL"),
     (b"time,event,arm\n1,1,\xe9\n", "column arm: expected UTF-8"), (b"time;event;arm\n1;1;a\n", "there are time;event;arm")],
)  # fmt: skip
def test_bad_file_is_refused_without_traceback(run, data, text):
    status, _, err = run(data, *retention())
    assert status == 2
    assert text in err
    assert "Traceback" not in err


def test_missing_file_is_refused(capsys):
    assert main(["funnel", "nowhere.csv", "--observed", "o", "--n", "n"]) == 2
    assert "nowhere.csv: no such file" in capsys.readouterr().err


def rows(n=300):
    frame = made.make_episodes(n, 21).assign(age=lambda each: each["days"] % 7)
    frame["stayed"] = frame["stayed"].map({1.0: "1", 0.0: "0", -1.0: ""})
    frame.loc[frame.index[::40], "sex"] = ""
    return frame.to_csv(index=False)


TERMS = ("--outcome", "stayed", "--terms", "age,C(age_band),C(sex)")


def test_case_mix_has_the_documented_keys(run):
    status, result, _ = run(rows(), "case-mix", *TERMS, "--programme", "programme")
    assert status == 0
    assert list(result) == ["terms", "reference", "loglik", "c_statistic", "n", "unknown", "programmes"]
    names = [
        "(Intercept)",
        "age",
        "age_band25-34",
        "age_band35-44",
        "age_band45-54",
        "age_band55+",
        "sexM",
        "sexmissing",
    ]
    assert list(result["terms"]) == names
    assert list(result["terms"]["age"]) == ["coef", "se"]
    assert result["reference"] == {"age_band": "<25", "sex": "F"}
    keys = ["n", "observed", "expected", "variance", "variance_score", "ratio", "lower", "upper", "p"]
    assert list(result["programmes"]["P0"]) == keys
    assert result["n"] + result["unknown"] == 300
    assert result["unknown"] == sum(line.split(",")[7] == "" for line in rows().splitlines())


def test_without_programmes_there_are_none(run):
    assert run(rows(), "case-mix", *TERMS)[1]["programmes"] == {}


def test_reference_can_be_chosen(run):
    _, result, _ = run(rows(), "case-mix", *TERMS, "--reference", "sex=M", "--reference", "age_band=55+")
    assert result["reference"] == {"age_band": "55+", "sex": "M"}
    assert "age_band<25" in result["terms"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--outcome", "stayed", "--terms", "sex"), "line 2, column sex: expected a number"),
        (("--outcome", "days", "--terms", "C(sex)"), "column days: expected 0 or 1, or an empty cell"),
        (("--outcome", "stayed", "--terms", "age,age"), "--terms: expected different names"),
        (("--outcome", "stayed", "--terms", ""), "--terms: expected different names"),
        (("--outcome", "stayed", "--terms", "age,stayed"), "--outcome: expected another column than --terms"),
        (("--outcome", "stayed", "--terms", "nothing"), "no column nothing"),
        ((*TERMS, "--reference", "sex"), "--reference: expected VARIABLE=LEVEL, got sex"),
        ((*TERMS, "--reference", "sex=X"), "reference of sex: expected one of F, M, missing, got X"),
        ((*TERMS, "--reference", "age=1"), "reference of age: expected a category of the model"),
        ((*TERMS, "--programme", "age"), "--programme: expected another column than --terms"),
        (("--outcome", "stayed", "--terms", "age", "--programme", "country2"), "no column country2"),
    ],
)  # fmt: skip
def test_wrong_case_mix_is_refused(run, words, text):
    status, _, err = run(rows(), "case-mix", *words)
    assert status == 2
    assert text in err


def test_one_programme_is_refused(run):
    data = "y,x,p\n1,1,A\n0,1,A\n1,2,A\n0,2,A\n"
    status, _, err = run(data, "case-mix", "--outcome", "y", "--terms", "x", "--programme", "p")
    assert status == 2
    assert "at least 2 programmes, got 1" in err


def test_funnel_has_the_documented_keys(run):
    status, result, _ = run(SITES, "funnel", "--observed", "dead", "--n", "n", "--unit", "site")
    assert status == 0
    assert list(result) == ["method", "target", "units", "overdispersion"]
    assert list(result["units"]["A"]) == ["value", "limits", "outside"]
    assert list(result["units"]["A"]["limits"]) == ["0.95", "0.998"]
    assert result["units"]["C"]["outside"] == {"level": 0.998, "side": "above"}
    assert result["units"]["B"]["outside"] is None
    assert result["overdispersion"] == {kind: {"phi": None, "tau2": None} for kind in ("raw", "winsorised")}
    assert result["target"] == 65 / 300


def test_funnel_of_ratios_without_variance_says_poisson(run):
    _, poisson, _ = run(SITES, "funnel", "--observed", "dead", "--expected", "expected", "--unit", "site")
    _, common, _ = run(
        SITES, "funnel", "--observed", "dead", "--expected", "expected", "--variance", "variance"
    )
    assert "Poisson" in poisson["method"]
    assert "variance" in common["method"]
    assert poisson["target"] == common["target"] == 1.0
    assert list(common["units"]) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--observed", "n", "--n", "dead"), "line 2, column n: expected at most the 10 of dead, got '100'"),
        (
            ("--observed", "dead", "--n", "n", "--variance", "variance"),
            "--variance: expected --expected beside it",
        ),
        (("--observed", "dead", "--n", "dead"), "--n: expected another column than --observed"),
        (("--observed", "variance", "--n", "n"), "line 4, column variance: expected a whole number"),
    ],
)
def test_wrong_funnel_is_refused(run, words, text):
    status, _, err = run(SITES, "funnel", *words)
    assert status == 2
    assert text in err


def test_events_of_a_unit_that_expected_none_are_refused_by_line(run):
    words = ("funnel", "--observed", "o", "--expected", "e", "--unit", "u")
    status, _, err = run("u,o,e\na,3,4\nb,1,0\nc,5,5\n", *words)
    assert status == 2
    assert "line 3, column o: expected 0, as the unit expected 0 by e, got '1'" in err
    status, result, _ = run("u,o,e\na,3,4\nb,1,0\nb,0,5\n", *words)
    assert (status, result["units"]["b"]["value"]) == (0, 0.2)


def test_huge_numbers_are_refused_at_once(run):
    status, _, err = run("o,e\n1e16,1e16\n3,4\n", "funnel", "--observed", "o", "--expected", "e")
    assert status == 2
    assert "line 2, column o: expected a whole number of 0 or more, written with 0-9, at most 1e15" in err
    status, _, err = run(STAYS + "1e308,0,b,x\n", *retention("--tau", "5"))
    assert status == 2
    assert "column time: expected a number of 0 or more" in err


def test_two_coefficients_of_one_name_are_refused(run):
    data = "y,a,ab\n" + "".join(f"{y},{a},{ab}\n" for y in (0, 1) for a in ("x", "b1") for ab in (0, 1)) * 3
    status, _, err = run(data, "case-mix", "--outcome", "y", "--terms", "C(a),C(ab)", "--reference", "a=x")
    assert status == 2
    assert "two coefficients would both be called ab1" in err


def test_one_unit_is_no_funnel(run):
    status, _, err = run("o,n\n1,5\n", "funnel", "--observed", "o", "--n", "n")
    assert status == 2
    assert "at least 2 units with a volume, got 1" in err


@pytest.mark.parametrize(
    "words", [[], ["retention"], ["funnel", "f.csv", "--observed", "o"], ["bake", "f.csv"]]
)
def test_wrong_words_leave_with_status_2_and_usage(words, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(words)
    assert leaving.value.code == 2
    assert "usage: python -m analytics" in capsys.readouterr().err


def test_without_json_people_read_tables(run):
    status, text, _ = run(SITES, "funnel", "--observed", "dead", "--n", "n", "--unit", "site", as_json=False)
    assert status == 0
    assert "target: 0.216667" in text
    assert any(line.split()[:2] == ["A", "0.1"] for line in text.splitlines())


def test_program_runs_as_a_module_and_loads_no_reference_package(tmp_path):
    path = tmp_path / "stays.csv"
    path.write_text(STAYS)
    code = (
        "import sys; from analytics.__main__ import main; "
        f"main(['retention', {str(path)!r}, '--time', 'time', '--event', 'event', '--group', 'arm', '--json']); "
        "sys.exit(any(name in sys.modules for name in ('flask', 'plotly', 'statsmodels', 'lifelines', 'duckdb')))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, check=False, stdout=subprocess.DEVNULL
        ).returncode
        == 0
    )
    command = [
        sys.executable,
        "-m",
        "analytics",
        "retention",
        "nowhere.csv",
        "--time",
        "t",
        "--event",
        "e",
        "--group",
        "g",
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "no such file" in done.stderr


def test_reader_who_leaves_early_is_no_error(monkeypatch):
    from analytics import __main__ as program

    def gone(*_words, **_options):
        raise BrokenPipeError

    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr(program.sys, "stdout", stream)
        monkeypatch.setattr("builtins.print", gone)
        assert program._write("text") == 0


STAYED = (
    "source_key,person_token,admission_month,modality,last_contact_day,discharge_day,discharge_reason,phase\n"
    "k1,a,2025-01,M20,200,,,--++\nk2,b,2025-01,M20,40,40,31,oooo\nk3,c,2025-02,M20,30,30,11,\n"
)


def test_outcomes_has_the_documented_keys(run):
    status, result, _ = run(STAYED, "outcomes", "--closing-on", "2026-06-30", "--column", "word=phase")
    assert status == 0
    assert list(result) == ["n", "definitions_version", "definitions", "refused"]
    retained = result["definitions"]["RET-F-90"]
    assert retained["exclusions"] == {"all": 3, "began": 3, "old_enough": 3, "not_transferred": 3, "known": 3}
    assert list(retained["results"]) == ["known", "all_due"]
    assert list(retained["results"]["known"]) == ["due", "known", "reached", "estimate", "lower", "upper"]
    assert retained["results"]["known"]["reached"] == 1
    relapse = result["definitions"]["REL-4RUN"]["results"]
    assert (relapse["missing_positive"]["reached"], relapse["missing_excluded"]["known"]) == (1, 1)
    assert result["refused"]["FU-RATE"] == "FU-RATE: not collected: followup_90_status"
    assert next(iter(result["definitions"]["RET-CIF"]["results"])) == "completed day 28"


def test_outcomes_are_shown_to_people_too(run):
    status, text, _ = run(STAYED, "outcomes", "--only", "CMP-TEDS", "CMP-PLANNED", as_json=False)
    assert status == 0
    assert "numerator: reason 10, 11, 12 or 13" in text


@pytest.mark.parametrize(
    ("data", "words", "says"),
    [
        (STAYED, ("--only", "RET-X"), "no outcome RET-X"),
        (STAYED, ("--closing-on", "June"), "--closing-on: expected a day such as 2026-09-30, got June"),
        (STAYED, ("--column", "phase"), "--column: expected NAME=COLUMN, got phase"),
        (STAYED, ("--column", "nonsense=phase"), "--column: expected a name of the dictionary, got nonsense"),
        ("a,b\n1,2\n", (), "not collected: every column"),
        (STAYED.replace("2025-02", "2025-13"), (), "line 4, column admission_month: expected a month"),
        (STAYED.replace("--++", "-x"), ("--column", "word=phase"), ""),
    ],
)
def test_outcomes_refuse_what_they_cannot_use(run, data, words, says):
    status, result, err = run(data, "outcomes", *words)
    if says:
        assert (status, says in err) == (2, True), err
    else:
        assert "expected a word of" in result["refused"]["REL-4RUN"]


def test_incidence_by_cause_group_and_time(run):
    rows = "time,cause,arm\n1,1,a\n2,2,a\n3,0,a\n4,1,a\n"
    status, result, _ = run(
        rows, "incidence", "--time", "time", "--cause", "cause", "--group", "arm", "--at", "2", "4"
    )
    assert status == 0
    assert result["groups"]["a"]["1"]["2"]["incidence"] == 0.25
    assert list(result["groups"]["a"]["2"]["4"]) == ["incidence", "se", "lower", "upper", "survival"]


def test_outcomes_of_words_alone_need_no_month(run):
    status, result, _ = run("word\n--++\n\n-+-+\n", "outcomes", "--only", "REL-2IN4")
    assert status == 0
    assert result["definitions"]["REL-2IN4"]["results"]["missing_positive"]["reached"] == 2


def test_incidence_of_nobody_that_ended_is_empty(run):
    rows = "time,cause,arm\n1,0,a\n"
    assert run(rows, "incidence", "--time", "time", "--cause", "cause", "--group", "arm", "--at", "1")[1] == {
        "groups": {}
    }
