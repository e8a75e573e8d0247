"""Long forms as their writer left them: a form is filled with what was typed at its place and never sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from werkzeug.datastructures import MultiDict

from portal.core.forms import PlainForm, PortalForm
from portal.core.web import current_actor
from portal.protocols.models import KeptForm
from portal.protocols.queries.keeping import find_kept, list_kept
from portal.protocols.services import keeping

Form = TypeVar("Form", bound=PortalForm)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form stands, what was kept of it, and the token of the button that throws that away."""

    name: str
    kept: KeptForm | None = None
    plain: PlainForm = field(default_factory=PlainForm)

    def fill(self, form: type[Form], **values: Any) -> Form:
        """A form with what was kept, else with `values`; a form that was sent holds what was sent."""
        return form(formdata=MultiDict(self.kept.fields), **values) if self.kept else form(**values)

    def leave(self) -> None:
        """The form was saved: what was kept of it is of no use."""
        keeping.forget(self.name, by=current_actor())


def places_of(last: Iterable[str], *first: object) -> dict[str, Place]:
    """The places of many forms on one page, by the last part of their names; what was kept is read once."""
    before = ":".join(map(str, first)) + ":"
    kept = list_kept(current_actor(), before) if request.method == "GET" else {}
    return {part: Place(before + part, kept.get(part)) for part in last}


def place_of(*parts: object) -> Place:
    """The place that these parts name, for the person who asks."""
    name = ":".join(map(str, parts))
    return Place(name, find_kept(current_actor(), name) if request.method == "GET" else None)
