"""Verbs of declarations: a programme says which version it follows, an editor of its country confirms.

What was confirmed is never edited: a change ends one row and begins the next. The outcomes half reads these
rows when it freezes an edition; nothing here knows that outcomes exist.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.notify import notify
from portal.core.permissions import SYSTEM, Actor
from portal.core.workflow import check, find
from portal.extensions import db
from portal.programmes.models import Programme
from portal.protocols.catalogue import following as codes
from portal.protocols.catalogue.following import Following, FollowState
from portal.protocols.catalogue.quarters import is_quarter, quarter_of, shifted
from portal.protocols.dictionary import Section
from portal.protocols.models import FidelityCheck, FollowAnswer, ProgrammeProtocol, ProtocolVersion
from portal.protocols.policies import (
    can_declare,
    check_can_declare,
    check_can_judge_declaration,
)
from portal.protocols.queries import following as read
from portal.protocols.queries.versions import find_people, list_blocks
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.workflow import FOLLOWING_TRANSITIONS


@dataclass(frozen=True, slots=True)
class Declared:
    """What a programme says. `fidelity`: five answers 0-2; `local_changes`: (block key, words in `lang`)."""

    modality: str
    from_quarter: str
    fidelity: Sequence[int]
    sections: Sequence[str] = ()
    local_changes: Sequence[tuple[str, str]] = ()
    lang: str = "en"


@transaction
def declare(
    programme: Programme, version: ProtocolVersion, said: Declared, *, by: Actor, now: datetime
) -> ProgrammeProtocol:
    """D1: a clinician of the centre declares; the editors of the country are asked to confirm.

    Raises InvalidTransition for a version that is not published, an earlier quarter, a modality that the
    programme does not offer, or a country that forbids it; Conflict where the modality has a declaration.
    """
    check_can_declare(by, programme.organisation_id)
    _check_said(version, said)
    facts = read.following_of(programme, version, said.modality, said.from_quarter, today=now.date())
    row = check(FOLLOWING_TRANSITIONS, facts, "declare")
    if read.list_overlapping(programme.id, said.modality, said.from_quarter):
        raise Conflict("modality_declared", modality=said.modality)
    made = _insert(programme, version, said, by=by, now=now)
    _tell_editors(made, "declaration_made")
    _record(row.event, made, by)
    return made


@transaction
def confirm(declaration: ProgrammeProtocol, *, by: Actor, now: datetime) -> None:
    """D2: an editor of the country, from another centre, confirms. The owner of the protocol is told."""
    check_can_judge_declaration(by, *_place(declaration))
    row = check(FOLLOWING_TRANSITIONS, _facts(declaration), "confirm")
    declaration.decided_by, declaration.decided_at = by.id, now
    declaration.reason_code = declaration.reason_text = ""
    _move(declaration, row.target)
    _tell_staff(declaration, "declaration_confirmed")
    owner = declaration.version.protocol.owner_id
    notify(find_people({owner})[owner], "outcome_linked", _values(declaration, programme=False))
    _record(row.event, declaration, by)


@transaction
def refuse(declaration: ProgrammeProtocol, code: str, text: str, *, by: Actor, now: datetime) -> None:
    """D3: an editor refuses, with a reason from the list and a sentence."""
    check_can_judge_declaration(by, *_place(declaration))
    _need_reason(code, text, codes.REFUSALS)
    row = find(FOLLOWING_TRANSITIONS, declaration.state, "refuse")
    declaration.decided_by, declaration.decided_at = by.id, now
    declaration.reason_code, declaration.reason_text = code, text.strip()
    _move(declaration, row.target)
    _tell_staff(declaration, "declaration_refused")
    _record(row.event, declaration, by, reason_code=code)


@transaction
def move(
    declaration: ProgrammeProtocol, version: ProtocolVersion, said: Declared, *, by: Actor, now: datetime
) -> ProgrammeProtocol:
    """D4: end this row and declare another version of the same modality from a later quarter."""
    programme = declaration.programme
    check_can_declare(by, programme.organisation_id)
    row = find(FOLLOWING_TRANSITIONS, declaration.state, "move")
    if said.from_quarter <= max(declaration.from_quarter, quarter_of(now.date())):
        raise InvalidTransition("moves_later", quarter=shifted(quarter_of(now.date()), 1))
    _end(declaration, "moved", shifted(said.from_quarter, -1), by=by, now=now)
    _move(declaration, row.target)
    made = declare(programme, version, said, by=by, now=now)
    _record(row.event, declaration, by)
    return made


@transaction
def end(declaration: ProgrammeProtocol, reason: str, *, by: Actor, now: datetime) -> None:
    """D5, D6: the programme stops following, or an editor ends what a report contradicts."""
    own = can_declare(by, declaration.programme.organisation_id)
    if not own:
        check_can_judge_declaration(by, *_place(declaration))
    verb = "take_back" if declaration.state == FollowState.DECLARED else "end"
    if verb == "take_back" and not own:
        raise NotAllowed("own_programme")
    row = find(FOLLOWING_TRANSITIONS, declaration.state, verb)
    if reason not in codes.ENDINGS:
        raise Invalid(problems=(Problem("end_reason", "choose_listed"),))
    last = shifted(declaration.from_quarter, -1) if verb == "take_back" else quarter_of(now.date())
    _end(declaration, "taken_back" if verb == "take_back" else reason, last, by=by, now=now)
    _move(declaration, row.target)
    _tell_editors(declaration, "declaration_ended")
    _record(row.event, declaration, by, reason_code=declaration.end_reason)


@transaction
def end_all(programme: Programme, *, by: Actor, now: datetime) -> int:
    """D5: a programme that closes follows nothing any longer. Returns how many rows ended."""
    if programme.closed_on is None:
        check_can_declare(by, programme.organisation_id)
    standing = [row for row in read.list_declarations(programme.id) if row.state in codes.STANDING]
    for declaration in standing:
        row = find(FOLLOWING_TRANSITIONS, declaration.state, "close")
        _end(declaration, "closed", quarter_of(now.date()), by=by, now=now)
        _move(declaration, row.target)
        _tell_staff(declaration, "declaration_ended")
        _tell_editors(declaration, "declaration_ended")
        _record(row.event, declaration, by, reason_code="closed")
    return len(standing)


@transaction
def question(declaration: ProgrammeProtocol, code: str, text: str, *, by: Actor, now: datetime) -> None:
    """D6: a report or an incident contradicts the declaration; the programme is asked."""
    del now
    if by is not SYSTEM:
        check_can_judge_declaration(by, *_place(declaration))
        _need_reason(code, text, codes.DOUBTS)
    row = find(FOLLOWING_TRANSITIONS, declaration.state, "question")
    declaration.reason_code, declaration.reason_text = code, text.strip()
    _move(declaration, row.target)
    _tell_staff(declaration, "declaration_questioned")
    _record(row.event, declaration, by, reason_code=code)


@transaction
def settle(declaration: ProgrammeProtocol, *, by: Actor, now: datetime) -> None:
    """D6: the doubt is answered, the declaration stands."""
    del now
    check_can_judge_declaration(by, *_place(declaration))
    row = find(FOLLOWING_TRANSITIONS, declaration.state, "settle")
    declaration.reason_code = declaration.reason_text = ""
    declaration.answer_due_on = None
    _move(declaration, row.target)
    _tell_staff(declaration, "declaration_confirmed")
    _record(row.event, declaration, by)


@transaction
def renew_check(
    declaration: ProgrammeProtocol, answers: Sequence[int], *, by: Actor, now: datetime
) -> FidelityCheck:
    """A programme judges again how it keeps to the protocol; earlier judgements stay."""
    check_can_declare(by, declaration.programme.organisation_id)
    check_fidelity(answers)
    if declaration.state not in codes.STANDING:
        raise InvalidTransition("wrong_state", state=declaration.state, verb="renew_check")
    made = _judged(declaration, answers, by=by, now=now)
    _record("declaration.checked", declaration, by)
    return made


@transaction
def answer(
    declaration: ProgrammeProtocol, version: ProtocolVersion, word: str, reason: str = "", *, by: Actor,
    now: datetime,
) -> FollowAnswer:  # fmt: skip
    """What a programme does about a new version: stay with a reason, or decide later. Moving is `move`."""
    check_can_declare(by, declaration.programme.organisation_id)
    if word not in codes.ANSWERS:
        raise Invalid(problems=(Problem("answer", "choose_listed"),))
    if word == "stay" and not reason.strip():
        raise Invalid(problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    said = FollowAnswer(
        declaration_id=declaration.id, version_id=version.id, answer=word, reason=reason.strip(),
        answered_by=by.id, answered_at=now,
    )  # fmt: skip
    db.session.add(said)
    if word != "later":
        declaration.answer_due_on = None
    _record("declaration.answered", declaration, by, reason_code=word)
    return said


def check_fidelity(answers: Sequence[int]) -> None:
    """Five answers from 0 to 2."""
    fits = len(answers) == len(codes.FIDELITY) and set(answers) <= set(range(codes.FIDELITY_MAX + 1))
    if not fits:
        raise Invalid(problems=(Problem("fidelity", "fidelity_missing"),))


def check_changes(version: ProtocolVersion, changes: Sequence[tuple[str, str]]) -> None:
    """Changes speak of blocks of this version, in words that identify nobody."""
    known = {block.block_key for block in list_blocks(version.id)}
    if len(changes) > codes.MOST_CHANGES or any(
        key not in known or not text.strip() for key, text in changes
    ):
        raise Invalid(problems=(Problem("changes", "change_wrong"),))
    refuse_identifiers(changes="\n".join(text for _, text in changes))


def kept_changes(changes: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"block_key": key, "text": text.strip()} for key, text in changes]


def _check_said(version: ProtocolVersion, said: Declared) -> None:
    if not is_quarter(said.from_quarter):
        raise Invalid(problems=(Problem("from_quarter", "choose_listed"),))
    if not set(said.sections) <= set(Section):
        raise Invalid(problems=(Problem("sections", "choose_listed"),))
    check_fidelity(said.fidelity)
    check_changes(version, said.local_changes)


def _insert(
    programme: Programme, version: ProtocolVersion, said: Declared, *, by: Actor, now: datetime
) -> ProgrammeProtocol:
    made = ProgrammeProtocol(
        programme_id=programme.id, protocol_id=version.protocol_id, version_id=version.id,
        modality=said.modality, from_quarter=said.from_quarter, sections=sorted(set(said.sections)),
        local_changes=kept_changes(said.local_changes), lang=said.lang, declared_by=by.id, declared_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.refresh(made)
    _judged(made, said.fidelity, by=by, now=now)
    return made


def _judged(
    declaration: ProgrammeProtocol, answers: Sequence[int], *, by: Actor, now: datetime
) -> FidelityCheck:
    made = FidelityCheck(answers=list(answers), checked_on=now.date(), checked_by=by.id)
    declaration.checks.append(made)
    return made


def _end(declaration: ProgrammeProtocol, reason: str, last: str, *, by: Actor, now: datetime) -> None:
    """A row that never came into force ends the quarter before it would have begun."""
    declaration.to_quarter = max(last, shifted(declaration.from_quarter, -1))
    declaration.end_reason, declaration.ended_by, declaration.ended_at = reason, by.id, now
    declaration.answer_due_on = None


def _move(declaration: ProgrammeProtocol, state: str) -> None:
    declaration.state = state
    db.session.flush()


def _facts(declaration: ProgrammeProtocol) -> Following:
    return Following(state=declaration.state, has_check=bool(declaration.checks))


def _place(declaration: ProgrammeProtocol) -> tuple[str, int]:
    return declaration.programme.country, declaration.programme.organisation_id


def _need_reason(code: str, text: str, known: Collection[str]) -> None:
    if code not in known:
        raise Invalid(problems=(Problem("reason_code", "choose_listed"),))
    if not text.strip():
        raise Invalid(problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=text)


def _values(declaration: ProgrammeProtocol, *, programme: bool = True) -> dict[str, str]:
    values = {"public_id": declaration.version.protocol.public_id, "number": declaration.version.number}
    return values | {"programme": declaration.programme.name} if programme else values


def _tell_staff(declaration: ProgrammeProtocol, key: str) -> None:
    for person in read.list_programme_staff(declaration.programme):
        notify(person, key, _values(declaration))


def _tell_editors(declaration: ProgrammeProtocol, key: str) -> None:
    country, centre = _place(declaration)
    for person in read.list_editors(country, without=frozenset({centre})):
        notify(person, key, _values(declaration))


def _record(event: str, declaration: ProgrammeProtocol, by: Actor, **details: str) -> None:
    target = ("protocol", declaration.version.protocol.public_id)
    changes = {"declaration": declaration.id, "version": declaration.version.number}
    record(event, by=by, target=target, country=declaration.programme.country, changes=changes, **details)
