"""The way out: one relay. Without one, mail is written to the outbox folder and the log says so."""

import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from flask import current_app

from portal.core.errors import DomainError
from portal.core.observe import LOGGER

PERMANENT: Final = 500
SECONDS: Final = 20


class AddressRefused(DomainError):
    """The relay will not take mail for this address, today or tomorrow: the job ends at once."""

    status = 422


def deliver(message: EmailMessage) -> None:
    """Hand the letter over. Raises AddressRefused for good, OSError or SMTPException for a while."""
    smtp = current_app.config["SMTP"]
    if not smtp.host:
        _to_outbox(message, Path(current_app.config["OUTBOX"]))
        return
    with smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS) as relay:
        try:
            relay.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            if all(code >= PERMANENT for code, _why in refusal.recipients.values()):
                raise AddressRefused("address_refused") from None
            raise


def _to_outbox(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = sum(1 for _ in folder.glob("*.eml"))
    path = folder / f"{count + 1:06d}.eml"
    path.write_bytes(bytes(message))
    LOGGER.info("no mail relay is set: wrote the mail to the outbox", extra={"fields": {"file": path.name}})
