"""The one hierarchy of refusals. Codes and values here; sentences are made by the views."""

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input: which field, which code, which values the sentence needs."""

    field: str
    code: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


class DomainError(Exception):
    """A refusal that a person can act on. `code` selects the sentence, `values` fill it."""

    status = 400

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        detail = ", ".join(f"{key}={value}" for key, value in self.values.items())
        return f"{self.code}: {detail}" if detail else self.code


class NotAllowed(DomainError):
    """The actor may not do this to something that the actor can see."""

    status = 403


class NotFound(DomainError):
    """Missing, or not to be known: both answer alike."""

    status = 404


class LegallyClosed(DomainError):
    """Not shown to this reader for legal reasons; who may not read it is told so, and why."""

    status = 451


class InvalidTransition(DomainError):
    """The thing is not in a state from which this verb leads anywhere, or a guard refuses."""

    status = 409


class Conflict(DomainError):
    """Somebody else, or an earlier call, was there first."""

    status = 409


class Invalid(DomainError):
    """Values that break a rule; `problems` says where and why."""

    status = 422

    def __init__(self, code: str = "invalid", *, problems: tuple[Problem, ...] = (), **values: Any) -> None:
        super().__init__(code, **values)
        self.problems = problems
