"""No person in a text: a warning that says what and where, a tick for what is none, and no loss of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.core import identifiers
from portal.core.forms import BIDI, DOUBTFUL, LongTextField, TextField, doubt_about
from portal.discussion.rules import DATES, LONGEST_BODY, without_mentions

NO_DATES: Final = _l("A case holds no dates. Write how long ago it was, for example “three weeks before”.")
AROUND: Final = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: its kind, its line from 1, the words before, found, and after."""

    kind: str
    line: int
    before: str
    found: str
    after: str


class WordsField(LongTextField):
    """Several lines; remembers how many direction signs were taken out, and what was found in them."""

    places: Sequence[Place] = ()

    @property
    def signs_removed(self) -> int:
        return sum(len(BIDI.findall(raw)) for raw in self.raw_data or () if isinstance(raw, str))


class LineField(TextField):
    """The same in one line."""

    places: Sequence[Place] = ()


def no_person(*, dates: bool = True) -> Any:
    """Ask about what may be a person; refuse what certainly is. `dates=False`: no whole date at all.

    Names that may be called with @ in this conversation (`form.names`) are colleagues.
    """

    def judge(form: Any, field: Any) -> None:
        text = field.data or ""
        if len(text) > LONGEST_BODY or text == field.object_data:
            return
        plain = without_mentions(text, getattr(form, "names", {}))
        found = identifiers.scan(plain, conversation=True)
        hits = [h for h in found if h.level in ("warn", "block") or (not dates and h.kind in DATES)]
        field.places = [_place(text, hit) for hit in hits]
        if not dates and any(hit.kind in DATES for hit in hits):
            raise ValidationError(NO_DATES)
        field.doubt = doubt_about(field.name, plain, conversation=True)
        if field.doubt and not field.doubt.ticked:
            raise ValidationError(DOUBTFUL)

    return judge


def _place(text: str, hit: identifiers.Hit) -> Place:
    before, after = text[: hit.start], text[hit.end :]
    return Place(
        hit.kind, before.count("\n") + 1, before.rpartition("\n")[2][-AROUND:], text[hit.start : hit.end],
        after.partition("\n")[0][:AROUND],
    )  # fmt: skip
