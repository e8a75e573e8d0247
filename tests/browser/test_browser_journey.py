"""The whole product in one walk: a protocol in three languages, outcomes of centres, an edition, a comparison."""

import edition_world
import protocol_world
import pytest
from browser import outcome_steps, protocol_steps
from browser.walker import Walker
from factories import make_organisation, make_user

from portal.core import jobs
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.registry.queries import count_episodes, find_by_case_code
from portal.vocabulary.services import load_seed

EDITION = "2026-J1"


@pytest.fixture
def walk(visit):
    """`walk(user, lang, width=)`: this person at a window of their own."""

    def open_window(user, lang, *, width=1280):
        return Walker(visit(f"/{lang}/", who=user, width=width), lang)

    return open_window


@pytest.fixture
def writers(registered):
    """Who brings a protocol to its readers."""
    load_seed(by=SYSTEM, seed=protocol_world.small_vocabulary())
    home, iran, russia = make_organisation("IR"), make_organisation("IR"), make_organisation("RU")
    return {
        "author": make_user("clinician", organisation=home),
        "first": make_user("clinical_reviewer", organisation=iran),
        "second": make_user("clinical_reviewer", country="RU", organisation=russia),
        "editor": make_user("editor", country="RU"),
        "chief_ir": make_user("chief_editor"),
        "chief_ru": make_user("chief_editor", country="RU"),
        "translator": make_user("translator"),
        "clinician": make_user("clinician", "language_reviewer", country="RU"),
    }


def bring_protocol_to_readers(walk, writers):
    """Written in Persian, reviewed by both countries, published, translated into English and Russian."""
    author = walk(writers["author"], "fa")
    version, public_id = protocol_steps.write(author)
    first, second = writers["first"].id, writers["second"].id
    editor = walk(writers["editor"], "ru")
    panel = {"clinical_1": str(first), "clinical_2": str(second), "dose_check": str(second)}
    protocol_steps.begin_review(editor, version, public_id, panel)
    for name, lang in (("first", "fa"), ("second", "ru")):
        protocol_steps.review(walk(writers[name], lang))
    chiefs = (walk(writers["chief_ir"], "fa"), walk(writers["chief_ru"], "ru"))
    protocol_steps.publish(editor, chiefs, version)
    translator = walk(writers["translator"], "fa")
    reviewer = walk(writers["clinician"], "ru")
    for target in ("en", "ru"):
        protocol_steps.translate(translator, public_id, target)
        protocol_steps.release((reviewer,), public_id, target)
    return public_id


def bring_outcomes_in(visit, world):
    """A clinician with a phone and a data manager of one Iranian programme."""
    programme = next(p for p in world.programmes if p.country == "IR")
    clinician = make_user("clinician", organisation=programme.organisation)
    before = count_episodes(programme.code)
    code = outcome_steps.admit(visit("/fa/programme", width=390, who=clinician))
    outcome_steps.import_and_correct(visit("/fa/programme", who=clinician))
    db.session.rollback()
    assert find_by_case_code(code, [programme.code]) is not None
    assert count_episodes(programme.code) == before + 1 + len(outcome_steps.MIXED)


def bring_an_edition_out(walk, world):
    """Frozen in Persian, approved by one administrator of each country, built by the job."""
    iran, russia = (
        walk(world.administrators[country], lang) for country, lang in (("IR", "fa"), ("RU", "ru"))
    )
    iran.go("editions").send(name=EDITION, closing_on=edition_world.CLOSING.isoformat())
    for person in (russia, iran):
        person.go(f"editions/{EDITION}").follow("/approve")
        person.send(seen=None)
    russia.go(f"editions/{EDITION}").press("/build")
    assert jobs.run_until_idle(["release"]) == 1


def test_from_a_blank_form_to_a_comparison(walk, visit, writers, registered, shot):
    public_id = bring_protocol_to_readers(walk, writers)
    for lang in ("en", "ru"):
        page = visit(f"/{lang}/p/{public_id}/methadone")
        assert page.locator("h1").inner_text() == protocol_steps.TRANSLATED[lang]["title"]
        assert page.locator("bdi.dose").first.get_attribute("dir") == "ltr"
    bring_outcomes_in(visit, registered)
    bring_an_edition_out(walk, registered)
    reader = visit("/ru/outcomes", who=make_user("researcher", country="RU"))
    reader.locator("a[href$='/outcomes/comparison']").first.click()
    finding = reader.locator("figure h2").first
    assert finding.inner_text() == "0 программ из 3 выходят за границы 99,8 процента"  # the own country first
    theirs = reader.locator("a[href*='country=IR'][href*='class=agonist']").first
    reader.locator("details", has=theirs).locator("summary").click()
    theirs.click()
    assert finding.inner_text() == "1 программа из 6 выходит за границы 99,8 процента"
    assert reader.locator("figure .plot-static svg").first.locator(".pt").count() >= 5
    assert EDITION in reader.locator("main").inner_text()
    shot(reader, "journey_funnel_ru_1280")
