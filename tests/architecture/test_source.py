"""What the import linter cannot see, asserted from the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted([*ROOT.glob("portal/**/*.py"), *ROOT.glob("analytics/**/*.py")])
TEMPLATES = sorted(ROOT.glob("portal/templates/**/*.html"))
FUNCTION_LIMIT = 50
VIEW_LIMIT = 20
FILE_LIMIT = 400
NAMELESS = {"utils", "helpers", "common", "misc"}


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    doc = node.body[0] if ast.get_docstring(node) else None
    return node.end_lineno - node.lineno + 1 - ((doc.end_lineno - doc.lineno + 1) if doc else 0)


def is_view(path: Path) -> bool:
    return path.name == "views.py" or path.parent.name == "views"


def decorators(node: ast.FunctionDef) -> str:
    return " ".join(ast.unparse(d) for d in node.decorator_list)


@pytest.mark.parametrize("path", PYTHON, ids=short)
def test_functions_are_short(path):
    long = [f"{n.name} ({length(n)})" for n in functions(path) if length(n) > FUNCTION_LIMIT]
    assert not long


@pytest.mark.parametrize("path", [p for p in PYTHON if is_view(p)], ids=short)
def test_views_are_short(path):
    routed = [n for n in functions(path) if "blueprint." in decorators(n)]
    long = [f"{n.name} ({length(n)})" for n in routed if length(n) > VIEW_LIMIT]
    assert not long


def test_files_are_short():
    long = [f"{short(p)} ({n})" for p in PYTHON if (n := len(p.read_text().splitlines())) > FILE_LIMIT]
    assert not long


def test_no_module_is_nameless():
    assert not [short(p) for p in PYTHON if p.stem in NAMELESS]


def test_every_module_says_what_belongs_in_it():
    assert not [short(p) for p in PYTHON if not ast.get_docstring(ast.parse(p.read_text()))]


@pytest.mark.parametrize("path", [p for p in PYTHON if is_view(p)], ids=short)
def test_views_hold_no_sql(path):
    text = path.read_text()
    assert not re.search(r"db\.session|\bselect\(|sqlalchemy", text)


@pytest.mark.parametrize("path", sorted(ROOT.glob("portal/*/policies.py")), ids=short)
def test_policies_come_in_pairs(path):
    found = {n.name: ast.unparse(n.args) for n in functions(path) if not n.name.startswith("_")}
    checks = {
        name.removeprefix("check_"): args for name, args in found.items() if name.startswith("check_can_")
    }
    answers = {name: args for name, args in found.items() if name.startswith("can_")}
    assert checks == answers


VERBS = [p for p in PYTHON if "services" in p.parts or p.name == "services.py"]


@pytest.mark.parametrize("path", VERBS, ids=short)
def test_writing_verbs_name_who_acts(path):
    """A public function that opens a transaction takes `by`, keyword-only; bookkeeping needs no actor."""
    faults = [
        n.name
        for n in ast.parse(path.read_text()).body
        if isinstance(n, ast.FunctionDef)
        and not n.name.startswith("_")
        and "transaction" in [ast.unparse(d) for d in n.decorator_list]
        and "by" not in [a.arg for a in n.args.kwonlyargs]
    ]
    assert not faults


def test_templates_format_nothing_by_themselves():
    """Numbers and dates go through core.i18n; Flask-Babel's filters print Latin digits in Persian."""
    banned = re.compile(
        r"\|\s*(dateformat|datetimeformat|numberformat|decimalformat|percentformat|currencyformat|safe)\b"
    )
    assert not [short(p) for p in TEMPLATES if banned.search(p.read_text())]


def test_people_come_first_in_words():
    """`addicts` is the published name of a data set; nobody is called so by us."""
    banned = re.compile(r"\b(addicts?|abusers?|junkie|drug users?)\b", re.IGNORECASE)
    faults = [
        f"{short(p)}: {line.strip()[:80]}"
        for p in (*PYTHON, *TEMPLATES)
        for line in p.read_text().splitlines()
        if banned.search(line) and "addicts.csv" not in line and "data set" not in line
    ]
    assert not faults


def test_no_address_outside_ourselves_is_loaded():
    loaded = re.compile(r"""(src|href|action|url\()\s*=?\s*["'(]?\s*(https?:)?//""")
    css = ROOT.glob("portal/static/css/*.css")
    links = re.compile(r"<a\s[^>]*>", re.DOTALL)
    faults = [short(p) for p in (*TEMPLATES, *css) if loaded.search(links.sub("", p.read_text()))]
    assert not faults


def test_locks_name_no_host():
    files = [*ROOT.glob("requirements/*.lock"), ROOT / "package-lock.json"]
    assert not [short(p) for p in files if "://" in p.read_text() or '"resolved"' in p.read_text()]


def test_analytics_root_and_light_modules_load_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys, portal.app;"
        "heavy = [m for m in ('pandas','scipy','plotly','duckdb','polars','pyarrow','pyspark') if m in sys.modules];"
        "print(heavy)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"
