"""Hiding for tests: administrators, a letter, a proxy that tells countries, and everything that can name a protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from discussion_world import begin
from factories import make_user
from flask import Flask
from following_world import Followers, accepted, confirmed, make_followers
from protocol_world import NOW
from translation_world import translate_whole

from portal.protocols.models import ProtocolHiding
from portal.protocols.services import hiding, releasing
from portal.protocols.services.hiding import Letter

ORDER = Letter("authority_order", "Roskomnadzor 04-2/117")
HEADER = "X-Visitor-Country"
FROM_RUSSIA = {HEADER: "RU"}
FROM_IRAN = {HEADER: "IR"}


def hide(version: Any, country: str = "RU", *, by: Any = None, letter: Letter = ORDER) -> ProtocolHiding:
    by = by or make_user("country_admin", country=country)
    return hiding.hide(version.protocol, country, letter, by=by, now=NOW)


@contextmanager
def proxied(app: Flask, header: str = HEADER) -> Iterator[None]:
    """As if the operator had named the header of the proxy."""
    config = app.extensions["portal.config"]
    app.extensions["portal.config"] = config.model_copy(update={"country_header": header})
    try:
        yield
    finally:
        app.extensions["portal.config"] = config


@dataclass
class Named:
    """A protocol that everything names: translated, discussed, followed, reported on."""

    followers: Followers = field(default_factory=make_followers)

    def __post_init__(self) -> None:
        world, version = self.followers.world, self.followers.version
        translate_whole(world, version)
        releasing.publish_translation(version, "fa", by=world.language_reviewer, now=NOW)
        self.post = begin(world.reviewers[0], version.protocol, title="A conversation about the hidden one")
        self.declaration = confirmed(self.followers)
        self.report = accepted(self.followers)

    @property
    def version(self) -> Any:
        return self.followers.version
