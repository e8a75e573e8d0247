"""Values with which every mail can be written, and a relay on this machine that keeps what it was given."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from factories import make_user

from portal.accounts.models import User
from portal.accounts.services.notices import mark_all_read
from portal.accounts.services.subscriptions import follow
from portal.config import Smtp
from portal.core.db import bookkeeping, utcnow
from portal.core.notify import notify
from portal.core.notify.letters import Words

# What the features put into their notices, once for each name.
VALUES: dict[str, Any] = {
    "token": "T", "reason": "–", "public_id": "PR-0001", "target": "fa", "due_on": "2026-12-08", "agent": "Firefox",
    "at": "2026-11-24T09:00:00+00:00", "role": "clinical_reviewer", "seq": 1234, "mac": "a1b2c3" * 10 + "d4e5",
    "number": "AL-2026-007", "level": "alert", "region": "IR1", "toxidrome": "opioid", "alert": 1, "what": "signal",
    "substances": {"en": ["Nitazenes"], "ru": ["Нитазены"], "fa": ["نیتازن‌ها"]},
    "ends_on": "2026-12-24", "until": "2026-12-24", "version_id": 1, "parent": "PR-0002", "language": "fa", "count": 3,
    "thread": 1, "post": 1, "reason_code": "other", "programme": "IR-07", "report_id": 1, "new": "2.0", "sections": ["dosing"],
    "edition": "2026-1", "closing_on": "2026-06-30", "declaration_id": 1, "days": 30, "text": "–", "waits": "safety",
    "country": "RU", "expires_on": "2026-12-24",
    "items": [Words("PR-0001", "–", "http://localhost:8000/p/PR-0001")], "rhythm": "weekly",
}  # fmt: skip


class Relay:
    """A handler of the SMTP server. `refused` answers an address for good, `busy` for the moment."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.busy = False

    async def handle_RCPT(  # noqa: N802 # the server's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.busy:
            return "451 come back later"
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def relay(app: Any, handler: Relay, port: int = 0) -> Iterator[int]:
    """Serve mail on loopback for the application; gives the port."""
    controller = Controller(handler, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    kept = app.config["SMTP"]
    app.config["SMTP"] = Smtp(host="127.0.0.1", port=controller.port)
    try:
        yield controller.port
    finally:
        app.config["SMTP"] = kept
        controller.stop()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_told(public_id: str) -> User:
    """Somebody who was told of this and that, read some of it, and follows things."""
    person, tell = make_user("clinical_reviewer"), bookkeeping(notify)
    tell(person, "protocol_accepted", {"public_id": public_id})
    mark_all_read(by=person, now=utcnow())
    tell(person, "review_invited", {"public_id": public_id, "due_on": "2026-12-08"})
    tell(person, "role_granted", {"role": "clinical_reviewer"})
    for kind, target in (("protocol", public_id), ("concept", "int-mmt"), ("alerts", "all")):
        follow(kind, target, by=person, now=utcnow())
    return person


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
