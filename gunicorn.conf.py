"""The production server: loopback only, two processes of two threads, JSON lines, background jobs inside.

Editions are built in a process of its own beside them: the statistics stay out of the web processes. With
PORTAL_WORKER=none the operator runs `portal worker` and `portal worker --queue release` instead.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

os.umask(0o077)  # database, write-ahead log and mails are for the owner only

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "portal.cli.serving.WatchfulWorker"
workers = 2
threads = 2
keepalive = 5
control_socket_disable = True
accesslog = None  # the portal logs each request itself, without address, path or query
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.core.observe.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False}},
}

_stop = threading.Event()
_releases: list[subprocess.Popen[bytes]] = []


def when_ready(_server: Any) -> None:
    """Start the worker of the queue `release` where jobs run beside the web."""
    from portal.config import from_environment

    if from_environment().worker == "embedded":
        portal = str(Path(sys.executable).parent / "portal")
        command = [portal, "worker", "--queue", "release", "--with-parent"]
        _releases.append(subprocess.Popen(command))  # noqa: S603 # our own command


def on_exit(_server: Any) -> None:
    """A build that is cut short leaves nothing and is taken up at the next start."""
    for process in _releases:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def post_worker_init(worker: Any) -> None:
    """Start the jobs' thread after the fork, in each process."""
    app = worker.wsgi
    if app.extensions["portal.config"].worker != "embedded":
        return
    from portal.core.jobs import WEB_QUEUES, work

    threading.Thread(target=work, args=(app, WEB_QUEUES, _stop), name="jobs", daemon=True).start()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Let the thread finish its job before the process ends."""
    _stop.set()
