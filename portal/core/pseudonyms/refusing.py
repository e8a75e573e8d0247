"""What the tool refuses, and where. It never repeats the value."""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # what it says to people, not a fault of the program
    """A refusal with its code; `line` and `column` where it stands in a table."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values
