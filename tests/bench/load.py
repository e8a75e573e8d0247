"""A reader's side of the page benchmark, in a process of its own: so many connections, each asking in turn.

Standard library only. Prints JSON: seconds of every answer, statuses and hashes of the tables seen.
"""

import asyncio
import hashlib
import json
import re
import sys
import time

TABLE = re.compile(rb"<table.*?</table>", re.DOTALL)


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


async def connection(port: int, request: bytes, count: int, seen: dict) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        started = time.perf_counter()
        status, body = await ask(reader, writer, request)
        seen["seconds"].append(time.perf_counter() - started)
        seen["answers"].add((status, digest(body)))
    writer.close()


def digest(body: bytes) -> str:
    """Hash of the tables of a page, of the whole where there is none."""
    return hashlib.sha256(b"".join(TABLE.findall(body)) or body).hexdigest()


async def load(port: int, path: str, cookie: str, connections: int, each: int) -> dict:
    lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}"] + ([f"Cookie: {cookie}"] if cookie else [])
    request = "\r\n".join([*lines, "", ""]).encode()
    seen: dict = {"seconds": [], "answers": set()}
    await asyncio.gather(*(connection(port, request, each, seen) for _ in range(connections)))
    return seen | {"answers": sorted(seen["answers"])}


if __name__ == "__main__":
    port, path, cookie, connections, each = sys.argv[1:]
    print(json.dumps(asyncio.run(load(int(port), path, cookie, int(connections), int(each)))))
