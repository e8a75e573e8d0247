"""What `make run` starts: prints where the portal is and who may sign in, then serves."""

import os
import signal
import socket
import sys
from pathlib import Path

from portal.config import ROOT, from_environment


def main() -> None:
    port = int(os.environ.get("PORT", "8000"))
    refuse_taken(port)
    greet()
    gunicorn = Path(sys.executable).parent / "gunicorn"
    os.environ["PORT"] = str(port)
    os.execv(gunicorn, [str(gunicorn), "-c", str(ROOT / "gunicorn.conf.py"), "portal.app:create_app()"])  # noqa: S606 # our own server


def refuse_taken(port: int) -> None:
    """Name the taken port and the way out, instead of a stack from the server."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.stderr.write(f"port {port} is taken: run `make run PORT={port + 1}`\n")
            sys.exit(2)


def greet() -> None:
    from portal.cli.opening import greeting

    sys.stdout.write(greeting(from_environment()) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main()
