"""`portal import`: JSON for scripts, sentences for people, exit statuses 0, 1 and 2."""

import json

import pytest
from click.testing import CliRunner
from factories import make_programme, make_user
from registry_records import row, table

from portal.cli import imports, session


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme):
    return make_user("clinician", organisation=programme.organisation)


@pytest.fixture
def run(app, programme, clinician, tmp_path, monkeypatch, capsys):
    """Run the command on these bytes: (exit status, stdout, stderr)."""
    monkeypatch.setattr(session, "_factories", [lambda _config: app])

    def call(data, *more, programme_option=True, actor=None):
        path = tmp_path / "file.csv"
        path.write_bytes(data)
        args = ["import", str(path), "--as", actor or clinician.email, *more]
        args += ["--programme", programme.code] if programme_option else []
        monkeypatch.setattr("sys.argv", ["portal", *args])
        from portal.cli.main import portal

        status = session.told(portal)
        out = capsys.readouterr()
        return status, out.out, out.err

    return call


def test_good_file_ends_with_status_0(run):
    status, out, _ = run(table([row(1), row(2)]), "--mode", "valid", "--json")
    answer = json.loads(out)
    assert status == 0
    assert {k: v for k, v in answer.items() if k != "import_id"} == {
        "submitted": 2, "accepted": 2, "rejected": 0, "ignored": 0, "errors": [],
    }  # fmt: skip


def test_rejected_rows_end_with_status_1_and_are_listed(run):
    status, out, _ = run(table([row(1), row(2, sex=7)]), "--mode", "valid", "--json")
    answer = json.loads(out)
    assert (status, answer["rejected"]) == (1, 1)
    assert answer["errors"] == [{"line": 3, "column": "sex", "code": "CODE"}]


def test_people_read_sentences_in_their_language(run):
    status, out, _ = run(table([row(1, sex=7)]), "--language", "ru")
    assert status == 1
    assert "line 2, sex, CODE: Такого кода нет в списке." in out


def test_dry_run_is_the_default(run, programme):
    from portal.registry.queries import count_episodes

    assert run(table([row(1)]))[0] == 0
    assert count_episodes(programme.code) == 0


def test_refused_file_ends_with_status_2_and_says_why(run):
    status, out, err = run(table([row(1, labour="nobody@example.org")]), "--json")
    assert (status, out) == (2, "")
    assert "Q-PII" in err
    assert "nobody" not in err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--profile", "trial-like"), "--map"),
        (("--mode", "fast"), "fast"),
        (("--encoding", "koi8"), "encoding"),
    ],
)
def test_wrong_options_end_with_status_2(run, more, words):
    status, _, err = run(table([row(1)]), *more)
    assert status == 2
    assert words in err


def test_programme_or_profile_must_be_said(run):
    status, _, err = run(table([row(1)]), programme_option=False)
    assert status == 2
    assert "--programme" in err


def test_unknown_account_and_programme_end_with_status_2(run):
    assert run(table([row(1)]), actor="nobody@example.org")[0] == 2
    status, _, err = run(table([row(1)]), "--programme", "XXXXXXXX", programme_option=False)
    assert status == 2
    assert "XXXXXXXX" in err


def test_error_file_is_written_where_asked(run, tmp_path):
    target = tmp_path / "errors.csv"
    run(table([row(1, sex=7)]), "--mode", "valid", "--errors-to", str(target), "--language", "fa")
    assert "_messages" in target.read_text("utf-8-sig").splitlines()[0]


def test_long_lists_are_cut_for_people(run):
    _, out, _ = run(table([row(n, sex=7) for n in range(30)]))
    assert "and 10 more" in out


def test_help_names_the_exit_statuses():
    assert "1 some rows rejected" in CliRunner().invoke(imports.import_, ["--help"]).output
