"""Starting: `import portal.app` beside importing flask and sqlalchemy, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.table import Line
from bench.timing import ROUNDS, Spent, rotated

REACH = 1.3
TIMED = """
import json, sys, time
wall, cpu = time.perf_counter(), time.process_time()
{body}
spent = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({{"spent": spent, "modules": sorted(sys.modules), "made": callable(globals().get("make"))}}))
"""
BARE = "import flask, sqlalchemy"
PORTAL = "import portal.app\nmake = portal.app.create_app"
SERVING = """import portal.app
from portal.config import Config
make = portal.app.create_app
make(Config(secret_key="only-for-benchmarks-0123456789abcdef0123", data_dir={folder!r}, keys_dir={folder!r},
            testing=True, worker="none"))"""
ROOT = Path(__file__).resolve().parents[2]


def measure(rounds: int = 2 * ROUNDS + 1) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        bodies = {"bare": BARE, "portal": PORTAL, "serving": SERVING.format(folder=folder)}
        spent = {name: Spent() for name in bodies}
        for number in range(rounds):
            for name in rotated(bodies, number):
                run(bodies[name])  # files are in the cache, bytecode is made
                spent[name].add(*run(bodies[name])["spent"])
    bare, portal, serving = (spent[name] for name in ("bare", "portal", "serving"))
    note = f"{1000 * portal.wall:.0f} / {1000 * bare.wall:.0f} ms"
    whole = f"{1000 * serving.wall:.0f} ms: import and create_app()"
    return [
        Line("import portal.app / importing flask and sqlalchemy", portal.wall / bare.wall, REACH,
             cpu=portal.cpu / bare.cpu, note=note),
        Line("an application made / importing flask and sqlalchemy", serving.wall / bare.wall,
             cpu=serving.cpu / bare.cpu, note=whole),
    ]  # fmt: skip


def run(body: str) -> dict:
    """What a process says of itself; the portal's must have made the factory, and only it."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(body=body)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["made"] == (body != BARE), "the factory is where it is expected"
    return told
