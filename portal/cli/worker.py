"""`portal worker`: run background jobs in a process of its own."""

import os
import signal
import threading

import click


@click.command()
@click.option(
    "--queue", "queues", multiple=True, default=("default", "mail"), help="Queue to take jobs from."
)
@click.option("--with-parent", is_flag=True, help="Stop when the process that started this one has ended.")
def worker(queues: tuple[str, ...], *, with_parent: bool) -> None:
    """Work until stopped."""
    from portal.cli.session import application
    from portal.core.jobs import work

    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if with_parent:
        threading.Thread(target=_follow, args=(os.getppid(), stop), daemon=True).start()
    work(application(), queues, stop)


def _follow(parent: int, stop: threading.Event, pause: float = 2) -> None:
    """A killed server must not leave its worker behind."""
    while not stop.wait(pause):
        if os.getppid() != parent:
            stop.set()
