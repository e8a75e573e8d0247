"""One sentence for each refusal code, whichever feature refuses: what, where, what to do."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import DomainError

MESSAGES: dict[str, Any] = {
    "permission_missing": _l("Your account does not have the role that this needs."),
    "wrong_state": _l(
        "This step is not possible in the present state. Somebody may have acted meanwhile: reload the page."
    ),
    "invalid": _l("Some answers need correcting."),
    "changed_meanwhile": _l("Somebody else has changed this meanwhile. Reload the page and look again."),
    "code_unknown": _l("Choose one of the listed answers."),
    "date_in_future": _l("The date lies in the future."),
    "language_unknown": _l("Choose one of the listed languages."),
    "text_missing": _l("Write the text."),
    "text_too_long": _l("Write at most %(max)s characters."),
    "not_found": _l("This does not exist, or is not open to your account."),
}


def register_messages(messages: dict[str, Any]) -> None:
    """Sentences of a feature's refusal codes. ValueError where a code would get a second sentence: both
    features would be answered with whichever was loaded last.
    """
    twice = [code for code, text in messages.items() if MESSAGES.get(code, text) != text]
    if twice:
        raise ValueError(f"codes with another sentence elsewhere: {', '.join(twice)}")
    MESSAGES.update(messages)


def sentence(error: DomainError | Any) -> str:
    """What to tell the reader: the sentence of the code, filled with its values."""
    text = MESSAGES.get(error.code)
    if text is None:
        return _("This is not possible (%(code)s).", code=error.code)
    return str(text) % error.values if error.values else str(text)
