"""The faces of PDF: the same files that the pages load, as TTF, one family name to each file.

The typesetter takes neither woff2 nor a second file under one family name: without a name of its own the
Cyrillic half of a face would be passed over in silence.
"""

import io
from pathlib import Path
from typing import Final

FAMILIES: Final = {
    "golos-text-latin-wght-normal": "Golos Text",
    "golos-text-cyrillic-wght-normal": "Golos Text Cyrillic",
    "golos-text-latin-ext-wght-normal": "Golos Text Latin Ext",
    "golos-text-cyrillic-ext-wght-normal": "Golos Text Cyrillic Ext",
    "vazirmatn-arabic-wght-normal": "Vazirmatn",
    "clinical-symbols": "Clinical Symbols",
}
_FAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC, _VARIATIONS = 1, 4, 6, 16, 25


def sources(static: Path, modules: Path) -> dict[str, Path]:
    """Where each file lies, by its name without ending."""
    packages = {"golos-text": modules / "@fontsource-variable/golos-text/files",
                "vazirmatn": modules / "@fontsource-variable/vazirmatn/files"}  # fmt: skip
    own = static / "fonts"
    return {
        name: next((folder for family, folder in packages.items() if name.startswith(family)), own)
        / f"{name}.woff2"
        for name in FAMILIES
    }


def to_ttf(data: bytes, family: str) -> bytes:
    """A web font under this family name, as the typesetter reads it."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    font.flavor = None
    plain = family.replace(" ", "")
    names = {_FAMILY: family, _FULL: family, _TYPOGRAPHIC: family, _POSTSCRIPT: plain, _VARIATIONS: plain}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def write(static: Path, modules: Path, target: Path) -> None:
    """Every face into the folder."""
    target.mkdir(parents=True, exist_ok=True)
    for name, path in sources(static, modules).items():
        (target / f"{name}.ttf").write_bytes(to_ttf(path.read_bytes(), FAMILIES[name]))
