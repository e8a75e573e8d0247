"""Docstrings run as examples and are complete; METHODS.md names every method; light modules stay light."""

import ast
import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import analytics

HERE = Path(analytics.__file__).parent
METHOD_MODULES = (
    "intervals", "cube", "survival", "competing_risks", "change", "case_mix", "standardisation", "funnel", "side_by_side", "quality",
    "schema",
)  # fmt: skip
LIGHT = ("errors", "schema", "outcomes", "instruments")
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(analytics.__path__, "analytics.")
    if not module.name.endswith("__main__")
)


def public_functions():
    """(module, function) of everything a method module exports."""
    for name in METHOD_MODULES:
        module = importlib.import_module(f"analytics.{name}")
        exported = getattr(module, "__all__", None) or [
            each for each in vars(module) if not each.startswith("_")
        ]
        for each in exported:
            value = getattr(module, each)
            if (
                getattr(value, "__module__", "").startswith(f"analytics.{name}")
                and type(value).__name__ == "function"
            ):
                yield name, value


FUNCTIONS = [
    pytest.param(module, function, id=f"{module}.{function.__name__}")
    for module, function in public_functions()
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


@pytest.mark.parametrize("name", METHOD_MODULES)
def test_method_module_has_examples(name):
    parts = [module for module in MODULES if f"{module}.".startswith(f"analytics.{name}.")]
    attempted = [doctest.testmod(importlib.import_module(part)).attempted for part in parts]
    assert sum(attempted) > 0


@pytest.mark.parametrize(("module", "function"), FUNCTIONS)
def test_public_function_documents_what_it_takes_gives_and_shows(module, function):
    text = function.__doc__ or ""
    assert text.split("\n", 1)[0].endswith(".")
    assert "Examples\n" in text or module == "schema"
    long = "Parameters\n" in text
    assert long or module == "schema"
    if long:
        assert "Returns\n" in text
        documented = text.split("Parameters\n", 1)[1].split("Returns\n", 1)[0]
        names = function.__code__.co_varnames[
            : function.__code__.co_argcount + function.__code__.co_kwonlyargcount
        ]
        assert [name for name in names if name not in documented] == []


def test_every_method_stands_in_methods_md():
    text = (HERE / "METHODS.md").read_text(encoding="utf-8")
    names = {function.__name__ for module, function in public_functions() if module not in {"schema", "cube"}}
    assert [name for name in sorted(names) if f".{name}`" not in text] == []


@pytest.mark.parametrize("name", LIGHT)
def test_module_of_the_web_process_loads_no_heavy_package(name):
    heavy = ("pandas", "scipy", "duckdb", "plotly", "pyarrow", "polars")
    code = f"import sys, analytics.{name}; sys.exit(any(each in sys.modules for each in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=HERE.parent, check=False).returncode == 0


def test_run_time_code_names_no_reference_package():
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [
                name for name in names if name.split(".", maxsplit=1)[0] in {"statsmodels", "lifelines"}
            ], path


def test_every_definition_stands_in_methods_md_as_it_is_in_its_file():
    from analytics.outcomes.catalogue import definitions

    text = (HERE / "METHODS.md").read_text(encoding="utf-8")
    for each in definitions().values():
        assert f"| `{each.id}` | {each.numerator} | {each.denominator} | {each.missing} |" in text
