"""The worker beside the server: it knows the jobs of editions and ends with its parent."""

import os
import threading

from portal.cli.worker import _follow
from portal.core import jobs


def test_a_worker_stops_when_its_parent_is_gone():
    stop = threading.Event()
    _follow(os.getppid() + 1, stop, pause=0)
    assert stop.is_set()


def test_a_stopped_worker_no_longer_looks_at_its_parent():
    stop = threading.Event()
    stop.set()
    _follow(os.getppid(), stop, pause=0)


def test_a_new_process_knows_how_to_build_an_edition(app):
    assert "edition.build" in jobs.TASKS
