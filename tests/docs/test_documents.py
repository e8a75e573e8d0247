"""Documents: generated pages are current, every permission has a role, nothing private is told."""

import re
import subprocess
from pathlib import Path

from portal.cli.docs import pages
from portal.core.permissions import ROLES, Permission

ROOT = Path(__file__).resolve().parents[2]


def test_generated_pages_are_current():
    assert not [path.name for path, text in pages().items() if not path.exists() or path.read_text() != text]


def test_every_permission_has_a_role():
    assert set().union(*ROLES.values()) == set(Permission)


def tracked() -> list[Path]:
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = run.stdout.split() or [str(p.relative_to(ROOT)) for p in ROOT.glob("portal/**/*.py")]
    return [ROOT / name for name in names]


def test_the_project_names_no_machine_and_no_registry_host():
    banned = re.compile(
        "pypi" + r"\.org|registry\." + "npmjs|/work" + "/main|/tmp" + "/te/|files\\.python" + "hosted"
    )
    text = {
        ".py",
        ".md",
        ".toml",
        ".html",
        ".json",
        ".lock",
        ".in",
        ".txt",
        ".css",
        ".js",
        ".po",
        ".pot",
        ".csv",
    }
    found = [p.name for p in tracked() if p.suffix in text and p.exists() and banned.search(p.read_text())]
    assert not found


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in tracked():
        if path.suffix != ".md" or not path.exists():
            continue
        targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text())
        broken += [f"{path.name}: {target}" for target in targets if not (path.parent / target).exists()]
    assert not broken
