"""The name of a file: it is not kept, but others read it on the screen and in the history of a shell."""

from pathlib import PurePath
from typing import Final

from portal.core.identifiers import Level, scan

HARMLESS: Final = "full_date"  # mostly the day on which the file was made


def names_a_person(file_name: str) -> bool:
    """Whether the name holds an identifier, judged as strictly as a patient's record."""
    stem = PurePath(file_name).stem
    hits = [hit for text in (stem, stem.replace("_", " ")) for hit in scan(text, patient_data=True)]
    return any(hit.level is Level.BLOCK and hit.kind != HARMLESS for hit in hits)
