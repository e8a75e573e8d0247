"""Mail: enqueued in the transaction of the act, sent after it in the recipient's language.

Without a relay, mail is written to the outbox folder and the log says so. Mails hold no clinical free text.
"""

import re
import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final, Protocol

from flask import current_app, render_template

from portal.core import jobs
from portal.core.i18n import direction, plain_tokens, rtl_lines, speaking
from portal.core.observe import LOGGER

ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MAILBOX: Final = re.compile(rf"{ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+{LABEL}")


def is_mailbox(address: str) -> bool:
    """Whether a mail goes to this address alone: a header reads other text as a list, a name or a group."""
    return len(address) <= 254 and MAILBOX.fullmatch(address) is not None


class Recipient(Protocol):
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


def notify(recipient: Recipient, key: str, values: dict[str, Any] | None = None) -> None:
    """Queue the mail `email/<key>.txt` for one person. The first line of the template is the subject."""
    args = {"to": recipient.email, "language": recipient.language, "key": key, "values": values or {}}
    jobs.enqueue("mail", args, queue="mail")


@jobs.task("mail")
def send(args: dict[str, Any]) -> None:
    deliver(compose(args["to"], args["language"], args["key"], args["values"]))


def compose(to: str, language: str, key: str, values: dict[str, Any]) -> EmailMessage:
    """The message in the recipient's language. Text alone: it reads everywhere and can follow nobody."""
    from flask_babel import force_locale

    page = current_app.test_request_context(base_url=current_app.config["BASE_URL"])
    with page, speaking(language), force_locale(language):
        text = render_template(f"email/{key}.txt", lang=language, **values)
        footer = render_template("email/_footer.txt")
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage()
    message["Subject"], message["To"] = subject.strip(), to
    message["From"], message["Date"] = current_app.config["MAIL_FROM"], formatdate(usegmt=True)
    message["Auto-Submitted"], message["Content-Language"] = "auto-generated", language
    message.set_content(directed(f"{body.strip()}\n\n{footer.strip()}\n", language))
    return message


def directed(body: str, language: str) -> str:
    """Plain text whose lines keep their direction in any mail program; addresses stay bare for the reader."""
    lines = plain_tokens(body).split("\n")
    if direction(language) == "ltr":
        return "\n".join(lines)
    return "\n".join(
        line if not line or line.startswith(("http", "--")) else rtl_lines(line) for line in lines
    )


def deliver(message: EmailMessage) -> None:
    smtp = current_app.config["SMTP"]
    if not smtp.host:
        _to_outbox(message, Path(current_app.config["OUTBOX"]))
        return
    with smtplib.SMTP(smtp.host, smtp.port, timeout=20) as relay:
        relay.send_message(message)


def _to_outbox(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = sum(1 for _ in folder.glob("*.eml"))
    path = folder / f"{count + 1:06d}.eml"
    path.write_bytes(bytes(message))
    LOGGER.info("no mail relay is set: wrote the mail to the outbox", extra={"fields": {"file": path.name}})
