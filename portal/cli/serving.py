"""How the server reads: threads are few, so nobody may hold one by sending slowly.

A proxy that buffers belongs in front; this keeps a portal that is reached without one from standing still.
"""

import contextlib
import socket
import struct
import threading
import time
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

HEADER_SECONDS: Final = 3.0  # for all headers together: they fit into one packet or two
STALL_SECONDS: Final = 10  # between two pieces of a body
LOOK_EVERY: Final = 0.5


class WatchfulWorker(ThreadWorker):
    """Threads as gunicorn has them; a connection whose headers take too long is closed."""

    def init_process(self) -> None:
        self.reading: dict[TConn, float] = {}
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        super().init_process()

    def handle(self, conn: TConn) -> Any:
        stall = struct.pack("ll", STALL_SECONDS, 0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, stall)
        self.reading[conn] = time.monotonic() + HEADER_SECONDS
        try:
            return super().handle(conn)
        finally:
            self.reading.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        self.reading.pop(conn, None)
        return super().handle_request(req, conn)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            now = time.monotonic()
            for conn, until in list(self.reading.items()):
                if now > until:
                    with contextlib.suppress(OSError):  # it ended by itself meanwhile
                        conn.sock.shutdown(socket.SHUT_RD)
