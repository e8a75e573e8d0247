"""Front-end files: exact versions, no addresses, cut fonts, hashed names, a second call that does nothing."""

import gzip
import hashlib
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont

from portal.cli import assets, pdf_fonts

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "portal" / "static"
FONTS = ROOT / "node_modules" / "@fontsource-variable"
SYMBOLS = "≥≤≠≈→₂⁺α◆"


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Own files of the product and small stand-ins for what npm brings."""
    static, modules = tmp_path / "static", tmp_path / "node_modules"
    for folder in assets.OWN:
        shutil.copytree(STATIC / folder, static / folder)
    printed = pdf_fonts.sources(static, modules).values()
    for path in {*(modules / place for place in assets.BROUGHT.values()), *printed}:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"brought " + path.name.encode())
    monkeypatch.setattr(assets, "cut_weights", lambda data: data)
    monkeypatch.setattr(pdf_fonts, "to_ttf", lambda data, family: family.encode() + data)
    return static, modules


def test_versions_are_exact():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert wanted == {
        "plotly.js-basic-dist-min": "4.1.1", "@fontsource-variable/golos-text": "5.3.0",
        "@fontsource-variable/vazirmatn": "5.3.0", "axe-core": "4.14.1",
    }  # fmt: skip


def test_the_lock_file_names_no_address():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r"://|resolved|funding", text)
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_cleaning_a_lock_file_keeps_hashes_and_drops_addresses():
    dirty = {
        "packages": {
            "": {"name": "x"},
            "a": {"integrity": "sha512-1", "resolved": "https://r", "funding": {"url": "https://f"}},
        }
    }
    assert json.loads(assets.clean_lock(json.dumps(dirty))) == {
        "packages": {"": {"name": "x"}, "a": {"integrity": "sha512-1"}}
    }


def test_npm_runs_no_scripts_and_writes_no_addresses():
    lines = (ROOT / ".npmrc").read_text(encoding="utf-8").split()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true", "save-exact=true"} <= set(lines)


def test_faces_of_pdf_are_made_of_the_files_of_the_pages_each_under_its_own_family(folders):
    static, modules = folders
    assets.build(static, modules)
    made = {path.stem: path.read_bytes() for path in (static / "vendor" / "pdf").glob("*.ttf")}
    assert set(made) == set(pdf_fonts.FAMILIES)
    assert len(set(pdf_fonts.FAMILIES.values())) == len(made)
    assert made["vazirmatn-arabic-wght-normal"].startswith(b"Vazirmatn")


def test_a_face_of_pdf_carries_its_family_name_and_keeps_its_weights():
    data = (FONTS / "golos-text" / "files" / "golos-text-cyrillic-wght-normal.woff2").read_bytes()
    font = TTFont(io.BytesIO(pdf_fonts.to_ttf(data, "Golos Text Cyrillic")))
    assert (font.flavor, font["name"].getDebugName(1)) == (None, "Golos Text Cyrillic")
    assert ("fvar" in font, 0x0416 in font.getBestCmap()) == (True, True)


def test_every_name_carries_the_hash_of_its_content(folders):
    static, modules = folders
    assert assets.build(static, modules)
    manifest = json.loads((static / "vendor" / "manifest.json").read_text(encoding="ascii"))
    assert {
        "css/site.css",
        "js/site.js",
        "vendor/plotly-basic.min.js",
        "fonts/clinical-symbols.woff2",
    } <= set(manifest)
    for hashed in manifest.values():
        digest = hashlib.sha256((static / "vendor" / hashed).read_bytes()).hexdigest()
        assert hashed.split(".")[-2] == digest[:12]


def test_a_second_call_does_nothing(folders):
    assert assets.build(*folders) is True
    assert assets.build(*folders) is False


def rebuilt(static, modules, css):
    """Names of the stylesheet's files after a build with `css` in it."""
    (static / "css" / "site.css").write_text(css, encoding="ascii")
    assert assets.build(static, modules)
    return {p.name for p in (static / "vendor").glob("site.*.css*")}


def test_a_changed_file_gets_a_new_name_beside_the_one_that_open_pages_ask_for(folders):
    first = rebuilt(*folders, "a{color:red}")
    both = rebuilt(*folders, "a{color:green}")
    assert (len(first), len(both)) == (3, 6)
    assert first < both


