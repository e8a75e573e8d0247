"""One engine, four doors: a form, a file, the API and the command line say the same of the same record."""

import functools
import html
import json
import re
from dataclasses import dataclass

import polars as pl
import pytest
from click.testing import CliRunner
from factories import make_organisation, make_programme, make_user
from registry_records import CONTEXT, table, token
from rule_cases import CASES, EXCEPTIONS, GOODS
from web.journey import token_of
from web.sent_forms import fields_of

from portal.accounts.services.tokens import make_token
from portal.cli import session
from portal.core.db import utcnow
from portal.core.i18n import latest_month
from portal.extensions import db
from portal.programmes.models import Programme
from portal.registry import queries
from portal.registry.dictionary import load
from portal.registry.forms.answers import AnswerField
from portal.registry.forms.entry import correction_parts, make_form
from portal.registry.importer import single, working
from portal.registry.importer.refusal import FileRefused
from portal.registry.models import Episode, EpisodeSensitive, RuleResult
from portal.registry.rules import all_rules, judge
from portal.registry.rules.coding import decode, encode_month, shown
from portal.registry.services.imports import DRY, import_file
from portal.registry.services.reports import report_of
from portal.registry.services.submitting import Submission
from portal.registry.views.entry import asked_of

DOORS = ("form", "file", "api", "command")
KEEPS, BREAKS = "keeps", "breaks"


@dataclass(frozen=True)
class Example:
    """One record on its way through the doors."""

    rule: str
    kind: str
    country: str
    adults_only: bool
    coded: dict
    number: int


@dataclass(frozen=True)
class Said:
    """What a door made of a record: whether it showed the rule as broken, and the verdict of every rule."""

    shown: bool
    results: dict


@functools.cache
def examples(version):
    """Every example; months stand as far from today as they do in the table."""
    shift = encode_month(latest_month(utcnow())) - CONTEXT["this_month"]
    made = []
    for rule, case in CASES[version].items():
        for kind, changes in ((KEEPS, case.keeps), (BREAKS, case.breaks)):
            coded = GOODS[version] | changes
            coded["admission_month"] += shift if "admission_month" in changes else 0
            coded = whole(coded, version, case.context)
            place = case.context.get("country", "IR"), case.context.get("age_served") == 1
            made.append(Example(rule, kind, *place, coded, len(made) + 1))
    return made


def texts(example, version, **more):
    dictionary = load(version)
    row = {n: written(dictionary[n], v) for n, v in example.coded.items() if n in dictionary}
    keys = {"source_key": token(example.number), "person_token": token(example.number, "person")}
    return row | keys | more


def whole(coded, version, context):
    """The record with "unknown" where an answer of it is due and does not matter to the example."""
    row = pl.DataFrame(
        [pl.Series(n, [v], dtype=pl.Int16) for n, v in coded.items() if n in load(version).every]
    )
    empty = [
        p.column for p in judge(row, version=version, context=CONTEXT | context).places if p.code == "EMPTY"
    ]
    return coded | {name: -9 for name in empty if load(version)[name].allows_missing}


def written(variable, value):
    """An answer as people write it."""
    if value < 0 or variable.kind not in {"month", "icd10"}:
        return str(shown(variable, value))
    return str(decode(variable, value))


def rows_of(group, version):
    """Rows of a file: the examples, and the rows beside them without which a rule of a file is not broken."""
    rows = [texts(example, version) for example in group]
    for example in group:
        if (example.rule, example.kind) == ("R42", BREAKS):
            rows.append(texts(example, version, source_key=token(9001), person_token=""))
        if (example.rule, example.kind) == ("R41", BREAKS):
            rows.append(texts(example, version, source_key=token(9002), admission_month="2025-02"))
    return rows


class World:
    """A centre with the programmes that the examples are of, and its clinician."""

    def __init__(self, app, client, sign_in, monkeypatch, tmp_path):
        self.app, self.client, self.patch, self.folder = app, client, monkeypatch, tmp_path
        self.centres = {country: make_organisation(country) for country in ("IR", "RU")}
        self.programmes = {
            (country, adults): make_programme(country, organisation=centre)
            for country, centre in self.centres.items()
            for adults in (False, True)
        }
        self.people = {c: make_user("clinician", country=c, organisation=o) for c, o in self.centres.items()}
        adults_only = {self.programmes[c, True].code for c in self.centres}
        served = property(lambda programme: 1 if programme.code in adults_only else 3)
        monkeypatch.setattr(Programme, "age_served", served, raising=False)
        monkeypatch.setattr(session, "_factories", [lambda _config: app])
        self.sign_in = sign_in

    def judging(self, module):
        """Listen to the engine as this door calls it."""
        heard = []

        def listen(*args, **kwargs):
            heard.append(judge(*args, **kwargs))
            return heard[-1]

        self.patch.setattr(module, "judge", listen)
        return heard


