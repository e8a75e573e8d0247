"""Descriptors of programmes: region groups, kinds of centre, ownership, modalities, with labels."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

COUNTRIES: Final = ("IR", "RU")
# Russian law forbids substitution treatment with methadone or buprenorphine (registry rule R16).
FORBIDDEN_IN_RUSSIA: Final = frozenset({"M13", "M20", "M21", "M22", "M23", "M24"})
_FILE: Final = Path(__file__).parent / "data" / "descriptors.toml"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One answer: its code, the countries where it is possible, its labels by language."""

    code: str
    countries: tuple[str, ...]
    labels: dict[str, str]
    group: str = ""

    def label(self, language: str) -> str:
        return self.labels[language]


@lru_cache(maxsize=1)
def descriptors() -> dict[str, tuple[Descriptor, ...]]:
    """Every list by name: region, centre_type, ownership, modality."""
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: tuple(_descriptor(row) for row in table["codes"]) for name, table in lists.items()}


def find(name: str, code: str | int) -> Descriptor | None:
    return next((d for d in descriptors()[name] if d.code == str(code)), None)


def possible(name: str, country: str) -> tuple[Descriptor, ...]:
    """The answers of a list that exist in a country."""
    return tuple(d for d in descriptors()[name] if country in d.countries)


def label(name: str, code: str | int, language: str) -> str:
    """The label of a code; the code itself where it is unknown."""
    found = find(name, code)
    return found.label(language) if found else str(code)


def _descriptor(row: dict[str, object]) -> Descriptor:
    countries = (
        row.get("countries") or [row["country"]] if "country" in row or "countries" in row else COUNTRIES
    )
    assert isinstance(countries, list | tuple)
    labels = {tag: str(row[tag]) for tag in ("en", "ru", "fa")}
    return Descriptor(str(row["code"]), tuple(countries), labels, str(row.get("group", "")))
