"""Loading the seed: fast, once, audited."""

import time

import pytest
import sqlalchemy as sa

from portal.core.audit import AuditEvent
from portal.core.errors import NotAllowed
from portal.core.permissions import SYSTEM, Role, SystemActor
from portal.extensions import db
from portal.vocabulary import queries, services, thesaurus
from portal.vocabulary.models import Concept, ConceptName


def test_seed_loads_every_concept_and_name_within_two_seconds(app):
    started = time.perf_counter()
    assert services.load_seed(by=SYSTEM)
    assert time.perf_counter() - started < 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Concept)) == 313
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ConceptName)) > 2800


def test_second_load_changes_nothing(loaded):
    assert not services.load_seed(by=SYSTEM)
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.event == "vocabulary.loaded")) == 1


def test_changed_file_renews_names_and_keeps_ids(loaded, tmp_path):
    changed = tmp_path / "changed.csv"
    text = services.SEED.read_text("utf-8").replace(
        "Methadone maintenance treatment", "Methadone upkeep treatment"
    )
    changed.write_text(text, "utf-8")
    assert services.load_seed(by=SYSTEM, seed=changed)
    assert queries.find_labels(["int-mmt"], "en")["int-mmt"].startswith("Methadone upkeep treatment")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Concept)) == 313
    assert thesaurus.current().label("int-mmt", "en").startswith("Methadone upkeep")


def test_only_the_installation_or_who_runs_the_machine_loads(app):
    clinician = SystemActor(id=5, role_codes=frozenset({Role.CLINICIAN}))
    with pytest.raises(NotAllowed):
        services.load_seed(by=clinician)
    runner = SystemActor(id=6, role_codes=frozenset({Role.SYSTEM_ADMIN}))
    assert services.load_seed(by=runner)


def test_circular_parents_are_refused_and_nothing_is_written(app, tmp_path):
    head, first, *_ = services.SEED.read_text("utf-8").splitlines()
    circular = tmp_path / "circular.csv"
    circular.write_text(
        "\n".join(
            [
                head,
                first.replace("sub-psychoactive,substance,,", "sub-psychoactive,substance,sub-psychoactive,"),
            ]
        ),
        "utf-8",
    )
    with pytest.raises(ValueError, match="circular"):
        services.load_seed(by=SYSTEM, seed=circular)
    assert queries.find_version() is None
    assert not queries.list_concepts()
