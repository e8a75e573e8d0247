"""Asking what the rules would say, by the API and on the command line: nothing is kept, nobody else's is told."""

import ast
import html
import json
import re

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from factories import make_programme, make_user
from registry_records import row, table

from portal.accounts.services.tokens import make_token
from portal.cli import session
from portal.cli.main import portal
from portal.core.db import utcnow
from portal.extensions import db
from portal.registry.dictionary import LANGUAGES, load, versions
from portal.registry.exports.codebook import unverified_values
from portal.registry.models import Episode, ImportBatch, ImportRow
from portal.registry.rules import all_rules
from portal.registry.rules.exporting import as_data

AT = "/api/v1/own/records/check"


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme):
    return make_user("clinician", organisation=programme.organisation)


@pytest.fixture
def ask(client, programme, clinician):
    def send(*records, by=clinician, scopes=("read:own",), **more):
        secret = make_token("rules", scopes, 30, by=by, now=utcnow())
        asked = {"programme": programme.code, "records": list(records)} | more
        return client.post(AT, json=asked, headers={"Authorization": f"Bearer {secret}"})

    return send


@pytest.fixture
def run(app, programme, clinician, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "_factories", [lambda _config: app])

    def call(name, data, *more):
        file = tmp_path / name
        file.write_bytes(data)
        options = ["--programme", programme.code, "--as", clinician.email, *more]
        return CliRunner().invoke(portal, ["registry", "check", str(file), *options], standalone_mode=False)

    return call


def kept():
    return [
        db.session.scalar(sa.select(sa.func.count()).select_from(t))
        for t in (Episode, ImportBatch, ImportRow)
    ]


def test_values_may_be_numbers_or_words_and_nothing_is_kept(ask):
    answer = ask(row(1) | {"sex": 1, "labour": "безработный", "substance_1_days28": 28.0}, {"sex": True}, {})
    first, second, third = answer.json["records"]
    assert [f["field"] for f in first["faults"]] == ["labour"]
    assert (second["row"], second["accepted"], third["accepted"]) == (2, False, False)
    assert {f["code"] for f in third["faults"]} <= {"EMPTY", "TYPE"}
    assert kept() == [0, 0, 0]


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_faults_are_said_in_the_language_asked_for(ask, lang):
    (record,) = ask(row(1, substance_1_code=800), lang=lang).json["records"]
    rule = next(r for r in all_rules() if r.id == "R23")
    (fault,) = (f for f in record["faults"] if f["code"] == "R23")
    assert (fault["message"], fault["hint"], fault["severity"]) == (rule.message[lang], rule.hint[lang], "E")


def test_an_identifier_refuses_all_records_and_is_not_repeated(ask):
    answer = ask(row(1), row(2, labour="ali.rezaei@example.org"))
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["errors"] == {"records.1": {"labour": ["Q-PII"]}}
    assert "rezaei" not in answer.text


def test_a_column_that_nobody_knows_refuses_all_records(ask):
    answer = ask(row(1, shoe_size=43))
    assert answer.json["errors"] == {"records": {"shoe_size": ["unknown_column"]}}


def test_a_programme_of_others_does_not_exist(ask, app):
    assert (
        ask(row(1), by=make_user("clinician", organisation=make_programme("IR").organisation)).status_code
        == 404
    )


def test_a_token_for_what_is_published_is_not_enough(ask):
    assert ask(row(1), scopes=("read:published",)).status_code == 403


def test_one_request_holds_a_thousand_records(ask):
    assert ask(*[row(n) for n in range(1001)]).status_code == 422


def test_a_key_twice_is_a_fault_of_both_rows(ask):
    records = ask(row(1), row(1)).json["records"]
    assert [{f["code"] for f in r["faults"]} >= {"DUPKEY"} for r in records] == [True, True]


def test_command_reads_tables_and_records(run):
    by_table = run("rows.csv", table([row(1), row(2, sex=7)]), "--json")
    by_records = run("rows.json", json.dumps({"records": [row(1), row(2, sex=7)]}).encode(), "--json")
    assert json.loads(by_table.stdout) == json.loads(by_records.stdout)
    assert (by_table.return_value, by_records.return_value) == (1, 1)
    assert kept() == [0, 0, 0]


def test_command_tells_people_what_to_do(run):
    done = run("rows.csv", table([row(1), row(2, substance_1_code=800)]), "--language", "fa")
    assert "2 rows: 1 would be accepted, 1 rejected; nothing is kept" in done.output
    assert "مادهٔ افیونی را بیفزایید" in done.output
    assert run("rows.csv", table([row(1)])).return_value == 0


@pytest.mark.parametrize("text", [b"{}", b"[]", b"[1]", b"nothing"])
def test_command_refuses_what_holds_no_records(run, text):
    assert run("rows.json", text).exception is not None


@pytest.mark.parametrize("version", versions())
def test_rules_can_be_taken_elsewhere(client, version):
    options = ["registry", "rules", "--version", str(version)]
    told = json.loads(CliRunner().invoke(portal, options, standalone_mode=False).stdout)
    assert told == json.loads(json.dumps(as_data(version)))
    assert told == client.get(f"/en/codebook/{version}/rules.json").json
    assert [rule["id"] for rule in told["rules"]] == [rule.id for rule in all_rules(version)]
    assert told["sets"]["AGONIST"] == [13, 20, 21, 22, 23, 24]


def test_what_is_taken_elsewhere_names_columns_and_functions_only():
    told = as_data(2)
    names = set(load(2).every) | set(told["sets"]) | set(told["numbers"]) | set(told["derived"])
    names |= set(told["language"]["functions"]) | set(told["language"]["countries"]) | set(told["beside"])
    modalities = {str(code) for code in load(2).lists["modality"].codes}
    for rule in told["rules"]:
        used = {node.id for node in ast.walk(ast.parse(rule["written_out"])) if isinstance(node, ast.Name)}
        exported = set(rule["fields"]) if rule["scope"] == "export" else set()
        assert used <= names | modalities | exported, rule["id"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("version", versions())
def test_a_page_lists_every_rule_in_every_language(client, version, lang):
    page = client.get(f"/{lang}/codebook/{version}/rules")
    assert page.headers["Cache-Control"] == "public, no-cache"
    text = html.unescape(re.sub(r"<[^>]+>", "", page.text))
    for rule in all_rules(version):
        assert f'id="{rule.id}"' in page.text
        assert rule.message[lang] in text
        assert rule.hint[lang] in text


def test_a_rule_with_an_unverified_value_wears_a_badge(client):
    page = client.get("/en/codebook/2/rules").text
    for rule in all_rules(2):
        row = page.split(f'id="{rule.id}"')[1].split("</tr>")[0]
        assert ("to be verified" in row) == bool(rule.unverified), rule.id
        assert set(rule.unverified) <= set(unverified_values())


def test_other_versions_have_no_rules(client):
    assert client.get("/en/codebook/9/rules").status_code == 404
    assert client.get("/en/codebook/9/rules.json").status_code == 404