def test_two_builds_later_the_old_file_goes(folders):
    first = rebuilt(*folders, "a{color:red}")
    both = rebuilt(*folders, "a{color:green}")
    last = rebuilt(*folders, "a{color:blue}")
    assert not first & last
    assert both - first < last


def test_stylesheets_name_the_hashed_fonts(folders):
    static, modules = folders
    assets.build(static, modules)
    manifest = json.loads((static / "vendor" / "manifest.json").read_text(encoding="ascii"))
    css = (static / "vendor" / manifest["css/fonts.css"]).read_text(encoding="ascii")
    asked = set(re.findall(r"url\(([^)]+)\)", css))
    assert asked == {name for plain, name in manifest.items() if plain.startswith("fonts/")}
    assert "/*" not in css


def test_styles_lose_comments_and_spaces_and_nothing_else():
    css = b"""/* why */
    a > b, .x :is(th, td):first-child { color : red; margin: calc(1px + 2px) 0; content: " ; } "; }
    @media (max-width: 40rem) and (hover: none) { .y { --z: 1; } }
    """
    assert assets.compact(css) == (
        b'a > b,.x :is(th,td):first-child{color :red;margin:calc(1px + 2px) 0;content:" ; } "}'
        b"@media (max-width:40rem) and (hover:none){.y{--z:1}}\n"
    )


def test_text_is_stored_compressed_and_reads_back(folders):
    static, modules = folders
    assets.build(static, modules)
    for path in (static / "vendor").glob("*.js"):
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
        assert path.with_name(f"{path.name}.br").stat().st_size > 0


def test_a_missing_package_is_named_with_the_way_out(folders):
    static, modules = folders
    shutil.rmtree(modules)
    with pytest.raises(assets.AssetsMissing, match="npm ci"):
        assets.build(static, modules)


def test_the_command_refuses_with_status_2_and_one_sentence(folders, monkeypatch):
    static, _ = folders
    monkeypatch.setattr(assets, "STATIC", static)
    monkeypatch.setattr(assets, "MODULES", static / "nowhere")
    result = CliRunner().invoke(assets.assets, [])
    assert result.exit_code == 2
    assert result.output.startswith("Error: not found")


def test_the_command_says_what_it_did(folders, monkeypatch):
    static, modules = folders
    monkeypatch.setattr(assets, "STATIC", static)
    monkeypatch.setattr(assets, "MODULES", modules)
    assert CliRunner().invoke(assets.assets, []).output == "assets: made\n"
    assert CliRunner().invoke(assets.assets, []).output == "assets: up to date\n"


@pytest.mark.parametrize(("family", "script"), assets.FACES)
def test_a_cut_font_keeps_400_to_700_and_every_letter(family, script):
    source = FONTS / family / "files" / f"{family}-{script}-wght-normal.woff2"
    if not source.exists():
        pytest.skip("node_modules is not there: run npm ci")
    data = source.read_bytes()
    cut = assets.cut_weights(data)
    font, whole = TTFont(io.BytesIO(cut)), TTFont(io.BytesIO(data))
    axis = font["fvar"].axes[0]
    assert (axis.minValue, axis.maxValue) == assets.WEIGHTS
    assert set(font.getBestCmap()) == set(whole.getBestCmap())
    assert len(cut) < len(data)
    assert len(cut) <= 36_000
    assert assets.cut_weights(data) == cut


def test_the_own_symbols_are_in_the_tree_with_their_licence():
    font = TTFont(STATIC / "fonts" / "clinical-symbols.woff2")
    assert all(ord(c) in font.getBestCmap() for c in SYMBOLS)
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8")


def test_no_file_of_others_is_kept_in_the_tree():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"node_modules/", "portal/static/vendor/"} <= set(ignored)


def test_without_a_built_folder_the_plain_file_is_served(app, monkeypatch):
    from portal.core import web

    monkeypatch.setattr(web, "_manifest", dict)
    assert web.asset("css/site.css") == "/static/css/site.css"


def test_a_built_folder_gives_the_hashed_address(app, monkeypatch):
    from portal.core import web

    monkeypatch.setattr(web, "_manifest", lambda: {"css/site.css": "site.0123456789ab.css"})
    assert web.asset("css/site.css") == "/static/vendor/site.0123456789ab.css"
