"""Named points at which a build may be killed: nothing happens here; tests put a fault in."""

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "before_compute", "after_compute", "after_edition", "after_results", "after_persons", "after_commit",
)  # fmt: skip

planted: dict[str, Callable[[], None]] = {}


def fault(point: str) -> None:
    """Run what a test planted at this point."""
    assert point in POINTS
    if point in planted:
        planted[point]()
