"""Documents: generated pages are current, every permission has a role, nothing private is told."""

import re
import subprocess
from pathlib import Path

from browser import pages
from browser.days import JOURNEYS

from portal.cli.docs import pages as generated
from portal.core.permissions import ROLES, Permission

ROOT = Path(__file__).resolve().parents[2]
MIN_WORDS = 4


def test_generated_pages_are_current():
    assert not [
        path.name for path, text in generated().items() if not path.exists() or path.read_text() != text
    ]


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


def walked(journey):
    """The section of the page of pictures that judges a journey."""
    return f"journey_{journey.name}"


def judged_steps(parts):
    """(journey, step) and the line that judges the picture of that moment."""
    return {
        (walked(journey), step): re.search(
            rf"^\| {step} {journey.lang} {journey.width} \| (.+) \|$",
            parts.get(walked(journey), ""),
            re.MULTILINE,
        )
        for journey in JOURNEYS
        for step in journey.steps
    }


def test_every_picture_of_every_page_is_judged_in_words_of_its_own():
    text = (ROOT / "docs" / "screens.md").read_text()
    settings = [f"{lang} {width}" for lang in ("en", "ru", "fa") for width in (1280, 390)]
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    lines = {
        (page.name, setting): re.search(rf"^\| {setting} \| (.+) \|$", parts.get(page.name, ""), re.MULTILINE)
        for page in pages.PAGES
        for setting in settings
    }
    assert [key for key, found in lines.items() if not found] == []
    assert set(parts) == {page.name for page in pages.PAGES} | {walked(journey) for journey in JOURNEYS}
    lines |= judged_steps(parts)
    assert [key for key, found in lines.items() if not found] == []
    words = [found[1] for found in lines.values() if found]
    assert [word for word in words if len(word.split()) < MIN_WORDS] == []


def test_each_pdf_of_the_samples_has_one_line_of_judgement():
    rows = re.findall(
        r"^\| (PR-\d{4} (?:en|ru|fa)) \| (.+) \|$", (ROOT / "docs/pdf.md").read_text(), re.MULTILINE
    )
    assert [name for name, _ in rows] == [
        f"PR-{n:04d} {lang}" for n in range(1, 13) for lang in ("en", "ru", "fa")
    ]
    assert all(len(said.split()) >= MIN_WORDS for _, said in rows)
    assert len({said for _, said in rows}) == len(rows)
