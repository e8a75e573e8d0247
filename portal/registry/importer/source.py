"""A CSV file as bytes: limits, encoding, delimiter, header, and blocks of whole lines.

The file is read twice at most and never kept. Single-byte encodings must be declared: guessed, they would
turn one alphabet into another without anybody noticing.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from portal.registry.importer.header import LONGEST_CELL
from portal.registry.importer.refusal import FileRefused

MEGABYTE: Final = 1_000_000
BLOCK: Final = 16 * MEGABYTE
LONGEST_HEADER: Final = 64_000
LONGEST_RECORD: Final = 4 * MEGABYTE
UTF8_BOM: Final = b"\xef\xbb\xbf"
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
ZIP: Final = b"PK\x03\x04"
OTHER_KINDS: Final = (
    b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x1f\x8b",
    b"Rar!", b"7z\xbc\xaf",
)  # fmt: skip
NO_TEXT: Final = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
ENCODINGS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "windows-1251": "cp1251", "cp1251": "cp1251",
    "windows-1256": "cp1256", "cp1256": "cp1256",
}  # fmt: skip
DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may hold."""

    size: int
    rows: int
    columns: int = 100
    cell: int = LONGEST_CELL


WEB: Final = Limits(10 * MEGABYTE, 50_000)
COMMAND_LINE: Final = Limits(1000 * MEGABYTE, 2_000_000)


@dataclass(frozen=True, slots=True)
class Header:
    cells: tuple[str, ...]
    delimiter: str


class Source:
    """One submitted file. `blocks` yields UTF-8 text of whole lines, header left out."""

    def __init__(
        self, data: "bytes | Path | BinaryIO", *, limits: Limits = WEB, encoding: str = "utf-8"
    ) -> None:
        self.limits = limits
        if encoding.lower() not in ENCODINGS:
            raise FileRefused("encoding")
        self.encoding = ENCODINGS[encoding.lower()]
        self._data = data if isinstance(data, Path | bytes) else data.read(limits.size + 1)
        size = self._data.stat().st_size if isinstance(self._data, Path) else len(self._data)
        if size > limits.size:
            raise FileRefused("too_large", limit=limits.size // MEGABYTE)
        self.sha256 = ""
        self.header = self._read_header()

    def blocks(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        rest, first = b"", True
        with self._open() as file:
            while block := file.read(BLOCK):
                digest.update(block)
                text, rest = _cut(rest + self._to_utf8(block, first=first), self.limits)
                if first and text:
                    text, first = _without_line(text), False
                if text:
                    yield self._checked(text)
        if rest:
            rest = _without_line(rest) if first else rest
            if rest:
                yield self._checked(rest)
        self.sha256 = digest.hexdigest()

    def _open(self) -> BinaryIO:
        return self._data.open("rb") if isinstance(self._data, Path) else BytesIO(self._data)

    def _read_header(self) -> Header:
        with self._open() as file:
            start = file.read(LONGEST_HEADER + 4)
        if start.startswith((*UTF16, ZIP)) or b"\0" in start:
            raise FileRefused("nul")
        if start.removeprefix(UTF8_BOM).startswith(OTHER_KINDS):
            raise FileRefused("STRUCT")
        if not start.strip():
            raise FileRefused("empty_file")
        line, newline, _ = _newlines(self._to_utf8(start, first=True)).partition(b"\n")
        if not newline and len(start) > LONGEST_HEADER:
            raise FileRefused("too_many_columns", limit=self.limits.columns)
        if NO_TEXT.search(line):
            raise FileRefused("STRUCT")
        text = self._checked(line).decode()
        delimiter = max(DELIMITERS, key=text.count)
        cells = next(csv.reader([text], delimiter=delimiter), [])
        if len(cells) > self.limits.columns:
            raise FileRefused("too_many_columns", limit=self.limits.columns)
        return Header(tuple(cells), delimiter)

    def _to_utf8(self, block: bytes, *, first: bool) -> bytes:
        """Another declared encoding as UTF-8; UTF-8 itself is checked when lines are whole."""
        if first:
            block = block.removeprefix(UTF8_BOM)
        if self.encoding == "utf-8" or block.isascii():
            return block
        return block.decode(self.encoding, "replace").encode()

    def _checked(self, text: bytes) -> bytes:
        if b"\0" in text:
            raise FileRefused("nul")
        if not text.isascii():
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                raise FileRefused("encoding") from None
        return text


def _newlines(text: bytes) -> bytes:
    """Lines of an old Macintosh end in a carriage return alone."""
    return text.replace(b"\r", b"\n") if b"\r" in text and b"\n" not in text else text


def _cut(text: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Whole records, and what remains: a line break inside quotation marks ends no record."""
    text = _newlines(text)
    end = text.rfind(b"\n") + 1
    if text.find(b'"', 0, end) >= 0:
        tries = 0
        while end and text.count(b'"', 0, end) % 2:
            end = text.rfind(b"\n", 0, end - 1) + 1
            tries += 1
            if tries > 100:
                raise FileRefused("long_cell", limit=limits.cell)
    if not end and len(text) > LONGEST_RECORD:
        raise FileRefused("long_cell", limit=limits.cell)
    return text[:end], text[end:]


def _without_line(text: bytes) -> bytes:
    return text.partition(b"\n")[2]
