"""Request ids and one JSON log line a request. No query string, address, agent, body or name is logged."""

import json
import logging
import re
import secrets
import time
from contextvars import ContextVar
from typing import Any, Final

request_id: ContextVar[str] = ContextVar("observed_request", default="")
LOGGER: Final = logging.getLogger("portal")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JsonLines(logging.Formatter):
    """One JSON object a line; control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "message": _CONTROL.sub(" ", record.getMessage()),
            "request": request_id.get(),
        }
        entry |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = record.exc_info[0].__name__
            entry["where"] = _where(record)
        return json.dumps(entry, ensure_ascii=True)


def _where(record: logging.LogRecord) -> str:
    """File and line of the fault; messages of exceptions may hold data and are left out."""
    trace = record.exc_info[2] if record.exc_info else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


def configure(level: int = logging.INFO) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(level)
    LOGGER.propagate = False


def new_request_id() -> str:
    value = secrets.token_hex(8)
    request_id.set(value)
    return value


def log_request(*, method: str, endpoint: str, status: int, seconds: float) -> None:
    """The route's name, never the path: a path may hold what somebody typed."""
    fields = {"method": method, "endpoint": endpoint, "status": status, "ms": round(seconds * 1000, 1)}
    LOGGER.info("request", extra={"fields": fields})


def log_kept(endpoint: str, status: str, seconds: float) -> None:
    """A page that was handed out as it was kept, under a request id of its own."""
    new_request_id()
    log_request(method="GET", endpoint=endpoint, status=int(status.split(" ", 1)[0]), seconds=seconds)
