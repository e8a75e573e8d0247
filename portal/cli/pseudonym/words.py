"""What the tool says, in three languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "ru", "fa")
PLACED: Final = frozenset({"not_digits", "check_digit", "empty"})
SENTENCES: Final[dict[str, dict[str, str]]] = tomllib.loads(
    (files("portal.cli.pseudonym") / "words.toml").read_text("utf-8")
)


def say(lang: str, code: str, **values: object) -> str:
    """The sentence of a code, preceded by its place in a table where it has one."""
    text = SENTENCES[code][lang].format(**values)
    placed = code in PLACED and "line" in values
    return SENTENCES["where"][lang].format(**values) + text if placed else text
