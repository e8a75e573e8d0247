"""`portal worker`: run background jobs in a process of its own."""

import signal
import threading

import click


@click.command()
@click.option(
    "--queue", "queues", multiple=True, default=("default", "mail"), help="Queue to take jobs from."
)
def worker(queues: tuple[str, ...]) -> None:
    """Work until stopped."""
    from portal.cli.session import application
    from portal.core.jobs import work

    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    work(application(), queues, stop)
