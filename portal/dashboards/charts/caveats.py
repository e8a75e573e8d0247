"""What a comparison rests on: whom it judges, how well its model predicts."""

from typing import Any

from flask_babel import gettext as _

from portal.core import i18n
from portal.dashboards.charts.chart import spread

SELECTED = "ABS-28"  # an outcome of those alone who stayed and were reviewed


def selection(value: Any, outcome: str) -> str:
    """Whom an outcome of stayers leaves out; empty for outcomes that count everybody."""
    if outcome != SELECTED:
        return ""
    judged = spread(row.judged.value for row in value.programmes if _is_known(row.judged))
    if not judged:
        return _("Counted among those still in treatment and reviewed.")
    return _(
        "Counted among those still in treatment and reviewed: %(shares)s of the people of a programme. "
        "A programme that loses many can look better.",
        shares=judged,
    )


def model(value: Any) -> str:
    """How well the case-mix model tells outcomes apart, and whether it holds in other people."""
    if value.c_statistic is None:
        return ""
    text = _("Case-mix model: c statistic %(c)s.", c=i18n.number(value.c_statistic, 2))
    if value.calibration_slope is None:
        return text
    slope = i18n.number(value.calibration_slope, 2)
    return text + " " + _("Slope of calibration in other people: %(slope)s.", slope=slope)


def _is_known(share: Any) -> bool:
    return share is not None and share.value is not None
