"""What the page of an episode shows: answers in words, what is due, the history of revisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.accounts.queries import find_user
from portal.core import i18n
from portal.programmes.models import Programme
from portal.registry import queries, workflow
from portal.registry.dictionary import Dictionary, Group, load
from portal.registry.forms.entry import DEPOT, heading
from portal.registry.forms.words import answer_in_words, group_in_words
from portal.registry.importer.report import said
from portal.registry.models import Episode
from portal.registry.views.entry_messages import CONFIRMATIONS, EVENTS, STATES


def page_of(episode: Episode, programme: Programme, today: date) -> dict[str, Any]:
    dictionary = load(episode.dictionary_version)
    values = queries.values_of(episode)
    rows = [(heading(g), group_in_words(g, values, dictionary)) for g in dictionary.groups]
    return {
        "episode": episode, "programme": programme, "groups": [(t, r) for t, r in rows if r],
        "state": STATES[workflow.state_of(episode, today)], "actions": _actions(episode, today),
        "coming": _coming(episode, today),
        "remarks": _remarks(episode), "history": _history(episode, dictionary),
    }  # fmt: skip


def _actions(episode: Episode, today: date) -> list[tuple[str, str, bool]]:
    """(what can be done, its address, whether it is due), what is due first."""
    steps = [*_open_steps(episode, today), *_follow_ups(episode, today)]
    steps.append((_("Correct the answers"), _address(episode, "correction"), False))
    return sorted(steps, key=lambda step: not step[2])


def _open_steps(episode: Episode, today: date) -> list[tuple[str, str, bool]]:
    names = {
        "review": _("Record a review"),
        "medication": _("Record a dose"),
        "discharge": _("Record the discharge"),
    }
    if episode.modality not in DEPOT:
        del names["medication"]
    due = {"review": workflow.review_due(episode, today)}
    return [
        (text, _address(episode, what), due.get(what, False))
        for what, text in names.items()
        if workflow.refusal_of(what, episode) is None
    ]


def _follow_ups(episode: Episode, today: date) -> list[tuple[str, str, bool]]:
    due = workflow.follow_ups_due(episode, today)
    return [
        (
            _("Record the follow-up after %(days)s days", days=i18n.number(days)),
            url_for("registry.follow_up", number=episode.number, due=days),
            days in due,
        )
        for days in workflow.follow_ups_reached(episode, today)
    ]


def _coming(episode: Episode, today: date) -> str:
    """What comes next and in which month, where nothing is due yet."""
    if episode.discharge_day is None:
        number = workflow.next_review(episode)
        if number is None:
            return _("Both reviews are recorded; the form holds no more.")
        day = workflow.REVIEW_DAYS[number - 1]
        text = _("The next review is due in %(month)s.")
    else:
        reached = workflow.follow_ups_reached(episode, today)
        day = next((n for n in workflow.follow_ups_open(episode) if n not in reached), 0)
        text = _("The next follow-up is due in %(month)s.")
    when = workflow.comes_on(episode, day + (episode.discharge_day or 0))
    return text % {"month": i18n.month(when)} if day and when > today else ""


def _address(episode: Episode, what: str) -> str:
    return url_for("registry.change_episode", number=episode.number, what=what)


def _remarks(episode: Episode) -> list[tuple[str, str, Any]]:
    """What the rules noted: text, advice, and how a warning was confirmed."""
    words = i18n.current()
    return [
        (
            *said(r.rule, "", words, version=episode.dictionary_version),
            CONFIRMATIONS.get(r.confirmation or ""),
        )
        for r in queries.list_rule_results(episode)
    ]


def _history(episode: Episode, dictionary: Dictionary) -> list[dict[str, Any]]:
    """Revisions as events, latest first, each with the answers that it changed."""
    revisions = queries.list_revisions(episode.number)
    known = [queries.values_of(revision) for revision in revisions]
    earlier: Sequence[Mapping[str, Any] | None] = [*known[1:], None]
    return [
        _event(revision, now, before, dictionary)
        for revision, now, before in zip(revisions, known, earlier, strict=True)
    ]


def _event(
    revision: Episode, now: Mapping[str, Any], before: Mapping[str, Any] | None, dictionary: Dictionary
) -> dict[str, Any]:
    by = find_user(revision.entered_by) if revision.entered_by else None
    kind = "imported" if revision.import_batch_id else _kind(now, before)
    return {
        "when": i18n.moment(revision.entered_at) if revision.entered_at else "",
        "title": EVENTS[kind], "by": by.name if by else "", "kind": "done" if before is None else "idle",
        "changes": _changes(now, before, dictionary) if before is not None else [],
    }  # fmt: skip


def _kind(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """What a revision was, by the answers that it was the first to give."""
    if before is None:
        return "first"
    given = [name for name, value in now.items() if value is not None and before.get(name) is None]
    for start, kind in (("discharge_day", "discharge"), ("review_", "review"), ("followup_", "follow_up")):
        if any(name.startswith(start) for name in given):
            return kind
    return "medication" if before.get("last_depot_day") != now.get("last_depot_day") else "correction"


def _changes(
    now: Mapping[str, Any], before: Mapping[str, Any], dictionary: Dictionary
) -> list[tuple[str, Any, Any]]:
    """(question, answer before, answer now) of every answer that differs."""
    return [
        (
            _question(group, variable.label[i18n.current()]),
            answer_in_words(variable, before.get(variable.name), dictionary),
            answer_in_words(variable, now.get(variable.name), dictionary),
        )
        for group in dictionary.groups
        for variable in group.variables
        if before.get(variable.name) != now.get(variable.name)
    ]


def _question(group: Group, label: str) -> str:
    """A question that several groups ask carries the name of its group."""
    return f"{heading(group)}: {label}" if group.number or group.name in ("start", "exit") else label
