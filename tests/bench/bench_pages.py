"""Pages of released results beside Flask's hello, each behind the production server, at 16 connections."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import edition_world
from bench import hello
from bench.load import digest
from bench.stage import own_portal
from bench.table import Line
from bench.timing import ROUNDS, Spent, rotated
from factories import make_user

from portal.accounts.models import TERMS_VERSION
from portal.accounts.services import logins
from portal.accounts.services.terms import accept_terms
from portal.core.db import utcnow

CONNECTIONS = 16
EACH = 60
REACH = 3.0
ROOT = Path(__file__).resolve().parents[2]
PUBLIC, COMPARISON = "/en/outcomes", "/en/outcomes/comparison"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, who asks for it, and the hash of the answer that everybody must get."""

    server: "Server"
    path: str
    cookie: str = ""
    answer: str = ""


def measure(rounds: int = ROUNDS, each: int = EACH) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        cookie = make_portal(Path(folder))
        portal = stack.enter_context(serving("portal.app:create_app()", Path(folder)))
        plain = stack.enter_context(serving("bench.hello:make()", Path(folder)))
        pages = {
            "hello": checked(plain, "/", must_hold=hello.TEXT),
            "public": checked(portal, PUBLIC, must_hold="<table"),
            "comparison": checked(portal, COMPARISON, cookie, must_hold="<table"),
        }
        spent = {name: Spent() for name in pages}
        for number in range(rounds):
            for name in rotated(pages, number):
                asked_by_many(pages[name], max(1, each // 10))
                spent[name].add(*asked_by_many(pages[name], each))
    return [
        _line("page of public tables", spent["public"], spent["hello"]),
        _line("comparison, signed in, view recorded", spent["comparison"], spent["hello"]),
    ]


def _line(what: str, page: Spent, plain: Spent) -> Line:
    note = f"{1000 * page.wall:.1f} / {1000 * plain.wall:.1f} ms"
    return Line(
        f"{what}, p95 / hello's p95", page.wall / plain.wall, REACH, cpu=page.cpu / plain.cpu, note=note
    )


def make_portal(folder: Path) -> str:
    """A portal with a published edition; gives back the cookie of a signed-in researcher."""
    with own_portal(folder) as app:
        edition_world.publish(edition_world.make_world())
        reader, now = make_user("researcher"), utcnow()
        accept_terms(reader, TERMS_VERSION, by=reader, now=now)
        seen = logins.Browser("127.0.0.0/24", "other")
        token = logins.open_login(reader, seen, second_factor=True, by=reader, now=now)
        values = {"sid": token, "_user_id": reader.fs_uniquifier, "_fresh": True}
    return f"session={app.session_interface.get_signing_serializer(app).dumps(values)}"


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def seconds(self) -> float:
        """Processor time of the server's workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        times = (Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split() for child in children)
        return sum(int(fields[11]) + int(fields[12]) for fields in times) / TICKS


@contextmanager
def serving(application: str, folder: Path) -> Iterator[Server]:
    """The production server with the portal's own settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
        "PORT": str(port), "PORTAL_DATA_DIR": str(folder), "PORTAL_KEYS_DIR": str(folder / "keys"), "PORTAL_WORKER": "none",
        "PORTAL_BASE_URL": f"http://localhost:{port}", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), application]
    with (folder / f"{port}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(90)


def _wait(port: int, process: Any, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def checked(server: Server, path: str, cookie: str = "", *, must_hold: str) -> Asked:
    """Ask once: the page is what it should be."""
    request = urllib.request.Request(f"http://localhost:{server.port}{path}", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=120) as answer:
        body = answer.read()
        assert answer.status == 200
        assert answer.url.endswith(path), f"{path} leads to {answer.url}"
    assert must_hold.encode() in body
    return Asked(server, path, cookie, digest(body))


def asked_by_many(asked: Asked, each: int) -> tuple[float, float]:
    """The 95th percentile of an answer, and processor seconds of the server per answer."""
    before = asked.server.seconds()
    command = [sys.executable, str(ROOT / "tests/bench/load.py"), str(asked.server.port), asked.path, asked.cookie,
               str(CONNECTIONS), str(each)]  # fmt: skip
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert told["answers"] == [[200, asked.answer]], f"{asked.path}: other answers than the first"
    assert len(told["seconds"]) == CONNECTIONS * each
    processor = (asked.server.seconds() - before) / len(told["seconds"])
    return statistics.quantiles(told["seconds"], n=20)[-1], processor
