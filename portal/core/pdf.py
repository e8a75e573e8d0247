"""PDF by typst: a template of the product and data as JSON. Knows no feature and reads no clock.

The source is never made of what people wrote. Fonts are those of the pages, as `portal assets` converts
them; a character that none of them has becomes a visible gap, because tagged PDF refuses an invisible one.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from portal.config import ROOT
from portal.core.observe import LOGGER

TEMPLATES: Final = ROOT / "portal" / "templates" / "typst"
FONTS: Final = ROOT / "portal" / "static" / "vendor" / "pdf"
FACES: Final = (
    "Golos Text", "Golos Text Cyrillic", "Golos Text Latin Ext", "Golos Text Cyrillic Ext", "Vazirmatn",
    "Clinical Symbols",
)  # fmt: skip
STANDARD: Final = "ua-1"
UNKNOWN: Final = "[?]"


class FontsMissing(RuntimeError):
    """`portal assets` has not run."""


def compile_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The template filled with the data, tagged and to PDF/UA-1. Equal data give equal bytes."""
    pdf, warnings = compile_with_warnings(template, data)
    for warning in warnings:
        LOGGER.warning("typst: %s", warning)
    return pdf


def compile_with_warnings(template: str, data: Mapping[str, Any]) -> tuple[bytes, list[str]]:
    """The same with what typst found doubtful; tests want nothing there."""
    import typst

    text = as_text(data)
    compiler = typst.Compiler(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=_fonts(), sys_inputs={"data": text}
    )
    pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=[STANDARD])
    assert isinstance(pdf, bytes)  # without `output` typst gives the document back
    return pdf, [str(warning.message) for warning in warnings]


def as_text(data: Mapping[str, Any]) -> str:
    """The data as JSON of characters that our faces have. Most data hold no others: those are not walked."""
    told = {**data, "fonts": FACES}
    text = json.dumps(told, ensure_ascii=False)
    if "\\u" not in text and _covered().issuperset(map(ord, set(text))):
        return text
    return json.dumps(_printable(told), ensure_ascii=False)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Our faces alone, read once a process: neither the machine's nor the ones inside typst."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(held) for name, held in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list | tuple) else value


def printable(text: str) -> str:
    """The text with `[?]` for every character that no face has; signs without a shape of their own go."""
    missing = {ord(char) for char in text} - _covered()
    return text.translate({code: _instead(chr(code)) for code in missing}) if missing else text


def _instead(char: str) -> str:
    if unicodedata.category(char) in ("Cc", "Cf", "Mn"):
        return ""
    return "\u00a0" if char.isspace() else UNKNOWN


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Code points of all faces, read once a process."""
    from fontTools.ttLib import TTFont

    files = sorted(Path(FONTS).glob("*.ttf"))
    if not files:
        raise FontsMissing("no fonts for PDF: run `portal assets`")
    shown: set[int] = set()
    for path in files:
        with TTFont(path, lazy=True) as font:
            shown.update(font.getBestCmap())
    return frozenset(shown | {ord("\n"), ord("\t"), 0x200C, *range(0x2066, 0x206A)})
