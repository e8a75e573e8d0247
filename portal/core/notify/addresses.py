"""What a mail may be sent to, and who is written to."""

import re
from typing import Final, Protocol

ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MAILBOX: Final = re.compile(rf"{ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+{LABEL}")


def is_mailbox(address: str) -> bool:
    """Whether a mail goes to this address alone: a header reads other text as a list, a name or a group."""
    return len(address) <= 254 and MAILBOX.fullmatch(address) is not None


class Recipient(Protocol):
    """Who is told: an account, or an address that speaks for one or for nobody."""

    @property
    def id(self) -> int | None: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...
