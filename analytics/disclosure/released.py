"""The type of a result that may leave: made by `release`, read back by `restore`, by nothing else."""

import dataclasses
import functools
import hashlib
import types
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

from analytics.disclosure.shown import KINDS, Shown
from analytics.errors import NotReleased

T = TypeVar("T", bound=Shown)
Drawing = Mapping[str, Any]

_DOOR: Final = object()
_RENDERERS: dict[type, Callable[..., Any]] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Hidden:
    """What was withheld and by which rule; never a number."""

    where: str
    rule: str


class Released(Generic[T]):
    """A result that passed the door.

    Attributes
    ----------
    value : a shown result
        What may be printed, drawn and downloaded: exactly this.
    hidden : tuple of Hidden
        Log of what was withheld and why.
    noisy : mapping of cell to int
        Of a public table, the noisy counts that are stored for sums over cells and editions.
    """

    __slots__ = ("hidden", "noisy", "value")

    def __init__(
        self, value: T, *, hidden: tuple[Hidden, ...], noisy: Mapping[str, int], door: object
    ) -> None:
        if door is not _DOOR:
            raise NotReleased("not_released", kind=type(value).__name__)
        self.value = value
        self.hidden = hidden
        self.noisy = noisy

    def __reduce__(self) -> NoReturn:
        """Refuse pickling: it would make a result without the door."""
        raise NotReleased("not_released", kind=self.kind)

    @property
    def kind(self) -> str:
        """Name of the kind, as stored beside the result."""
        return next(kind for kind, shown in KINDS.items() if shown is type(self.value))

    def to_json(self) -> bytes:
        """Return canonical JSON of what may be shown, equal bytes for equal results."""
        return orjson.dumps(self.value, option=orjson.OPT_SORT_KEYS)

    @property
    def sha256(self) -> str:
        """Hash of the JSON, stored beside it and asked for when it is read back."""
        return hashlib.sha256(self.to_json()).hexdigest()

    def figure(self, *args: object, **kwargs: object) -> Any:
        """Return the Plotly figure of this result; needs `analytics.figures`, outside page requests."""
        renderer = _RENDERERS.get(type(self.value))
        if renderer is None:
            raise NotReleased("not_released", kind=f"a drawing of {type(self.value).__name__}")
        return renderer(self, *args, **kwargs)


def register_renderer(shown: type, renderer: Callable[..., Any]) -> None:
    """Let `analytics.figures` say how a kind of released result is drawn."""
    _RENDERERS[shown] = renderer


def made(value: T, *, hidden: tuple[Hidden, ...] = (), noisy: Mapping[str, int] | None = None) -> Released[T]:
    """Wrap a shown value. Only `door` calls this."""
    return Released(value, hidden=hidden, noisy=dict(noisy or {}), door=_DOOR)


def parse(kind: str, payload: bytes) -> Shown:
    """Return the shown result that canonical JSON holds."""
    return _build(KINDS[kind], orjson.loads(payload))


def _build(wanted: Any, data: Any) -> Any:
    origin = get_origin(wanted)
    if origin in (types.UnionType, Union):
        inner = next(part for part in get_args(wanted) if part is not type(None))
        return None if data is None else _build(inner, data)
    if origin is tuple:
        return tuple(_build(get_args(wanted)[0], item) for item in data)
    if dataclasses.is_dataclass(wanted):
        hints = _hints(wanted)  # type: ignore[arg-type] # classes are hashable
        return wanted(**{name: _build(hints[name], value) for name, value in data.items()})  # type: ignore[operator]
    return wanted(data) if data is not None else None


@functools.cache
def _hints(wanted: Any) -> dict[str, Any]:
    """Types of the fields; asking for them takes longer than making the value."""
    return get_type_hints(wanted)
