"""Words of notices and letters: one template a kind, in the reader's language, as text and as plain HTML.

The HTML part says the same in paragraphs and links: no style, no picture, nothing that follows a reader.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, Final

from flask import current_app, render_template, url_for

from portal.core.i18n import direction, plain_tokens, rtl_lines, speaking
from portal.core.notify.kinds import DIGEST, kind_of
from portal.core.notify.unsubscribing import make_link_token

LINK: Final = re.compile(r"https?://\S+")
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language: what happened, the whole text, and the first address in it."""

    subject: str
    body: str
    link: str

    @property
    def lines(self) -> list[str]:
        """The text without its addresses, line by line."""
        return [line for line in self.body.split("\n") if line and not LINK.match(line)]


@dataclass(frozen=True, slots=True)
class Way:
    """How a letter can be switched off: by its reader's number and key; nobody's letter cannot."""

    user_id: int | None = None
    key: str = ""

    @property
    def token(self) -> str:
        """Empty where the mail is about the safety of the account."""
        if self.user_id is None or kind_of(self.key).safe:
            return ""
        return make_link_token(self.user_id, self.key)


def words(key: str, values: dict[str, Any], language: str) -> Words:
    """The words of a notice, within a request or an application context."""
    with _speaking(language):
        text = render_template(f"email/{key}.txt", lang=language, **values)
    subject, _, body = text.strip().partition("\n")
    found = LINK.search(body)
    subject = CONTROL.sub(" ", subject).strip()  # a header is one line
    return Words(plain_tokens(subject), body.strip(), found[0] if found else "")


def compose(
    to: str, language: str, key: str, values: dict[str, Any], *, way: Way | None = None, mark: str = ""
) -> EmailMessage:
    """The letter in the recipient's language. `mark` names the job: a repeated letter keeps its number."""
    said, token = words(key, values, language), (way or Way()).token
    footer = _footer(token, language)
    message = EmailMessage()
    message["Subject"], message["To"] = said.subject, to
    message["From"], message["Date"] = current_app.config["MAIL_FROM"], formatdate(usegmt=True)
    message["Auto-Submitted"] = "auto-generated"
    if mark:
        message["Message-ID"] = f"<{mark}@{_host()}>"
    if token:
        message["List-Unsubscribe"] = f"<{_unsubscribe(token, language)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = f"{said.body}\n\n{footer}\n"
    message.set_content(directed(text, language))
    message.add_alternative(as_html(said.subject, text, language), subtype="html")
    message["Content-Language"] = language  # last: making parts moves what begins with Content-
    return message


def compose_digest(
    to: str, language: str, rhythm: str, told: list[tuple[str, dict[str, Any]]], *, way: Way, mark: str
) -> EmailMessage:
    """Several notices in one letter; each says what happened and where."""
    items = [words(key, values, language) for key, values in told]
    return compose(to, language, DIGEST, {"items": items, "rhythm": rhythm}, way=way, mark=mark)


def directed(body: str, language: str) -> str:
    """Plain text whose lines keep their direction in any mail program; addresses stay bare for the reader."""
    lines = plain_tokens(body).split("\n")
    if direction(language) == "ltr":
        return "\n".join(lines)
    return "\n".join(
        line if not line or line.startswith(("http", "--")) else rtl_lines(line) for line in lines
    )


def as_html(subject: str, text: str, language: str) -> str:
    """The same text as paragraphs; a line that is an address becomes a link."""
    parts = [
        [(line, bool(LINK.fullmatch(line))) for line in part.split("\n")]
        for part in text.split("\n\n")
        if part
    ]
    with _speaking(language):
        return render_template(
            "email/_letter.html", subject=subject, parts=parts, lang=language, dir=direction(language)
        )


def _footer(token: str, language: str) -> str:
    with _speaking(language):
        unsubscribe = _unsubscribe(token, language) if token else ""
        return render_template("email/_footer.txt", lang=language, unsubscribe=unsubscribe).strip()


def _unsubscribe(token: str, language: str) -> str:
    with _speaking(language):
        return url_for("accounts.unsubscribe", lang=language, token=token, _external=True)


def _host() -> str:
    return str(current_app.config["BASE_URL"]).split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """Speak a language for a while: words, numbers, dates and addresses of the portal."""
    from flask_babel import force_locale

    page = current_app.test_request_context(base_url=current_app.config["BASE_URL"])
    with page, speaking(language), force_locale(language):
        yield
