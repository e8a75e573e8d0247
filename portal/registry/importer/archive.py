"""What an XLSX file is made of, before anything reads it as one: sizes as they really unpack, and parts
that could hide something from the person who sends it (macros, hidden rows, formulas, comments, pictures).
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from portal.registry.importer.refusal import FileRefused

MEMBERS: Final = 200
RATIO: Final = 100
LARGE_MEMBER: Final = 1_000_000
PIECE: Final = 1 << 20
OVERLAP: Final = 200
DOCUMENT_PROPERTIES: Final = "docProps/"
# By the name of a member: what it is, in the words of the message.
FORBIDDEN_MEMBERS: Final = (
    (re.compile(r"vbaProject|\.bin$|macrosheets/|activeX/", re.IGNORECASE), "sheet_macro"),
    (re.compile(r"externalLinks/|connections\.xml|queryTables/", re.IGNORECASE), "sheet_link"),
    (re.compile(r"(threaded)?comments", re.IGNORECASE), "sheet_comment"),
    (re.compile(r"embeddings/|media/|drawings/|ctrlProps/", re.IGNORECASE), "sheet_object"),
)
# Printer settings are of no harm, and nearly every file of a spreadsheet program has them.
HARMLESS: Final = re.compile(r"xl/printerSettings/printerSettings\d+\.bin", re.IGNORECASE)
# By what a member says: words of which one must be there before the pattern is worth its time, the pattern,
# the code. Prefixes of names are allowed for: `<x:f>` is a formula too.
FORBIDDEN_TEXT: Final = (
    ((b"<!",), re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE), "sheet_unreadable"),
    ((b"<f", b":f"), re.compile(rb"<(?:\w+:)?f[\s/>]"), "sheet_formula"),
    ((b"definedName",), re.compile(rb"<(?:\w+:)?definedName[\s/>]"), "sheet_names"),
    ((b"hidden",), re.compile(rb"""[\s]hidden\s*=\s*["'](?!0["']|false["'])"""), "sheet_hidden"),
    ((b"state",), re.compile(rb"""[\s]state\s*=\s*["'](?!visible["'])"""), "sheet_hidden"),
    (
        (b"ht", b"width"),
        re.compile(
            rb"""<(?:\w+:)?(?:row|col)\s(?:[^>]*\s)?(?:ht|width)\s*=\s*["']\s*\+?0*(?:\.0*|0)(?:[eE]|["'\s&])"""
        ),
        "sheet_hidden",
    ),
    (
        (b"sheetFormatPr",),
        re.compile(rb"""[\s](?:defaultColWidth|defaultRowHeight)\s*=\s*["']0*(?:\.0*|0)(?:[eE]|["'\s])"""),
        "sheet_hidden",
    ),
    ((b"sheetFormatPr",), re.compile(rb"""[\s]zeroHeight\s*=\s*["'](?!0["']|false["'])"""), "sheet_hidden"),
    ((b'"e"', b"'e'"), re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*\s)?t\s*=\s*["']e["']"""), "sheet_error"),
    # What a part is stands in its relationship; its name may be anything.
    ((b"/vbaProject",), re.compile(rb"relationships/vbaProject"), "sheet_macro"),
    ((b"omment",), re.compile(rb"relationships/(?:threadedC|c)omments?"), "sheet_comment"),
    (
        (b"relationships/",),
        re.compile(rb"relationships/(?:oleObject|package|image|drawing|vmlDrawing|control|ctrlProp)\b"),
        "sheet_object",
    ),
    ((b"/externalLink",), re.compile(rb"relationships/externalLink"), "sheet_link"),
    ((b"TargetMode",), re.compile(rb"TargetMode\s*=\s*[\"']External"), "sheet_link"),
    (
        (b"leObject", b"rawing", b"picture"),
        re.compile(rb"<(?:\w+:)?(?:oleObjects?|legacyDrawing|drawing|picture)[\s/>]"),
        "sheet_object",
    ),
)
# The list of sheets. A frozen pane has a `state` too; only here it says whether a sheet can be seen.
STATEFUL: Final = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a file may unpack to, in bytes."""

    whole: int


WEB: Final = Sizes(50_000_000)
COMMAND_LINE: Final = Sizes(1_000_000_000)


def check_archive(file: IO[bytes], sizes: Sizes = WEB) -> None:
    """Unpack every member once, piece by piece, keeping nothing; FileRefused at the first thing wrong.

    Declared sizes are checked first because they are cheap, and then counted, because they may lie.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_list(members, sizes)
            left = sizes.whole
            for member in members:
                left -= _check_member(archive, member, left)
    except (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError, ValueError):
        raise FileRefused("sheet_unreadable") from None


def _check_list(members: list[zipfile.ZipInfo], sizes: Sizes) -> None:
    if len(members) > MEMBERS or sum(m.file_size for m in members) > sizes.whole:
        raise FileRefused("sheet_large")
    _check_names([member.filename for member in members])
    for member in members:
        large = member.file_size > LARGE_MEMBER
        if large and member.file_size > RATIO * max(member.compress_size, 1):
            raise FileRefused("sheet_large")


def _check_names(names: list[str]) -> None:
    """A workbook, each member once and inside it, none of a kind that does not belong."""
    outside = any(".." in name or name.startswith(("/", "\\")) for name in names)
    if STATEFUL not in names or len(set(names)) < len(names) or outside:
        raise FileRefused("sheet_unreadable")
    for name in names:
        for pattern, code in FORBIDDEN_MEMBERS:
            if pattern.search(name) and not HARMLESS.fullmatch(name):
                raise FileRefused(code)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    size = 0
    reading = not (member.filename.startswith(DOCUMENT_PROPERTIES) or HARMLESS.fullmatch(member.filename))
    with archive.open(member) as stream:
        for piece, window in _windows(stream):
            size += len(piece)
            if size > left:
                raise FileRefused("sheet_large")
            if reading:
                _check_text(member.filename, window)
    return size


def _windows(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Pieces, each with the end of the one before: a mark may lie across the border of two."""
    end = b""
    while piece := stream.read(PIECE):
        yield piece, end + piece
        end = piece[-OVERLAP:]


def _check_text(name: str, text: bytes) -> None:
    if b"\0" in text:  # text in UTF-16 would slip through patterns of bytes
        raise FileRefused("sheet_unreadable")
    for words, pattern, code in FORBIDDEN_TEXT:
        if words == (b"state",) and name != STATEFUL:
            continue
        if any(word in text for word in words) and pattern.search(text):
            raise FileRefused(code)
