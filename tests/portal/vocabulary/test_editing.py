"""Editors change words: rules of the file hold for them too, search reads at once, nothing is lost or renamed."""

import pytest
import sqlalchemy as sa
from factories import make_user
from protocol_world import NOW, small_vocabulary

from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.jobs import Job
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.vocabulary import queries, services, thesaurus
from portal.vocabulary.models import VocabularyChange
from portal.vocabulary.thesaurus import tokens


@pytest.fixture
def editor(app):
    services.load_seed(by=SYSTEM, seed=small_vocabulary())
    return make_user("editor")


def named(text):
    return [c for match in thesaurus.current().match(tokens(text)) for c in match.concepts]


def test_a_new_synonym_is_understood_at_once_and_shown_to_nobody(editor):
    assert named("физептончик") == []
    services.add_synonym("sub-methadone", "ru", "физептончик", by=editor, now=NOW)
    assert named("физептончик") == ["sub-methadone"]
    assert "физептончик" not in str(queries.find_concept_page("sub-methadone", "ru"))
    assert db.session.scalar(sa.select(sa.func.count()).where(Job.name == services.REINDEX)) == 1
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.event == "vocabulary.changed"))
    assert "физептончик" in event.changes


def test_a_label_is_changed_and_the_id_stays(editor):
    services.rename("sub-methadone", "en", "Methadone hydrochloride", by=editor, now=NOW)
    assert queries.find_labels(["sub-methadone"], "en") == {"sub-methadone": "Methadone hydrochloride"}
    change = queries.list_changes("sub-methadone")[0]
    assert (change.before, change.after) == ("Methadone", "Methadone hydrochloride")


def test_changes_survive_a_new_file(editor, tmp_path):
    services.rename("sub-methadone", "en", "Methadone hydrochloride", by=editor, now=NOW)
    services.add_synonym("sub-methadone", "en", "dolly", by=editor, now=NOW)
    services.remove_synonym("sub-methadone", "en", "methadone syrup", by=editor, now=NOW)
    labels = {"en": "Xylazine", "ru": "Ксилазин", "fa": "زایلازین"}
    services.add_concept("sub-xylazine", "substance", "sub-opioids", labels, by=editor, now=NOW)
    file = tmp_path / "again.csv"
    file.write_text(small_vocabulary().read_text("utf-8").replace("Opium,", "Opium itself,"), "utf-8")
    assert services.load_seed(by=SYSTEM, seed=file)
    assert queries.find_labels(["sub-methadone"], "en")["sub-methadone"] == "Methadone hydrochloride"
    names = queries.find_names("sub-methadone")["en"]
    assert "dolly" in names
    assert "methadone syrup" not in names
    assert named("ксилазин") == ["sub-xylazine"]


def test_a_concept_that_is_no_longer_used_leads_to_its_successor(editor):
    labels = {"en": "Poppy milk", "ru": "Маковое молоко", "fa": "شیر خشخاش"}
    services.add_concept("sub-poppy-milk", "substance", "sub-opioids", labels, by=editor, now=NOW)
    services.deprecate("sub-poppy-milk", "sub-opium", by=editor, now=NOW)
    assert named("poppy milk") == ["sub-opium"]
    assert queries.find_concept_page("sub-poppy-milk", "en").replaced_by == "sub-opium"
    assert "sub-poppy-milk" not in dict(queries.list_choices("substance", "en"))
    with pytest.raises(NotFound):
        services.rename("sub-poppy-milk", "en", "Milk", by=editor, now=NOW)


@pytest.mark.parametrize(
    ("lang", "text", "fault"),
    [
        ("fa", "متادون ترياك", "arabic_letters"),
        ("fa", "متادون\u200c ", "half_space_wrong"),
        ("fa", "метадон", "script_wrong"),
        ("ru", "متادون", "script_wrong"),
        ("en", "метадон", "script_wrong"),
        ("en", "two  spaces", "name_shape"),
        ("en", "one|two", "name_shape"),
        ("en", " ", "name_empty"),
        ("en", "x" * 201, "name_shape"),
        ("de", "Methadon", "language_unknown"),
        ("ru", "СНИЛС 112-233-445 95", "identifier_found"),
    ],
)
def test_names_follow_the_rules_of_the_file(editor, lang, text, fault):
    with pytest.raises(Invalid) as refusal:
        services.add_synonym("sub-methadone", lang, text.rstrip(" ") or text, by=editor, now=NOW)
    assert [problem.code for problem in refusal.value.problems] == [fault]


@pytest.mark.parametrize(
    ("concept", "scheme", "parent", "fault"),
    [
        ("xylazine", "substance", "", "id_wrong"),
        ("sub-Xylazine", "substance", "", "id_wrong"),
        ("int-xylazine", "substance", "", "id_wrong"),
        ("sub-x", "planets", "", "scheme_unknown"),
        ("sub-methadone", "substance", "", "id_taken"),
        ("sub-x", "substance", "int-mmt", "parent_wrong"),
        ("sub-x", "substance", "sub-nothing", "parent_wrong"),
    ],
)
def test_a_new_concept_follows_the_rules_of_the_file(editor, concept, scheme, parent, fault):
    labels = {"en": "X", "ru": "Икс", "fa": "ایکس"}
    with pytest.raises(Invalid) as refusal:
        services.add_concept(concept, scheme, parent, labels, by=editor, now=NOW)
    assert fault in [problem.code for problem in refusal.value.problems]


def test_a_successor_is_another_concept_of_the_scheme(editor):
    for successor in ("sub-methadone", "int-mmt", "sub-nothing"):
        with pytest.raises(Invalid):
            services.deprecate("sub-methadone", successor, by=editor, now=NOW)


def test_the_same_name_twice_and_a_name_that_is_not_there_are_refused(editor):
    with pytest.raises(Conflict):
        services.rename("sub-methadone", "en", "Methadone", by=editor, now=NOW)
    services.add_synonym("sub-methadone", "en", "dolly", by=editor, now=NOW)
    with pytest.raises(Conflict):
        services.add_synonym("sub-methadone", "en", "dolly", by=editor, now=NOW)
    with pytest.raises(NotFound):
        services.remove_synonym("sub-methadone", "en", "no such word", by=editor, now=NOW)


def test_only_editors_change_words(editor):
    for role in ("clinician", "translator", "country_admin"):
        with pytest.raises(NotAllowed):
            services.add_synonym("sub-methadone", "en", "dolly", by=make_user(role), now=NOW)


def test_the_history_is_append_only(editor):
    services.add_synonym("sub-methadone", "en", "dolly", by=editor, now=NOW)
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.delete(VocabularyChange))
    db.session.rollback()
