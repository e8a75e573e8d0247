"""Who is told of what happens to a translation. Mails name the protocol and the language, never a text."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from portal.accounts.models import User
from portal.accounts.queries import list_in_language, list_subscribers
from portal.core.notify import notify
from portal.core.permissions import Role
from portal.protocols.models import ProtocolVersion, TranslationUnit
from portal.protocols.queries.translations import list_hands
from portal.protocols.queries.versions import find_people

REVIEWERS: Final = (Role.LANGUAGE_REVIEWER, Role.CLINICAL_REVIEWER)


def tell_reviewers(version: ProtocolVersion, lang: str) -> None:
    """Reviewers of a language learn that the first text of a protocol waits; further ones join the queue."""
    _tell(list_in_language(REVIEWERS, lang), "translation_needs_review", version, lang)


def tell_translators(
    version: ProtocolVersion, units: Sequence[TranslationUnit], key: str, *, unless: Collection[int] = ()
) -> None:
    """Those who wrote these texts, once each; `unless` names people who will be told of all together."""
    ids = {unit.translated_by for unit in units} - set(unless)
    if ids:
        _tell(find_people(ids).values(), key, version, units[0].lang)


def tell_of_clinical_change(version: ProtocolVersion, lang: str, *, count: int) -> None:
    """At once: whoever worked on the translation, who works in the language, and who follows it."""
    hands = find_people(list_hands(version.protocol_id, lang)).values()
    working = list_in_language((Role.TRANSLATOR, *REVIEWERS), lang)
    people = (*hands, *working, *list_subscribers("language", lang))
    _tell(people, "translation_stale_clinical", version, lang, count=count, number=version.number)


def tell_of_publication(version: ProtocolVersion, lang: str) -> None:
    """Followers of the language and of the protocol, and those who worked on the translation."""
    hands = find_people(list_hands(version.protocol_id, lang)).values()
    following = (
        *list_subscribers("language", lang),
        *list_subscribers("protocol", version.protocol.public_id),
    )
    _tell((*hands, *following), "translation_published", version, lang, number=version.number)


def _tell(people: Iterable[User], key: str, version: ProtocolVersion, lang: str, **more: Any) -> None:
    values = {"public_id": version.protocol.public_id, "target": lang, **more}
    for person in {person.id: person for person in people}.values():
        notify(person, key, values)
