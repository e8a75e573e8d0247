"""The samples as they are loaded: through the verbs, doses by hand, two protocols in three languages."""

import json

import pytest
import sqlalchemy as sa
from protocol_world import NOW
from sample_people import make_people

from portal.core.audit import verify
from portal.core.i18n import speaking
from portal.extensions import db
from portal.protocols.models import Block, ProtocolVersion, TranslationUnit
from portal.protocols.queries.matrix import list_matrix
from portal.protocols.queries.translations import list_views
from portal.protocols.queries.versions import list_blocks, list_concepts, list_legal, standing_of
from portal.protocols.services.seed import DATA, concepts_of, data_file, load_seed
from portal.protocols.services.translations import text_faults

WHOLE = {"methadone-maintenance-opioid-dependence", "naltrexone-relapse-prevention-russia"}


@pytest.fixture
def loaded(app):
    return load_seed(people=make_people(), now=NOW)


def versions():
    return {row.version.protocol.slug: row for row in list_matrix()}


def test_samples_are_published_through_the_verbs_with_everything_that_was_coded(loaded):
    rows = versions()
    samples = {sample["slug"]: sample for sample in data_file("protocols.json")["protocols"]}
    assert loaded == [f"PR-{number:04d}" for number in range(1, 13)]
    assert set(rows) == set(samples)
    assert verify() is None
    for slug, row in rows.items():
        protocol, sample = row.version.protocol, samples[slug]
        assert (protocol.demonstration, protocol.source_lang) == (True, "en")
        assert protocol.origin_country == (sample["origin_country"] or "")
        assert (row.version.exception_reason is not None) == (sample["level"] == "brief")
        assert (standing_of(row.version).problems == ()) == (sample["level"] == "full")
        assert set(list_legal(protocol.id)) == {"IR", "RU"}


def test_each_dose_of_the_samples_is_coded_or_quoted_with_its_source_and_mark(loaded):
    for slug, row in versions().items():
        sample = next(s for s in data_file("protocols.json")["protocols"] if s["slug"] == slug)
        doses = [block.data for block in list_blocks(row.version.id) if block.kind == "dose"]
        given = {(line["source"], line["verify"]) for line in sample["dosing"]}
        assert {(data["source"], data.get("verify", False)) for data in doses} == given
        for data in doses:
            assert data.get("quoted") or data.get("unit")


def test_doses_of_the_first_methadone_day_are_those_of_the_guideline(loaded):
    lines = [
        b
        for b in list_blocks(versions()["methadone-maintenance-opioid-dependence"].version.id)
        if b.kind == "dose"
    ]
    assert (lines[0].data["dose_max"], lines[0].data["ceiling"]) == (20, 30)
    assert (lines[1].data["dose_min"], lines[1].data["dose_max"]) == (10, 15)
    assert (lines[1].data["observe_min"], lines[1].data["observe_max"]) == (120, 180)
    assert lines[2].data["verify"] is True


def test_two_protocols_are_whole_in_three_languages_and_the_others_by_title_and_summary(loaded):
    for slug, row in versions().items():
        for lang in ("ru", "fa"):
            cell = row.cells[lang]
            expected = (cell.total, "published") if slug in WHOLE else (2, "in_progress")
            assert (cell.fitting, cell.state) == expected


def test_whole_translations_pass_the_number_check_without_a_reason(loaded):
    waived = db.session.execute(
        sa.select(TranslationUnit.unit_key, TranslationUnit.protocol_id)
        .where(TranslationUnit.number_check == "waived")
        .distinct()
    ).all()
    whole = {row.version.protocol_id for slug, row in versions().items() if slug in WHOLE}
    assert {unit for unit, protocol in waived} <= {"title", "summary"}
    assert not [protocol for _unit, protocol in waived if protocol in whole]
    for slug in WHOLE:
        for lang in ("ru", "fa"):
            for view in list_views(versions()[slug].version, lang):
                assert text_faults(view.source.text, view.approved.text) == ()


def test_persian_texts_use_persian_letters_and_tokens_for_what_bidi_would_turn(loaded):
    import re

    texts = [view.approved.text for slug in WHOLE for view in list_views(versions()[slug].version, "fa")]
    bare = [re.sub("⟦[^⟧]*⟧", "", text) for text in texts]
    assert not [text for text in bare if re.search("[يكىة]", text)]
    assert not [text for text in bare if re.search(r"\d[-–]\d|[<>≤≥±]|\d\s?mg", text)]


def test_titles_name_the_main_concepts(app):
    from portal.core.permissions import SYSTEM
    from portal.vocabulary.services import load_seed as load_vocabulary

    load_vocabulary(by=SYSTEM)
    sample = data_file("protocols.json")["protocols"][0]
    roles = concepts_of(sample)
    assert {concept for concept, role in roles.items() if role == "main"} == {
        "int-mmt",
        "cond-opioid-dependence",
    }
    assert set(roles) == set(sample["tags"])


def test_english_alone_has_no_translation(app):
    load_seed(languages=("en",), people=make_people(), now=NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TranslationUnit)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProtocolVersion)) == 12


def test_opium_tincture_is_not_available_in_russia(loaded):
    protocol = versions()["opium-tincture-maintenance-iran"].version.protocol_id
    assert list_legal(protocol)["RU"].status == "leg-not-available"


def test_every_dose_line_can_be_said_in_three_languages(loaded, app):
    from flask_babel import force_locale

    from portal.protocols.forms.dose_words import in_words

    lines = db.session.scalars(sa.select(Block).where(Block.kind == "dose")).all()
    assert len(lines) == sum(map(len, data_file("doses.json").values()))
    for lang in ("en", "ru", "fa"):
        with app.test_request_context(), speaking(lang), force_locale(lang):
            for block in lines:
                words = in_words(block.data, block.data.get("drug", ""))
                assert words.dose or block.data.get("quoted")
                assert words.drug or block.data.get("quoted")


def test_data_files_are_tidy():
    for name in ("protocols.json", "doses.json", "translations.json", "medicines.json"):
        text = (DATA / name).read_text("utf-8")
        assert text.endswith("\n")
        json.loads(text)
    slugs = {sample["slug"] for sample in data_file("protocols.json")["protocols"]}
    assert set(data_file("doses.json")) == slugs


def test_links_of_a_version_are_kept_in_order(loaded):
    version = versions()["opium-tincture-maintenance-iran"].version
    sample = next(s for s in data_file("protocols.json")["protocols"] if s["slug"] == version.protocol.slug)
    assert [link.concept_id for link in list_concepts(version.id)] == sample["tags"]
