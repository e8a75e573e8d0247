"""Forms of a signal (twelve answers, three minutes), of the full record, of judgements and decisions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.alerts.dictionary import (
    BANDS,
    COLLECT,
    COLOURS,
    FORMS,
    IDENTIFICATIONS,
    MATRICES,
    NALOXONE,
    ROUTES,
    TOXIDROMES,
)
from portal.alerts.forms import words
from portal.core.forms import DayField, LongTextField, PortalForm, SelectChoice, TextField, length, required

CHOOSE = SelectChoice("", _l("– choose –"))


class CheckboxesField(SelectMultipleField):
    """Several answers as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _codes(field: str, codes: Iterable[str]) -> list[Any]:
    return [SelectChoice(code, words.CODES[field][code]) for code in codes]


def _bands() -> list[Any]:
    names = {"5-9": _l("5 to 9"), "10-19": _l("10 to 19"), "20+": _l("20 or more")}
    return [SelectChoice(code, words.BANDS.get(code) or names[code]) for code in BANDS]


def _scale(*names: Any) -> list[Any]:
    """1 to 3, each with its name."""
    return [SelectChoice(str(place), name) for place, name in enumerate(names, 1)]


def _text(label: Any, most: int, **more: Any) -> TextField:
    return TextField(label, [length(0, most)], **more)


class SignalForm(PortalForm):
    """Twelve answers. Nothing here asks about one person."""

    substances = SelectField(words.FIELDS["substances"], [required()])
    street_names = _text(words.FIELDS["street_names"], 120)
    form = SelectField(words.FIELDS["form"], [required()], choices=[CHOOSE, *_codes("form", FORMS)])
    colour = SelectField(words.FIELDS["colour"], choices=[CHOOSE, *_codes("colour", COLOURS)])
    route = CheckboxesField(words.FIELDS["route"], [required()], choices=_codes("route", ROUTES))
    first_seen = DayField(words.FIELDS["first_seen"], [required()])
    region = SelectField(words.FIELDS["region"], [required()])
    events = RadioField(words.FIELDS["events"], [required()], choices=_bands())
    deaths = RadioField(words.FIELDS["deaths"], [required()], choices=_bands())
    toxidrome = SelectField(
        words.FIELDS["toxidrome"], [required()], choices=[CHOOSE, *_codes("toxidrome", TOXIDROMES)]
    )
    identification = RadioField(
        words.FIELDS["identification"], [required()], choices=_codes("identification", IDENTIFICATIONS)
    )
    note = LongTextField(_l("Anything else, for the editors only"), [length(0, 600)])

    def offer(self, substances: Iterable[tuple[str, str]], regions: Iterable[tuple[str, str]]) -> None:
        """Fill the lists that depend on vocabulary and country."""
        self["substances"].choices = [CHOOSE, *(SelectChoice(c, label) for c, label in substances)]
        self["region"].choices = [CHOOSE, *(SelectChoice(c, label) for c, label in regions)]

    def answers(self) -> dict[str, Any]:
        """The record as the services take it."""
        found = {f.name: f.data for f in self if f.name not in ("csrf_token", "note", "seen")}
        found["substances"] = [found["substances"]] if found["substances"] else []
        return {name: _plain(value) for name, value in found.items()}


class RecordForm(SignalForm):
    """The full record, as the duty editor completes it. `seen` is the revision that was read."""

    substances = CheckboxesField(words.FIELDS["substances"], [required()])
    hospital = SelectField(words.FIELDS["hospital"], choices=[CHOOSE, *_bands()])
    last_seen = DayField(words.FIELDS["last_seen"])
    matrix = CheckboxesField(words.FIELDS["matrix"], choices=_codes("matrix", MATRICES))
    signs = CheckboxesField(words.FIELDS["signs"])
    at_risk = CheckboxesField(words.FIELDS["at_risk"])
    naloxone = SelectField(words.FIELDS["naloxone"], choices=[CHOOSE, *_codes("naloxone", NALOXONE)])
    collect = CheckboxesField(words.FIELDS["collect"], choices=_codes("collect", COLLECT))
    protocols = _text(
        words.FIELDS["protocols"],
        60,
        direction="ltr",
        description=_l("Numbers, for example ⟦PR-0042, PR-0007⟧."),
    )
    advice = LongTextField(words.FIELDS["advice"], [length(0, 600)])
    message = LongTextField(words.FIELDS["message"], [length(0, 600)])
    unknown = LongTextField(words.FIELDS["unknown"], [length(0, 600)])
    contact = _text(words.FIELDS["contact"], 200)

    def offer_all(self, lists: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        for name, pairs in lists.items():
            self[name].choices = [SelectChoice(c, label) for c, label in pairs]

    def answers(self) -> dict[str, Any]:
        found = {f.name: f.data for f in self if f.name not in ("csrf_token", "note", "seen")}
        found["protocols"] = [p for p in (found["protocols"] or "").upper().replace(",", " ").split() if p]
        return {name: _plain(value) for name, value in found.items()}


def typed(record: Mapping[str, Any]) -> dict[str, Any]:
    """A stored record as the form shows it."""
    days = {n: date.fromisoformat(record[n]) for n in ("first_seen", "last_seen") if record.get(n)}
    return {**record, **days, "protocols": ", ".join(record.get("protocols", ()))}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


class QuestionForm(PortalForm):
    question = LongTextField(_l("What you want to know"), [required(), length(5, 600)])


class AnswerForm(PortalForm):
    answer = LongTextField(_l("Your answer"), [required(), length(2, 600)])


class CloseForm(PortalForm):
    reason = RadioField(
        _l("Why no warning follows"),
        [required()],
        choices=[SelectChoice(*p) for p in words.CLOSE_REASONS.items()],
    )


class MergeForm(PortalForm):
    into = SelectField(_l("It is a duplicate of"), [required()])


class JudgeForm(PortalForm):
    """Severity, likelihood, certainty, and in which capacity one judges."""

    seat = RadioField(
        _l("You judge as"), [required()], choices=[SelectChoice(*p) for p in words.SEATS.items()]
    )
    severity = RadioField(
        _l("How bad it is for one person"), [required()],
        choices=_scale(
            lazy_pgettext("danger", "mild"),
            lazy_pgettext("danger", "serious"),
            lazy_pgettext("danger", "deadly"),
        ),
    )  # fmt: skip
    likelihood = RadioField(
        _l("How likely others come to harm"), [required()],
        choices=_scale(_l("unlikely"), _l("possible"), _l("likely")),
    )  # fmt: skip
    certainty = RadioField(
        _l("How sure the cause is"),
        [required()],
        choices=[SelectChoice(*p) for p in words.CERTAINTIES.items()],
    )


class RetractForm(PortalForm):
    reason = RadioField(
        _l("Why it is taken back"),
        [required()],
        choices=[SelectChoice(*p) for p in words.RETRACT_REASONS.items()],
    )


class ShortTextForm(PortalForm):
    wording = LongTextField(_l("Translation"), [required(), length(2, 800)])
