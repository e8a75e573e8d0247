"""What a record may hold: known codes, known concepts and protocols, texts without price, dose or person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.alerts.dictionary import COUNTRIES, FREE, MANY, ONE, TEXTS
from portal.alerts.rules import text_faults
from portal.core.errors import Invalid, Problem
from portal.programmes import catalogue
from portal.protocols.queries.naming import find_titles
from portal.vocabulary.queries import find_labels

LONGEST = {"street_names": 120, "contact": 200, **dict.fromkeys(TEXTS, 600)}
MOST = 6
CONCEPT_LISTS = ("substances", "signs", "at_risk")


def checked(record: Mapping[str, Any], country: str, *, today: date) -> dict[str, Any]:
    """The record with empty answers left out. Raises Invalid with every problem by field."""
    kept = {name: value for name, value in record.items() if value}
    problems = [*_codes(kept), *_concepts(kept), *_place(kept, country), *_day(kept, today), *_texts(kept)]
    if problems:
        raise Invalid(problems=tuple(problems))
    return kept


def check_text(field: str, text: str) -> None:
    """Raise Invalid for a text that tells what must not be told."""
    problems = [Problem(field, code) for code in text_faults(text)]
    if problems:
        raise Invalid(problems=tuple(problems))


def _codes(record: Mapping[str, Any]) -> list[Problem]:
    known = {*ONE, *MANY, *FREE, *CONCEPT_LISTS, "region", "first_seen", "last_seen", "protocols"}
    wrong = [name for name in record if name not in known]
    wrong += [name for name, codes in ONE.items() if record.get(name, codes[0]) not in codes]
    wrong += [name for name, codes in MANY.items() if not set(record.get(name, ())) <= set(codes)]
    return [Problem(name, "code_unknown") for name in wrong]


def _concepts(record: Mapping[str, Any]) -> list[Problem]:
    named = {name: list(record.get(name, ())) for name in CONCEPT_LISTS}
    known = find_labels({c for held in named.values() for c in held}, "en")
    wrong = [name for name, held in named.items() if not set(held) <= set(known)]
    wrong += [name for name, held in named.items() if len(held) > MOST]
    linked = set(record.get("protocols", ()))
    wrong += ["protocols"] if linked - set(find_titles(linked, "en")) else []
    return [Problem(name, "code_unknown") for name in wrong]


def _place(record: Mapping[str, Any], country: str) -> list[Problem]:
    """A region of the country that the signal comes from; nothing smaller has a code."""
    regions = {d.code for d in catalogue.possible("region", country)} if country in COUNTRIES else set()
    return [] if record.get("region", "") in regions | {""} else [Problem("region", "code_unknown")]


def _day(record: Mapping[str, Any], today: date) -> list[Problem]:
    days = [(n, date.fromisoformat(record[n])) for n in ("first_seen", "last_seen") if record.get(n)]
    return [Problem(name, "date_in_future") for name, day in days if day > today]


def _texts(record: Mapping[str, Any]) -> list[Problem]:
    faults = [
        (name, code)
        for name in FREE
        for code in text_faults(record.get(name, ""), addresses=name == "contact")
    ]
    long = [name for name in FREE if len(record.get(name, "")) > LONGEST[name]]
    return [Problem(name, code) for name, code in (*faults, *((name, "text_long") for name in long))]
