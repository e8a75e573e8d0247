"""Own live figures: counts against a plain count of the same rows, and every edge of few episodes."""

import random
from datetime import date

import pytest
from factories import make_organisation, make_programme, make_user
from registry_records import DISCHARGED, row, table

from portal.core.errors import NotAllowed
from portal.registry.own.counting import completion, reasons, retention_on, share_of
from portal.registry.own.curve import curve_of
from portal.registry.own.definitions import by_definition
from portal.registry.own.live import live_figures
from portal.registry.own.reading import Stay, read_items, read_stays
from portal.registry.quality.reading import read_material
from portal.registry.services.imports import DRY, VALID, commit, import_file
from portal.registry.services.looking import look_at
from portal.registry.services.submitting import Submission

TODAY = date(2026, 11, 24)
DROPPED = {31, 32, 33, 35, 99}
REASONS = (31, 31, 11, 21, 32, 41, 52, 61, 99)


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre, modality=("M20", "M22", "M40"))


@pytest.fixture
def clinician(centre):
    return make_user("clinician", organisation=centre)


@pytest.fixture
def enter(programme, clinician):
    def run(rows, mode=VALID):
        batch = import_file(Submission(table(rows), programme=programme.code), mode=mode, by=clinician)
        assert batch.accepted_new == len(rows), batch.rejected
        return batch

    return run


def stay(los, reason=None, **more):
    """One judged episode, admitted long ago."""
    given = {
        "person": bytes([los % 251]), "admission_month": "2024-01", "admitted_by": date(2024, 1, 31), "modality": "M20",
        "has_exact_days": True,
    }  # fmt: skip
    return Stay(los=los, reason=reason, **(given | more))


