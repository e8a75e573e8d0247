"""The import contracts hold, and each still bites: one planted line in a copy breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path(sys.executable).parent / "lint-imports"

# contract -> (file in the copy, line that breaks it)
BREACHES = {
    "analytics-pure": ("analytics/schema/__init__.py", "import flask"),
    "plotly-in-figures": ("portal/pages/__init__.py", "import plotly"),
    "duckdb-in-engine": ("portal/registry/__init__.py", "import duckdb"),
    "polars-where-rows-are-judged": ("portal/pages/__init__.py", "import polars"),
    "analytics-layers": ("analytics/errors.py", "import analytics.intervals"),
    "root-without-figures": ("analytics/__init__.py", "import analytics.figures"),
    "feature-order": ("portal/accounts/__init__.py", "import portal.protocols"),
    "inside-core": ("portal/core/errors.py", "import portal.core.web"),
    "inside-features": ("portal/accounts/models.py", "import portal.accounts.views"),
    "inside-readers": ("portal/pages/utils.py", '"""Nameless."""'),
    "views-by-factory": ("portal/core/web.py", "import portal.pages.views"),
    "rules-without-http": ("portal/accounts/policies.py", "import flask"),
    "dashboards-not-registry": ("portal/pages/__init__.py", "import portal.registry.models"),
    "registry-rows": ("portal/api/__init__.py", "import portal.registry.models"),
    "editions-compute": ("portal/protocols/__init__.py", "import analytics.cube"),
    "one-door": ("portal/registry/__init__.py", "import analytics.disclosure"),
    "no-re-export": ("portal/accounts/__init__.py", "import portal.core.db"),
}


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for name in contracts for part in ("--contract", name)]
    return subprocess.run(
        [str(TOOL), "--no-cache", *chosen], cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    for name in ("portal", "analytics"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("static", "templates", "__pycache__", "*.csv"),
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_hold():
    run = lint(ROOT)
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_is_found(copy, contract):
    file, line = BREACHES[contract]
    path = copy / file
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    run = lint(copy, contract)
    assert run.returncode != 0
    assert "BROKEN" in run.stdout, run.stdout[-500:]
