"""The page that makes pseudonyms, as the portal serves it and as one file that works without a line.

Both are made from the same parts: the body, the words, the script and the style. The served page names script
and style by address, under the policy of the portal; the file holds them, and its own policy allows exactly
these two, by their hashes, and no connection at all.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from portal.core.pseudonyms.patterns import detectors
from portal.core.pseudonyms.words import KINDS, PLACED, SENTENCES, sentences

NAME: Final = "pseudonyms.html"
SCRIPTS: Final = ("making.js", "detectors.js", "tables.js", "page.js")
CLOSED: Final = "connect-src 'none'; img-src 'none'; form-action 'none'; base-uri 'none'"
SERVED_POLICY: Final = (
    f"default-src 'none'; script-src 'self'; style-src 'self'; {CLOSED}; frame-ancestors 'none'; "
    "sandbox allow-scripts allow-downloads"
)
# What the command line says with words of its own.
OWN: Final = {"identifier": "page_identifier", "table_unreadable": "page_unreadable"}
SAY: Final = re.compile(r'<[a-z0-9]+ [^<>]*data-say="([^"]+)"[^<>]*>')
SERVED: Final = re.compile(r"<!--served-->(.*?)<!--/served-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the served page finds its parts, the file to save, and the way back."""

    scripts: tuple[str, ...]
    style: str
    file: str
    home: str


def served(lang: str, addresses: Addresses) -> str:
    """The page under the portal's address, in a language."""
    parts = "".join(f'<script src="{html.escape(path)}" defer></script>' for path in addresses.scripts)
    head = f'<link rel="stylesheet" href="{html.escape(addresses.style)}" crossorigin>{parts}'
    filled = {"home": addresses.home, "file": addresses.file, "sum": sha256()}
    body = SERVED.sub(r"\1", _text("page.html"))
    for name, value in filled.items():
        body = body.replace(f"@@{name}@@", html.escape(value))
    return _document(lang, head, body, "")


@cache
def single_file() -> str:
    """The page as one file: the same for everybody, so that its sum can be published."""
    script, style = _script(), _static("css/pseudonym.css")
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; {CLOSED}"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style}</style>'
    return _document("en", head, SERVED.sub("", _text("page.html")), f"<script>{script}</script>")


@cache
def sha256() -> str:
    return hashlib.sha256(single_file().encode()).hexdigest()


def _document(lang: str, head: str, body: str, script: str) -> str:
    turned = "rtl" if lang == "fa" else "ltr"
    said = SAY.sub(lambda found: found[0] + html.escape(_words()[found[1]][lang]), body)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}" dir="{turned}">\n  <head>\n    <meta charset="utf-8">\n'
        f'    <meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'    <meta name="referrer" content="no-referrer">\n'
        f"    <title>{html.escape(_words()['title'][lang])}</title>\n    {head}\n  </head>\n{said}"
        f'    <script type="application/json" id="told">{_told()}</script>\n'
        f"    {script}\n  </body>\n</html>\n"
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    return SENTENCES | sentences("page.toml")


@cache
def _told() -> str:
    told: dict[str, Any] = {
        "words": _words(),
        "own": OWN,
        "placed": sorted(PLACED),
        "kinds": KINDS,
        "detectors": detectors(),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


@cache
def _script() -> str:
    return "".join(_static(f"js/pseudonym/{name}") for name in SCRIPTS)


def _static(name: str) -> str:
    return (files("portal") / "static" / name).read_text("utf-8")


def _text(name: str) -> str:
    return (files("portal.core.pseudonyms") / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
