"""What is read of an edition is what was released, unchanged, and nothing of the registry."""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

from analytics.errors import NotReleased
from portal.extensions import db
from portal.registry.models import Episode
from portal.releases import queries
from portal.releases.models import ReleasedResult


def test_public_tables_come_back_in_catalogue_order_with_every_cell(published):
    tables = queries.public_tables(queries.latest_edition())
    assert [cell.cell for cell in tables["out"].value.cells] == [
        "in_treatment",
        "completed",
        "lost",
        "transferred",
        "other",
    ]
    assert tables["total"].value.cells[0].count.value == pytest.approx(2038, abs=23)


def test_results_are_found_by_kind_country_and_class(published):
    edition = queries.latest_edition()
    (curves,) = queries.approved_results(edition, "curves", country="IR")
    assert (curves.klass, curves.released.kind, curves.method.split(" ")[0]) == (
        "agonist",
        "curves",
        "Kaplan-Meier",
    )
    assert queries.approved_results(edition, "curves", klass="residential") == []
    assert len(queries.approved_results(edition)) == queries.count_results(edition)


def test_result_changed_behind_the_databases_back_is_not_shown(published):
    edition = queries.latest_edition()
    db.session.execute(sa.text("DROP TRIGGER released_result_no_update"))
    db.session.execute(sa.update(ReleasedResult).values(payload=ReleasedResult.payload + " "))
    with pytest.raises(NotReleased):
        queries.approved_results(edition)
    db.session.rollback()


def test_later_entries_change_nothing_that_is_read(published):
    edition = queries.latest_edition()
    before = [r.released.to_json() for r in queries.approved_results(edition)]
    tables = {name: table.to_json() for name, table in queries.public_tables(edition).items()}
    db.session.execute(sa.update(Episode).values(sex=2, discharge_reason=11))
    db.session.commit()
    assert [r.released.to_json() for r in queries.approved_results(edition)] == before
    assert {name: table.to_json() for name, table in queries.public_tables(edition).items()} == tables


def test_queries_and_models_never_mention_the_registry():
    folder = Path(queries.__file__).parent
    for name in ("queries.py", "models.py"):
        tree = ast.parse((folder / name).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {module for module in imported if module and module.startswith("portal.registry")}