def some_stays(count, seed):
    chance = random.Random(seed)
    return [stay(chance.randint(0, 500), chance.choice((None, *REASONS))) for _ in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_equals_a_product_taken_by_hand(seed):
    stays = some_stays(80, seed)
    curve = curve_of(stays)
    survival = 1.0
    for day in sorted({s.los for s in stays}):
        at_risk = sum(s.los >= day for s in stays)
        left = sum(s.los == day and s.reason in DROPPED for s in stays)
        survival *= 1 - left / at_risk
        step = next(each for each in curve.steps if each.day == day)
        assert (step.at_risk, step.events) == (at_risk, left)
        assert step.survival == pytest.approx(survival, abs=1e-12)
    assert sum(step.events + step.censored for step in curve.steps) == curve.n == 80


def test_everyone_censored_is_a_flat_curve():
    curve = curve_of([stay(day) for day in (10, 20, 300)])
    assert (curve.events, {step.survival for step in curve.steps}) == (0, {1.0})
    assert (curve.median, curve.points[0].at_risk) == (None, 1)


def test_beyond_the_last_day_there_is_no_value():
    curve = curve_of([stay(100, 31), stay(120)])
    assert [(p.day, p.survival) for p in curve.points if p.day > 120] == [(180, None), (365, None)]
    assert [mean.value for mean in curve.means] == [None, None]


def test_one_episode_that_ended_has_a_curve_to_zero():
    curve = curve_of([stay(30, 31)])
    assert [(s.day, s.survival, s.lower) for s in curve.steps] == [(30, 0.0, None)]
    assert curve.median == 30


@pytest.mark.parametrize(
    "left_out",
    [{"modality": "M40"}, {"has_exact_days": False}, {"reason": 34}],
    ids=["planned end", "bands", "34"],
)
def test_what_has_no_curve_is_left_out(left_out):
    other = stay(10, left_out.pop("reason", 31), **left_out)
    assert curve_of([other]) is None
    assert curve_of([other, stay(20, 31)]).n == 1


@pytest.mark.parametrize(
    ("reason", "los", "expected"),
    [(31, 179, (1, 1, 0)), (31, 180, (1, 1, 1)), (None, 100, (1, 0, 0)), (None, 200, (1, 1, 1)), (21, 100, (0, 0, 0)),
     (21, 200, (1, 1, 1)), (34, 0, (0, 0, 0))],
)  # fmt: skip
def test_who_is_due_known_and_retained_on_a_day(reason, los, expected):
    found = retention_on([stay(los, reason)], 180, TODAY)
    assert (found.share.due, found.share.known, found.share.reached) == expected
    assert found.transferred == (reason == 21 and los < 180)


@pytest.mark.parametrize(("today", "due"), [(date(2024, 8, 27), 0), (date(2024, 8, 28), 1)])
def test_a_day_is_asked_about_a_month_after_it_has_passed_for_all(today, due):
    assert retention_on([stay(200)], 180, today).share.due == due


def test_completion_counts_known_reasons_however_late():
    ended = [stay(700, 11), stay(20, 31), stay(10, 99), stay(30, 21), stay(5, 34), stay(9)]
    narrow, wide = completion(ended), completion(ended, planned=True)
    assert [(s.due, s.known, s.reached) for s in (narrow, wide)] == [(4, 3, 1), (4, 3, 2)]


def test_reasons_are_counted_the_commonest_first():
    assert reasons([stay(1, 31), stay(2, 11), stay(3, 31), stay(4)]) == [(31, 2), (11, 1)]


def test_a_share_of_nothing_has_no_value():
    empty = share_of([])
    assert (empty.due, empty.value, empty.lower, empty.known_share) == (0, None, None, None)
    assert share_of([None]).known_share == 0


def test_no_episodes_have_no_figures(programme):
    assert live_figures(programme.code, TODAY) is None


def test_persons_are_counted_once(programme, enter):
    first = row(1, **DISCHARGED)
    again = row(2, admission_month="2026-01") | {"person_token": first["person_token"]}
    enter([first, again, row(3)])
    figures = live_figures(programme.code, TODAY)
    assert (figures.episodes, figures.persons, figures.open) == (3, 2, 2)
    assert [(y.year, y.episodes) for y in figures.years] == [("2026", 1), ("2025", 2)]


def test_rows_of_a_dry_run_do_not_count(programme, clinician, enter):
    batch = enter([row(1), row(2)], mode=DRY)
    assert live_figures(programme.code, TODAY) is None
    commit(batch.id, by=clinician)
    assert live_figures(programme.code, TODAY).episodes == 2


def test_a_corrected_row_counts_once(programme, enter, clinician):
    enter([row(1)])
    changed = Submission(table([row(1, **DISCHARGED)]), programme=programme.code)
    import_file(changed, mode=VALID, by=clinician)
    figures = live_figures(programme.code, TODAY)
    assert (figures.episodes, figures.open) == (1, 0)


def test_other_programmes_of_the_centre_do_not_count(programme, enter, centre, clinician):
    enter([row(1)])
    other = make_programme("IR", organisation=centre)
    import_file(Submission(table([row(2), row(3)]), programme=other.code), mode=VALID, by=clinician)
    assert live_figures(programme.code, TODAY).episodes == 1


def test_answers_known_are_counted_per_question(programme, enter):
    enter([row(1), row(2, labour=-9), row(3, labour=-2), row(4, sex=99, legal_status=-3)])
    known = {item.name: (item.due, item.known) for item in read_items(programme.code)}
    assert known["labour"] == (4, 3)
    assert known["sex"] == (4, 3)
    assert known["legal_status"] == (4, 3)
    assert known["dx_icd10"] == (4, 4)
    assert (len(known), known["substance_1_code"]) == (17, (4, 4))


def test_a_depot_covers_until_its_end_but_not_beyond_today(programme, enter):
    last = {"modality": "M22", "depot_interval_days": 28, "last_depot_day": 56, "last_contact_day": 56}
    ended = DISCHARGED | last | {"discharge_day": 90}
    enter([row(1, **ended), row(2, admission_month="2026-10", **last)])
    lengths = sorted(each.los for each in read_stays(programme.code, TODAY))
    assert lengths == [(TODAY - date(2026, 10, 1)).days, 91]


def test_only_clinicians_of_the_centre_look(programme, enter):
    enter([row(1)])
    for somebody in (make_user("clinician"), make_user("country_admin"), make_user("system_admin")):
        with pytest.raises(NotAllowed):
            look_at(programme, by=somebody, today=TODAY)


def test_definitions_side_by_side_agree_with_the_figures_of_the_page(programme, enter):
    enter(
        [
            row(1, **DISCHARGED),
            row(2, **(DISCHARGED | {"discharge_reason": 11})),
            row(3, **(DISCHARGED | {"discharge_reason": 99})),
            row(4),
        ]
    )
    found = {each.id: each for each in by_definition(read_material(programme, TODAY).records)}
    figures = live_figures(programme.code, TODAY)
    for each in figures.retention:
        told = found[f"RET-F-{each.day}"]
        assert (told.due, told.known, told.reached) == (each.share.due, each.share.known, each.share.reached)
    told, share = found["CMP-TEDS"], figures.completed
    assert (told.due, told.known, told.reached) == (share.due, share.known, share.reached) == (3, 2, 1)
    assert (told.of_known, told.of_due) == (1 / 2, 1 / 3)
    assert "INJ-STOP" not in found
