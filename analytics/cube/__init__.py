"""Cells of counts: outcomes by programme and pattern, durations by programme. Nothing else counts episodes.

An exact cube is personal data: it stays in the node, protected like the rows. Methods take cubes, never
rows; results leave through `analytics.disclosure`.
"""

from analytics.cube.container import Cube
from analytics.cube.spec import CubeSpec, DurationSpec, OutcomeSpec

__all__ = ["Cube", "CubeSpec", "DurationSpec", "OutcomeSpec"]
