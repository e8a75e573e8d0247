"""What the pages of episodes share: own programmes and episodes only, refusals as form errors."""

import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from flask import request

from portal.core import i18n
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.sentences import sentence
from portal.core.web import current_actor
from portal.programmes.models import Programme
from portal.programmes.queries import find_by_code, list_own
from portal.registry.dictionary import CURRENT, Dictionary, load
from portal.registry.forms.answers import Asked
from portal.registry.forms.entry import EntryForm
from portal.registry.forms.words import sentence_of
from portal.registry.importer.report import said
from portal.registry.models import Episode
from portal.registry.policies import can_read_rows
from portal.registry.queries import find_episode
from portal.registry.rules import all_rules
from portal.registry.views.entry_messages import CONFIRMATIONS, FORM_STALE

KEY: Final = re.compile(r"[A-Za-z0-9_-]{22}")
Made = TypeVar("Made")


def own_programmes() -> Sequence[Programme]:
    """Programmes of the reader's organisations whose rows the reader may see."""
    actor = current_actor()
    return [programme for programme in list_own(actor) if can_read_rows(actor, programme)]


def own_programme(code: str) -> Programme:
    """One of them by its code; others do not exist for the reader."""
    for programme in own_programmes():
        if programme.code == code.upper():
            return programme
    raise NotFound("unknown_programme")


def own_episode(number: int) -> tuple[Episode, Programme]:
    """The present revision of an episode of the own programmes, with its programme."""
    episode = find_episode(number, [programme.code for programme in own_programmes()])
    programme = find_by_code(episode.programme_code) if episode else None
    if episode is None or programme is None:
        raise NotFound("unknown_episode")
    return episode, programme


def asked_of(programme: Programme, version: int = CURRENT) -> Asked:
    return Asked(load(version), programme.country, programme.modality_codes)


def confirmed() -> dict[str, str]:
    """Rule and coded answer of every warning that was confirmed."""
    marks = {name.partition("-")[2]: value for name, value in request.form.items() if name[:8] == "confirm-"}
    return {rule: value for rule, value in marks.items() if rule and value}


def attempt(form: EntryForm, dictionary: Dictionary, verb: Callable[[], Made]) -> Made | None:
    """Call a verb; a refusal becomes errors or questions of the form, and what was typed stays in it."""
    try:
        return verb()
    except Invalid as refusal:
        _show(form, refusal, dictionary)
    except Conflict as refusal:
        form.form_errors.append(sentence(refusal))
        form.status = refusal.status
    return None


def _show(form: EntryForm, refusal: Invalid, dictionary: Dictionary) -> None:
    if refusal.code == "episode_unconfirmed":
        words = i18n.current()
        form.warnings = [
            (p.code, *said(p.code, p.field, words, version=dictionary.version)) for p in refusal.problems
        ]
        return
    for problem in _without_consequences(refusal.problems, dictionary):
        text = sentence_of(problem, dictionary)
        if problem.field in form:
            form.add_fault(problem.field, text)
        else:
            form.form_errors.append(text)


def _without_consequences(problems: Sequence[Problem], dictionary: Dictionary) -> list[Problem]:
    """Leave out rules that are broken only because an answer of theirs is missing: that is told already."""
    empty = {p.field for p in problems if p.code == "EMPTY"}
    fields = {rule.id: rule.fields for rule in all_rules(dictionary.version)}
    return [p for p in problems if not empty.intersection(fields.get(p.code, ()))]


def refresh_key(form: EntryForm, *, anew: bool = False) -> None:
    """Give the form its one-time key, or a new one where the old was used up or came back damaged."""
    known = str(form.send_key.data or "")
    keep = KEY.fullmatch(known) and not anew
    form.send_key.data = form.send_key.raw_data = None
    form.send_key.data = known if keep else secrets.token_urlsafe(16)


def has_key(form: EntryForm) -> bool:
    """Whether the one-time key came back whole; a damaged one is told and replaced."""
    if KEY.fullmatch(str(form.send_key.data or "")):
        return True
    form.form_errors.append(str(FORM_STALE))
    return False


def shown_revision(form: EntryForm) -> int:
    typed = str(form.revision.data or "")
    return int(typed) if re.fullmatch(r"\d{1,6}", typed, re.ASCII) else 0


def page_values(form: EntryForm, **more: Any) -> dict[str, Any]:
    """What every page with an entry form passes to its template."""
    return {"form": form, "chosen": confirmed(), "confirmations": CONFIRMATIONS} | more


def status_of(form: EntryForm) -> int:
    return form.status if form.errors or form.form_errors or form.warnings else 200
