"""A file that is refused as a whole: nothing of it is kept."""

from typing import Any

from portal.core.errors import Invalid, Problem


class FileRefused(Invalid):
    """`code` names the fault (encoding, duplicate_header, MAP, Q-PII, …); `line` and `column` say where."""

    def __init__(self, code: str, *, line: int | None = None, column: str = "", **values: Any) -> None:
        where = {"line": line} if line is not None else {}
        problem = Problem(column or "file", code, where | values)
        super().__init__(code, problems=(problem,), column=column, line=line, **values)
        self.line = line
        self.column = column
