"""The chart of a released result, chosen by its kind."""

import functools
from collections.abc import Callable
from typing import Any, Final

from portal.core import i18n
from portal.dashboards.charts import comparison, completeness, curves, dots
from portal.dashboards.charts.chart import Chart

MAKERS: Final[dict[str, Callable[[Any, frozenset[str]], Chart]]] = {
    "completeness": completeness.make,
    "curves": curves.make,
    "points": dots.make_points,
    "completion": dots.make_completion,
    "comparison": comparison.make,
}


def chart(result: Any, own: frozenset[str]) -> Chart:
    """The chart of one approved result; `own` are codes of the reader's own programmes."""
    return _made(result, own, i18n.current())


@functools.lru_cache(maxsize=128)
def _made(result: Any, own: frozenset[str], _language: str) -> Chart:
    """What was released never changes: a chart of it is made once for each language and whose it marks."""
    return MAKERS[result.kind](result, own)
