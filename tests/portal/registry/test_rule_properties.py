"""Whatever stands in a record, the rules answer, and they say the same of it alone and among others."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry_records import CONTEXT
from rule_cases import CASES, GOODS, TOLD

from portal.registry.dictionary import load, versions
from portal.registry.rules import all_rules, judge, judge_one

ODD = (-32768, -9, -5, -4, -2, -1, 0, 1, 2, 3, 14, 28, 29, 99, 900, 3650, 32767, 10**6, -(10**9))
SOME = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = {"pass", "fail", "not_evaluable"}


def records(version):
    """Any number or nothing in any columns, and now and then a good answer among them."""
    names = st.sampled_from(sorted(load(version).every))
    values = st.one_of(st.none(), st.sampled_from(ODD), st.integers())
    wild = st.dictionaries(names, values, max_size=40)
    return st.one_of(wild, wild.map(lambda changes: GOODS[version] | changes))


def contexts():
    known = {name: st.one_of(st.none(), st.just(value)) for name, value in CONTEXT.items()}
    return st.fixed_dictionaries(known)


def answered(version, record, context):
    results = judge_one(record, version=version, context=context)
    assert [r.rule for r in results] == [r.id for r in all_rules(version)]
    assert {r.result for r in results} <= WORDS
    return {r.rule: r.result for r in results}


@pytest.mark.parametrize("version", versions())
def test_no_record_makes_the_rules_fail(version):
    @SOME
    @given(records(version), contexts())
    def run(record, context):
        answered(version, record, context)

    run()


@pytest.mark.slow
@pytest.mark.parametrize("version", versions())
def test_no_record_of_ten_thousand_makes_the_rules_fail(version):
    @MANY
    @given(records(version), contexts())
    def run(record, context):
        answered(version, record, context)

    run()


@pytest.mark.parametrize("version", versions())
def test_a_frame_of_any_records_is_judged_row_by_row(version):
    @settings(SOME, max_examples=25)
    @given(st.lists(records(version), min_size=1, max_size=6), contexts())
    def run(rows, context):
        small = [{n: v for n, v in row.items() if v is None or abs(v) < 32768} for row in rows]
        judgement = judge(frame(small), version=version, context=context)
        assert len(judgement.results()) == len(rows)
        assert judgement.rejected().len() == len(rows)

    run()


@pytest.mark.parametrize("version", CASES)
def test_a_record_is_judged_alike_alone_and_beside_one_that_has_every_answer(version):
    """Rules are cut down to what a frame has: beside a record with every answer none of them is."""
    full = {name: 1 for name in load(version).every if name[-3:-1] != "_w"}
    of_file = {r.id for r in all_rules(version) if r.scope in {"file", "export"}}
    for context, records_ in by_context(version):
        together = judge(frame([*records_, full]), version=version, context=context).results()
        for record, beside in zip(records_, together, strict=False):
            alone = answered(version, record, context)
            assert [r for r in alone if r not in of_file and alone[r] != beside[r]] == []


def by_context(version):
    """The examples, those of one context together."""
    found = []
    for rule, case in CASES[version].items():
        for changes, told in zip((case.keeps, case.breaks), TOLD.get(rule, ({}, {})), strict=True):
            context = CONTEXT | case.context | told
            same = next((records for known, records in found if known == context), None)
            if same is None:
                found.append((context, same := []))
            same.append(GOODS[version] | changes)
    return found


def frame(rows):
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["sex"]
    return pl.DataFrame({n: pl.Series(n, [row.get(n) for row in rows], dtype=pl.Int16) for n in names})