def by_file(world, group, place, version):
    heard = world.judging(working)
    submission = Submission(
        table(rows_of(group, version)), programme=world.programmes[place].code, version=version
    )
    report = report_of(import_file(submission, mode=DRY, by=world.people[place[0]]))
    shown = {(e.line, e.code) for e in (*report.errors, *report.warnings)}
    (judged,) = heard
    return [
        Said((line, example.rule) in shown, results)
        for line, (example, results) in enumerate(zip(group, judged.results(), strict=False), start=2)
    ]


def by_api(world, group, place, version):
    answer = asked_api(world, rows_of(group, version), place, version)
    assert answer.status_code == 200, answer.text
    return [said_of(record, example) for record, example in zip(answer.json["records"], group, strict=False)]


def asked_api(world, rows, place, version):
    secret = make_token("rules", ("read:own",), 30, by=world.people[place[0]], now=utcnow())
    asked = {
        "programme": world.programmes[place].code, "dictionary_version": version,
        "records": rows,
    }  # fmt: skip
    head = {"Authorization": f"Bearer {secret}"}
    return world.client.post("/api/v1/own/records/check", json=asked, headers=head)


def by_command(world, group, place, version):
    file = world.folder / "rows.csv"
    file.write_bytes(table(rows_of(group, version)))
    done = asked_command(world, file, place, version)
    assert done.exception is None, done.output
    told = json.loads(done.stdout)["rows"]
    return [said_of(record, example) for record, example in zip(told, group, strict=False)]


def asked_command(world, file, place, version):
    from portal.cli.main import portal

    options = ["--programme", world.programmes[place].code, "--as", world.people[place[0]].email, "--json"]
    options += ["--dictionary", str(version)]
    return CliRunner().invoke(portal, ["registry", "check", str(file), *options], standalone_mode=False)


def said_of(record, example):
    return Said(example.rule in {fault["code"] for fault in record["faults"]}, record["rules"])


def by_form(world, group, place, version):
    """The correction form of an episode that holds the record already: it asks every group of answers."""
    heard = world.judging(single)
    world.sign_in(world.client, user=world.people[place[0]])
    said = []
    numbers = [stored(example, world.programmes[place], version) for example in group]
    path = "/en/programme/episodes/{}/correction"
    key = token_of(world.client.get(path.format(numbers[0])))
    for example, number in zip(group, numbers, strict=True):
        fields = fields_made(world.app, number, world.programmes[place])
        answer = world.client.post(path.format(number), data=fields | {"csrf_token": key})
        said.append(Said(told_by(answer, number, example.rule, version), heard[-1].results()[0]))
    return said


def fields_made(app, number, programme):
    """What a browser sends of the correction form of an episode, without drawing the page."""
    episode = queries.find_episode(number, [programme.code])
    with app.test_request_context("/en/"):
        asked, values = asked_of(programme, episode.dictionary_version), queries.values_of(episode)
        parts = correction_parts(asked, values, episode.modality)
        form = make_form(parts, asked, values | {"revision": episode.revision})
        answers = {field.name: field.parts for field in form if isinstance(field, AnswerField)}
    return answers | {"revision": str(episode.revision), "send_key": ""}


def stored(example, programme, version):
    """An episode as it stands after entry, whatever the rules say of it."""
    dictionary = load(version)
    answers = {v.name: v for v in dictionary.answers if v.name in example.coded}
    values = {n: decode(v, example.coded[n]) for n, v in answers.items() if not v.sensitive}
    apart = {n: example.coded[n] for n, v in answers.items() if v.sensitive}
    key = example.number.to_bytes(32, "big")
    episode = Episode(
        programme_code=programme.code, row_key=key, person_s=key, case_code=f"AAA-{example.number:03d}",
        content_hash=b"", dictionary_version=version, entered_by=1, entered_at=utcnow(), **values,
    )  # fmt: skip
    db.session.add(episode)
    db.session.flush()
    db.session.add(EpisodeSensitive(episode_id=episode.id, **apart))
    db.session.commit()
    return episode.id


def told_by(answer, number, rule, version):
    """Whether the page that came back, or what is stored, says that the rule is broken."""
    if answer.status_code == 302:
        revision = queries.find_episode(number, [p.code for p in db.session.query(Programme)]).id
        return bool(db.session.query(RuleResult).filter_by(episode_id=revision, rule=rule).count())
    page = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    message = next(r.message["en"] for r in all_rules(version) if r.id == rule)
    return f"confirm-{rule}" in answer.text or message in page


OPENED = {"form": by_form, "file": by_file, "api": by_api, "command": by_command}
_kept = {}


@pytest.fixture
def said(app, client, sign_in, monkeypatch, tmp_path):
    """`said(version)`: what every door said of every example, asked once a process."""

    def ask(version):
        if version not in _kept:
            world = World(app, client, sign_in, monkeypatch, tmp_path)
            _kept[version] = {door: through(world, door, version) for door in OPENED}
        return _kept[version]

    return ask


