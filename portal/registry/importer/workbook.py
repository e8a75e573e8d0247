"""XLSX as the text of a table: checked as an archive, then read by a process of its own under limits."""

import subprocess
import sys
from pathlib import Path
from typing import IO, Final

from portal.registry.importer.archive import COMMAND_LINE, WEB, Sizes, check_archive
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.sheet_child import LARGE, SEVERAL

CHILD: Final = Path(__file__).with_name("sheet_child.py")
MEGABYTE: Final = 1 << 20
# Memory and CPU seconds of the reading process, by what the file may unpack to.
LIMITS: Final = {WEB: (512 * MEGABYTE, 20), COMMAND_LINE: (8192 * MEGABYTE, 600)}
CODES: Final = {SEVERAL: "sheet_several", LARGE: "sheet_large"}


def is_workbook(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


def as_csv(file: IO[bytes], sizes: Sizes = WEB) -> bytes:
    """The rows of the only sheet that has any, as CSV in UTF-8; FileRefused with what is wrong otherwise."""
    check_archive(file, sizes)
    file.seek(0)
    memory, seconds = LIMITS[sizes]
    command = [sys.executable, "-I", str(CHILD), str(memory), str(seconds), str(sizes.whole)]
    try:
        done = subprocess.run(  # noqa: S603 # our own program, numbers as arguments
            command, input=file.read(), capture_output=True, check=False, timeout=3 * seconds
        )
    except subprocess.TimeoutExpired:
        raise FileRefused("sheet_unreadable") from None
    if done.returncode:
        raise FileRefused(CODES.get(done.returncode, "sheet_unreadable"))
    return done.stdout
