"""The server with slow visitors: neither half a request nor a body that stops halts it for the others."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from portal.cli.setup import make_keys
from portal.config import ROOT

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])  # loopback: the server of this file

HALF = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
STOPS = b"POST /en/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nemail=a"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving")
    (folder / "keys").mkdir()
    make_keys(folder / "keys")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    settings = {"PORTAL_DATA_DIR": str(folder), "PORTAL_KEYS_DIR": str(folder / "keys"), "PORTAL_WORKER": "none",
                "PORTAL_DEMONSTRATION": "0", "PORT": str(number)}  # fmt: skip
    gunicorn = Path(sys.executable).parent / "gunicorn"
    command = [str(gunicorn), "-c", str(ROOT / "gunicorn.conf.py"), "portal.app:create_app()"]
    server = subprocess.Popen(command, env=os.environ | settings, cwd=ROOT)
    wait_for(number)
    yield number
    server.terminate()
    server.wait(20)


def wait_for(port):
    for _ in range(300):
        try:
            return answer(port)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def answer(port, seconds=30):
    begun = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=seconds) as page:
        assert page.read() == b"ok\n"
    return time.monotonic() - begun


@pytest.mark.parametrize(("sent", "most"), [(HALF, 14), (STOPS, 34)], ids=["headers", "body"])
def test_six_visitors_who_stop_in_the_middle_do_not_halt_the_others(port, sent, most):
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(6)]
    for connection in slow:
        connection.sendall(sent)
    time.sleep(0.3)
    waited = answer(port)
    for connection in slow:
        connection.close()
    assert waited < most
    assert answer(port) < 2


def drip(connection):
    for byte in HALF * 40:
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def test_a_visitor_who_sends_byte_by_byte_is_cut_off(port):
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.settimeout(30)
        begun = time.monotonic()
        with contextlib.suppress(OSError):  # a broken pipe or a reset, as it comes
            drip(slow)
    assert time.monotonic() - begun < 12