def through(world, door, version):
    everything, answers = examples(version), {}
    for place in sorted({(e.country, e.adults_only) for e in everything}):
        group = [e for e in everything if (e.country, e.adults_only) == place]
        told = OPENED[door](world, group, place, version)
        answers |= {(e.rule, e.kind): answer for e, answer in zip(group, told, strict=True)}
    return answers


PAIRS = [(version, rule) for version, cases in CASES.items() for rule in cases]


@pytest.mark.parametrize(("version", "rule"), PAIRS)
def test_every_door_says_the_same_of_the_same_record(said, version, rule):
    names = [r.id for r in all_rules(version)]
    for door in DOORS:
        answers = said(version)[door]
        for kind in (KEEPS, BREAKS):
            one = answers[rule, kind]
            excused = (version, rule, door) in EXCEPTIONS or (version, rule, "every") in EXCEPTIONS
            broken = kind == BREAKS and not excused
            assert (one.shown, one.results[rule] == "fail") == (broken, broken), door
            assert excused or one.results[rule] != "not_evaluable", door
            assert sorted(one.results) == sorted(names)


@pytest.mark.parametrize("version", CASES)
def test_what_is_evaluated_and_what_is_not_are_all_rules_at_every_door(said, version):
    for answers in said(version).values():
        for one in answers.values():
            evaluated = sum(result in {"pass", "fail"} for result in one.results.values())
            unknown = sum(result == "not_evaluable" for result in one.results.values())
            assert evaluated + unknown == len(all_rules(version))


@pytest.mark.parametrize("version", CASES)
def test_all_verdicts_of_a_record_are_equal_not_only_that_of_its_rule(said, version):
    of_person = {r.id for r in all_rules(version) if r.scope in {"person", "file"}}
    doors = said(version)
    for example in doors["file"]:
        asked = [door for door in DOORS if (version, example[0], door) not in EXCEPTIONS]
        told = {
            tuple(sorted((r, v) for r, v in doors[door][example].results.items() if r not in of_person))
            for door in asked
        }
        assert len(told) == 1, example


@pytest.mark.parametrize("version", CASES)
def test_the_fields_that_are_sent_are_those_of_the_page(app, client, sign_in, monkeypatch, tmp_path, version):
    world = World(app, client, sign_in, monkeypatch, tmp_path)
    example = next(e for e in examples(version) if (e.rule, e.kind) == ("R36", KEEPS))
    place = example.country, example.adults_only
    world.sign_in(world.client, user=world.people[place[0]])
    number = stored(example, world.programmes[place], version)
    page = fields_of(client.get(f"/en/programme/episodes/{number}/correction").text)
    made = fields_made(app, number, world.programmes[place])
    assert filled(page, made) == filled(made, made)


def filled(fields, names):
    """What is in each of these fields, the empty ones left out; a month may have its parts in any order."""
    lists = {n: [v] if isinstance(v, str) else v for n, v in fields.items() if n in names}
    return {name: sorted(filter(None, values)) for name, values in lists.items() if any(values)}


PLANTED = "ali.rezaei@example.org"


@pytest.mark.parametrize("version", CASES)
def test_every_door_refuses_an_identifier_and_never_repeats_it(
    app, client, sign_in, monkeypatch, tmp_path, version
):
    world = World(app, client, sign_in, monkeypatch, tmp_path)
    good = next(e for e in examples(version) if (e.rule, e.kind) == ("R36", KEEPS))
    place = good.country, good.adults_only
    row = texts(good, version, labour=PLANTED)
    told = [door(world, row, place, version) for door in (refused_file, refused_api, refused_command)]
    for text in (*told, refused_form(world, good, place, version)):
        assert "Q-PII" in text or "identifier of a person" in text
        assert PLANTED not in text


def refused_file(world, row, place, version):
    submission = Submission(table([row]), programme=world.programmes[place].code, version=version)
    with pytest.raises(FileRefused) as refusal:
        import_file(submission, mode=DRY, by=world.people[place[0]])
    return str(refusal.value)


def refused_api(world, row, place, version):
    answer = asked_api(world, [row], place, version)
    assert answer.status_code == 422
    return answer.text


def refused_command(world, row, place, version):
    file = world.folder / "rows.csv"
    file.write_bytes(table([row]))
    return str(asked_command(world, file, place, version).exception)


def refused_form(world, example, place, version):
    """A browser can be made to send anything in place of a listed answer."""
    world.sign_in(world.client, user=world.people[place[0]])
    number = stored(example, world.programmes[place], version)
    path = f"/en/programme/episodes/{number}/correction"
    fields = fields_made(world.app, number, world.programmes[place]) | {"labour": [PLANTED]}
    answer = world.client.post(path, data=fields | {"csrf_token": token_of(world.client.get(path))})
    assert answer.status_code == 422
    return re.search(r'class="errsum".*?</ul>', answer.text, re.DOTALL)[0]
