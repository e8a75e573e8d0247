"""The table of features: every test that it names exists, every page is an address, no cell is empty."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
TABLES = (
    "Features",
    "What is joined here",
    "Sentences that must hold",
    "Bad input, and the answer to it",
)
LEAST = {"Features": 35, "What is joined here": 6, "Sentences that must hold": 20,
         "Bad input, and the answer to it": 11}  # fmt: skip
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
ADDRESS = re.compile(r"`(/[^`]*)`")


def rows(title):
    """Cells of every row of the table under a heading."""
    lines = TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0].strip().split("\n")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


ALL = [(title, row) for title in TABLES for row in rows(title)]


@cache
def functions(path):
    """Names of the tests of a file, also of those in classes."""
    if not (ROOT / "tests" / path).is_file():
        return frozenset()
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    found = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


@pytest.mark.parametrize("title", TABLES)
def test_tables_are_whole_and_no_cell_is_empty(title):
    found = rows(title)
    columns = TEXT.split(f"\n## {title}\n")[1].strip().split("\n")[0].count("|") - 1
    assert len(found) >= LEAST[title]
    assert [row for row in found if len(row) != columns or not all(row)] == []
    assert len({row[0] for row in found}) == len(found)


def test_every_test_that_is_named_exists():
    named = [(row[0], pair) for _, row in ALL for pair in NAMED.findall(row[-1])]
    assert [row[0] for _, row in ALL if not NAMED.search(row[-1])] == []
    assert [(feature, pair) for feature, pair in named if pair[1] not in functions(pair[0])] == []


def test_every_cell_of_tests_holds_names_of_tests_only():
    assert [row[-1] for _, row in ALL if NAMED.sub("", row[-1]).strip(" ·")] == []


def test_every_page_is_an_address_of_the_product(app):
    known = {shape(rule.rule) for rule in app.url_map.iter_rules()}
    pages = [(row[0], row[-2]) for _, row in ALL]
    assert [page for page in pages if not ADDRESS.fullmatch(page[1])] == []
    assert [page for page in pages if shape(page[1].strip("`")) not in known] == []


def shape(rule):
    """An address with a star for everything that varies."""
    whole = rule.replace("<int:major>.<int:minor>", "*")
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", whole)


def test_the_sentences_are_each_named_by_a_test():
    """1 to 16, O1, O2 and O9: the name of the test carries the number of the sentence."""
    for row in rows("Sentences that must hold"):
        number = row[0].split(".")[0].rstrip("ab")
        mark = f"test_{number.lower()}_" if number.startswith("O") else f"test_19_{number}_"
        assert any(name.startswith(mark) for _, name in NAMED.findall(row[-1])), row[0]


def test_the_licence_of_the_software_is_in_the_tree():
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0" in licence
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
