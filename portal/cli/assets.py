"""Front-end files: bring, cut, name by content, compress, list. Runs without the application or a database.

What is named by its content may be kept for ever by the browser; `portal.core.web.asset` turns the plain
name that templates use into that address. Without a built folder the plain own files are served instead.
"""

import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from portal.cli import pdf_fonts
from portal.config import ROOT

STATIC: Final = ROOT / "portal" / "static"
MODULES: Final = ROOT / "node_modules"
OWN: Final = ("css", "js", "img", "fonts")
FACES: Final = (("golos-text", "latin"), ("golos-text", "cyrillic"), ("vazirmatn", "arabic"))
BROUGHT: Final = {"vendor/plotly-basic.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js"} | {
    f"fonts/{family}-{script}-wght-normal.woff2": (
        f"@fontsource-variable/{family}/files/{family}-{script}-wght-normal.woff2"
    )
    for family, script in FACES
}
WEIGHTS: Final = (400, 700)
TEXT: Final = (".css", ".js", ".svg")
_SPACES: Final = re.compile(rb"(\"[^\"]*\")|\s*([{};,])\s*|(:)\s+|\s+")
_URL: Final = re.compile(rb"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")


class AssetsMissing(click.ClickException):
    """A package that npm has not brought yet."""

    exit_code = 2


def sources(static: Path, modules: Path) -> dict[str, Path]:
    """Every file that is served, by its plain name."""
    found = {name: modules / place for name, place in BROUGHT.items()}
    for folder in OWN:
        files = sorted(p for p in (static / folder).rglob("*") if p.is_file())
        found |= {p.relative_to(static).as_posix(): p for p in files if p.suffix != ".txt"}
    printed = pdf_fonts.sources(static, modules).values()
    missing = [str(p) for p in (*found.values(), *printed) if not p.exists()]
    if missing:
        raise AssetsMissing(f"not found: {missing[0]}. Run `npm ci` (or `make setup`) first.")
    return found


def fingerprint(files: dict[str, Path]) -> str:
    """Changes when any source, or this module, changes."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(pdf_fonts.__file__).read_bytes())
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def cut_weights(data: bytes) -> bytes:
    """A variable font without the weights that the stylesheet never asks for."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    if "fvar" not in font:
        return data
    out = io.BytesIO()
    cut = instantiateVariableFont(font, {"wght": WEIGHTS})
    cut.flavor = "woff2"
    cut.save(out)
    return out.getvalue()


def compact(css: bytes) -> bytes:
    """Comments and spaces are for us; selectors, values and quoted text stay as written."""
    css = re.sub(rb"/\*.*?\*/", b"", css, flags=re.DOTALL)
    return (
        _SPACES.sub(lambda found: found[1] or found[2] or found[3] or b" ", css).replace(b";}", b"}").strip()
        + b"\n"
    )


def hashed_name(name: str, data: bytes) -> str:
    plain = Path(name)
    return f"{plain.stem}.{hashlib.sha256(data).hexdigest()[:12]}{plain.suffix}"


def rewrite(css: bytes, manifest: dict[str, str]) -> bytes:
    """Point `url()` to the hashed files; all of them lie in one folder."""

    def swap(found: re.Match[bytes]) -> bytes:
        name = found[1].decode().removeprefix("../")
        return f"url({manifest[name]})".encode() if name in manifest else found[0]

    return _URL.sub(swap, css)


def prepared(name: str, data: bytes, manifest: dict[str, str]) -> bytes:
    if name.endswith(".woff2"):
        return cut_weights(data)
    return rewrite(compact(data), manifest) if name.endswith(".css") else data


def compressed(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Ready answers for browsers that take them; fonts are compressed already."""
    if not name.endswith(TEXT):
        return
    import brotli

    yield ".br", brotli.compress(data, quality=11)
    yield ".gz", gzip.compress(data, compresslevel=9, mtime=0)


def build(static: Path, modules: Path) -> bool:
    """Make the folder `vendor` and its manifest; False when it is already right."""
    files, target = sources(static, modules), static / "vendor"
    stamp, wanted = target / ".stamp", fingerprint(files)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        (target / "manifest.json").touch()  # make compares times
        return False
    target.mkdir(exist_ok=True)
    before, manifest = served(target), write_all(files, target)
    pdf_fonts.write(static, modules, target / "pdf")
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="ascii")
    stamp.write_text(wanted, encoding="ascii")
    clear(target, {*manifest.values(), *before})
    return True


def served(target: Path) -> set[str]:
    """Names of the build before: pages and processes that began with it still ask for them."""
    manifest = target / "manifest.json"
    return set(json.loads(manifest.read_text(encoding="ascii")).values()) if manifest.exists() else set()


def clear(target: Path, kept: set[str]) -> None:
    """Delete what neither this build nor the one before named, with its compressed forms."""
    for path in target.iterdir():
        plain = path.name.removesuffix(".br").removesuffix(".gz")
        if path.is_file() and plain not in {"manifest.json", ".stamp", *kept}:
            path.unlink()


def write_all(files: dict[str, Path], target: Path) -> dict[str, str]:
    """Stylesheets come last: they name the other files."""
    manifest: dict[str, str] = {}
    for name in sorted(files, key=lambda n: (n.endswith(".css"), n)):
        data = prepared(name, files[name].read_bytes(), manifest)
        manifest[name] = hashed_name(name, data)
        (target / manifest[name]).write_bytes(data)
        for ending, packed in compressed(name, data):
            (target / f"{manifest[name]}{ending}").write_bytes(packed)
    return manifest


def clean_lock(text: str) -> str:
    """A lock file without addresses: npm writes who asks for money, and where."""
    lock: dict[str, Any] = json.loads(text)
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    return json.dumps(lock, indent=2) + "\n"


@click.command()
@click.option("--lock", is_flag=True, help="Only take the addresses out of package-lock.json.")
def assets(*, lock: bool) -> None:
    """Make the hashed and compressed files that the portal serves."""
    if lock:
        path = ROOT / "package-lock.json"
        path.write_text(clean_lock(path.read_text(encoding="utf-8")), encoding="utf-8")
        return
    click.echo("assets: made" if build(STATIC, MODULES) else "assets: up to date")


if __name__ == "__main__":
    assets()
