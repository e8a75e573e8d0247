"""Quality of the data of one programme: 24 indicators, their limits, what to repair first, and the gate.

Pure functions of frames: which question is due is an argument, so that every version of the dictionary is
judged by itself. An indicator whose inputs are not collected says so, and speaks once the columns are there.
"""

from analytics.quality.assessing import OVER_TIME, assess, first_to_fix, gates, over_time
from analytics.quality.gate import GateCounts, Part, failing
from analytics.quality.limits import Level, Limit, limits
from analytics.quality.material import Indicator, Material, Question

__all__ = [
    "OVER_TIME",
    "GateCounts",
    "Indicator",
    "Level",
    "Limit",
    "Material",
    "Part",
    "Question",
    "assess",
    "failing",
    "first_to_fix",
    "gates",
    "limits",
    "over_time",
]
