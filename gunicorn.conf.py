"""The production server: loopback only, two processes of two threads, JSON lines, background jobs inside."""

import os
import threading
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
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
