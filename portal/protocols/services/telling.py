"""Who is told of what happens to a version, and what ends with it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from portal.accounts.models import User
from portal.accounts.queries import list_subscribers
from portal.core.notify import notify
from portal.core.permissions import Permission
from portal.protocols.dictionary import ASKED, LANGUAGES, AssignmentState, Role
from portal.protocols.models import ProtocolVersion, ReviewAssignment
from portal.protocols.queries.forks import list_heirs
from portal.protocols.queries.hiding import list_countries_hidden_in
from portal.protocols.queries.reports import list_reporters
from portal.protocols.queries.translations import list_hands
from portal.protocols.queries.versions import (
    find_people,
    list_assignments,
    list_concepts,
    list_holders,
)


def tell_author(version: ProtocolVersion, key: str, **values: Any) -> None:
    """The person who wrote the version."""
    _tell(find_people({version.created_by}).values(), version, key, values)


def tell_readers(
    version: ProtocolVersion, key: str, *, besides: Collection[int] = (), also: Iterable[User] = (),
    **values: Any,
) -> None:  # fmt: skip
    """The author, the owner, and who follows the protocol or one of its main concepts; each person once.

    `besides` are left out, `also` are told as well. Whoever follows it from a country in which it is hidden
    hears nothing of it there.
    """
    main = [link.concept_id for link in list_concepts(version.id) if link.role == Role.MAIN]
    people = [*find_people({version.created_by, version.protocol.owner_id}).values(), *also]
    following = [*list_subscribers("protocol", version.protocol.public_id)]
    following += [person for concept in main for person in list_subscribers("concept", concept)]
    shut = list_countries_hidden_in(version.protocol_id)
    people += [person for person in following if person.country not in shut]
    _tell([person for person in people if person.id not in besides], version, key, values)


def list_builders(version: ProtocolVersion) -> list[User]:
    """Who built on a protocol: owners of its adaptations at any depth, and who reported from its use."""
    return [*list_heirs(version.protocol_id), *find_people(list_reporters(version.protocol_id)).values()]


def list_translating(version: ProtocolVersion) -> list[User]:
    """Who translated or reviewed its texts in any language: what they wrote may rest on what is in doubt."""
    hands = {person for lang in LANGUAGES for person in list_hands(version.protocol_id, lang)}
    return list(find_people(hands).values())


def tell_published(version: ProtocolVersion) -> None:
    """Who follows the protocol or one of its main concepts; the author hears in words of their own."""
    tell_readers(version, "version_published", besides={version.created_by, version.protocol.owner_id})


def tell_editors(version: ProtocolVersion, key: str, **values: Any) -> None:
    """The editors of the country that the protocol comes from; of both where it has none."""
    country = version.protocol.origin_country
    editors = list_holders(Permission.SCREEN_PROTOCOL)
    _tell([p for p in editors if country in ("", p.country)], version, key, values)


def tell_editors_of(version: ProtocolVersion, key: str, *, country: str, **values: Any) -> None:
    """The editors of one country, who know its law."""
    editors = list_holders(Permission.SET_LEGAL_STATUS)
    _tell([p for p in editors if p.country == country], version, key, {"country": country, **values})


def tell_chief_editors(version: ProtocolVersion, key: str, *, country: str = "", **values: Any) -> None:
    """The chief editors of one country, or of both."""
    chiefs = list_holders(Permission.OVERSEE_PROTOCOL)
    _tell([p for p in chiefs if country in ("", p.country)], version, key, values)


def tell_staff(version: ProtocolVersion, key: str, **values: Any) -> None:
    """The author, the owner, and the editors and chief editors of both countries."""
    people = [*find_people({version.created_by, version.protocol.owner_id}).values()]
    _tell([*people, *list_holders(Permission.SCREEN_PROTOCOL)], version, key, values)


def tell_reviewers(
    version: ProtocolVersion, assignments: Iterable[ReviewAssignment], key: str, **values: Any
) -> None:
    people = find_people({assignment.reviewer_id for assignment in assignments})
    _tell(people.values(), version, key, values)


def tell_person(user_id: int, version: ProtocolVersion, key: str, **values: Any) -> None:
    _tell(find_people({user_id}).values(), version, key, values)


def close_assignments(version: ProtocolVersion) -> Sequence[ReviewAssignment]:
    """Nobody is asked any longer once there is a decision; who still was is thanked."""
    still = [a for a in list_assignments(version.id) if a.state in ASKED]
    for assignment in still:
        assignment.state = AssignmentState.CLOSED
    tell_reviewers(version, still, "review_closed")
    return still


def _tell(people: Iterable[User], version: ProtocolVersion, key: str, values: dict[str, Any]) -> None:
    shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    told = {"public_id": version.protocol.public_id, "number": version.number} | shown
    for person in {person.id: person for person in people if person.active}.values():
        notify(person, key, told)
