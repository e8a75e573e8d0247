"""Where a page of a list begins. A cursor that fits nothing is a faulty argument."""

from typing import NoReturn

from flask_smorest import abort
from marshmallow import ValidationError

from portal.api.schemas.requests import place_of

FURTHEST = 100_000


def place_number(cursor: str, about: object) -> int:
    """A place that is counted; 0 is the beginning."""
    place = _place(cursor, about)
    if place is None:
        return 0
    if not isinstance(place, int) or not 0 <= place <= FURTHEST:
        refuse_cursor("Not a cursor of this list.")
    return int(place)


def place_key(cursor: str, about: object) -> str:
    """A place that is a key of the last thing before it; empty at the beginning."""
    place = _place(cursor, about)
    if place is None:
        return ""
    if not isinstance(place, str) or len(place) > 60:
        refuse_cursor("Not a cursor of this list.")
    return str(place)


def _place(cursor: str, about: object) -> object:
    try:
        return place_of(cursor, about)
    except ValidationError as fault:
        refuse_cursor(fault.messages[0])


def refuse_cursor(why: str) -> NoReturn:
    abort(422, messages={"query": {"cursor": [why]}})
    raise AssertionError  # `abort` never comes back
